/*
 * Words of ASCII letters and digits, 64 bytes of text at a time: each byte
 * becomes a bit in one mask for each class, and words are runs of ones. No
 * branch depends on where a word ends. An apostrophe between letters is one more
 * letter (don't), unless an article may be elided (l'eau). Hyphens between words
 * make longer runs, which are taken whole or not at all. Words that nobody wants
 * are counted by their bits.
 *
 * What may be encoded bytes is left to others: a word is taken where a blank
 * or its like is seen behind it, and too near for them.
 */
#include "text/scan.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    BLOCK = 64,
    LAST = BLOCK - 1,
    MOST = BLOCK / 2 + BLOCK / 4 /* tokens of a block: words, compounds */
};

_Static_assert((int)BLOCK <= (int)PLAIN_MAX, "a token fits");

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* Classes of the bytes of a block, the first in the lowest bit. */
struct classes {
    uint64_t spaced; /* ASCII letters and digits, apostrophes between letters */
    uint64_t digit;
    uint64_t high;   /* not ASCII */
    uint64_t joint;  /* may join what is beside them: - . , ' */
    uint64_t hyphen; /* of these */
    uint64_t quote;
    uint64_t linked; /* hyphens between words */
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
        bytes16 v, digit, letter, quote;

        memcpy(&v, p + i, sizeof v);
        digit = (bytes16)(v - '0' < 10);
        letter = (bytes16)((v | 0x20) - 'a' < 26);
        quote = (bytes16)(v == '\'');
        c.spaced |= high_bits(digit | letter) << i;
        c.digit |= high_bits(digit) << i;
        c.hyphen |= high_bits((bytes16)(v == '-')) << i;
        c.blank |= high_bits((bytes16)(v < '+')) << i;
        c.quote |= high_bits(quote) << i;
        c.joint |= high_bits((bytes16)(v - ',' < 3) | quote) << i; /* , - . */
        c.high |= high_bits(v) << i;
    }
    return c;
}

/* Makes letters of the apostrophes between two of them, but before those that
 * an article is elided before. */
static inline void take_apostrophes(struct classes *c, const uint8_t *p)
{
    uint64_t letter = c->spaced & ~c->digit;
    uint64_t inner = c->quote & letter << 1 & letter >> 1, one;

    for (; inner; inner ^= one) {
        one = inner & -inner;
        if (strchr("aeiouyhAEIOUYH", p[__builtin_ctzll(one) + 1]))
            continue;
        c->spaced |= one;
        c->joint ^= one;
        c->blank ^= one;
    }
}

/* Takes hyphens between two words. */
static inline void take_hyphens(struct classes *c)
{
    c->linked = c->hyphen & c->spaced << 1 & c->spaced >> 1;
    c->joint ^= c->linked;
}

/* Bytes at which the words stop being plain: what is not ASCII, what joins a
 * word before it to something behind, and where letters and digits meet. Of the
 * last byte nobody knows, of what any other hyphen is before neither. */
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

/* Where words of a block begin and end (behind the last byte). */
struct bounds {
    uint64_t starts, ends;
};

/* `within`: a compound goes on behind it. */
static inline struct plain word(uint32_t start, unsigned n, bool within)
{
    return (struct plain){start, (uint8_t)n, TOKEN_WORD, 1,
                          within ? 0 : (uint8_t)n};
}

static struct plain joined_word(uint32_t start, unsigned n, unsigned parts)
{
    return (struct plain){start, (uint8_t)n, TOKEN_JOINED, (uint8_t)parts, 0};
}

/* Takes the words of the block at byte `at` that have their ends there, one by
 * one; how many. */
static inline unsigned take_words(struct bounds *b, uint32_t at,
                                  struct plain *out)
{
    unsigned n = 0;

    for (; b->ends; b->ends &= b->ends - 1, b->starts &= b->starts - 1) {
        unsigned from = (unsigned)__builtin_ctzll(b->starts);
        unsigned to = (unsigned)__builtin_ctzll(b->ends);

        out[n++] = word(at + from, to - from, false);
    }
    return n;
}

