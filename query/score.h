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

#include <stdint.h>

struct score {
    double k1;
    double b;
    double docs;     /* N */
    double avgdl;    /* positions a document */
    double len[256]; /* k1 * (1 - b + b * len / avgdl) by length code;
                      * infinite for 0, so that the dead score 0 */
};

void score_init(struct score *s, double k1, double b, uint64_t docs,
                uint64_t positions);

double score_idf(const struct score *s, uint64_t df);

static inline double score_tf(const struct score *s, double weight, uint32_t tf,
                              uint8_t code)
{
    return weight * tf / (tf + s->len[code]);
}

#endif
