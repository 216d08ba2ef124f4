/*
 * Words of ASCII letters and digits, 64 bytes of text at a time: each byte
 * becomes a bit in one mask for each class, and words are runs of ones. No
 * branch depends on where a word ends, and words that nobody wants are counted
 * by their bits.
 *
 * What may be encoded bytes is left to others: a word is taken where a blank
 * or its like is seen behind it, and too near for them.
 */
#include "text/scan.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64, LAST = BLOCK - 1 };

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* Classes of the bytes of a block, the first in the lowest bit. */
struct classes {
    uint64_t spaced; /* ASCII letters and digits */
    uint64_t digit;
    uint64_t high;   /* not ASCII */
    uint64_t joint;  /* may join what is beside them: - . , ' */
    uint64_t hyphen; /* the first of these */
    uint64_t blank;  /* below +: never among encoded bytes */
};

/* The high bits of 16 bytes. */
static inline uint64_t high_bits(bytes16 v)
{
#ifdef __SSE2__
    return (uint32_t)_mm_movemask_epi8((__m128i)v);
#else
    const uint64_t gather = 0x0002040810204081u;
    uint64_t half[2];

    memcpy(half, &v, sizeof half);
    half[0] = (half[0] & 0x8080808080808080u) * gather >> 56;
    half[1] = (half[1] & 0x8080808080808080u) * gather >> 56;
    return half[0] | half[1] << 8;
#endif
}

static inline struct classes classify(const uint8_t *p)
{
    struct classes c = {0};
    unsigned i;

#pragma GCC unroll 4
    for (i = 0; i < BLOCK; i += 16) {
        bytes16 v, digit, letter, joint;

        memcpy(&v, p + i, sizeof v);
        digit = (bytes16)(v - '0' < 10);
        letter = (bytes16)((v | 0x20) - 'a' < 26);
        joint = (bytes16)((v == '\'') | (v - ',' < 3)); /* , - . */
        c.spaced |= high_bits(digit | letter) << i;
        c.digit |= high_bits(digit) << i;
        c.hyphen |= high_bits((bytes16)(v == '-')) << i;
        c.blank |= high_bits((bytes16)(v < '+')) << i;
        c.joint |= high_bits(joint) << i;
        c.high |= high_bits(v) << i;
    }
    return c;
}

/* Bytes at which the words stop being plain: what is not ASCII, what joins a
 * word before it to something behind, and where letters and digits meet. Of the
 * last byte nobody knows, of what a hyphen is before neither. */
static inline uint64_t obstacles(const struct classes *c)
{
    uint64_t behind_word = c->joint & c->spaced << 1;
    uint64_t before =
        (c->spaced | c->high) >> 1 | c->hyphen | (uint64_t)1 << LAST;
    uint64_t meeting = (c->digit ^ c->digit << 1) & c->spaced & c->spaced << 1;

    return c->high | (behind_word & before) | meeting;
}

/* The bits from the first to the highest of x, which is not 0. */
static inline uint64_t up_to_highest(uint64_t x)
{
    return ~(uint64_t)0 >> __builtin_clzll(x);
}

/* The number of ones: there is an instruction for it, but not in all processors
 * that this runs on. */
static inline unsigned ones(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (unsigned)(x * 0x0101010101010101u >> 56);
}

/* With `out` NULL words are only counted. */
static inline unsigned go_through(struct scan *s, struct plain *out,
                                  unsigned max)
{
    /* Of SCAN_CODED bytes that begin with a word which ends in a block. */
    const uint64_t inner =
        (~(uint64_t)0 >> (BLOCK - SCAN_CODED)) & ~(uint64_t)7;
    const uint8_t *text = s->text.p;
    uint32_t at = s->at, behind = at;
    unsigned n = 0;

    if (s->general || s->run || at < s->number_end || s->end - at < BLOCK ||
        text[at] >= 0x80)
        return 0;
    while (s->end - at >= BLOCK && max - n > BLOCK / 2) {
        struct classes c = classify(text + at);
        uint64_t all = obstacles(&c), stop = all & -all; /* the first */
        uint64_t starts = c.spaced & ~(c.spaced << 1);
        uint64_t ends = c.spaced << 1 & ~c.spaced, e;

        if (!(c.blank & inner))
            break;
        ends &= (stop - 1) & up_to_highest(c.blank);
        for (e = out ? ends : 0; e; e &= e - 1, starts &= starts - 1) {
            out[n].start = at + (uint32_t)__builtin_ctzll(starts);
            out[n++].end = at + (uint32_t)__builtin_ctzll(e);
        }
        if (ends) {
            unsigned last = LAST - (unsigned)__builtin_clzll(ends);

            behind = at + last;
            starts &= ~(uint64_t)0 << last;
            n += out ? 0 : ones(ends);
        }
        if (stop || starts & 1) /* or nothing but a word */
            break;
        at += starts ? (uint32_t)__builtin_ctzll(starts) : BLOCK;
    }
    s->at = behind;
    return n;
}

unsigned scan_plain(struct scan *s, struct plain *out, unsigned max)
{
    return go_through(s, out, max);
}

unsigned scan_skip(struct scan *s, unsigned max)
{
    return go_through(s, NULL, max);
}
