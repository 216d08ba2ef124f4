#include "indexer/formats/mail_decode.h"

#include "indexer/formats/charset.h"
#include "text/utf8.h"

static int hex(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* The bytes of a soft line end behind a '=', or 0. */
static size_t soft_end(struct view v)
{
    size_t i = 0;

    while (i < v.n && (v.p[i] == ' ' || v.p[i] == '\t'))
        i++;
    if (i < v.n && v.p[i] == '\r')
        i++;
    return i < v.n && v.p[i] == '\n' ? i + 1 : i == v.n ? i : 0;
}

int mail_quoted_printable(struct view v, bool word, struct buf *out)
{
    size_t i = 0;

    if (buf_reserve(out, v.n) < 0)
        return ERR_NOMEM;
    while (i < v.n) {
        uint8_t c = v.p[i++];
        struct view rest = view_sub(v, i, v.n);

        if (c == '=' && rest.n > 1 && hex(rest.p[0]) >= 0 &&
            hex(rest.p[1]) >= 0) {
            c = (uint8_t)(hex(rest.p[0]) << 4 | hex(rest.p[1]));
            i += 2;
        } else if (c == '=' && !word && (rest.n == 0 || soft_end(rest))) {
            i += soft_end(rest);
            continue;
        } else if (c == '_' && word) {
            c = ' ';
        }
        out->p[out->n++] = c;
    }
    return 0;
}

static int digit(uint8_t c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

int mail_base64(struct view v, struct buf *out)
{
    uint32_t bits = 0;
    unsigned n = 0;
    size_t i;

    if (buf_reserve(out, v.n) < 0)
        return ERR_NOMEM;
    for (i = 0; i < v.n; i++) {
        int d = digit(v.p[i]);

        if (v.p[i] == '=')
            n = 0; /* what is left over is padding */
        if (d < 0)
            continue;
        bits = bits << 6 | (uint32_t)d;
        n += 6;
        if (n >= 8) {
            n -= 8;
            out->p[out->n++] = (uint8_t)(bits >> n);
        }
    }
    return 0;
}

static bool is_ascii_name(const char *name)
{
    return name[0] == 0 || strcmp(name, "windows-1252") == 0;
}

int mail_text(struct view bytes, struct view label, const char *other,
              struct buf *out)
{
    char name[CHARSET_NAME] = "";
    size_t replaced = 0;
    int rc;

    if (label.n && !charset_name(label, name))
        name[0] = 0;
    /* US-ASCII is windows-1252 on the web; UTF-8 is not that by chance */
    if (is_ascii_name(name) && utf8_errors(bytes) == 0)
        return buf_add(out, bytes);
    if (name[0] == 0 && other && !view_eq(label, view_str("utf-8")))
        strcpy(name, other);
    if (name[0]) {
        rc = charset_convert(bytes, name, out, &replaced, NULL);
        if (rc != ERR_USAGE)
            return rc;
    }
    return utf8_add(out, bytes, &replaced);
}
