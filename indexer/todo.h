/*
 * todo.h - what a run over files has to do, as a list of paths.
 *
 * Paths come sorted, so they are kept front-coded: about 20 bytes each.
 *
 *     struct todo t = {0};
 *     todo_add(&t, TODO_READ, path);
 *     while ((rc = todo_next(&t, &entry)) > 0) ...
 *     todo_release(&t);
 */
#ifndef INDEXER_TODO_H
#define INDEXER_TODO_H

#include "base/buf.h"

enum todo_op {
    TODO_READ,  /* `path` is a file that a walk found, to be read */
    TODO_NAMED, /* one that was named */
    TODO_REMOVE /* `path` is the key of a record to remove */
};

struct todo_entry {
    enum todo_op op;
    struct view path; /* with a NUL behind it; until the next call */
};

struct todo {
    struct buf entries; /* each: varint bytes shared with the one before * 4 +
                         * op, varint length of the rest, the rest */
    struct buf last;    /* path of the entry added or given last */
    uint64_t reads;     /* entries but TODO_REMOVE */
    uint64_t bytes;     /* of the files to read; counted by who adds them */
    size_t at;          /* next byte of entries to be given */
};

/* 0 or ERR_NOMEM. */
int todo_add(struct todo *t, enum todo_op op, struct view path);

/* The next entry: 1, 0 at the end, ERR_NOMEM. No more adding from then on. */
int todo_next(struct todo *t, struct todo_entry *out);

/* Begins anew with the first entry. */
void todo_rewind(struct todo *t);

void todo_release(struct todo *t);

#endif
