/* Words near each other: NEAR, a phrase with a ~, in any order; a phrase with
 * patterns or groups in it, side by side. */
#include "query/near.h"
#include "query/op.h"

struct op_near {
    struct op op;
    struct leaf *leaf;
    struct op ***operand; /* of each word: those of its leaves */
    struct near_word *word;
    struct near_room room;
    uint32_t tf; /* of the confirmed candidate */
    double weight;
};

/* The first document >= d that has any leaf of word k. */
static uint32_t word_seek(struct op_near *x, unsigned k, uint32_t d)
{
    uint32_t least = OP_END, found;
    unsigned i;

    for (i = 0; i < x->leaf->near[k].nleaves; i++) {
        found = op_seek(x->operand[k][i], d);
        if (found < least)
            least = found;
    }
    return least;
}

static uint32_t near_seek(struct op *op, uint32_t d)
{
    struct op_near *x = (struct op_near *)op;
    uint32_t found;
    unsigned k = 0;

    while (k < x->leaf->nnear && d != OP_END) {
        found = word_seek(x, k, d);
        k = found == d || k == 0 ? k + 1 : 0;
        d = found;
    }
    return d;
}

/* Fills in where word k stands in the candidate. */
static int gather(struct op_near *x, unsigned k)
{
    struct near_word *w = &x->word[k];
    uint32_t d = x->op.docid;
    unsigned i;
    int rc = 0;

    w->spans.n = 0;
    w->times = x->leaf->near[k].times;
    w->beside = x->leaf->near[k].beside;
    for (i = 0; i < x->leaf->near[k].nleaves && rc == 0; i++) {
        struct op *op = x->operand[k][i];

        if (op_seek(op, d) == d && op_confirm(op))
            rc = op->class->spans(op, &w->spans);
    }
    near_sort(&w->spans);
    return rc < 0 ? rc : x->op.env->rc;
}

static int count(struct op_near *x)
{
    const struct leaf *l = x->leaf;
    unsigned k, n = l->nnear;
    int rc = 0;

    x->tf = 0;
    for (k = 0; k < n && rc == 0; k++) {
        rc = gather(x, k);
        if (rc == 0 && x->word[k].spans.n < l->near[k].times)
            return 0;
    }
    if (rc == 0)
        rc = l->row     ? near_row(x->word, n, &x->room)
             : l->reach ? near_window(x->word, n, l->reach, &x->room)
                        : near_chain(x->word, n, &x->room);
    if (rc == 0)
        x->tf = near_count(x->word, n);
    return rc;
}

static bool near_confirm(struct op *op)
{
    struct op_near *x = (struct op_near *)op;
    int rc = count(x);

    if (rc < 0)
        op_fail(op->env, rc);
    return rc == 0 && x->tf > 0;
}

static double near_score(struct op *op)
{
    struct op_near *x = (struct op_near *)op;

    return score_tf(op->env->score, x->weight, x->tf,
                    norms_code(op->env->norms, op->docid));
}

static uint32_t near_tf(struct op *op)
{
    return ((struct op_near *)op)->tf;
}

/* No match counts more often than any of the words. */
static double near_bound(struct op *op)
{
    struct op_near *x = (struct op_near *)op;
    uint64_t most = UINT32_MAX, sum;
    unsigned k, i;

    for (k = 0; k < x->leaf->nnear; k++) {
        for (i = 0, sum = 0; i < x->leaf->near[k].nleaves; i++) {
            struct op *word = x->operand[k][i];

            if (op_seek(word, op->docid) == op->docid)
                sum +=
                    word->class->confirm ? UINT32_MAX : word->class->tf(word);
        }
        sum /= x->leaf->near[k].times;
        most = sum < most ? sum : most;
    }
    return score_tf(op->env->score, x->weight, (uint32_t)most,
                    norms_code(op->env->norms, op->docid)) +
           SCORE_SLACK;
}

/* Each word that takes part is shown by itself, a row as a whole. */
static int near_spans(struct op *op, struct spans *out)
{
    struct op_near *x = (struct op_near *)op;
    unsigned k;
    size_t i;
    int rc = 0;

    if (x->leaf->row)
        return near_row_spans(x->word, x->leaf->nnear, x->leaf, out);
    for (k = 0; k < x->leaf->nnear; k++) {
        const struct near_word *w = &x->word[k];

        for (i = 0; i < w->spans.n && rc == 0; i++)
            if (w->in[i])
                rc = spans_add(out, w->spans.span[i].from, w->spans.span[i].to,
                               w->spans.span[i].leaf);
    }
    return rc;
}

static void near_release(struct op *op)
{
    struct op_near *x = (struct op_near *)op;
    unsigned k, i;

    for (k = 0; k < x->leaf->nnear; k++) {
        for (i = 0; x->operand[k] && i < x->leaf->near[k].nleaves; i++)
            op_release(x->operand[k][i]);
        near_word_release(&x->word[k]);
    }
    near_room_release(&x->room);
}

static const struct op_class op_near_class = {
    .seek = near_seek,
    .confirm = near_confirm,
    .score = near_score,
    .tf = near_tf,
    .bound = near_bound,
    .spans = near_spans,
    .release = near_release,
};

/* Opens the leaves of word k; its cost is theirs. */
static bool open_word(struct op_near *x, unsigned k, uint64_t *cost)
{
    const struct near_leaves *w = &x->leaf->near[k];
    unsigned i;

    *cost = 0;
    x->operand[k] = arena_alloc(x->op.env->arena, w->nleaves * sizeof(void *));
    for (i = 0; x->operand[k] && i < w->nleaves; i++) {
        x->operand[k][i] = op_make_leaf(x->op.env, w->leaf[i]);
        if (!x->operand[k][i])
            return false;
        *cost += x->operand[k][i]->cost;
    }
    return x->operand[k] != NULL;
}

struct op *op_near(struct op_env *env, struct leaf *l)
{
    struct op_near *x = arena_alloc(env->arena, sizeof *x);
    uint64_t cost;
    unsigned k;

    if (!x)
        return NULL;
    x->op.class = &op_near_class;
    x->op.env = env;
    x->leaf = l;
    x->weight = l->weight * l->times;
    x->operand = arena_alloc(env->arena, l->nnear * sizeof *x->operand);
    x->word = arena_alloc(env->arena, l->nnear * sizeof *x->word);
    if (!x->operand || !x->word)
        return NULL;
    x->op.cost = UINT64_MAX;
    for (k = 0; k < l->nnear; k++) {
        if (!open_word(x, k, &cost)) {
            near_release(&x->op);
            return NULL;
        }
        if (cost < x->op.cost)
            x->op.cost = cost;
    }
    return &x->op;
}
