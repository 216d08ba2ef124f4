/*
 * utf8.h - bytes to code points, one at a time, never failing.
 *
 * An ill-formed sequence gives U+FFFD for each maximal subpart, as Unicode
 * 15.0 section 3.9 (table 3-8) recommends, so decoding always advances and two
 * decoders of the same bytes agree.
 */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { UTF8_REPLACEMENT = 0xFFFD };

/* As utf8_decode, which calls it for what is rare. */
int32_t utf8_decode_any(const uint8_t *p, const uint8_t *end, unsigned *len);

/* The code point at p (p < end). *len gets the bytes it took (1..4);
 * an ill-formed subpart gives -1 (to be read as U+FFFD). */
static inline int32_t utf8_decode(const uint8_t *p, const uint8_t *end,
                                  unsigned *len)
{
    int32_t c;

    if (*p < 0x80) {
        *len = 1;
        return *p;
    }
    if ((*p & 0xF0) == 0xE0 && end - p >= 3 && (p[1] & 0xC0) == 0x80 &&
        (p[2] & 0xC0) == 0x80) {
        c = (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
        if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) {
            *len = 3;
            return c;
        }
    }
    return utf8_decode_any(p, end, len);
}

/* Writes c (0..0x10FFFF, no surrogate) at p, returns its 1..4 bytes. */
unsigned utf8_encode(uint32_t c, uint8_t *p);

/* Ill-formed subparts in v: what a document's report counts. */
size_t utf8_errors(struct view v);

/* Appends v with U+FFFD in place of ill-formed subparts, which *replaced counts
 * on. 0 or ERR_NOMEM. */
int utf8_add(struct buf *out, struct view v, size_t *replaced);

/* The largest n <= max at which v can be cut between characters. */
size_t utf8_cut(struct view v, size_t max);

#endif
