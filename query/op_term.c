/* One term, any form of it. */
#include "query/op.h"

struct op_term {
    struct op op;
    struct leaf *leaf;
    struct postings *p;        /* NULL where the segment lacks the term */
    const struct forms *forms; /* once spans were asked for */
    double weight;
    /* of term_collect: */
    uint32_t n;      /* postings of the loaded block, 0 before any */
    uint32_t at;     /* the next of them */
    uint32_t behind; /* docid behind the block */
};

static uint32_t term_seek(struct op *op, uint32_t d)
{
    struct op_term *t = (struct op_term *)op;
    int rc;

    if (!t->p)
        return OP_END;
    rc = postings_seek(t->p, d);
    return rc < 0 ? op_fail(op->env, rc) : t->p->docid;
}

static double term_score(struct op *op)
{
    struct op_term *t = (struct op_term *)op;

    return score_tf(op->env->score, t->weight, t->p->tf,
                    norms_code(op->env->norms, op->docid));
}

static uint32_t term_tf(struct op *op)
{
    return ((struct op_term *)op)->p->tf;
}

static double term_limit(struct op *op, uint32_t d, uint32_t *upto)
{
    struct op_term *t = (struct op_term *)op;
    int rc;

    if (!t->p || op->docid == OP_END)
        return 0;
    rc = postings_shallow(t->p, d);
    if (rc <= 0) {
        if (rc < 0)
            op->docid = op_fail(op->env, rc);
        return 0;
    }
    if (t->p->block_last < *upto)
        *upto = t->p->block_last;
    return score_bound(op->env->score, t->weight, t->p->block_max_tf,
                       t->p->block_min_len);
}

/* Decodes the block that docid d would be in, for scores with its counts. */
static bool load_block(struct op_term *t, uint32_t d, bool scoring)
{
    int rc = postings_shallow(t->p, d);

    if (rc > 0 && (rc = postings_load(t->p)) >= 0 &&
        (!scoring || (rc = postings_tfs(t->p)) >= 0) && t->p->block_n > 0) {
        t->n = t->p->block_n;
        t->behind = t->p->docs[t->n - 1] + 1;
        for (t->at = 0; t->at < t->n && t->p->docs[t->at] < d;)
            t->at++;
        return true;
    }
    t->n = t->at = 0;
    t->op.docid = OP_END;
    if (rc < 0)
        op_fail(t->op.env, rc);
    return false;
}

/* Adds the scores of postings [at, to) of the loaded block. */
static void add_scores(struct op_term *t, uint32_t to, struct window *w)
{
    const uint32_t *docs = t->p->docs, *tfs = t->p->tfs;
    const double *len = t->op.env->score->len;
    double weight = t->weight;
    uint32_t i;

    for (i = t->at; i < to; i++) {
        uint32_t k = docs[i] - w->base;

        w->acc[k] += score_part(weight, tfs[i], len[w->codes[k]]);
    }
}

static void term_collect(struct op *op, struct window *w)
{
    struct op_term *t = (struct op_term *)op;
    unsigned more = w->counting, any = !w->counting;
    uint32_t i, n, end = w->end, base = w->base;

    if (!t->p)
        return;
    while (op->docid != OP_END) {
        const uint32_t *docs = t->p->docs;

        n = t->n;
        for (i = t->at; i < n && docs[i] < end; i++) {
            uint32_t k = docs[i] - base;

            w->hits[k] = (uint8_t)((w->hits[k] + more) | any);
        }
        if (w->scoring)
            add_scores(t, i, w);
        t->at = i;
        if (i < n || t->behind >= end ||
            !load_block(t, t->behind > w->lo ? t->behind : w->lo, w->scoring))
            return;
    }
}

static int term_spans(struct op *op, struct spans *out)
{
    struct op_term *t = (struct op_term *)op;
    const struct occurrence *occ;
    uint32_t i, n, span;
    int rc;

    if (!t->forms) {
        rc = postings_forms(t->p, &t->forms);
        if (rc < 0)
            return rc;
    }
    rc = postings_positions(t->p, &occ, &n);
    for (i = 0; i < n && rc >= 0; i++) {
        span = occ[i].form < t->forms->n ? t->forms->form[occ[i].form].span : 1;
        rc = spans_add(out, occ[i].pos, occ[i].pos + span, t->leaf);
    }
    return rc < 0 ? rc : 0;
}

static void term_release(struct op *op)
{
    postings_close(((struct op_term *)op)->p);
}

static const struct op_class op_term_class = {
    .seek = term_seek,
    .score = term_score,
    .tf = term_tf,
    .limit = term_limit,
    .collect = term_collect,
    .spans = term_spans,
    .release = term_release,
};

struct op *op_term(struct op_env *env, struct leaf *l)
{
    struct op_term *t = arena_alloc(env->arena, sizeof *t);
    int rc;

    if (!t)
        return NULL;
    t->op.class = &op_term_class;
    t->op.env = env;
    t->leaf = l;
    t->weight = l->weight * l->times;
    rc = op_postings(env, l->slot, &t->p);
    if (rc < 0)
        op_fail(env, rc);
    else if (rc > 0)
        t->op.cost = t->p->info.df;
    return &t->op;
}
