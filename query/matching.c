#include "query/matching.h"

void matching_begin(struct matching *g, struct match *m)
{
    memset(g, 0, sizeof *g);
    g->m = m;
}

/* The next match of the segment at hand, OP_END behind its last. */
static uint32_t next_here(struct matching *g)
{
    uint32_t d = op_seek(g->op, g->op->docid + 1);

    while (d != OP_END &&
           (norms_code(g->env.norms, d) == 0 ||
            !norms_counts(g->env.norms, d) || !op_confirm(g->op)))
        d = op_seek(g->op, d + 1);
    return d;
}

int matching_next(struct matching *g, uint32_t *docid, struct err *err)
{
    const struct index *ix = g->m->ix;
    const struct err *bad = &ix->norms.err;

    if (!g->m->plan->root)
        return 0;
    for (;;) {
        if (g->op && (*docid = next_here(g)) != OP_END)
            return 1;
        if (g->op && g->env.rc < 0)
            return g->env.rc;
        if (bad->code == 0)
            bad = &g->m->norms->err;
        if (bad->code != 0) { /* norms that cannot be read are zeros */
            *err = *bad;
            return bad->code;
        }
        matching_end(g);
        if (g->segment == ix->manifest.nsegments)
            return 0;
        g->env = match_segment(g->m, g->segment++, err);
        g->op = op_make(&g->env, g->m->plan->root);
        if (!g->op)
            return g->env.rc ? g->env.rc : err_nomem(err);
        if (g->env.rc < 0)
            return g->env.rc;
    }
}

void matching_end(struct matching *g)
{
    op_release(g->op);
    g->op = NULL;
}
