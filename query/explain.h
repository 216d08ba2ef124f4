/*
 * explain.h - where a score comes from: what each word of the query added.
 *
 *     explain_open(&x, &match, &err);
 *     for each hit, by docid
 *         if (explain_get(&x, docid, &err) == 0)
 *             print(x.term, x.n);
 *     explain_close(&x);
 *
 * The plan's scoring part is built once more, an operator for each of its
 * nodes, so that a word counts where its group does, and only there. Each
 * number is the operator's own, and sums of them are exact (score.h): they
 * add up to the score of the hit, to the bit.
 */
#ifndef QUERY_EXPLAIN_H
#define QUERY_EXPLAIN_H

#include "query/match.h"

/* What one leaf adds. */
struct explain_term {
    const struct leaf *leaf; /* its weight and `times` count in score */
    uint32_t tf;
    double score;
};

struct explain {
    struct match *m;   /* borrowed */
    struct op_env env; /* of the segment whose operators are open */
    unsigned segment;  /* its number; UINT_MAX none */
    uint32_t last;     /* document asked for last */
    struct explain_node *root;
    struct explain_term *term; /* of the document, in the order of the query */
    unsigned n;
    uint32_t length; /* of the document, as the index counts it: exact below
                      * 24, then to 4 significant bits (norm.h) */
};

/* 0 or negative; explain_close in either case. */
int explain_open(struct explain *x, struct match *m, struct err *err);

/* Fills x->term, n and length for a document that matches. Documents in order
 * of docid. 0 or negative. */
int explain_get(struct explain *x, uint32_t docid, struct err *err);

/* Documents that have leaf l; false where nobody counted them: a phrase. */
bool explain_df(const struct leaf *l, uint64_t *df);

/* The terms that a pattern or a misspelled word stands for, NULL for any other
 * leaf. The first EXPLAIN_TERMS are worth printing. */
enum { EXPLAIN_TERMS = 20 };
const struct expansion *explain_expansion(const struct leaf *l);

void explain_close(struct explain *x);

#endif
