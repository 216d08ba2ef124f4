/*
 * arena.h - memory of one query, given back in one go.
 *
 * What a query is made of (its tree, its leaves, its operators) lives exactly
 * as long as the query, so nothing of it is freed piece by piece. A zeroed
 * struct is a valid empty arena. Chunks double, so n bytes cost O(log n)
 * mallocs; `arena_clear` keeps the largest for the next query.
 */
#ifndef QUERY_ARENA_H
#define QUERY_ARENA_H

#include <stddef.h>

#include "base/buf.h"

struct arena {
    struct arena_chunk *chunk; /* newest first */
    size_t used;               /* bytes of the newest */
};

/* n zeroed bytes, aligned for any type; NULL when memory is out. */
void *arena_alloc(struct arena *a, size_t n);

/* A copy of v; {NULL, 0} when memory is out or v is empty. */
struct view arena_copy(struct arena *a, struct view v);

/* Voids everything the arena gave. */
void arena_clear(struct arena *a);
void arena_release(struct arena *a);

#endif
