#include "indexer/formats/charset.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <strings.h>

#include "indexer/formats/charset_work.h"
#include "text/utf16.h"
#include "text/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD"

void charset_text_release(struct charset_text *t)
{
    buf_release(&t->utf8);
    memset(t, 0, sizeof *t);
}

/* --- conversion --- */

struct charset_reader {
    iconv_t cd;
    size_t replaced;
};

int charset_reader_open(struct charset_reader **out, const char *name,
                        struct err *err)
{
    struct charset_reader *r = calloc(1, sizeof *r);

    *out = NULL;
    if (!r)
        return err_nomem(err);
    r->cd = iconv_open("UTF-8", charset_iconv(name));
    if (r->cd == (iconv_t)-1) {
        int error = errno;

        free(r);
        return error == ENOMEM
                   ? err_nomem(err)
                   : err_set(err, ERR_USAGE,
                             "the system's iconv does not know the encoding %s",
                             name);
    }
    *out = r;
    return 0;
}

size_t charset_reader_replaced(const struct charset_reader *r)
{
    return r->replaced;
}

void charset_reader_free(struct charset_reader *r)
{
    if (!r)
        return;
    iconv_close(r->cd);
    free(r);
}

/* Puts U+FFFD for n bytes that say nothing. */
static int replace(struct charset_reader *r, struct view *v, size_t n,
                   struct buf *out)
{
    r->replaced++;
    *v = view_sub(*v, n, v->n);
    return buf_adds(out, REPLACEMENT);
}

/* Goes on with iconv: errno, 0 where all of *v was used; ERR_NOMEM. With *v
 * empty it gives what a state of the encoding holds back. */
static int step(struct charset_reader *r, struct view *v, struct buf *out)
{
    char *in = (char *)(uintptr_t)v->p, *to; /* iconv's prototype */
    size_t left = v->n, room, n;
    int error;

    if (buf_reserve(out, left + left / 2 + 64) < 0)
        return ERR_NOMEM;
    to = (char *)out->p + out->n;
    room = out->cap - out->n;
    n = left ? iconv(r->cd, &in, &left, &to, &room)
             : iconv(r->cd, NULL, NULL, &to, &room);
    error = n == (size_t)-1 ? errno : 0;
    out->n = (size_t)(to - (char *)out->p);
    *v = view_sub(*v, v->n - left, v->n);
    return error;
}

/* Converts *v up to what may be the beginning of a character, or to the end. */
static int convert(struct charset_reader *r, struct view *v, bool end,
                   struct buf *out)
{
    int rc = 0;

    while (v->n && rc == 0) {
        int error = step(r, v, out);

        if (error == ERR_NOMEM)
            rc = ERR_NOMEM;
        else if (error == EILSEQ)
            rc = replace(r, v, 1, out);
        else if (error == EINVAL && !end)
            break;
        else if (error == EINVAL)
            rc = replace(r, v, v->n, out);
    }
    if (rc == 0 && end)
        rc = step(r, v, out) == ERR_NOMEM ? ERR_NOMEM : 0;
    return rc;
}

int charset_read(struct charset_reader *r, struct buf *raw, bool end,
                 struct buf *out)
{
    struct view v = buf_view(raw);
    int rc = convert(r, &v, end, out);

    if (v.n)
        memmove(raw->p, v.p, v.n);
    raw->n = v.n;
    return rc;
}

int charset_convert(struct view v, const char *name, struct buf *out,
                    size_t *replaced, struct err *err)
{
    size_t start = out->n;
    struct charset_reader *r;
    int rc = charset_reader_open(&r, name, err);

    if (rc < 0)
        return rc;
    rc = convert(r, &v, true, out);
    *replaced += r->replaced;
    charset_reader_free(r);
    if (rc == 0 && out->n - start >= 3 &&
        memcmp(out->p + start, "\xEF\xBB\xBF", 3) == 0) {
        out->n -= 3; /* a mark that was no part of the text */
        memmove(out->p + start, out->p + start + 3, out->n - start);
    }
    return rc < 0 ? err_nomem(err) : 0;
}

