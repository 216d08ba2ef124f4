/*
 * tree.h - a folder of files that changes at random, and its history: the
 * oracle of what an index of it may hold.
 *
 * The index holds each file as it was at the last acknowledged run or at any
 * time since: a run that was killed may have taken in what it saw.
 * tree_ack says that a run ended well; tree_fits compares an index with it.
 */
#ifndef TORTURE_TREE_H
#define TORTURE_TREE_H

#include "tests/torture/state.h"

enum { VERSIONS = 64 };

struct slot {
    char *path;              /* absolute */
    bool there;              /* now */
    uint64_t hash;           /* now, if it is there */
    unsigned version;        /* of the last content written; grows */
    bool always;             /* it was there at the last ack, and ever since */
    uint64_t seen[VERSIONS]; /* hashes since the last ack, that one included */
    unsigned nseen;
};

struct tree {
    char *root;
    struct slot *slot; /* two for each name: n.txt and n.txt/in.txt */
    size_t n;
    size_t size; /* bytes of a file, about */
};

/* Makes a folder of names/2 files, of up to 2 * size bytes each. */
void tree_make(struct tree *t, const char *root, size_t names, size_t size);

/* One random change: a file is written (new, or over the old one, or in a new
 * inode, with its time kept or not), touched, renamed, removed, replaced by a
 * folder or the other way round. */
void tree_mutate(struct tree *t);

/* A run has ended well: the index is the tree. */
void tree_ack(struct tree *t);

/* The index was removed: it may hold what is in the tree now. */
void tree_lost(struct tree *t);

/* Whether an index is one that a run killed since then may leave. If not,
 * torture_fault says why. */
bool tree_fits(const struct tree *t, const struct state *s, const char *what);

/* Whether all that the index holds is in the tree. */
bool tree_has(const struct tree *t, const struct state *s, const char *what);

/* Whether the index is the tree. */
bool tree_equals(const struct tree *t, const struct state *s, const char *what);

void tree_release(struct tree *t);

#endif
