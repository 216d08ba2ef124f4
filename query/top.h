/*
 * top.h - the k best of a stream of documents.
 *
 * Offer documents in order of docid, those of several indexes one index after
 * the other; the k with the highest scores remain, of equals the one that was
 * offered first. An offer that is too low costs one
 * comparison.
 *
 * Up to TOP_HEAP are kept in a heap whose root is the worst. Beyond that the
 * levels of a heap, each a branch that is guessed wrongly half of the time,
 * cost more than all else: hits are put one behind the other, and when there
 * are 2k of them the k best are selected and the others dropped. The bar is
 * then lower than a heap's would be, by less than k hits at any time.
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

enum { TOP_HEAP = 64 };

struct top_hit {
    double score;
    uint32_t docid;
    uint32_t part; /* which of several indexes; see struct top */
};

struct top {
    struct top_hit *hit; /* with k up to TOP_HEAP a heap once n is k */
    size_t n;            /* may pass k until top_sort */
    size_t cap;
    size_t k;      /* SIZE_MAX keeps all */
    double bar;    /* what a score must exceed; negative while n < k, unless it
                  * is known that k will have more (prune.c) */
    double low;    /* no hit is lower; the lowest one's score while n <= k */
    double high;   /* the highest, beyond TOP_HEAP */
    uint32_t part; /* of the hits that are added: 0 unless set in between */
};

void top_init(struct top *t, size_t k);

static inline bool top_wants(const struct top *t, double score)
{
    return score > t->bar;
}

/* Adds a document that top_wants. 0 or ERR_NOMEM. */
int top_add(struct top *t, double score, uint32_t docid);

/* Puts those of `more` in the place of hits that are the same documents, and
 * the others beside them. As behind top_sort, nothing can be added any more. 0
 * or ERR_NOMEM. */
int top_correct(struct top *t, struct top *more);

/* Orders the hits, best first, at most k of them; nothing can be added any
 * more. */
void top_sort(struct top *t);

void top_release(struct top *t);

#endif
