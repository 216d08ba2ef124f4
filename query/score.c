#include "query/score.h"

#include <math.h>
#include <stdbool.h>

#include "index/norm.h"

void score_init(struct score *s, double k1, double b, uint64_t docs,
                uint64_t positions)
{
    unsigned code;

    s->k1 = k1;
    s->b = b;
    s->docs = (double)docs;
    s->positions = positions;
    s->avgdl = docs ? (double)positions / (double)docs : 0;
    s->len[0] = INFINITY;
    for (code = 1; code < 256; code++) {
        double len = norm_decode((uint8_t)code);

        s->len[code] = k1 * (1 - b + (s->avgdl > 0 ? b * len / s->avgdl : 0));
    }
}

static bool same(double a, double b)
{
    return !(a < b) && !(a > b);
}

void score_renew(struct score *s, double k1, double b, uint64_t docs,
                 uint64_t positions)
{
    if (s->len[0] < INFINITY || !same(s->k1, k1) || !same(s->b, b) ||
        !same(s->docs, (double)docs) || s->positions != positions)
        score_init(s, k1, b, docs, positions);
}

double score_idf(const struct score *s, uint64_t df)
{
    return log(1 + (s->docs - (double)df + 0.5) / ((double)df + 0.5));
}
