/*
 * op.h - operators: what a plan becomes in one segment, document at a time.
 *
 * An operator stands on a candidate docid and only moves forward. A candidate
 * may still have to be confirmed (a phrase by its positions): cheap tests
 * first, and for all operands of an AND, before the costly ones.
 *
 *     for (d = op_seek(op, lo); d != OP_END; d = op_seek(op, d + 1))
 *         if (op_confirm(op))
 *             use(d, op->class->score(op));
 *     if (env.rc < 0) ...    // an operator failed: it then stands on OP_END
 *
 * A list of alternatives is scored window by window instead (op_collect):
 * one window is the documents of one norm page, so that every operand adds to
 * the same small arrays, in the order of the query.
 */
#ifndef QUERY_OP_H
#define QUERY_OP_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "index/index.h"
#include "query/arena.h"
#include "query/plan.h"
#include "query/score.h"
#include "text/lexers.h"

#define OP_END POSTINGS_END

/* What the operators of one segment share. */
struct op_env {
    struct segment *segment;
    unsigned number; /* of the segment in the index */
    struct norms *norms;
    const struct score *score;
    const struct lexer_list *lexers; /* fold stored forms */
    struct arena *arena;             /* operators are made here */
    struct notes *notes;
    struct err *err;
    int rc; /* first failure */
};

/* Documents [lo, end) of one norm page, and what they have so far. */
struct window {
    uint32_t base; /* docid of the page's first code */
    uint32_t lo;
    uint32_t end;
    const uint8_t *codes; /* of docid base + i at [i] */
    bool counting;        /* hits count the operands that matched; else they
                           * only say whether any did */
    bool scoring; /* scores are wanted, in acc; else it is not touched */
    double acc[NORM_DOCS];
    uint8_t hits[NORM_DOCS];
};
enum { WINDOW_OPERANDS = 255 }; /* that can be counted */

/* Where a leaf matched in a document: positions [from, to). */
struct span {
    uint32_t from;
    uint32_t to;
    struct leaf *leaf;
};
struct spans {
    struct span *span;
    size_t n;
    size_t cap;
};
int spans_add(struct spans *s, uint32_t from, uint32_t to, struct leaf *leaf);

struct op {
    const struct op_class *class;
    struct op_env *env;
    uint32_t docid;    /* the candidate; 0 before the first seek */
    uint32_t checked;  /* the candidate that op_confirm decided on … */
    bool good;         /* … and how */
    uint64_t cost;     /* documents it may visit */
    bool alone;        /* each of its candidates will be confirmed */
    const double *bar; /* what a match must score above to be of use, where
                        * that is known: op_confirm may say no to others */
};

struct op_class {
    /* The first candidate >= d, which is above op->docid. */
    uint32_t (*seek)(struct op *op, uint32_t d);
    /* Whether the candidate matches; NULL: all do. */
    bool (*confirm)(struct op *op);
    /* Of a confirmed candidate. */
    double (*score)(struct op *op);
    /* Occurrences in a confirmed candidate, where the score counts them. */
    uint32_t (*tf)(struct op *op);
    /* What the score of a candidate cannot exceed, found out without its
     * positions; NULL: not known. */
    double (*bound)(struct op *op);
    /* What no match from d, which is above all that was sought, to *upto can
     * score above, found out without decoding; lowers *upto to how far that
     * holds. NULL: not known. */
    double (*limit)(struct op *op, uint32_t d, uint32_t *upto);
    /* Adds all matches of the window, as one operand; NULL: by seek and
     * score. */
    void (*collect)(struct op *op, struct window *w);
    /* Adds the confirmed candidate's matches; NULL: it has none to show. */
    int (*spans)(struct op *op, struct spans *out);
    void (*release)(struct op *op);
};

static inline uint32_t op_seek(struct op *op, uint32_t d)
{
    if (op->docid < d)
        op->docid = op->class->seek(op, d);
    return op->docid;
}

static inline bool op_confirm(struct op *op)
{
    if (!op->class->confirm)
        return true;
    if (op->checked != op->docid) {
        op->good = op->class->confirm(op);
        op->checked = op->docid;
    }
    return op->good;
}

/* An upper bound of the candidate's score, before op_confirm. */
static inline double op_bound(struct op *op)
{
    if (op->class->bound)
        return op->class->bound(op);
    return op->class->confirm ? INFINITY : op->class->score(op);
}

/* The same for a range of docids, before op_seek to d. */
static inline double op_limit(struct op *op, uint32_t d, uint32_t *upto)
{
    return op->class->limit ? op->class->limit(op, d, upto) : INFINITY;
}

void op_collect(struct op *op, struct window *w);

/* The operands of a list that matches wherever one of them does, in the order
 * of the query; NULL for any other operator. */
struct op **op_alternatives(struct op *op, unsigned *n);

/* Remembers a failure; the operator that failed goes to its end. */
uint32_t op_fail(struct op_env *env, int rc);

/* The operator of a plan or of a leaf in the segment of env; lives in
 * env->arena until op_release. NULL when memory is out. */
struct op *op_make(struct op_env *env, const struct plan *p);
struct op *op_make_leaf(struct op_env *env, struct leaf *l);
static inline void op_release(struct op *op)
{
    if (op && op->class->release)
        op->class->release(op);
}

/* The kinds: one file each. */
struct op *op_term(struct op_env *env, struct leaf *l);
struct op *op_exact(struct op_env *env, struct leaf *l);
struct op *op_near(struct op_env *env, struct leaf *l);
struct op *op_docs(struct op_env *env, struct leaf *l);
struct op *op_all(struct op_env *env);
struct op *op_bool(struct op_env *env, const struct plan *p);
struct op *op_max(struct op_env *env, const struct plan *p);

/* The postings of a slot in env's segment, to be closed by the caller: 1,
 * 0 where there are none (*out NULL), negative on error. */
int op_postings(struct op_env *env, struct slot *s, struct postings **out);

#endif
