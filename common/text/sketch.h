/*
 * sketch.h - 32 bytes of a text that tell whether another says the same words.
 *
 * Copies of an article differ in byline, headline, what stands at the foot and
 * how much was cut off the end. So texts are compared as sets of shingles, eight
 * words in a row: near-duplicates are those that have more than half of theirs
 * in common (Jaccard; Broder, "On the resemblance and containment of documents",
 * 1997). Each shingle is hashed; the hash says which of 32 bins it falls into,
 * and the least of each bin is kept (one-permutation hashing: Li, Owen, Zhang,
 * 2012), then eight bits made of it. Two texts agree in a bin with a chance of
 * just their resemblance. A bin that stayed empty takes what the next one has,
 * changed by how far that is (Shrivastava, Li, 2014).
 *
 * Eight words, not three or four: copies differ in a few places at a stretch, and
 * pages that were filled into a form in many.
 *
 * A text of few words or of the same ones over and over has too few shingles for
 * that: its bytes are then a hash of all it says, title included, and agree with
 * those of the same words alone. One of less than SKETCH_LEAST words says too
 * little to be called a copy: it has 32 zeros and is nobody's duplicate.
 *
 * Words are told by their bytes as lexicon_key has them, without case of ASCII
 * letters; neither language nor settings nor what else was indexed count. What
 * is a title is left out of the shingles. A word costs three multiplications and
 * a comparison: 1.5 % of all instructions of indexing.
 *
 *     sketch_begin(&s);
 *     for each word
 *         sketch_add(&s, key.word, title);
 *     sketch_end(&s, bytes);
 *     if (sketch_near(bytes, others)) ...
 */
#ifndef TEXT_SKETCH_H
#define TEXT_SKETCH_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SKETCH_BYTES = 32,  /* bins */
    SKETCH_SHINGLE = 8, /* words */
    SKETCH_LEAST = 20,  /* words of a text that has a sketch */
    SKETCH_WORDS = 64   /* and of one that is compared by its shingles */
};

struct sketch {
    uint64_t least[SKETCH_BYTES]; /* hash in each bin; UINT64_MAX: none */
    uint64_t window; /* the last words, 16 bits more of each than of
                                   * the one before it */
    uint64_t sum;    /* of what the window was at each word */
    uint32_t words;  /* but those of titles */
};

void sketch_begin(struct sketch *s);

/* The next word: two numbers made of its bytes. */
static inline void sketch_add(struct sketch *s, const uint64_t word[2],
                              bool title)
{
    const uint64_t no_case = 0x2020202020202020;
    uint64_t w = (word[0] | no_case) * 0x9e3779b97f4a7c15u +
                 (word[1] | no_case >> 16) * 0xd6e8feb86659fd93u;
    uint64_t x;

    s->window = s->window >> 64 / SKETCH_SHINGLE ^ w;
    x = s->window * 0xff51afd7ed558ccdu;
    s->sum += x;
    s->words++;
    if (!title && x < s->least[x >> 59])
        s->least[x >> 59] = x;
}

void sketch_end(const struct sketch *s, uint8_t out[SKETCH_BYTES]);

/* Whether more than half of the bytes agree. So two that stand side by side, an
 * even one and the next, agree: dups.c looks for those. */
bool sketch_near(const uint8_t a[SKETCH_BYTES], const uint8_t b[SKETCH_BYTES]);

#endif
