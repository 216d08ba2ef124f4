/* Words, or what stands for them: the best of several alternatives. */
#include "query/op.h"

struct op_max {
    struct op op;
    struct op **child;
    unsigned n;
};

static uint32_t max_seek(struct op *op, uint32_t d)
{
    struct op_max *m = (struct op_max *)op;
    uint32_t least = OP_END, x;
    unsigned i;

    for (i = 0; i < m->n; i++) {
        x = op_seek(m->child[i], d);
        if (x < least)
            least = x;
    }
    return least;
}

static bool stands(struct op *op, uint32_t d)
{
    return op_seek(op, d) == d && op_confirm(op);
}

static bool max_confirm(struct op *op)
{
    struct op_max *m = (struct op_max *)op;
    unsigned i;

    for (i = 0; i < m->n; i++)
        if (stands(m->child[i], op->docid))
            return true;
    return false;
}

static double max_score(struct op *op)
{
    struct op_max *m = (struct op_max *)op;
    double most = 0;
    unsigned i;

    for (i = 0; i < m->n; i++) {
        struct op *c = m->child[i];

        /* its positions are read only where they may matter */
        if (op_seek(c, op->docid) == op->docid && op_bound(c) > most &&
            op_confirm(c))
            most = fmax(most, c->class->score(c));
    }
    return most;
}

static double max_bound(struct op *op)
{
    struct op_max *m = (struct op_max *)op;
    double most = 0;
    unsigned i;

    for (i = 0; i < m->n; i++)
        if (op_seek(m->child[i], op->docid) == op->docid)
            most = fmax(most, op_bound(m->child[i]));
    return most;
}

static double max_limit(struct op *op, uint32_t d, uint32_t *upto)
{
    struct op_max *m = (struct op_max *)op;
    double most = 0;
    unsigned i;

    for (i = 0; i < m->n; i++)
        most = fmax(most, op_limit(m->child[i], d, upto));
    return most;
}

static void max_release(struct op *op)
{
    struct op_max *m = (struct op_max *)op;
    unsigned i;

    for (i = 0; i < m->n; i++)
        op_release(m->child[i]);
}

static const struct op_class op_max_class = {
    .seek = max_seek,
    .confirm = max_confirm,
    .score = max_score,
    .bound = max_bound,
    .limit = max_limit,
    .release = max_release,
};

struct op *op_max(struct op_env *env, const struct plan *p)
{
    struct op_max *m = arena_alloc(env->arena, sizeof *m);
    const struct plan *c;
    unsigned n = 0;

    if (!m)
        return NULL;
    m->op.class = &op_max_class;
    m->op.env = env;
    for (c = p->child; c; c = c->next)
        n++;
    m->child = arena_alloc(env->arena, n * sizeof *m->child);
    if (!m->child)
        return NULL;
    for (c = p->child; c; c = c->next) {
        struct op *op = op_make(env, c);

        if (!op) {
            max_release(&m->op);
            return NULL;
        }
        m->child[m->n++] = op;
        m->op.cost += op->cost;
    }
    return &m->op;
}
