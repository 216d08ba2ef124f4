/*
 * order.h - hits in another order than that of their scores.
 *
 *     top_init(&t, SIZE_MAX);                    // every match is needed
 *     match_run(&m, &t, false, &count, &err);
 *     order_best(&t, ix, 1, SORT_NEWEST, offset + limit, &err);
 *
 * Of equal dates the higher score comes first, of equal scores the lower
 * docid; what has no date is last either way. Dates are read from their column,
 * paths from the path table; no document is.
 */
#ifndef QUERY_ORDER_H
#define QUERY_ORDER_H

#include "index/index.h"
#include "query/settings.h"
#include "query/top.h"

/* Leaves the first k of t->hit, which lie in n indexes, in that order; paths are
 * in byte order of whole source ids. 0 or negative. */
int order_best(struct top *t, struct index *ix, unsigned n, enum sort by,
               size_t k, struct err *err);

#endif
