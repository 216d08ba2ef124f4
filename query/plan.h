/*
 * plan.h - a query as a tree of what must, may and must not match, with
 * leaves at its ends. Nothing here knows an index yet.
 *
 *   PLAN_BOOL  its clauses, in the order of the query:
 *       MUST      required, scores
 *       SHOULD    scores; if the list has no MUST, one of them is required
 *       FILTER    required, does not score
 *       MUST_NOT  excludes
 *   PLAN_MAX   its clauses, the first of them words of the query, the others
 *              what stands for these (also.h): matches where one does, and scores
 *              what the best one does
 *   PLAN_LEAF  a leaf
 *   PLAN_ALL   every document, score 0
 *
 * A score is the sum over matching clauses, in the order of the query.
 *
 * A word of several leaves (a compound, aiib.org, a long run) adds each of
 * them where it may match. Where it must, or must not, match, its `condition`
 * counts: all parts, or the joined token in place of a compound's parts.
 * `every` is the conjunction of all positive words, for the count of
 * documents that contain them all.
 *
 * path:, id:, date: and lang: without a sign do not widen a list but restrict it:
 * to the documents of any of its paths, and of any of its numbers, and so on.
 */
#ifndef QUERY_PLAN_H
#define QUERY_PLAN_H

#include "query/leaf.h"

enum plan_kind { PLAN_BOOL, PLAN_MAX, PLAN_LEAF, PLAN_ALL };
enum plan_occur { PLAN_MUST, PLAN_SHOULD, PLAN_FILTER, PLAN_MUST_NOT };

struct plan {
    enum plan_kind kind;
    enum plan_occur occur; /* as a clause of the node around it */
    struct leaf *leaf;
    struct plan *child;
    struct plan *next;
    bool implied;   /* its FILTERs do not match without one of its SHOULDs */
    unsigned least; /* SHOULD clauses that must match: above 1 even beside a
                     * MUST; 0 and 1 are what the kinds of clauses say */
};

struct plan_query {
    struct plan *root;  /* NULL where no word is left: nothing matches */
    struct plan *every; /* NULL where there is no positive word */
    bool simple;        /* root is a list of SHOULD leaves, a word each */
    bool plain;         /* the query uses no operator but quotes, = and
                          * fields: -a would mean what `every` counts */
    struct leaf **leaf; /* each once, in the order of the query; those that
                         * plan_titles made behind them */
    unsigned nleaves;
    unsigned nwords;         /* positive words, repeated ones once */
    struct buf parsed;       /* the query as it is searched */
    struct plan_query *next; /* the same on the next of several indexes: made
                              * from the same query, leaf for leaf */
};

/* Fills *q from a parsed query. The leaves are made by m, the plan lies in
 * m->arena. 0, ERR_USAGE, ERR_NOMEM. */
int plan_make(struct plan_query *q, struct leaf_maker *m,
              const struct node *query, struct err *err);

/* Makes words and phrases of the root that count add `weight` times what they
 * would in title:, where a title has them. What matches is the same. 0 or
 * ERR_NOMEM. */
int plan_titles(struct plan_query *q, struct arena *arena, double weight,
                struct err *err);

/* Whether `simple` is true of the root as it is. */
bool plan_simple(const struct plan_query *q);

/* Forgets what q held, keeping memory. */
void plan_clear(struct plan_query *q);
void plan_release(struct plan_query *q); /* with what is behind it */

/* Appends the tree as text, for tests: (bool +a ?b #c -d). */
int plan_print(const struct plan *p, struct buf *out);

#endif
