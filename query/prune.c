#include "query/prune.h"

#include <stdlib.h>

#include "query/lane.h"

enum {
    PAGE = NORM_DOCS, /* documents that are added up at a time */
    SPARSE = 32,      /* a posting in so many documents: not in an array */
    SCAN = 16,        /* sums that are looked at together */
    PRIME_BLOCKS = 4, /* that the first bar is made of, */
    PRIME_MOST = 200  /* for so many hits at most */
};

typedef double v2d __attribute__((vector_size(16), may_alias));
typedef int64_t v2i __attribute__((vector_size(16)));

struct prune {
    const struct score *score;
    struct norms *norms;
    struct top *top;
    struct lane lane[PRUNE_TERMS];
    unsigned n;
    /* the window: */
    uint32_t lo, hi;
    struct lane *by_bound[PRUNE_TERMS]; /* smallest first */
    double below[PRUNE_TERMS + 1];      /* sum of the bounds before each */
    unsigned live;                      /* lanes in it */
    unsigned spare;                     /* non-essential ones, the first */
    const uint8_t *codes;               /* of the norm page at hand */
    struct batch batch;                 /* documents to be settled */
    struct join_map map;
    _Alignas(16) double acc[PAGE];
};
_Static_assert(PAGE % SCAN == 0, "the last sums of a page are scanned, too");

/* Counts the words of a plan, which are all that it may have but what stands
 * for some of them. */
static bool words(const struct plan *p, unsigned *n)
{
    const struct plan *c = p->child;

    if (p->kind == PLAN_LEAF)
        return p->leaf->kind == LEAF_TERM && ++*n <= PRUNE_TERMS;
    if (p->kind == PLAN_MAX)
        return words(c, n);
    if (p->kind != PLAN_BOOL || p->least > 1)
        return false;
    while (c && c->occur == PLAN_SHOULD && words(c, n))
        c = c->next;
    return !c;
}

bool prune_fits(const struct plan_query *plan)
{
    unsigned n = 0;

    return plan->root && words(plan->root, &n) && n > 0;
}

/* --- a window --- */

/* Bounds of all lanes from lo on, and how far they hold. Lanes that are at
 * their end drop out. */
static int window_open(struct prune *x, uint32_t end)
{
    unsigned i, k, live = 0;

    x->hi = end;
    for (i = 0; i < x->n; i++) {
        struct lane *l = &x->lane[i];
        int rc = lane_chunk(l, x->score, x->lo);

        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        if (l->bound > l->leaf->most)
            l->leaf->most = l->bound;
        if (l->p->chunk_last < x->hi)
            x->hi = l->p->chunk_last;
        for (k = live++; k > 0 && x->by_bound[k - 1]->bound > l->bound; k--)
            x->by_bound[k] = x->by_bound[k - 1];
        x->by_bound[k] = l;
    }
    x->live = live;
    return (int)live;
}

/* Divides the lanes by what the bar is now. */
static void divide(struct prune *x)
{
    unsigned i;

    x->below[0] = 0;
    x->spare = 0;
    for (i = 0; i < x->live; i++) {
        x->below[i + 1] = x->below[i] + x->by_bound[i]->bound;
        if (!top_wants(x->top, x->below[i + 1]))
            x->spare = i + 1;
    }
}

/* Looks the batch up in the terms that were left aside, as long as a document
 * may still pass, and offers those that do. */
static int settle(struct prune *x)
{
    unsigned i;

    for (i = x->spare; i-- > 0 && x->batch.n;)
        if (lane_join(x->by_bound[i], x->score, x->norms, false,
                      x->top->bar - x->below[i], &x->map, &x->batch) < 0)
            return ERR_CORRUPT;
    return batch_offer(&x->batch, x->norms, x->top);
}

/* A document with what its essential terms add up to. */
static int candidate(struct prune *x, uint32_t d, double sum)
{
    struct batch *b = &x->batch;

    if (!norms_code(x->norms, d))
        return 0; /* it may have been dropped since it was added up */
    b->doc[b->n] = d;
    b->sum[b->n++] = sum;
    return b->n == PACK_N ? settle(x) : 0;
}

/* --- one essential term: block by block --- */

static int block(struct prune *x, struct lane *l, double rest)
{
    uint32_t first, end;

    first = lane_range(l, x->lo, x->hi, &end);
    lane_pick(l, x->score, x->norms, x->top->bar - rest, first, end, &x->batch);
    return settle(x);
}