/* Appends UTF-8 with U+FFFD for each ill-formed sequence. */
static int repair(struct view v, struct buf *out, size_t *replaced)
{
    size_t from = 0, i = 0;
    unsigned len;

    if (buf_reserve(out, v.n) < 0)
        return ERR_NOMEM;
    while (i < v.n) {
        bool bad = utf8_decode(v.p + i, v.p + v.n, &len) < 0;

        if (bad && (buf_add(out, view_sub(v, from, i)) < 0 ||
                    buf_adds(out, REPLACEMENT) < 0))
            return ERR_NOMEM;
        *replaced += bad;
        i += len;
        if (bad)
            from = i;
    }
    return buf_add(out, view_sub(v, from, v.n));
}

/* --- guesses --- */

/* Well-formed sequences of two bytes and more. */
static size_t well_formed(struct view v)
{
    size_t i = 0, n = 0;
    unsigned len;

    while (i < v.n) {
        n += utf8_decode(v.p + i, v.p + v.n, &len) >= 0x80;
        i += len;
    }
    return n;
}

/* A standard's encoding of letters has no characters at 0x80 to 0x9F, the code
 * page of Windows next to it has quotes and dashes there. */
static void prefer_windows(struct view v, char name[CHARSET_NAME])
{
    static const struct {
        const char *iso, *windows;
    } pairs[] = {
        {"iso-8859-2", "windows-1250"},  {"iso-8859-4", "windows-1257"},
        {"iso-8859-7", "windows-1253"},  {"iso-8859-8", "windows-1255"},
        {"iso-8859-13", "windows-1257"}, {"iso-8859-15", "windows-1252"},
        {"iso-8859-10", "windows-1252"}, {"iso-8859-3", "windows-1252"},
        {"iso-8859-16", "windows-1250"},
    };
    size_t i = 0, k;

    while (i < v.n && (v.p[i] < 0x80 || v.p[i] > 0x9F))
        i++;
    for (k = 0; i < v.n && k < sizeof pairs / sizeof *pairs; k++)
        if (strcmp(name, pairs[k].iso) == 0)
            memcpy(name, pairs[k].windows, strlen(pairs[k].windows) + 1);
}

/* Whether what a guess gave can be a text. */
static bool plausible(struct view utf8, size_t replaced)
{
    size_t i, odd = replaced, other = 0;

    for (i = 0; i < utf8.n; i++) {
        other += utf8.p[i] >= 0xC0;
        odd += utf8.p[i] == 0xC2 && i + 1 < utf8.n && utf8.p[i + 1] < 0xA0;
    }
    return odd * 50 <= other;
}

int charset_guess(struct view v, size_t ill, struct charset_text *out,
                  struct err *err)
{
    size_t start = out->utf8.n;
    int rc;

    if (ill <= CHARSET_FEW || well_formed(v) >= ill)
        return 0;
    rc = charset_detect(v, out->name, &out->lacking);
    if (rc <= 0) {
        out->name[0] = 0;
        return rc == ERR_NOMEM ? err_nomem(err) : 0;
    }
    prefer_windows(v, out->name);
    out->replaced = 0;
    rc = charset_convert(v, out->name, &out->utf8, &out->replaced, err);
    if (rc == ERR_NOMEM)
        return rc;
    if (rc == 0 && plausible(view_sub(buf_view(&out->utf8), start, out->utf8.n),
                             out->replaced)) {
        out->guessed = true;
        return 1;
    }
    out->utf8.n = start;
    out->name[0] = 0;
    out->replaced = 0;
    return 0;
}

/* --- what HTML declares --- */

static bool blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The value at the front of v, behind "=": in quotes or up to a blank. */
static struct view value_at(struct view v)
{
    size_t n = 0;
    uint8_t quote;

    while (v.n && blank(v.p[0]))
        v = view_sub(v, 1, v.n);
    if (v.n == 0)
        return v;
    quote = v.p[0];
    if (quote == '"' || quote == '\'') {
        v = view_sub(v, 1, v.n);
        while (n < v.n && v.p[n] != quote)
            n++;
        return view_sub(v, 0, n);
    }
    while (n < v.n && !blank(v.p[n]) && v.p[n] != ';' && v.p[n] != '>' &&
           v.p[n] != '"' && v.p[n] != '\'')
        n++;
    return view_sub(v, 0, n);
}

