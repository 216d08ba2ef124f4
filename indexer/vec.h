/*
 * vec.h - arrays that grow by doubling.
 *
 *     struct zone *z = vec_grow(m->zone, &m->cap, m->n + 1, sizeof *z);
 *     if (!z) return ERR_NOMEM;
 *     m->zone = z;
 */
#ifndef INDEXER_VEC_H
#define INDEXER_VEC_H

#include <stdint.h>
#include <stdlib.h>

#include "base/large.h"

/* p with room for `need` elements (or some, if 0) of `size` bytes, *cap of
 * which fit; NULL when memory is out, and then p is as it was. */
static inline void *vec_grow(void *p, size_t *cap, size_t need, size_t size)
{
    size_t n = *cap ? *cap : 16;

    if (p && need <= *cap)
        return p;
    while (n < need) {
        if (n > SIZE_MAX / 2 / size)
            return NULL;
        n *= 2;
    }
    p = realloc(p, n * size);
    if (p) {
        *cap = n;
        large_pages(p, n * size);
    }
    return p;
}

/* As vec_grow, but nothing of what p held is kept, and after a failure nothing
 * of p: it is freed and *cap 0. */
static inline void *vec_room(void *p, size_t *cap, size_t need, size_t size)
{
    if (p && need <= *cap)
        return p;
    free(p);
    need += need / 8 + 16;
    p = malloc(need * size);
    *cap = p ? need : 0;
    if (p)
        large_pages(p, need * size);
    return p;
}

#endif
