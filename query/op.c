#include "query/op.h"

#include <stdlib.h>

int spans_add(struct spans *s, uint32_t from, uint32_t to, struct leaf *leaf)
{
    struct span *more;
    size_t cap;

    if (s->n == s->cap) {
        cap = s->cap ? s->cap * 2 : 64;
        more = realloc(s->span, cap * sizeof *more);
        if (!more)
            return ERR_NOMEM;
        s->span = more;
        s->cap = cap;
    }
    s->span[s->n].from = from;
    s->span[s->n].to = to;
    s->span[s->n++].leaf = leaf;
    return 0;
}

uint32_t op_fail(struct op_env *env, int rc)
{
    if (env->rc == 0) {
        env->rc = rc;
        if (rc == ERR_NOMEM)
            err_nomem(env->err);
    }
    return OP_END;
}

void op_collect(struct op *op, struct window *w)
{
    unsigned more = w->counting, any = !w->counting;
    uint32_t d, i;

    if (op->class->collect) {
        op->class->collect(op, w);
        return;
    }
    for (d = op_seek(op, w->lo); d < w->end; d = op_seek(op, d + 1)) {
        i = d - w->base;
        if (w->codes[i] && op_confirm(op)) {
            if (w->scoring)
                w->acc[i] += op->class->score(op);
            w->hits[i] = (uint8_t)((w->hits[i] + more) | any);
        }
    }
}

int op_postings(struct op_env *env, struct slot *s, struct postings **out)
{
    *out = s->postings ? s->postings[env->number] : NULL;
    if (*out) {
        s->postings[env->number] = NULL;
        return 1;
    }
    if (s->df == 0)
        return 0;
    return postings_open(out, env->segment, s->term, env->err);
}

struct op *op_make_leaf(struct op_env *env, struct leaf *l)
{
    switch (l->kind) {
    case LEAF_TERM:
        return op_term(env, l);
    case LEAF_EXACT:
        return op_exact(env, l);
    case LEAF_NEAR:
        return op_near(env, l);
    case LEAF_CLUSTER:
    case LEAF_SET:
    case LEAF_DOCS:
        break;
    }
    return op_docs(env, l);
}

struct op *op_make(struct op_env *env, const struct plan *p)
{
    switch (p->kind) {
    case PLAN_LEAF:
        return op_make_leaf(env, p->leaf);
    case PLAN_BOOL:
        return op_bool(env, p);
    case PLAN_MAX:
        return op_max(env, p);
    case PLAN_ALL:
        break;
    }
    return op_all(env);
}