static int one_essential(struct prune *x)
{
    struct lane *l = x->by_bound[x->live - 1];
    double rest = x->below[x->spare];
    uint32_t d = x->lo;
    int rc = 1;

    while (d <= x->hi && (rc = postings_shallow(l->p, d)) > 0) {
        double bound = score_bound(x->score, l->weight, l->p->block_max_tf,
                                   l->p->block_min_len);

        if (top_wants(x->top, bound + rest)) {
            if (postings_load(l->p) < 0 || postings_tfs(l->p) < 0)
                return ERR_CORRUPT;
            rc = block(x, l, rest);
            if (rc < 0)
                return rc;
        }
        if (l->p->block_last >= x->hi)
            return 0;
        d = l->p->block_last + 1;
    }
    return rc < 0 ? rc : 0;
}

/* --- several essential terms that are rare: document by document --- */

static int several_sparse(struct prune *x)
{
    unsigned i;
    int rc = 0;

    for (i = x->spare; i < x->live; i++)
        if (lane_seek(x->by_bound[i], x->lo) < 0)
            return ERR_CORRUPT;
    while (rc == 0) {
        uint32_t d = POSTINGS_END;
        double sum = 0;

        for (i = x->spare; i < x->live; i++)
            if (x->by_bound[i]->docid < d)
                d = x->by_bound[i]->docid;
        if (d > x->hi)
            break;
        for (i = x->spare; i < x->live; i++) {
            struct lane *l = x->by_bound[i];

            if (l->docid != d)
                continue;
            sum += lane_score(l, x->score, x->norms);
            if (lane_seek(l, d + 1) < 0)
                return ERR_CORRUPT;
        }
        if (norms_code(x->norms, d) &&
            top_wants(x->top, sum + x->below[x->spare]))
            rc = candidate(x, d, sum);
    }
    return rc < 0 ? rc : settle(x);
}

/* --- several essential terms that are dense: added up page by page --- */

/* Adds the lane's postings in [from, to], which lie on one norm page. */
static int add_up(struct prune *x, struct lane *l, uint32_t base, uint32_t from,
                  uint32_t to)
{
    struct postings *p = l->p;
    const double *len = x->score->len;
    uint32_t d = from, i, end;
    int rc = 1;

    while (d <= to && (rc = postings_shallow(p, d)) > 0) {
        if (postings_load(p) < 0 || postings_tfs(p) < 0)
            return ERR_CORRUPT;
        for (i = lane_range(l, from, to, &end); i < end; i++) {
            uint32_t k = p->docs[i] - base;

            x->acc[k] += score_part(l->weight, p->tfs[i], len[x->codes[k]]);
        }
        if (p->block_last >= to)
            return 0;
        d = p->block_last + 1;
    }
    return rc < 0 ? rc : 0;
}

/* What a sum must exceed to be looked at: a little less than it takes. */
static double scan_bar(const struct prune *x)
{
    double bar = x->top->bar - x->below[x->spare] - SCORE_SLACK;

    return bar > 0 ? bar : 0;
}

/* Whether one of SCAN sums is above the bar. */
static inline bool any_above(const double *acc, v2d bar)
{
    const v2d *a = (const v2d *)(const void *)acc;
    v2i hit = a[0] > bar;
    unsigned i;

#pragma GCC unroll 8
    for (i = 1; i < SCAN / 2; i++)
        hit |= a[i] > bar;
    return (hit[0] | hit[1]) != 0;
}

/* Documents base + i, i below n, whose sums might pass. */
static int scan(struct prune *x, uint32_t base, uint32_t i, uint32_t n)
{
    const double *acc = x->acc, rest = x->below[x->spare];
    double bar = scan_bar(x);
    uint32_t k;
    unsigned hits;
    int rc = 0;

    for (i -= i % SCAN; i < n; i += SCAN) {
        if (!any_above(acc + i, (v2d){bar, bar}))
            continue;
        for (k = 0, hits = 0; k < SCAN; k++)
            hits |= (unsigned)(acc[i + k] > bar) << k;
        for (; hits && rc == 0; hits &= hits - 1) {
            k = i + (uint32_t)__builtin_ctz(hits);
            if (top_wants(x->top, acc[k] + rest))
                rc = candidate(x, base + k, acc[k]);
        }
        if (rc < 0)
            break;
        bar = scan_bar(x);
    }
    return rc < 0 ? rc : settle(x);
}

static int page(struct prune *x, uint32_t base, uint32_t from, uint32_t to)
{
    uint32_t first = (from - base) / SCAN * SCAN;
    unsigned k;
    int rc;

    x->codes = norms_page(x->norms, from);
    memset(x->acc + first, 0,
           (to - base + SCAN - first) / SCAN * SCAN * sizeof *x->acc);
    for (k = x->spare; k < x->live; k++) {
        rc = add_up(x, x->by_bound[k], base, from, to);
        if (rc < 0)
            return rc;
    }
    return scan(x, base, from - base, to - base + 1);
}

