/* A list of clauses: what must, may and must not match. */
#include "query/op.h"

struct op_bool {
    struct op op;
    struct op **scored; /* MUST and SHOULD, in the order of the query */
    unsigned nscored;
    struct op **need; /* MUST and FILTER, rarest first */
    unsigned nneed;
    struct op **may; /* SHOULD; one is required if there is no MUST */
    unsigned nmay;
    struct op **without; /* MUST_NOT */
    unsigned nwithout;
    unsigned one_of; /* so many of `may` are required: 0 if any are optional */
    uint32_t *place; /* room for the candidates of `may` */
    /* where a bar is known, what the rarest of `need` is held against: */
    bool lead_scored;  /* it adds to the score, else nothing is known of it */
    double rest;       /* what all others cannot add more than … */
    uint32_t rest_end; /* … up to here */
};

/* The first candidate >= d that enough alternatives may have: so many stand on
 * it or before it. */
static uint32_t seek_some(struct op_bool *b, uint32_t d)
{
    unsigned i, k, n = 0;

    for (i = 0; i < b->nmay; i++) {
        uint32_t x = op_seek(b->may[i], d);

        for (k = n < b->one_of ? n++ : b->one_of; k > 0 && b->place[k - 1] > x;
             k--)
            if (k < b->one_of)
                b->place[k] = b->place[k - 1];
        if (k < b->one_of)
            b->place[k] = x;
    }
    return b->place[b->one_of - 1];
}

/* The first candidate >= d of any alternative. */
static uint32_t seek_any(struct op_bool *b, uint32_t d)
{
    uint32_t least = OP_END, x;
    unsigned i;

    if (b->one_of > 1)
        return seek_some(b, d);

    for (i = 0; i < b->nmay; i++) {
        x = op_seek(b->may[i], d);
        if (x < least)
            least = x;
    }
    return least;
}

/* Moves on from the candidate x of need[0] while that and what the others can
 * add do not pass the bar. */
static uint32_t lead_on(struct op_bool *b, uint32_t x)
{
    struct op *lead = b->need[0];
    double bar = *b->op.bar;
    unsigned i;

    while (x != OP_END) {
        double own = b->lead_scored ? op_bound(lead) : 0;

        if (x > b->rest_end) {
            b->rest = 0;
            b->rest_end = OP_END - 1;
            for (i = 0; i < b->nscored && b->rest < INFINITY; i++)
                if (b->scored[i] != lead)
                    b->rest += op_limit(b->scored[i], x, &b->rest_end);
            if (!(b->rest < INFINITY)) /* and it stays so */
                b->rest_end = OP_END - 1;
        }
        if (own + b->rest > bar)
            break;
        x = op_seek(lead, x + 1);
    }
    return x;
}

static uint32_t bool_seek(struct op *op, uint32_t d)
{
    struct op_bool *b = (struct op_bool *)op;
    uint32_t x;
    unsigned i = 0;

    if (b->nneed == 0)
        return seek_any(b, d);
    while (i < b->nneed + (b->one_of > 0) && d != OP_END) {
        x = i < b->nneed ? op_seek(b->need[i], d) : seek_any(b, d);
        if (i == 0 && op->bar && *op->bar >= 0)
            x = lead_on(b, x);
        i = x == d || i == 0 ? i + 1 : 0;
        d = x;
    }
    return d;
}

static bool matches(struct op *op, uint32_t d)
{
    return op_seek(op, d) == d && op_confirm(op);
}

static bool bool_confirm(struct op *op)
{
    struct op_bool *b = (struct op_bool *)op;
    unsigned i;
    unsigned more = b->one_of;
    bool good;

    for (i = 0; i < b->nneed; i++)
        if (!op_confirm(b->need[i]))
            return false;
    for (i = 0; i < b->nmay && more && b->nmay - i >= more; i++)
        more -= matches(b->may[i], op->docid);
    good = more == 0;
    for (i = 0; i < b->nwithout && good; i++)
        good = !matches(b->without[i], op->docid);
    return good;
}

static double bool_score(struct op *op)
{
    struct op_bool *b = (struct op_bool *)op;
    double sum = 0;
    unsigned i;

    for (i = 0; i < b->nscored; i++)
        if (matches(b->scored[i], op->docid))
            sum += b->scored[i]->class->score(b->scored[i]);
    return sum;
}

/* What matches at all is found by moving to the candidate; that is cheap
 * beside the positions which op_confirm may read. */
static double bool_bound(struct op *op)
{
    struct op_bool *b = (struct op_bool *)op;
    double sum = 0;
    unsigned i;

    for (i = 0; i < b->nscored; i++)
        if (op_seek(b->scored[i], op->docid) == op->docid)
            sum += op_bound(b->scored[i]);
    return sum;
}

