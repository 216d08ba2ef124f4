/*
 * matching.h - the living documents that match a plan, one after the other in
 * order of docid, unscored.
 *
 *     matching_begin(&g, &match, &err);
 *     while ((rc = matching_next(&g, &docid, &err)) > 0) ...
 *     matching_end(&g);
 *
 * What is done with a document may use the match as well (hits.h).
 */
#ifndef QUERY_MATCHING_H
#define QUERY_MATCHING_H

#include "query/match.h"

struct matching {
    struct match *m;  /* borrowed */
    unsigned segment; /* to be opened next */
    struct op_env env;
    struct op *op; /* of the whole plan in the segment before; may be NULL */
};

void matching_begin(struct matching *g, struct match *m);

/* 1 with the next one, 0 behind the last, negative. */
int matching_next(struct matching *g, uint32_t *docid, struct err *err);

void matching_end(struct matching *g);

#endif
