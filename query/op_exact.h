/*
 * op_exact.h - exact words and phrases: what op_exact.c (the operator),
 * op_exact_make.c (what it is made of), op_exact_seek.c (candidates) and
 * op_exact_count.c (positions) share.
 *
 * A plain phrase is sought in windows: stretches of docids that lie in one
 * block of each of its two rarest words. Documents of both blocks are joined
 * at once, and postings_near says which of them have the two words side by
 * side: few, and only those are looked up in the other words. Where the phrase
 * is part of a larger query the second step waits until a document is asked
 * for. Any other phrase has as candidates the documents that have, for each
 * stretch of the query, all of its slots, or the joined token that covers it.
 *
 * In what is left the positions of the word it has least often come first, and
 * only those stay that have the next word at the right distance, and so on.
 * Forms are looked at where all words were found, but first where most do not
 * pass and postings_near could not tell.
 *
 * That is all where each token covers a known number of positions. Where one
 * may cover more (joined tokens: see ways.h), distances have a least and a
 * most value, and what passes goes on to ways_find.
 */
#ifndef QUERY_OP_EXACT_H
#define QUERY_OP_EXACT_H

#include "base/join32.h"
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
    uint32_t tf; /* of the candidate; UINT32_MAX where it need not be */
};

/* A stretch of docids in one block of each of the two rarest words, and the
 * documents in it that have both: numbers of their postings in the blocks. */
struct exact_window {
    uint32_t to; /* its last docid */
    uint32_t n;
    uint32_t at; /* the document at hand */
    uint8_t lead[PACK_N];
    uint8_t other[PACK_N];
    uint8_t near[PACK_N]; /* pairs side by side, NEAR_UNKNOWN: may be any */
    struct join_map *map;
};

struct op_exact {
    struct op op;
    struct leaf *leaf;
    struct place *place; /* one a slot */
    struct stretch *stretch;
    unsigned nstretches;
    /* of a plain phrase: each word, the rarest first, */
    struct postings **word;
    const struct place **where; /* and the first of its places */
    unsigned nwords;            /* 0 for one that is not */
    struct exact_window window;
    struct narrower *narrower; /* in the order of the last candidate */
    unsigned nnarrowers;
    bool plain;      /* words alone: no clusters, nothing joined in the query */
    bool sure;       /* and distances between them are the same always */
    bool paired;     /* two words, sure, in whatever form: pairs are matches */
    bool picky;      /* a narrower's place is */
    uint32_t *found; /* positions of the candidate's rarest word that passed */
    size_t found_cap;
    uint8_t *map;       /* for narrow_map, once it is used */
    struct ways *reach; /* length + 1 of them */
    uint32_t tf;        /* of the confirmed candidate */
    double weight;
};

/* Whether n matches in document d, or fewer, could be of use: whether
 * weight * n / (n + len) is above the bar, without the division. */
static inline bool exact_worth(const struct op_exact *x, uint32_t d, size_t n)
{
    const struct op_env *env = x->op.env;
    double len, more;

    if (n == 0 || !x->plain || !x->op.bar || *x->op.bar < 0)
        return n > 0;
    len = env->score->len[norms_code(env->norms, d)];
    more = x->weight - *x->op.bar + SCORE_SLACK;
    return (double)n * more > (*x->op.bar - SCORE_SLACK) * len;
}

/* How far place b is behind place a: from lo to hi positions. */
static inline void exact_distance(const struct place *b, const struct place *a,
                                  int64_t *lo, int64_t *hi)
{
    int64_t x = b->lo - a->lo, y = b->hi - a->hi;

    *lo = x < y ? x : y; /* the widest way back is the smallest number */
    *hi = x < y ? y : x;
}

/* The first candidate >= d. */
uint32_t exact_seek(struct op *op, uint32_t d);

/* Fills in `near` of n documents of the window. 0 or negative. */
int exact_near(struct op_exact *x, uint32_t from, uint32_t n);

/* Opens the places of x->leaf and fills in the rest. 0 or negative. */
int exact_make(struct op_exact *x);

/* Sets x->tf of the candidate: to 0 where it does not match, or is of no use.
 * 0 or negative. */
int exact_count(struct op_exact *x);

/* The same by ways_find; leaves the matches in x->reach. */
int exact_ways(struct op_exact *x);

#endif
