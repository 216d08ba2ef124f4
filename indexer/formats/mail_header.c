#include "indexer/formats/mail_header.h"

#include <stdio.h>
#include <strings.h>

#include "base/err.h"
#include "indexer/formats/mail_decode.h"

enum { CONTINUATIONS = 100 }; /* of a parameter; more are left out */

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct view trim(struct view v)
{
    while (v.n && blank(v.p[0]))
        v = view_sub(v, 1, v.n);
    while (v.n && blank(v.p[v.n - 1]))
        v.n--;
    return v;
}

/* --- fields --- */

/* The bytes of the line that v begins with, with its end. */
static size_t line_of(struct view v)
{
    const uint8_t *nl = v.n ? memchr(v.p, '\n', v.n) : NULL;

    return nl ? (size_t)(nl - v.p) + 1 : v.n;
}

/* The bytes of a field's name, or 0 where the line is no field. */
static size_t name_of(struct view line)
{
    size_t n = 0;

    while (n < line.n && line.p[n] > ' ' && line.p[n] < 0x7F &&
           line.p[n] != ':')
        n++;
    return n < line.n && line.p[n] == ':' ? n : 0;
}

static void keep(struct mail_header *h, struct view name, struct view value)
{
    const struct {
        const char *name;
        struct view *to;
    } known[] = {
        {"from", &h->from},
        {"to", &h->to},
        {"cc", &h->cc},
        {"subject", &h->subject},
        {"date", &h->date},
        {"message-id", &h->message_id},
        {"content-language", &h->language},
        {"content-type", &h->type},
        {"content-transfer-encoding", &h->encoding},
        {"content-disposition", &h->disposition},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].name) == name.n &&
            strncasecmp(known[i].name, (const char *)name.p, name.n) == 0 &&
            known[i].to->n == 0)
            *known[i].to = trim(value);
}

size_t mail_header_read(struct view v, struct mail_header *h)
{
    size_t at = 0;

    memset(h, 0, sizeof *h);
    if (v.n > 5 && memcmp(v.p, "From ", 5) == 0)
        at = line_of(v);
    while (at < v.n) {
        struct view rest = view_sub(v, at, v.n);
        size_t n = line_of(rest), name = name_of(view_sub(rest, 0, n));

        if (trim(view_sub(rest, 0, n)).n == 0)
            return at + n;
        if (name == 0)
            break;
        while (n < rest.n && (rest.p[n] == ' ' || rest.p[n] == '\t'))
            n += line_of(view_sub(rest, n, rest.n));
        keep(h, view_sub(rest, 0, name), view_sub(rest, name + 1, n));
        at += n;
    }
    return at;
}

/* --- encoded words --- */

/* =?charset?B?bytes?= */
struct word {
    struct view charset, bytes;
    bool base64;
    size_t n; /* bytes in all */
};

static bool word_at(struct view v, struct word *w)
{
    const uint8_t *mark[3];
    size_t at = 2;
    int i;

    if (v.n < 8 || v.p[0] != '=' || v.p[1] != '?')
        return false;
    for (i = 0; i < 3; i++) {
        mark[i] = at < v.n ? memchr(v.p + at, '?', v.n - at) : NULL;
        if (!mark[i])
            return false;
        at = (size_t)(mark[i] - v.p) + 1;
        if (i == 0 && (at > 80 || at + 1 >= v.n || v.p[at + 1] != '?'))
            return false;
    }
    if (at >= v.n || v.p[at] != '=' || memchr(v.p, '\n', at))
        return false;
    w->charset = view_sub(v, 2, (size_t)(mark[0] - v.p));
    for (i = 0; i < (int)w->charset.n; i++)
        if (w->charset.p[i] == '*') /* its language stands behind it */
            w->charset.n = (size_t)i;
    w->base64 = (mark[0][1] | 0x20) == 'b';
    w->bytes = view_of(mark[1] + 1, (size_t)(mark[2] - mark[1]) - 1);
    w->n = at + 1;
    return w->base64 || (mark[0][1] | 0x20) == 'q';
}

/* Appends text with runs of white space as one blank, none at the start. */
static int add_line(struct buf *out, struct view text, size_t start)
{
    size_t i;

    for (i = 0; i < text.n; i++) {
        uint8_t c = text.p[i] < ' ' || text.p[i] == 0x7F ? ' ' : text.p[i];

        if (c == ' ' && (out->n == start || out->p[out->n - 1] == ' '))
            continue;
        if (buf_addc(out, c) < 0)
            return ERR_NOMEM;
    }
    return 0;
}

/* Decodes the words from w on that stand side by side: *n bytes. Characters may
 * be cut between those of one charset. */
static int add_encoded(struct view v, struct word w, struct buf *out,
                       size_t start, size_t *n)
{
    struct buf bytes = {0}, text = {0};
    struct view charset = w.charset;
    int rc = 0;

    *n = 0;
    for (;;) {
        size_t next;

        rc = w.base64 ? mail_base64(w.bytes, &bytes)
                      : mail_quoted_printable(w.bytes, true, &bytes);
        *n += w.n;
        for (next = *n; next < v.n && blank(v.p[next]); next++)
            ;
        if (rc < 0 || !word_at(view_sub(v, next, v.n), &w))
            break;
        *n = next; /* blanks between two of them are none */
        if (!view_eq(w.charset, charset))
            break;
    }
    if (rc == 0)
        rc = mail_text(buf_view(&bytes), charset, "windows-1252", &text);
    if (rc == 0)
        rc = add_line(out, buf_view(&text), start);
    buf_release(&bytes);
    buf_release(&text);
    return rc;
}

