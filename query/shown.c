#include "query/shown.h"

#include <stdio.h>

#include "base/date.h"
#include "base/err.h"
#include "text/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

int shown_line(struct buf *out, struct view v, bool *blank)
{
    const uint8_t *p = v.p, *end = v.p + v.n;
    uint8_t *to;
    bool space;

    if (buf_reserve(out, v.n) < 0)
        return ERR_NOMEM;
    for (to = out->p + out->n; p < end; p++) {
        space = *p == ' ' || (*p >= '\t' && *p <= '\r');
        if (*p == 0xe2 && end - p >= 3 && p[1] == 0x80 && (p[2] & ~1) == 0xa8) {
            space = true; /* U+2028 and U+2029 end lines, too */
            p += 2;
        }
        if (!space)
            *to++ = *p;
        else if (!*blank)
            *to++ = ' ';
        *blank = space;
    }
    if (v.n)
        out->n = (size_t)(to - out->p);
    return 0;
}

static bool harmful(int32_t c, bool lines)
{
    if (c < 0x20)
        return !(lines && (c == '\n' || c == '\t'));
    return (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e ||
           c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

/* How many bytes from p on are ASCII and no controls, at least. */
static size_t harmless_bytes(const uint8_t *p, size_t n)
{
    const uint64_t ones = 0x0101010101010101, high = ones << 7;
    uint64_t x;
    size_t i;

    for (i = 0; n - i >= 8; i += 8) {
        memcpy(&x, p + i, sizeof x);
        if ((x | (x - ones * ' ') | (x + ones)) & high)
            break;
    }
    return i;
}

int shown_safe(struct buf *out, struct view v, bool lines)
{
    size_t i, from = 0;
    unsigned len;

    for (i = harmless_bytes(v.p, v.n); i < v.n;
         i += harmless_bytes(v.p + i, v.n - i)) {
        int32_t c = utf8_decode(v.p + i, v.p + v.n, &len);

        if (lines && c == '\r' && i + 1 < v.n && v.p[i + 1] == '\n')
            c = '\n'; /* CR LF is a line end */
        if (c < 0 || harmful(c, lines)) {
            if (buf_add(out, view_sub(v, from, i)) < 0 ||
                buf_adds(out, REPLACEMENT) < 0)
                return ERR_NOMEM;
            from = i + len;
        }
        i += len;
    }
    return buf_add(out, view_sub(v, from, v.n));
}

int shown_field(struct buf *out, struct view v)
{
    size_t i;

    if (buf_add(out, v) < 0)
        return ERR_NOMEM;
    for (i = out->n - v.n; i < out->n; i++)
        if (out->p[i] == '\t' || out->p[i] == '\n' || out->p[i] == '\r')
            out->p[i] = ' ';
    return 0;
}

/* Whether one of eight bytes is to be escaped. */
static bool any_escaped(const uint8_t *p)
{
    const uint64_t ones = 0x0101010101010101, high = ones << 7;
    uint64_t x, low, del, percent;

    memcpy(&x, p, sizeof x);
    low = (x - ones * (' ' + 1)) & ~x;
    del = x ^ ones * 0x7f;
    percent = x ^ ones * '%';
    del = (del - ones) & ~del;
    percent = (percent - ones) & ~percent;
    return (low | del | percent) & high;
}

/* How many bytes from p on need no escape. */
static size_t plain_bytes(const uint8_t *p, size_t n)
{
    size_t i = 0;

    while (i + 8 <= n && !any_escaped(p + i))
        i += 8;
    while (i < n && p[i] > ' ' && p[i] != 0x7f && p[i] != '%')
        i++;
    return i;
}

int shown_percent(struct buf *out, struct view v)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t i = 0, n;
    uint8_t *p;

    if (v.n > SIZE_MAX / 3 || buf_reserve(out, 3 * v.n) < 0)
        return ERR_NOMEM;
    if (v.n == 0)
        return 0;
    p = out->p + out->n;
    while (i < v.n) {
        n = plain_bytes(v.p + i, v.n - i);
        memcpy(p, v.p + i, n);
        p += n;
        i += n;
        if (i < v.n) {
            *p++ = '%';
            *p++ = (uint8_t)hex[v.p[i] >> 4];
            *p++ = (uint8_t)hex[v.p[i++] & 15];
        }
    }
    out->n = (size_t)(p - out->p);
    return 0;
}

void shown_time(uint64_t ns, char out[SHOWN_TIME])
{
    uint64_t s = ns / 1000000000u;
    unsigned of_day = (unsigned)(s % 86400);
    char date[11];

    date_text((int32_t)(s / 86400), date);
    snprintf(out, SHOWN_TIME, "%sT%02u:%02u:%02uZ", date, of_day / 3600,
             of_day / 60 % 60, of_day % 60);
}
