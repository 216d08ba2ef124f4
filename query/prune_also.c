/* What stands for words of the query, where words alone have been scored. */
#include <stdlib.h>

#include "query/lane.h"
#include "query/prune.h"

/* Bounds are sums of numbers that are not on the grid of scores: what rounding
 * may take from them. */
#define ROUNDING (64 * SCORE_SLACK)

/* A document that something may raise the score of. */
struct found {
    uint32_t docid;
    const struct plan *of; /* the PLAN_MAX it stands in */
    double bound;          /* of what it adds, */
    double rest;           /* and of what all other clauses do */
};

struct word {
    struct lane lane;
    const struct plan *of; /* the PLAN_MAX it is in, or NULL */
};

struct also_search {
    const struct plan *root;
    struct op_env env;
    struct top *best;
    struct found *found;
    size_t n, cap;
    struct word word[PRUNE_TERMS]; /* those that count most first */
    unsigned nwords;
};

/* What a leaf that stands for words, or a list of such, adds to no document more
 * than. */
static double other_most(const struct plan *p)
{
    const struct plan *c;
    double sum = 0;

    if (p->kind == PLAN_LEAF)
        return p->leaf->weight * p->leaf->times + SCORE_SLACK;
    for (c = p->child; c; c = c->next)
        sum += other_most(c);
    return sum;
}

/* The most that what stands for the words of a PLAN_MAX adds, at least `w`. */
static double others_most(const struct plan *max, double w)
{
    const struct plan *c = max->child;

    while ((c = c->next))
        w = fmax(w, other_most(c));
    return w;
}

/* What the plan adds to no document more than. */
static double plan_most(const struct plan *p)
{
    const struct plan *c = p->child;
    double sum = 0;

    if (p->kind == PLAN_LEAF)
        return p->leaf->most;
    if (p->kind == PLAN_MAX)
        return others_most(p, plan_most(c));
    for (; c; c = c->next)
        sum += plan_most(c);
    return sum;
}

/* --- candidates --- */

static int add(struct also_search *x, struct found f)
{
    struct found *more;

    if (x->n == x->cap) {
        more = realloc(x->found, (x->cap * 2 + 64) * sizeof *more);
        if (!more)
            return ERR_NOMEM;
        x->found = more;
        x->cap = x->cap * 2 + 64;
    }
    x->found[x->n++] = f;
    return 0;
}

/* Finds documents to which a clause of `of` may add so much that they pass the
 * bar, with `rest` for the other clauses of the query; whether it matches is left
 * open, for that takes positions. */
static void find(struct also_search *x, const struct plan *of,
                 const struct plan *other, double rest)
{
    double need = x->best->bar < rest ? -1 : x->best->bar - rest;
    struct op_env *env = &x->env;
    struct op *op;
    double bound;
    uint32_t d;

    if (other_most(other) <= need)
        return;
    op = op_make(env, other);
    if (!op) {
        op_fail(env, ERR_NOMEM);
        return;
    }
    op->bar = &need;
    for (d = op_seek(op, 1); d != OP_END; d = op_seek(op, d + 1))
        if (norms_code(env->norms, d) && (bound = op_bound(op)) > need &&
            add(x, (struct found){d, of, bound, rest}) < 0) {
            op_fail(env, ERR_NOMEM);
            break;
        }
    op_release(op);
}

/* Finds what may pass the bar; the whole plan adds no more than `all` to any
 * document. */
static void find_all(struct also_search *x, const struct plan *p, double all)
{
    const struct plan *c = p->child;
    double rest;

    if (p->kind == PLAN_BOOL)
        for (; c; c = c->next)
            find_all(x, c, all);
    if (p->kind != PLAN_MAX)
        return;
    rest = all - plan_most(p) + ROUNDING;
    while ((c = c->next) && x->env.rc == 0)
        find(x, p, c, rest);
}

static int by_docid(const void *a, const void *b)
{
    uint32_t x = ((const struct found *)a)->docid;
    uint32_t y = ((const struct found *)b)->docid;

    return x < y ? -1 : x > y;
}

/* --- what words add to a candidate --- */

static void open_words(struct also_search *x, const struct plan *p,
                       const struct plan *of)
{
    const struct plan *c = p->child;
    struct word *w = &x->word[x->nwords];
    int rc;

    if (p->kind == PLAN_MAX) {
        open_words(x, c, p);
    } else if (p->kind == PLAN_BOOL) {
        for (; c; c = c->next)
            open_words(x, c, of);
    } else {
        rc = lane_open(&w->lane, &x->env, p->leaf);
        w->of = of;
        x->nwords += rc > 0;
        if (rc < 0)
            op_fail(&x->env, rc);
    }
}

