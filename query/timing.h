/*
 * timing.h - how long queries took: what --time prints.
 */
#ifndef QUERY_TIMING_H
#define QUERY_TIMING_H

#include <stdint.h>

#include "base/buf.h"

struct timing {
    uint64_t begun_ns; /* of the first query; 0 before it */
    struct buf us;     /* microseconds of each, as floats */
};

/* A clock that only goes forward, in nanoseconds. */
uint64_t timing_now(void);

/* A query that began at start_ns has been answered. 0 or ERR_NOMEM. */
int timing_add(struct timing *t, uint64_t start_ns);

/* Appends {"queries":N,"wall":S,"mean":US,"p50":US,"p95":US,"p99":US} and a
 * line end: seconds from the first query until now, the microseconds that one
 * took on average, and those within which so many percent of the queries were
 * answered (nearest rank; null where there was none). Sorts. 0 or ERR_NOMEM. */
int timing_print(struct timing *t, struct buf *out);

void timing_release(struct timing *t);

#endif
