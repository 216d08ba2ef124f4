#include "query/arena.h"

#include <stdint.h>
#include <stdlib.h>

enum { ALIGN = 16, FIRST = 8192 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* of data */
    _Alignas(ALIGN) uint8_t data[];
};

static int grow(struct arena *a, size_t n)
{
    size_t size = a->chunk ? a->chunk->size * 2 : FIRST;
    struct arena_chunk *c;

    if (size < n)
        size = n;
    if (size > SIZE_MAX / 2 || !(c = malloc(sizeof *c + size)))
        return -1;
    c->next = a->chunk;
    c->size = size;
    a->chunk = c;
    a->used = 0;
    return 0;
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p;

    if (n > SIZE_MAX / 4)
        return NULL;
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if ((!a->chunk || a->chunk->size - a->used < n) && grow(a, n) < 0)
        return NULL;
    p = a->chunk->data + a->used;
    a->used += n;
    return memset(p, 0, n);
}

struct view arena_copy(struct arena *a, struct view v)
{
    uint8_t *p;

    if (v.n == 0 || !(p = arena_alloc(a, v.n)))
        return view_of(NULL, 0);
    memcpy(p, v.p, v.n);
    return view_of(p, v.n);
}

void arena_clear(struct arena *a)
{
    struct arena_chunk *c = a->chunk;

    a->used = 0;
    while (c && c->next) {
        struct arena_chunk *old = c->next;

        c->next = old->next;
        free(old);
    }
}

void arena_release(struct arena *a)
{
    arena_clear(a);
    free(a->chunk);
    a->chunk = NULL;
}