/* The same where some are parts of compounds, which are joined behind their
 * first part. */
static unsigned take_compounds(struct bounds *b, const struct classes *c,
                               uint32_t at, struct plain *out, unsigned *joined)
{
    bool within = false, more;
    unsigned n = 0;

    for (; b->ends; b->ends &= b->ends - 1, b->starts &= b->starts - 1) {
        unsigned from = (unsigned)__builtin_ctzll(b->starts);
        unsigned to = (unsigned)__builtin_ctzll(b->ends), end, parts;

        more = c->linked >> to & 1;
        out[n++] = word(at + from, to - from, more);
        if (more && !within) {
            end =
                to + (unsigned)__builtin_ctzll(~(c->spaced | c->linked) >> to);
            parts = (unsigned)__builtin_popcountll(b->ends &
                                                   (((uint64_t)2 << end) - 1));
            if (parts <= WORDS_MAX_PARTS) {
                out[n++] = joined_word(at + from, end - from, parts);
                ++*joined;
            }
        }
        within = more;
    }
    return n;
}

/* The words of the block at p: false where none can be told. `stop`: they end
 * within it. */
static inline bool block_words(const uint8_t *p, struct classes *c,
                               struct bounds *b, bool *stop)
{
    /* Of SCAN_CODED bytes that begin with a word which ends in a block. */
    const uint64_t inner =
        (~(uint64_t)0 >> (BLOCK - SCAN_CODED)) & ~(uint64_t)7;
    uint64_t all, first, blank;

    *c = classify(p);
    take_apostrophes(c, p);
    take_hyphens(c);
    all = obstacles(c);
    first = all & -all;
    blank = c->blank & (first - 1);
    *stop = all != 0;
    if (!(c->blank & inner) || !blank)
        return false;
    b->starts = c->spaced & ~(c->spaced << 1);
    b->ends = c->spaced << 1 & ~c->spaced & up_to_highest(blank);
    return true;
}

/* Whether there may be plain words at s->at. */
static inline bool may_begin(const struct scan *s)
{
    return !s->general && !s->run && s->at >= s->number_end &&
           s->end - s->at >= BLOCK && s->text.p[s->at] < 0x80;
}

/* Moves from a block, whose words before b->starts were taken, on to the next;
 * false where nothing but a word is in it. */
static inline bool next_block(const struct bounds *b, uint32_t *at)
{
    *at += b->starts ? (uint32_t)__builtin_ctzll(b->starts) : BLOCK;
    return !(b->starts & 1);
}

unsigned scan_plain(struct scan *s, struct plain *out, unsigned max,
                    unsigned *joined)
{
    uint32_t at = s->at;
    bool more = may_begin(s), stop;
    struct classes c;
    struct bounds b;
    unsigned n = 0;

    *joined = 0;
    while (more && s->end - at >= BLOCK && max - n >= MOST &&
           block_words(s->text.p + at, &c, &b, &stop)) {
        if (b.ends & c.linked)
            n += take_compounds(&b, &c, at, out + n, joined);
        else
            n += take_words(&b, at, out + n);
        more = !stop && next_block(&b, &at);
    }
    if (n)
        s->at = out[n - 1].start + out[n - 1].n;
    return n;
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

unsigned scan_skip(struct scan *s, unsigned max)
{
    uint32_t at = s->at, behind = at;
    bool more = may_begin(s), stop;
    struct classes c;
    struct bounds b;
    unsigned n = 0;

    while (more && s->end - at >= BLOCK && max - n > BLOCK / 2 &&
           block_words(s->text.p + at, &c, &b, &stop)) {
        if (b.ends) {
            unsigned last = LAST - (unsigned)__builtin_clzll(b.ends);

            behind = at + last;
            b.starts &= ~(uint64_t)0 << last;
            n += ones(b.ends);
        }
        more = !stop && next_block(&b, &at);
    }
    s->at = behind;
    return n;
}
