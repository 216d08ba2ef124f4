/*
 * dups.h - near-duplicates in a listing: the best of them stays, the others are
 * counted below it.
 *
 * Hits are gone through best first. One whose text is nearly that of a hit that
 * stayed (text/sketch.h) is put below the first such; any other stays. What
 * becomes of a hit depends on the better ones alone, so pages of a listing fit
 * together, and more hits asked for change nothing in front.
 *
 * Sketches that are near agree in some two bytes that stand side by side. So a
 * hit that stays is entered under each of its pairs, and one that comes is
 * compared with those it has a pair in common with: no more than the column's
 * page and a few look-ups for each hit.
 *
 *     dups_collapse(&d, ix, &top, &err);         // sorted, best first
 *     for each hit i that is left in top
 *         dups_name(&d, i, ix, 3, &hit, &err);
 *     dups_release(&d);
 */
#ifndef QUERY_DUPS_H
#define QUERY_DUPS_H

#include "query/hits.h"

enum { DUPS_HITS = 1 << 20 }; /* those behind the best of so many all stay */

/* A zeroed one is valid and has none. */
struct dups {
    struct top_hit *hit; /* what was put below others, by what it is below */
    size_t *first;       /* place in `hit` of the first below each that stayed,
                          * and one more; NULL: there are none */
    size_t kept;
    struct buf paths; /* of the hit that was asked about */
    struct hit_dup *named;
};

/* Leaves those that stay in t, in order. Indexes that the hits are of are in a
 * transaction. 0 or negative; dups_release in either case. */
int dups_collapse(struct dups *d, struct index *ix, struct top *t,
                  struct err *err);

/* How many were put below the first n that stayed. */
size_t dups_below(const struct dups *d, size_t n);

/* Sets h->dup, `most` of them at most, and h->ndups for the hit of rank i, from
 * 0; borrowed until the next call. 0 or negative. */
int dups_name(struct dups *d, size_t i, struct index *ix, size_t most,
              struct hit *h, struct err *err);

void dups_release(struct dups *d);

#endif
