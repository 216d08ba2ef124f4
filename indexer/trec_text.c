#include "indexer/trec_text.h"

#include "text/char_ref.h"
#include "text/utf8.h"

bool trec_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct view trim_start(struct view v)
{
    while (v.n && trec_blank(v.p[0]))
        v = view_sub(v, 1, v.n);
    return v;
}

struct view trec_trim(struct view v)
{
    v = trim_start(v);
    while (v.n && trec_blank(v.p[v.n - 1]))
        v.n--;
    return v;
}

void trec_squeeze(struct buf *b)
{
    size_t i, n = 0;

    for (i = 0; i < b->n; i++)
        if (!trec_blank(b->p[i]))
            b->p[n++] = b->p[i];
        else if (n && b->p[n - 1] != ' ')
            b->p[n++] = ' ';
    b->n = n && b->p[n - 1] == ' ' ? n - 1 : n;
}

/* --- tags --- */

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_name(uint8_t c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':';
}

/* The bytes of the comment at the front of v, or 0. */
static size_t comment(struct trec_text *t, struct view v)
{
    const uint8_t *end;

    if (t->uncommented || v.n < 4 || memcmp(v.p, "<!--", 4) != 0)
        return 0;
    end = memmem(v.p + 4, v.n - 4, "-->", 3);
    t->uncommented = end == NULL;
    return end ? (size_t)(end - v.p) + 3 : 0;
}

/* The bytes of the tag at the front of v, where a '<' is, or 0. */
static size_t read_tag(struct trec_text *t, struct view v, struct trec_tag *tag)
{
    size_t at = 1, from, n = comment(t, v);
    bool other;

    memset(tag, 0, sizeof *tag);
    if (n)
        return n;
    other = at < v.n && (v.p[at] == '!' || v.p[at] == '?');
    tag->end = at < v.n && v.p[at] == '/';
    from = at += tag->end || other;
    if (at == v.n || !is_letter(v.p[at]))
        return 0;
    while (at < v.n && is_name(v.p[at]))
        at++;
    if (at == v.n || (v.p[at] != '>' && v.p[at] != '/' && !trec_blank(v.p[at])))
        return 0;
    tag->bare = v.p[at] == '>';
    tag->name = view_sub(v, from, at);
    while (at < v.n && v.p[at] != '>' && v.p[at] != '<')
        at++;
    if (at == v.n || v.p[at] != '>')
        return 0;
    if (other || v.p[at - 1] == '/') {
        tag->name.n = 0;
        tag->bare = false;
    }
    return at + 1;
}

/* --- text --- */

static int add_char(struct buf *out, uint32_t c)
{
    uint8_t s[4];

    return buf_add(out, view_of(s, utf8_encode(c, s)));
}

/* How many bytes at the front of v stand for themselves. */
static size_t plain(struct view v)
{
    size_t i = 0;
    unsigned len;

    while (i < v.n && v.p[i] != '&' && v.p[i] != '\r' && v.p[i] != 0) {
        if (utf8_decode(v.p + i, v.p + v.n, &len) < 0)
            break;
        i += len;
    }
    return i;
}

/* Appends what the byte at the front of v begins, which is not plain; its
 * bytes, or ERR_NOMEM. */
static int add_special(struct trec_text *t, struct view v, struct buf *out)
{
    unsigned len = 1;
    uint32_t c = v.p[0];

    if (c == '&') {
        size_t n = char_ref(v, &c);

        len = n ? (unsigned)n : 1;
    } else if (c == '\r') {
        if (v.n > 1 && v.p[1] == '\n') {
            c = '\n';
            len = 2;
        }
    } else {
        utf8_decode(v.p, v.p + v.n, &len);
        c = UTF8_REPLACEMENT;
        t->replaced++;
    }
    return add_char(out, c) < 0 ? ERR_NOMEM : (int)len;
}

/* Appends v, decoded. Tags that have lines of their own leave no more than one
 * blank line. */
static int add_text(struct trec_text *t, struct view v, struct buf *out)
{
    if (out->n == 0 ||
        (out->n > 1 && memcmp(out->p + out->n - 2, "\n\n", 2) == 0))
        v = trim_start(v);
    while (v.n) {
        size_t n = plain(v);
        int len;

        if (buf_add(out, view_sub(v, 0, n)) < 0)
            return ERR_NOMEM;
        v = view_sub(v, n, v.n);
        if (v.n == 0)
            break;
        len = add_special(t, v, out);
        if (len < 0)
            return len;
        v = view_sub(v, (size_t)len, v.n);
    }
    return 0;
}

int trec_strip_to(struct trec_text *t, struct view v, size_t *at,
                  struct buf *out, struct trec_tag *tag)
{
    while (*at < v.n) {
        const uint8_t *lt = memchr(v.p + *at, '<', v.n - *at);
        size_t to = lt ? (size_t)(lt - v.p) : v.n, n;

        if (add_text(t, view_sub(v, *at, to), out) < 0)
            return ERR_NOMEM;
        *at = to;
        if (!lt)
            break;
        n = read_tag(t, view_sub(v, to, v.n), tag);
        if (n) {
            *at += n;
            return out->n == 0 || trec_blank(out->p[out->n - 1]) ||
                           buf_addc(out, ' ') == 0
                       ? 1
                       : ERR_NOMEM;
        }
        ++*at;
        if (buf_addc(out, '<') < 0)
            return ERR_NOMEM;
    }
    return 0;
}

int trec_strip(struct trec_text *t, struct view v, struct buf *out)
{
    bool uncommented = t->uncommented; /* of more than v */
    struct trec_tag tag;
    size_t at = 0;
    int rc;

    do
        rc = trec_strip_to(t, v, &at, out, &tag);
    while (rc > 0);
    t->uncommented = uncommented;
    return rc;
}
