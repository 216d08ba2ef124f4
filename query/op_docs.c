/* Documents known beforehand: by path or number, or those of a set of terms,
 * which have counts and score. And all documents. */
#include "query/op.h"
#include "query/term_set.h"

struct op_docs {
    struct op op;
    struct leaf *leaf;
    struct term_set *set; /* NULL for a filter */
    const uint32_t *docs;
    size_t n;
    size_t at; /* of the candidate */
    double weight;
};

static uint32_t docs_seek(struct op *op, uint32_t d)
{
    struct op_docs *o = (struct op_docs *)op;
    const struct segment_info *info = &op->env->segment->info;
    size_t lo = o->at, step = 1, hi;

    if (d < info->doc_lo) /* a leaf's documents are of all segments */
        d = info->doc_lo;
    while (lo + step < o->n && o->docs[lo + step] < d)
        step *= 2;
    hi = lo + step < o->n ? lo + step : o->n;
    lo += step / 2;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (o->docs[mid] < d)
            lo = mid + 1;
        else
            hi = mid;
    }
    o->at = lo;
    if (lo == o->n || o->docs[lo] > info->doc_hi)
        return OP_END;
    return o->docs[lo];
}

static double docs_score(struct op *op)
{
    struct op_docs *o = (struct op_docs *)op;

    if (!o->set)
        return 0;
    return score_tf(op->env->score, o->weight, o->set->tfs[o->at],
                    norms_code(op->env->norms, op->docid));
}

static uint32_t docs_tf(struct op *op)
{
    struct op_docs *o = (struct op_docs *)op;

    return o->set ? o->set->tfs[o->at] : 0;
}

static int docs_spans(struct op *op, struct spans *out)
{
    struct op_docs *o = (struct op_docs *)op;
    const struct occurrence *occ;
    size_t i, n;
    int rc;

    if (!o->set)
        return 0;
    rc = term_set_positions(o->set, op->docid, &occ, &n);
    for (i = 0; i < n && rc == 0; i++)
        rc = spans_add(out, occ[i].pos, occ[i].pos + occ[i].form, o->leaf);
    return rc;
}

static const struct op_class op_docs_class = {
    .seek = docs_seek,
    .score = docs_score,
    .tf = docs_tf,
    .spans = docs_spans,
};

struct op *op_docs(struct op_env *env, struct leaf *l)
{
    struct op_docs *o;

    if (l->everything && !l->negative)
        return op_all(env);
    o = arena_alloc(env->arena, sizeof *o);
    if (!o)
        return NULL;
    o->op.class = &op_docs_class;
    o->op.env = env;
    o->leaf = l;
    if (l->kind != LEAF_DOCS) {
        o->set = l->slot->set[env->number];
        o->docs = o->set ? o->set->docs : NULL;
        o->n = o->set ? o->set->n : 0;
        o->weight = l->weight * l->times;
    } else {
        o->docs = l->docs;
        o->n = l->ndocs;
    }
    o->op.cost = o->n;
    return &o->op;
}

static uint32_t all_seek(struct op *op, uint32_t d)
{
    const struct segment_info *info = &op->env->segment->info;

    if (d < info->doc_lo)
        d = info->doc_lo;
    return d <= info->doc_hi ? d : OP_END;
}

static double all_score(struct op *op)
{
    (void)op;
    return 0;
}

static const struct op_class op_all_class = {
    .seek = all_seek,
    .score = all_score,
};

struct op *op_all(struct op_env *env)
{
    const struct segment_info *info = &env->segment->info;
    struct op *op = arena_alloc(env->arena, sizeof *op);

    if (!op)
        return NULL;
    op->class = &op_all_class;
    op->env = env;
    op->cost = (uint64_t)info->doc_hi - info->doc_lo + 1;
    return op;
}
