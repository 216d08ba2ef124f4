#include "text/utf16.h"

#include "base/err.h"
#include "text/utf8.h"

bool utf16_marked(struct view v)
{
    if (v.n < 2)
        return false;
    if (v.p[0] == 0xFE && v.p[1] == 0xFF)
        return true;
    return v.p[0] == 0xFF && v.p[1] == 0xFE &&
           !(v.n >= 4 && v.p[2] == 0 && v.p[3] == 0);
}

static uint32_t unit(struct view v, size_t i, bool big)
{
    return big ? (uint32_t)v.p[i] << 8 | v.p[i + 1]
               : (uint32_t)v.p[i + 1] << 8 | v.p[i];
}

int utf16_decode(struct view v, struct buf *out, size_t *errors)
{
    bool big = v.p[0] == 0xFE;
    size_t i;

    *errors = 0;
    for (i = 2; i < v.n; i += 2) {
        uint32_t c = UTF8_REPLACEMENT, low;

        if (buf_reserve(out, 4) < 0)
            return ERR_NOMEM;
        if (i + 1 < v.n)
            c = unit(v, i, big);
        else
            ++*errors;
        if (c >= 0xD800 && c < 0xE000) {
            low = i + 3 < v.n && c < 0xDC00 ? unit(v, i + 2, big) : 0;
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            } else {
                c = UTF8_REPLACEMENT;
                ++*errors;
            }
        }
        out->n += utf8_encode(c, out->p + out->n);
    }
    return 0;
}
