/* Exact words and phrases: slots at consecutive positions. */
#include <stdlib.h>

#include "query/op_exact.h"

static bool exact_confirm(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;
    int rc = exact_count(x);

    if (rc < 0)
        op_fail(op->env, rc);
    return rc >= 0 && x->tf > 0;
}

static double exact_score(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;

    return score_tf(op->env->score, x->weight, x->tf,
                    norms_code(op->env->norms, op->docid));
}

static uint32_t exact_tf(struct op *op)
{
    return ((struct op_exact *)op)->tf;
}

/* A match takes one occurrence of each stretch: of every part, or of the
 * joined token. */
static double exact_bound(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;
    uint32_t most = UINT32_MAX;
    unsigned i, k;

    for (i = 0; i < x->nwords && i < 2; i++)
        if (x->word[i]->tf < most)
            most = x->word[i]->tf;
    for (i = 0; i < x->nstretches && x->nwords == 0; i++) {
        const struct stretch *st = &x->stretch[i];
        uint32_t tf = UINT32_MAX;

        for (k = 0; k < st->nparts; k++) {
            struct place *pl = &x->place[st->part[k]];
            uint32_t part;

            place_seek(op->env, pl, op->docid); /* a joined token was enough */
            part = place_tf(pl, op->docid);
            if (part < tf)
                tf = part;
        }
        if (st->joined)
            tf = (st->nparts ? tf : 0) + place_tf(st->joined, op->docid);
        if (tf < most)
            most = tf;
    }
    return score_tf(op->env->score, x->weight, most,
                    norms_code(op->env->norms, op->docid)) +
           SCORE_SLACK;
}

static int exact_spans(struct op *op, struct spans *out)
{
    struct op_exact *x = (struct op_exact *)op;
    struct ways *w = &x->reach[x->leaf->length];
    size_t i;
    int rc = exact_ways(x);

    for (i = 0; i < w->n && rc == 0; i++)
        rc = spans_add(out, w->way[i].from, w->way[i].at, x->leaf);
    return rc;
}

static void exact_release(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;
    unsigned i;
    uint32_t q;

    for (i = 0; x->place && i < x->leaf->nslots; i++)
        place_close(&x->place[i]);
    for (q = 0; x->reach && q <= x->leaf->length; q++)
        ways_release(&x->reach[q]);
    free(x->found);
}

static const struct op_class op_exact_class = {
    .seek = exact_seek,
    .confirm = exact_confirm,
    .score = exact_score,
    .tf = exact_tf,
    .bound = exact_bound,
    .spans = exact_spans,
    .release = exact_release,
};

struct op *op_exact(struct op_env *env, struct leaf *l)
{
    struct op_exact *x = arena_alloc(env->arena, sizeof *x);
    int rc;

    if (!x)
        return NULL;
    x->op.class = &op_exact_class;
    x->op.env = env;
    x->leaf = l;
    x->weight = l->weight * l->times;
    rc = exact_make(x);
    if (rc == 0)
        return &x->op;
    op_fail(env, rc);
    exact_release(&x->op);
    return NULL;
}
