#include "query/explain.h"

#include <limits.h>
#include <stdlib.h>

/* A node of the plan that scores: a leaf, or a list of such. */
struct explain_node {
    struct op *op;
    struct leaf *leaf; /* NULL for a list */
    bool best;         /* of its children only the best one counts */
    struct explain_node *child;
    struct explain_node *next;
};

int explain_open(struct explain *x, struct match *m, struct err *err)
{
    memset(x, 0, sizeof *x);
    x->m = m;
    x->segment = UINT_MAX;
    x->term = calloc(m->plan->nleaves + 1, sizeof *x->term);
    return x->term ? 0 : err_nomem(err);
}

static void release(struct explain_node *node)
{
    for (; node; node = node->next) {
        op_release(node->op);
        release(node->child);
    }
}

static void close_segment(struct explain *x)
{
    release(x->root);
    x->root = NULL;
    x->segment = UINT_MAX;
}

/* The node of p in the segment of env, in *out. */
static int make(struct op_env *env, const struct plan *p,
                struct explain_node **out)
{
    struct explain_node *node = arena_alloc(env->arena, sizeof *node);
    struct explain_node **end;
    const struct plan *c;
    int rc = 0;

    *out = node;
    if (!node)
        return err_nomem(env->err);
    node->op = op_make(env, p);
    if (!node->op)
        return env->rc ? env->rc : err_nomem(env->err);
    if (p->kind == PLAN_LEAF)
        node->leaf = p->leaf;
    node->best = p->kind == PLAN_MAX;
    end = &node->child;
    for (c = p->kind == PLAN_BOOL || node->best ? p->child : NULL; c && rc == 0;
         c = c->next) {
        if (c->occur != PLAN_MUST && c->occur != PLAN_SHOULD)
            continue;
        rc = make(env, c, end);
        if (*end)
            end = &(*end)->next;
    }
    return rc;
}

/* Opens the segment of docid. */
static int open_segment(struct explain *x, uint32_t docid, struct err *err)
{
    const struct manifest *mf = &x->m->ix->manifest;
    unsigned i;
    int rc;

    for (i = 0; i < mf->nsegments && mf->segment[i].doc_hi < docid; i++)
        ;
    if (i == mf->nsegments || (i == x->segment && docid > x->last))
        return 0;
    close_segment(x);
    x->env = match_segment(x->m, i, err);
    rc = x->m->plan->root ? make(&x->env, x->m->plan->root, &x->root) : 0;
    x->segment = i;
    return rc < 0 ? rc : x->env.rc;
}

/* The first of the children that scores what the node does. */
static struct explain_node *best_child(struct explain_node *node,
                                       uint32_t docid)
{
    double score = node->op->class->score(node->op);

    for (node = node->child; node; node = node->next)
        if (op_seek(node->op, docid) == docid && op_confirm(node->op) &&
            node->op->class->score(node->op) == score)
            return node;
    return NULL;
}

/* Adds what node and its children add to the score of docid. */
static void add(struct explain *x, struct explain_node *node, uint32_t docid)
{
    struct explain_term *t;
    struct op *op = node->op;

    if (op_seek(op, docid) != docid || !op_confirm(op))
        return;
    if (node->leaf && node->leaf->kind != LEAF_DOCS &&
        x->n < x->m->plan->nleaves) {
        t = &x->term[x->n++];
        t->leaf = node->leaf;
        t->tf = op->class->tf(op);
        t->score = op->class->score(op);
    }
    if (node->best) {
        node = best_child(node, docid);
        if (node)
            add(x, node, docid);
        return;
    }
    for (node = node->child; node; node = node->next)
        add(x, node, docid);
}

int explain_get(struct explain *x, uint32_t docid, struct err *err)
{
    int rc = open_segment(x, docid, err);

    x->n = 0;
    x->last = docid;
    if (rc < 0 || x->segment == UINT_MAX)
        return rc;
    x->length = norm_decode(norms_code(x->env.norms, docid));
    if (x->root)
        add(x, x->root, docid);
    return x->env.rc;
}

bool explain_df(const struct leaf *l, uint64_t *df)
{
    *df = l->nslots == 1 ? leaf_df(l->slot) : 0;
    return l->nslots == 1;
}

const struct expansion *explain_expansion(const struct leaf *l)
{
    return l->kind == LEAF_SET ? l->slot->expansion : NULL;
}

void explain_close(struct explain *x)
{
    if (x->m)
        close_segment(x);
    free(x->term);
    memset(x, 0, sizeof *x);
}