static int several_dense(struct prune *x)
{
    uint32_t from = x->lo, to, base;
    int rc = 0;

    for (; from <= x->hi && rc == 0; from = to + 1) {
        divide(x); /* the bar may have risen */
        if (x->spare == x->live)
            return 0;
        if (x->live - x->spare == 1) {
            x->lo = from;
            return one_essential(x);
        }
        base = from - from % PAGE;
        to = base + PAGE - 1 < x->hi ? base + PAGE - 1 : x->hi;
        rc = page(x, base, from, to);
        if (to == UINT32_MAX)
            break;
    }
    return rc;
}

/* --- a segment --- */

static bool dense(const struct prune *x, const struct segment_info *info)
{
    uint64_t df = 0;
    unsigned i;

    for (i = x->spare; i < x->live; i++)
        df += x->by_bound[i]->p->info.df;
    return df * SPARSE >= info->docs;
}

static int windows(struct prune *x, const struct segment_info *info)
{
    uint64_t lo;
    int rc = 0;

    for (lo = info->doc_lo; lo <= info->doc_hi && rc >= 0;
         lo = (uint64_t)x->hi + 1) {
        x->lo = (uint32_t)lo;
        rc = window_open(x, info->doc_hi);
        if (rc <= 0)
            break;
        divide(x);
        rc = 0;
        if (x->spare == x->live)
            continue;
        if (x->live - x->spare == 1)
            rc = one_essential(x);
        else if (dense(x, info))
            rc = several_dense(x);
        else
            rc = several_sparse(x);
    }
    return rc;
}

/* --- before the first window --- */

/* The lane whose best documents alone promise the most. */
static struct lane *prime_lane(struct prune *x)
{
    struct lane *best = NULL;
    unsigned i;

    for (i = 0; i < x->n; i++)
        if (x->lane[i].p->info.df >= x->top->k &&
            (!best || x->lane[i].weight > best->weight))
            best = &x->lane[i];
    return best;
}

/* Adds the scores that the loaded block's postings have by themselves. */
static int prime_block(struct prune *x, const struct lane *l, struct top *best)
{
    lane_pick(l, x->score, x->norms, best->bar, 0, l->p->block_n, &x->batch);
    return batch_offer(&x->batch, x->norms, best);
}

/* Raises the bar of the heap to what k documents of one lane's first blocks
 * reach by that lane alone: nothing below it can be among the k best. */
static int prime(struct prune *x, uint32_t lo)
{
    struct lane *l = prime_lane(x);
    struct top best;
    unsigned blocks = PRIME_BLOCKS;
    uint32_t d = lo;
    int rc = 0;

    if (!l || x->top->k > PRIME_MOST)
        return 0;
    top_init(&best, x->top->k);
    while (blocks-- > 0 && (rc = postings_shallow(l->p, d)) > 0) {
        if (postings_load(l->p) < 0 || postings_tfs(l->p) < 0)
            rc = ERR_CORRUPT;
        else
            rc = prime_block(x, l, &best);
        if (rc < 0 || l->p->block_last == l->p->chunk_last)
            break;
        d = l->p->block_last + 1;
    }
    postings_rewind(l->p);
    if (best.bar - SCORE_SLACK > x->top->bar)
        x->top->bar = best.bar - SCORE_SLACK;
    top_release(&best);
    return rc < 0 ? rc : 0;
}

/* A lane for each word of the plan. */
static int add_lanes(struct prune *x, struct op_env *env, const struct plan *p)
{
    const struct plan *c = p->child;
    int rc = 0;

    if (p->kind == PLAN_LEAF) {
        rc = lane_open(&x->lane[x->n], env, p->leaf);
        x->n += rc > 0;
    } else if (p->kind == PLAN_MAX) {
        rc = add_lanes(x, env, c); /* the words */
    } else {
        for (; c && rc >= 0; c = c->next)
            rc = add_lanes(x, env, c);
    }
    return rc < 0 ? rc : 0;
}

int prune_segment(struct match *m, unsigned number, struct top *top,
                  struct err *err)
{
    struct op_env env = match_segment(m, number, err);
    struct prune *x = malloc(sizeof *x);
    unsigned i;
    int rc;

    if (!x)
        return err_nomem(err);
    x->score = m->score;
    x->norms = env.norms;
    x->top = top;
    x->n = x->batch.n = 0;
    memset(&x->map, 0, sizeof x->map);
    rc = add_lanes(x, &env, m->plan->root);
    if (rc == 0 && x->n > 1)
        rc = prime(x, env.segment->info.doc_lo);
    if (rc == 0)
        rc = windows(x, &env.segment->info);
    if (rc == ERR_NOMEM)
        err_nomem(err);
    for (i = 0; i < x->n; i++)
        postings_close(x->lane[i].p);
    free(x);
    return rc;
}
