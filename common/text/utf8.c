#include "text/utf8.h"

#include <string.h>

#include "base/err.h"

/* The lead bytes whose second byte has a narrower range than 80..BF: the
 * others would give overlong forms, surrogates or more than U+10FFFF. */
static void second_range(uint8_t lead, uint8_t *lo, uint8_t *hi)
{
    *lo = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *hi = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

int32_t utf8_decode_any(const uint8_t *p, const uint8_t *end, unsigned *len)
{
    uint8_t lo, hi;
    unsigned need, i;
    int32_t c;

    *len = 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return p[0] < 0x80 ? p[0] : -1;
    need = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    second_range(p[0], &lo, &hi);
    if (end - p < 2 || p[1] < lo || p[1] > hi)
        return -1;
    c = (p[0] & (0x7F >> need)) << 6 | (p[1] & 0x3F);
    for (i = 2; i < need; i++) {
        *len = i;
        if (end - p <= (ptrdiff_t)i || (p[i] & 0xC0) != 0x80)
            return -1;
        c = c << 6 | (p[i] & 0x3F);
    }
    *len = need;
    return c;
}

unsigned utf8_encode(uint32_t c, uint8_t *p)
{
    if (c < 0x80) {
        p[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (uint8_t)(0xC0 | c >> 6);
        p[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (uint8_t)(0xE0 | c >> 12);
        p[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        p[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    p[0] = (uint8_t)(0xF0 | c >> 18);
    p[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    p[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    p[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

/* Behind the ASCII from p on. */
static const uint8_t *over_ascii(const uint8_t *p, const uint8_t *end)
{
    for (; end - p >= 32; p += 32) {
        uint64_t x[4];

        memcpy(x, p, sizeof x);
        if ((x[0] | x[1] | x[2] | x[3]) & 0x8080808080808080u)
            break;
    }
    while (p < end && *p < 0x80)
        p++;
    return p;
}

size_t utf8_errors(struct view v)
{
    const uint8_t *p = v.p;
    const uint8_t *end = v.n ? p + v.n : p; /* NULL + 0 is undefined */
    size_t errors = 0;
    unsigned len;

    while (p < end) {
        if (*p < 0x80) {
            p = over_ascii(p, end);
            continue;
        }
        errors += utf8_decode(p, end, &len) < 0;
        p += len;
    }
    return errors;
}

int utf8_add(struct buf *out, struct view v, size_t *replaced)
{
    const uint8_t *p = v.p, *from = p;
    const uint8_t *end = v.n ? p + v.n : p;
    unsigned len;

    for (; p < end; p += len) {
        p = over_ascii(p, end);
        if (p == end)
            break;
        if (utf8_decode(p, end, &len) >= 0)
            continue;
        if (buf_add(out, view_of(from, (size_t)(p - from))) < 0 ||
            buf_adds(out, "\xEF\xBF\xBD") < 0)
            return ERR_NOMEM;
        from = p + len;
        ++*replaced;
    }
    return buf_add(out, view_of(from, (size_t)(end - from)));
}

size_t utf8_cut(struct view v, size_t max)
{
    size_t n = max;
    unsigned len;

    if (max >= v.n)
        return v.n;
    while (n > 0 && max - n < 3 && (v.p[n] & 0xC0) == 0x80)
        n--;
    /* A stray continuation byte is a character of its own. */
    utf8_decode(v.p + n, v.p + v.n, &len);
    return n + len <= max ? max : n;
}
