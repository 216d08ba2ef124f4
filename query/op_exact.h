/*
 * op_exact.h - exact words and phrases: what op_exact.c (the operator),
 * op_exact_make.c (what it is made of) and op_exact_count.c (positions) share.
 *
 * Candidates are documents that have, for each stretch of the query, all of
 * its slots, or the joined token that covers it. In a candidate the positions
 * of the word it has least often come first, and only those stay that have the
 * next word at the right distance, and so on: most candidates are out of it
 * after two words, and the common ones are not read. Forms are looked at where
 * all words were found, but first where most do not pass.
 *
 * That is all where each token covers a known number of positions. Where one
 * may cover more (joined tokens: see ways.h), distances have a least and a
 * most value, and what passes goes on to ways_find.
 */
#ifndef QUERY_OP_EXACT_H
#define QUERY_OP_EXACT_H

#include "query/op.h"
#include "query/ways.h"

/* A stretch of the query: places that must all be there, or the one that
 * stands for them. */
struct stretch {
    unsigned *part; /* numbers of places */
    unsigned nparts;
    struct place *joined; /* NULL mostly: also where none would pass */
    uint64_t cost;
};

/* A place that positions are compared of; not clusters. */
struct narrower {
    struct place *place;
    const struct place *joined; /* where this one is, `place` need not be */
};

struct op_exact {
    struct op op;
    struct leaf *leaf;
    struct place *place; /* one a slot */
    struct stretch *stretch;
    unsigned nstretches;
    struct postings **word; /* of a plain phrase: each word, the rarest first */
    unsigned nwords;        /* 0 for one that is not */
    struct narrower *narrower; /* in the order of the last candidate */
    unsigned nnarrowers;
    bool plain;      /* words alone: no clusters, nothing joined in the query */
    bool sure;       /* and distances between them are the same always */
    uint32_t *found; /* positions of the candidate's rarest word that passed */
    size_t found_cap;
    uint8_t *map;       /* for narrow_map, once it is used */
    struct ways *reach; /* length + 1 of them */
    uint32_t tf;        /* of the confirmed candidate */
    double weight;
};

/* Whether n matches in document d, or fewer, could be of use. */
static inline bool exact_worth(const struct op_exact *x, uint32_t d, size_t n)
{
    const struct op_env *env = x->op.env;

    if (n == 0 || !x->plain || !x->op.bar || *x->op.bar < 0)
        return n > 0;
    return score_tf(env->score, x->weight, (uint32_t)n,
                    norms_code(env->norms, d)) +
               SCORE_SLACK >
           *x->op.bar;
}

/* Opens the places of x->leaf and fills in the rest. 0 or negative. */
int exact_make(struct op_exact *x);

/* Sets x->tf of the candidate: to 0 where it does not match, or is of no use.
 * 0 or negative. */
int exact_count(struct op_exact *x);

/* The same by ways_find; leaves the matches in x->reach. */
int exact_ways(struct op_exact *x);

#endif