static double bool_limit(struct op *op, uint32_t d, uint32_t *upto)
{
    struct op_bool *b = (struct op_bool *)op;
    double sum = 0;
    unsigned i;

    for (i = 0; i < b->nscored && sum < INFINITY; i++)
        sum += op_limit(b->scored[i], d, upto);
    return sum;
}

static void bool_release(struct op *op)
{
    struct op_bool *b = (struct op_bool *)op;
    unsigned i;

    for (i = 0; i < b->nneed; i++)
        op_release(b->need[i]);
    for (i = 0; i < b->nmay; i++)
        op_release(b->may[i]);
    for (i = 0; i < b->nwithout; i++)
        op_release(b->without[i]);
}

/* Where every candidate matches. */
static const struct op_class op_bool_sure_class = {
    .seek = bool_seek,
    .score = bool_score,
    .bound = bool_bound,
    .limit = bool_limit,
    .release = bool_release,
};

static const struct op_class op_bool_class = {
    .seek = bool_seek,
    .confirm = bool_confirm,
    .score = bool_score,
    .bound = bool_bound,
    .limit = bool_limit,
    .release = bool_release,
};

struct op **op_alternatives(struct op *op, unsigned *n)
{
    struct op_bool *b = (struct op_bool *)op;

    if (op->class->seek != bool_seek || b->nneed || b->nwithout ||
        b->one_of > 1)
        return NULL;
    *n = b->nmay;
    return b->may;
}

static void sort_by_cost(struct op **ops, unsigned n)
{
    unsigned i, k;

    for (i = 1; i < n; i++) {
        struct op *op = ops[i];

        for (k = i; k > 0 && ops[k - 1]->cost > op->cost; k--)
            ops[k] = ops[k - 1];
        ops[k] = op;
    }
}

static int add_clause(struct op_bool *b, const struct plan *c, bool *must)
{
    struct op *op = op_make(b->op.env, c);

    if (!op)
        return ERR_NOMEM;
    switch (c->occur) {
    case PLAN_MUST:
        *must = true;
        b->scored[b->nscored++] = op;
        b->need[b->nneed++] = op;
        break;
    case PLAN_FILTER:
        b->need[b->nneed++] = op;
        break;
    case PLAN_SHOULD:
        b->scored[b->nscored++] = op;
        b->may[b->nmay++] = op;
        break;
    case PLAN_MUST_NOT:
        b->without[b->nwithout++] = op;
        break;
    }
    return 0;
}

/* Whether a document that bool_seek stops at matches. */
static bool is_sure(const struct op_bool *b)
{
    struct op *const *op = b->nneed ? b->need : b->may;
    unsigned i, n = b->nneed ? b->nneed : b->nmay;
    bool sure = b->nwithout == 0 && !(b->nneed && b->one_of) && b->one_of <= 1;

    for (i = 0; i < n && sure; i++)
        sure = !op[i]->class->confirm;
    return sure;
}

struct op *op_bool(struct op_env *env, const struct plan *p)
{
    struct op_bool *b = arena_alloc(env->arena, sizeof *b);
    const struct plan *c;
    unsigned n = 0, i;
    bool must = false;

    if (!b)
        return NULL;
    for (c = p->child; c; c = c->next)
        n++;
    b->op.env = env;
    b->op.class = &op_bool_class;
    b->scored = arena_alloc(env->arena, n * sizeof *b->scored);
    b->need = arena_alloc(env->arena, n * sizeof *b->need);
    b->may = arena_alloc(env->arena, n * sizeof *b->may);
    b->without = arena_alloc(env->arena, n * sizeof *b->without);
    if (!b->scored || !b->need || !b->may || !b->without)
        return NULL;
    for (c = p->child; c; c = c->next)
        if (add_clause(b, c, &must) < 0) {
            bool_release(&b->op);
            return NULL;
        }
    b->one_of = !must && b->nmay > 0 && !p->implied;
    if (p->least > 1 && b->nmay) {
        b->one_of = p->least < b->nmay ? p->least : b->nmay;
        b->place = arena_alloc(env->arena, b->one_of * sizeof *b->place);
        if (!b->place) {
            bool_release(&b->op);
            return NULL;
        }
    }
    if (is_sure(b))
        b->op.class = &op_bool_sure_class;
    sort_by_cost(b->need, b->nneed);
    if (b->nneed)
        b->op.cost = b->need[0]->cost;
    for (i = 0; b->nneed && i < b->nscored; i++)
        b->lead_scored |= b->scored[i] == b->need[0];
    for (i = 0; i < b->nmay && b->nneed == 0; i++)
        b->op.cost += b->may[i]->cost;
    return &b->op;
}
