/*
 * reservoir.h - a sample of things that come by, their number not known.
 *
 * Each gets a pseudorandom number from a seed and its place in the sequence;
 * those with the least are kept. So every sample of that size is equally
 * likely, a larger one of the same seed holds the smaller one, and the same
 * sequence gives the same sample on every machine. O(log size) for one that is
 * kept, O(1) for one that is not.
 */
#ifndef QUERY_RESERVOIR_H
#define QUERY_RESERVOIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sampled {
    uint64_t random;
    uint64_t number; /* in the sequence, from 0 */
    uint32_t part;   /* the caller's, */
    uint32_t docid;  /* likewise */
    uint32_t index;
};

struct reservoir {
    uint64_t size; /* so many are kept */
    uint64_t seed;
    uint64_t seen;
    struct sampled *item; /* a heap, the largest number first */
    size_t n;
    size_t cap;
};

/* Offers the next thing. 0 or ERR_NOMEM. */
int reservoir_offer(struct reservoir *r, uint32_t part, uint32_t docid,
                    uint32_t index);

/* Puts those that were kept into the order in which they came. */
void reservoir_sort(struct reservoir *r);

void reservoir_release(struct reservoir *r);

#endif
