/*
 * leaf_make.h - what the files that make leaves share: leaf.c (words and
 * phrases), leaf_set.c (patterns), leaf_near.c (words near each other).
 */
#ifndef QUERY_LEAF_MAKE_H
#define QUERY_LEAF_MAKE_H

#include "query/leaf.h"

/* A term that a word has in one language or several. */
struct stem {
    struct view term;
    uint64_t df; /* documents that have it; 1 where nobody asked, or none of
                  * the word's terms is there */
};

/* A token of a query word with what the chain made of it. */
struct piece {
    uint8_t kind;
    uint32_t start; /* bytes of the query word */
    uint32_t end;
    uint32_t pos;
    uint32_t span;
    struct view form;
    struct view folded;
    struct stem *term; /* of all languages, each once */
    unsigned nterms;
    uint64_t joint; /* their df added up, where there is more than one
                      * language; else 0 */
    uint8_t *plain; /* of each language: which term every spelling has */
};

/* A growing array of pieces in the arena; old ones are left behind. */
struct pieces {
    struct piece *piece;
    unsigned n;
    unsigned cap;
};

/* The pieces of the text of n, in the arena. 0, ERR_USAGE, ERR_NOMEM. */
int leaf_analyse(struct leaf_maker *m, const struct node *n, struct pieces *ps,
                 struct err *err);

/* A leaf with so many empty slots; NULL, with a message, where there are too
 * many or memory is out. */
struct leaf *leaf_make(struct leaf_maker *m, const struct node *n,
                       enum leaf_kind kind, unsigned nslots, struct err *err);

#endif