static int by_most(const void *a, const void *b)
{
    double x = ((const struct word *)a)->lane.leaf->most;
    double y = ((const struct word *)b)->lane.leaf->most;

    return x > y ? -1 : x < y;
}

/* What a word adds to the document. */
static double word_score(struct also_search *x, struct word *w, uint32_t d)
{
    int rc = lane_seek(&w->lane, d);

    if (rc < 0)
        op_fail(&x->env, rc);
    return rc > 0 && w->lane.docid == d
               ? lane_score(&w->lane, x->env.score, x->env.norms)
               : 0;
}

/* Whether words of a PLAN_MAX add `bound` or more to the document by themselves:
 * where all are required, those of them that are there are not enough. */
static bool words_add(struct also_search *x, const struct plan *max, uint32_t d,
                      double bound)
{
    const struct plan *c;
    double sum = 0, w;
    unsigned i, missing = 0;

    if (max->occur == PLAN_MUST)
        for (c = max->child->child; c; c = c->next)
            missing++;
    for (i = 0; i < x->nwords && (sum < bound || missing); i++) {
        if (x->word[i].of != max)
            continue;
        w = word_score(x, &x->word[i], d);
        sum += w;
        missing -= missing && w > 0;
    }
    return sum >= bound && !missing;
}

/* Whether the document may pass the bar because what was found in it counts
 * more than the words it stands for. */
static bool may_pass(struct also_search *x, const struct found *f)
{
    double sum = f->bound + f->rest;
    unsigned i;

    if (words_add(x, f->of, f->docid, f->bound))
        return false;
    for (i = 0; i < x->nwords && top_wants(x->best, sum); i++)
        if (!x->word[i].of)
            sum += word_score(x, &x->word[i], f->docid) -
                   x->word[i].lane.leaf->most;
    return top_wants(x->best, sum);
}

/* --- */

/* Scores what was found by the whole plan, each document once. */
static void score_all(struct also_search *x)
{
    struct op_env *env = &x->env;
    struct op *op = op_make(env, x->root);
    uint32_t d, last = 0;
    double sum;
    size_t i;

    if (!op)
        op_fail(env, ERR_NOMEM);
    for (i = 0; i < x->n && env->rc == 0; i++) {
        d = x->found[i].docid;
        if (d == last || op_seek(op, d) != d ||
            !top_wants(x->best, op_bound(op)) || !norms_counts(env->norms, d) ||
            !op_confirm(op))
            continue;
        last = d;
        sum = op->class->score(op);
        if (env->rc == 0 && top_wants(x->best, sum) &&
            top_add(x->best, sum, d) < 0)
            op_fail(env, ERR_NOMEM);
    }
    op_release(op);
}

/* Leaves those of the found that may pass the bar, in the order of docids. */
static void sift(struct also_search *x)
{
    size_t i, n = 0;

    for (i = 1; i < x->n && x->found[i - 1].docid <= x->found[i].docid; i++)
        ;
    if (i < x->n) /* of several leaves */
        qsort(x->found, x->n, sizeof *x->found, by_docid);
    open_words(x, x->root, NULL);
    qsort(x->word, x->nwords, sizeof *x->word, by_most);
    for (i = 0; i < x->n && x->env.rc == 0; i++)
        if (may_pass(x, &x->found[i]))
            x->found[n++] = x->found[i];
    x->n = n;
    while (x->nwords > 0)
        postings_close(x->word[--x->nwords].lane.p);
}

static int correct_segment(struct match *m, unsigned number, struct top *best,
                           struct err *err)
{
    struct also_search x = {.root = m->plan->root,
                            .env = match_segment(m, number, err),
                            .best = best};

    find_all(&x, x.root, plan_most(x.root));
    if (x.env.rc == 0 && x.n)
        sift(&x);
    if (x.env.rc == 0 && x.n)
        score_all(&x);
    free(x.found);
    return x.env.rc;
}

int prune_also(struct match *m, struct top *top, struct err *err)
{
    struct top best;
    unsigned i;
    int rc = 0;

    top_init(&best, top->k);
    if (top->bar >= 0)
        best.bar = top->bar - SCORE_SLACK;
    for (; m && rc == 0; m = m->next) {
        best.part = m->part;
        for (i = 0; m->also && i < m->ix->manifest.nsegments && rc == 0; i++)
            rc = correct_segment(m, i, &best, err);
    }
    if (rc == 0 && top_correct(top, &best) < 0)
        rc = err_nomem(err);
    top_release(&best);
    return rc;
}
