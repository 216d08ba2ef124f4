/*
 * state.h - what an index folder holds: its generation, and which version of
 * which file; and whether it is sound.
 */
#ifndef TORTURE_STATE_H
#define TORTURE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry {
    char *path;
    uint64_t hash; /* hash64 of the content, as the index recorded it */
};

struct state {
    bool there;          /* there is an index */
    uint64_t generation; /* 0: nothing committed yet */
    struct entry *entry; /* documents by path, in byte order */
    size_t n;
    char problem[512]; /* what is wrong with it; "" if nothing is */
};

/* All that `indexer --check` checks, in a process of its own, and then the
 * documents. Clears *s first. */
void state_read(struct state *s, const char *dir);

/* A hash of the documents: equal where two states hold the same. */
uint64_t state_digest(const struct state *s);

/* The hash of a path's document, or 0. */
uint64_t state_find(const struct state *s, const char *path);
void state_release(struct state *s);

#endif
