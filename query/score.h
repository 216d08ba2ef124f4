/*
 * score.h - BM25 as Lucene has it.
 *
 *     score = w * tf / (tf + k1 * (1 - b + b * len / avgdl))
 *     w     = idf = ln(1 + (N - df + 0.5) / (df + 0.5))
 *
 * N counts the documents of all segments, dead ones included, so df never
 * exceeds it; len is what the length code stands for. (Robertson and
 * Zaragoza, "The probabilistic relevance framework", 2009; Kamphuis et al.,
 * "Which BM25 do you mean?", ECIR 2020.)
 */
#ifndef QUERY_SCORE_H
#define QUERY_SCORE_H

#include <stdbool.h>
#include <stdint.h>

struct score {
    double k1;
    double b;
    double docs; /* N */
    uint64_t positions;
    double avgdl;    /* positions a document */
    double len[256]; /* k1 * (1 - b + b * len / avgdl) by length code;
                      * infinite for 0, so that the dead score 0 */
};

void score_init(struct score *s, double k1, double b, uint64_t docs,
                uint64_t positions);

/* The same; for what `s`, zeroed or used before, has already: at once. */
void score_renew(struct score *s, double k1, double b, uint64_t docs,
                 uint64_t positions);

double score_idf(const struct score *s, uint64_t df);

enum { SCORE_MAX = 32768 }; /* no query may allow more */

/* 1.5 * 2^14: numbers of that size are multiples of 2^-38. */
#define SCORE_GRID 24576.0

/* What one term adds, rounded to a multiple of 2^-38 (of 2^-37 from 2^13 on).
 * Sums below 2^15, more than 1,024 words can reach unless they are boosted, are
 * then exact: whatever the order in which terms are added, the score is the
 * same to the bit. */
static inline double score_part(double weight, uint32_t tf, double len)
{
    return weight * tf / (tf + len) + SCORE_GRID - SCORE_GRID;
}

static inline double score_tf(const struct score *s, double weight, uint32_t tf,
                              uint8_t code)
{
    return score_part(weight, tf, s->len[code]);
}

/* Two steps of the grid: what rounding on the way to it can make of two scores
 * whose order is known. */
#define SCORE_SLACK (1.0 / (1ull << 36))

/* Whether a word of this weight adds something to each document it occurs in,
 * if that has up to a million words: by pruning, a sum of 0 is no match. */
static inline bool score_shows(const struct score *s, double weight)
{
    double len = s->k1 * (1 - s->b + s->b * (1 << 20) / s->avgdl);

    return score_part(weight, 1, len) > 0;
}

/* No posting of a block or chunk with this largest tf (255: any) and smallest
 * length code adds more. */
static inline double score_bound(const struct score *s, double weight,
                                 uint8_t max_tf, uint8_t min_len)
{
    double most = max_tf == 255 ? weight : score_tf(s, weight, max_tf, min_len);

    return most + SCORE_SLACK;
}

#endif