/* The first charset=… of a tag: of its own or in its content=…. */
static struct view charset_in(struct view tag)
{
    size_t i, n = strlen("charset");

    for (i = 0; i + n < tag.n; i++) {
        size_t at = i + n;

        if (strncasecmp((const char *)tag.p + i, "charset", n) != 0)
            continue;
        while (at < tag.n && blank(tag.p[at]))
            at++;
        if (at < tag.n && tag.p[at] == '=')
            return value_at(view_sub(tag, at + 1, tag.n));
    }
    return view_of(NULL, 0);
}

/* Whether <meta …> would be read as such in that encoding. */
static bool can_declare(const char *name)
{
    struct buf b = {0};
    size_t replaced = 0;
    bool can = *name == 0 ||
               (charset_convert(view_str("<meta charset=\"a-1\">"), name, &b,
                                &replaced, NULL) == 0 &&
                view_eq(buf_view(&b), view_str("<meta charset=\"a-1\">")));

    buf_release(&b);
    return can;
}

bool charset_meta(struct view html, char out[CHARSET_NAME])
{
    const uint8_t *lt;

    out[0] = 0;
    if (html.n > CHARSET_HEAD)
        html.n = CHARSET_HEAD;
    while ((lt = memchr(html.p, '<', html.n)) != NULL) {
        const uint8_t *end;
        struct view label;
        bool comment;

        html = view_sub(html, (size_t)(lt - html.p), html.n);
        comment = html.n >= 4 && memcmp(html.p, "<!--", 4) == 0;
        end = comment ? memmem(html.p + 2, html.n - 2, "-->", 3)
                      : memchr(html.p, '>', html.n);
        if (!end)
            break;
        if (html.n > 6 && strncasecmp((const char *)lt, "<meta", 5) == 0 &&
            (blank(lt[5]) || lt[5] == '/')) {
            label = charset_in(view_sub(html, 5, (size_t)(end - html.p)));
            if (charset_name(label, out) && can_declare(out))
                return true;
            out[0] = 0;
        }
        html = view_sub(html, (size_t)(end - html.p), html.n);
    }
    return false;
}

/* --- HTML --- */

/* Characters that no HTML may hold become blanks: the parser would leave them
 * out, and what was around them would become one word. */
static void drop_controls(struct buf *b)
{
    size_t i;

    for (i = 0; i < b->n; i++)
        if (b->p[i] < ' ' && b->p[i] != '\n' && b->p[i] != '\t' &&
            b->p[i] != '\r')
            b->p[i] = ' ';
}

static int html_text(struct view v, const char *given, struct charset_text *out,
                     struct err *err)
{
    size_t ill;
    int rc;

    if (utf16_marked(v)) {
        memcpy(out->name, "utf-16", sizeof "utf-16");
        return utf16_decode(v, &out->utf8, &out->replaced);
    }
    if (v.n >= 3 && memcmp(v.p, "\xEF\xBB\xBF", 3) == 0)
        return repair(view_sub(v, 3, v.n), &out->utf8, &out->replaced);
    if (given && !charset_name(view_str(given), out->name))
        return err_set(err, ERR_USAGE, "no encoding is called %s", given);
    ill = utf8_errors(v);
    if (!given && charset_meta(v, out->name) && *out->name && ill == 0 &&
        well_formed(v) >= 3)
        out->name[0] = 0; /* it was true before somebody converted the page */
    if (*out->name)
        return charset_convert(v, out->name, &out->utf8, &out->replaced, err);
    if (!given && ill) {
        rc = charset_guess(v, ill, out, err);
        if (rc != 0)
            return rc < 0 ? rc : 0;
    }
    return repair(v, &out->utf8, &out->replaced);
}

int charset_html(struct view v, const char *given, struct charset_text *out,
                 struct err *err)
{
    int rc = html_text(v, given, out, err);

    drop_controls(&out->utf8);
    return rc == ERR_NOMEM ? err_nomem(err) : rc;
}
