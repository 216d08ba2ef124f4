/*
 * top.h - the k best of a stream of documents.
 *
 * Offer documents in order of docid; the k with the highest scores remain,
 * of equals the one with the lower docid. A heap whose root is the worst that
 * is kept: an offer that is too low costs one comparison.
 *
 *     top_init(&t, 10);
 *     for each match
 *         if (top_wants(&t, score) && top_add(&t, score, docid) < 0) ...
 *     top_sort(&t);       // best first
 */
#ifndef QUERY_TOP_H
#define QUERY_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct top_hit {
    double score;
    uint32_t docid;
};

struct top {
    struct top_hit *hit; /* a heap once n is k, worst first */
    size_t n;
    size_t cap;
    size_t k;   /* SIZE_MAX keeps all */
    double bar; /* what a score must exceed; negative while n < k, unless it
                 * is known that k will have more (prune.c) */
};

void top_init(struct top *t, size_t k);

static inline bool top_wants(const struct top *t, double score)
{
    return score > t->bar;
}

/* Adds a document that top_wants. 0 or ERR_NOMEM. */
int top_add(struct top *t, double score, uint32_t docid);

/* Orders the hits, best first; nothing can be added any more. */
void top_sort(struct top *t);

void top_release(struct top *t);

#endif