int mail_words(struct view field, struct buf *out)
{
    struct view v = trim(field);
    struct buf text = {0};
    size_t i = 0, start = out->n;
    struct word w;
    int rc = 0;

    while (i < v.n && rc == 0) {
        size_t from = i, n = 0;

        while (i < v.n && !word_at(view_sub(v, i, v.n), &w))
            i++;
        buf_clear(&text);
        rc = mail_text(view_sub(v, from, i), view_of("", 0), "windows-1252",
                       &text);
        if (rc == 0)
            rc = add_line(out, buf_view(&text), start);
        if (rc == 0 && i < v.n)
            rc = add_encoded(view_sub(v, i, v.n), w, out, start, &n);
        i += n;
    }
    while (out->n > start && out->p[out->n - 1] == ' ')
        out->n--;
    buf_release(&text);
    return rc;
}

/* --- parameters --- */

void mail_token(struct view field, char *out, size_t size)
{
    size_t i, n = 0;
    unsigned comments = 0;

    for (i = 0; i < field.n && field.p[i] != ';'; i++) {
        uint8_t c = field.p[i];

        if (c == '(')
            comments++;
        else if (c == ')' && comments)
            comments--;
        else if (!comments && !blank(c) && n + 1 < size)
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    out[n] = 0;
}

/* Goes from a ';' of *v to the one behind it: false at the end. The parameter's
 * name as it is written, and its value, without quotes if it has any. */
static bool next_parameter(struct view *v, struct view *name,
                           struct view *value)
{
    size_t i = 0, from;
    bool quoted;

    while (i < v->n && v->p[i] != ';')
        i++;
    if (i == v->n)
        return false;
    for (from = ++i; i < v->n && v->p[i] != '=' && v->p[i] != ';'; i++)
        ;
    *name = trim(view_sub(*v, from, i));
    i += i < v->n && v->p[i] == '=';
    while (i < v->n && blank(v->p[i]))
        i++;
    quoted = i < v->n && v->p[i] == '"';
    for (from = i += quoted; i < v->n; i++) {
        if (quoted && v->p[i] == '\\' && i + 1 < v->n)
            i++;
        else if (v->p[i] == (quoted ? '"' : ';'))
            break;
    }
    *value = view_sub(*v, from, i);
    if (!quoted)
        *value = trim(*value);
    *v = view_sub(*v, i, v->n);
    return true;
}

/* Appends a value without backslashes and line ends, or with its %-escapes
 * decoded. */
static int add_value(struct buf *out, struct view v, bool escaped)
{
    size_t i;
    int rc = 0;

    for (i = 0; i < v.n && rc == 0; i++) {
        unsigned c = v.p[i], x;
        char digits[3] = {0};

        if (escaped && c == '%' && i + 2 < v.n) {
            memcpy(digits, v.p + i + 1, 2);
            if (sscanf(digits, "%2x", &x) == 1) {
                c = x;
                i += 2;
            }
        } else if (!escaped && c == '\\' && i + 1 < v.n) {
            c = v.p[++i];
        }
        if (c != '\r' && c != '\n')
            rc = buf_addc(out, (int)c);
    }
    return rc;
}

/* Whether `name` is the wanted one with "*2" behind it, say: the number, 0 for
 * none; *escaped for a '*' at the end. */
static bool is_name(struct view name, const char *want, unsigned *number,
                    bool *escaped)
{
    size_t n = strlen(want), i = n;

    *number = 0;
    *escaped = false;
    if (name.n < n || strncasecmp((const char *)name.p, want, n) != 0)
        return false;
    if (i + 1 < name.n && name.p[i] == '*' && name.p[i + 1] >= '0' &&
        name.p[i + 1] <= '9')
        for (i++; i < name.n && name.p[i] >= '0' && name.p[i] <= '9'; i++)
            *number = *number < CONTINUATIONS ? *number * 10 + (name.p[i] - '0')
                                              : *number;
    if (i < name.n && name.p[i] == '*') {
        *escaped = true;
        i++;
    }
    return i == name.n;
}

/* The parts of an extended value: charset, 'language', bytes. */
static void split_extended(struct view *value, struct view *charset)
{
    const uint8_t *a = value->n ? memchr(value->p, '\'', value->n) : NULL, *b;
    size_t n;

    if (!a)
        return;
    n = (size_t)(a - value->p);
    b = memchr(a + 1, '\'', value->n - n - 1);
    if (!b)
        return;
    *charset = view_of(value->p, n);
    *value = view_sub(*value, (size_t)(b - value->p) + 1, value->n);
}

int mail_parameter(struct view field, const char *name, struct buf *out)
{
    struct view charset = {NULL, 0}, v, key, value;
    struct buf bytes = {0};
    unsigned wanted, number;
    bool escaped, found = true, extended = false;
    int rc = 0;

    for (wanted = 0; found && wanted < CONTINUATIONS && rc == 0; wanted++) {
        found = false;
        for (v = field; !found && next_parameter(&v, &key, &value);)
            found = is_name(key, name, &number, &escaped) && number == wanted;
        if (!found)
            break;
        if (escaped && wanted == 0)
            split_extended(&value, &charset);
        extended |= escaped;
        rc = add_value(&bytes, value, escaped);
    }
    /* encoded words are not for parameters, and are often there */
    if (rc == 0 && extended)
        rc = mail_text(buf_view(&bytes), charset, "windows-1252", out);
    else if (rc == 0)
        rc = mail_words(buf_view(&bytes), out);
    buf_release(&bytes);
    return rc;
}
