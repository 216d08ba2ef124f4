/*
 * leaf_make.h - what the files that make leaves share: leaf.c (words and
 * phrases), leaf_run.c (scripts without spaces), leaf_set.c (patterns), leaf_near.c (words near each other).
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
    unsigned ncommon; /* of them: those of common languages */
    unsigned nused;   /* that stand for a plain word: those of common languages,
                       * unless the index has none of them */
    uint64_t joint;   /* the df of those added up, where there is more than one
                      * language; else 0 */
    uint8_t *plain;   /* of each language: which term every spelling has */
};

/* A growing array of pieces in the arena; old ones are left behind. */
struct pieces {
    struct piece *piece;
    unsigned n;
    unsigned cap;
};

/* The pieces of the text of n, in the arena. Without `all`, of the terms behind
 * nused df is not what documents there are. 0, ERR_USAGE, ERR_NOMEM. */
int leaf_analyse(struct leaf_maker *m, const struct node *n, bool all,
                 struct pieces *ps, struct err *err);

/* Fills *s with term number `which` of piece p. 0 or ERR_NOMEM. */
int leaf_fill_slot(struct leaf_maker *m, struct slot *s, const struct piece *p,
                   unsigned which, enum form_test test, bool title);

/* A leaf of one slot: term number `which` of piece p. NULL as leaf_make. */
struct leaf *leaf_term(struct leaf_maker *m, const struct node *n,
                       const struct piece *p, unsigned which, struct err *err);

/* The unit of the run of n pieces at p: the bigrams of a script without spaces
 * and the unigram that ends them. */
int leaf_run(struct leaf_maker *m, const struct node *node,
             const struct piece *p, unsigned n, struct unit *u,
             struct err *err);

/* A leaf with so many empty slots; NULL, with a message, where there are too
 * many or memory is out. */
struct leaf *leaf_make(struct leaf_maker *m, const struct node *n,
                       enum leaf_kind kind, unsigned nslots, struct err *err);

#endif
