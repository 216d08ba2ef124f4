#include "query/score.h"

#include <math.h>

#include "index/norm.h"

void score_init(struct score *s, double k1, double b, uint64_t docs,
                uint64_t positions)
{
    unsigned code;

    s->k1 = k1;
    s->b = b;
    s->docs = (double)docs;
    s->avgdl = docs ? (double)positions / (double)docs : 0;
    s->len[0] = INFINITY;
    for (code = 1; code < 256; code++) {
        double len = norm_decode((uint8_t)code);

        s->len[code] = k1 * (1 - b + (s->avgdl > 0 ? b * len / s->avgdl : 0));
    }
}

double score_idf(const struct score *s, uint64_t df)
{
    return log(1 + (s->docs - (double)df + 0.5) / ((double)df + 0.5));
}
