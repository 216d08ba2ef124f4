/* Documents that have all of some words, and what others add that they need not
 * have: a conjunction by block maxima. */
#include <stdlib.h>

#include "query/lane.h"
#include "query/prune.h"

struct all {
    const struct score *score;
    struct norms *norms;
    struct top *top;
    struct lane lane[PRUNE_TERMS]; /* required words, the rarest, which leads,
                                    * first; then the others */
    double rest[PRUNE_TERMS + 1];  /* bounds of this and the lanes behind */
    unsigned required, n;
    struct batch batch;
    struct join_map map;
};

/* Counts the words of a clause that is required; those that others stand for are
 * a list of their own. */
static bool words(const struct plan *p, unsigned *n)
{
    if (p->kind == PLAN_LEAF)
        return p->leaf->kind == LEAF_TERM && ++*n <= PRUNE_TERMS;
    if (p->kind != PLAN_MAX || p->child->kind != PLAN_BOOL ||
        p->child->least > 1)
        return false;
    for (p = p->child->child; p; p = p->next)
        if (p->kind != PLAN_LEAF || p->occur != PLAN_MUST || !words(p, n))
            return false;
    return true;
}

bool prune_fits_all(const struct plan_query *plan)
{
    const struct plan *p = plan->root;
    unsigned required = 0, other = 0;
    bool stand = false; /* something stands for words */

    if (!p || p->kind != PLAN_BOOL || p->least > 1)
        return false;
    for (p = p->child; p; p = p->next) {
        stand |= p->kind == PLAN_MAX;
        if (p->occur == PLAN_MUST
                ? !words(p, &required)
                : p->occur != PLAN_SHOULD || p->kind != PLAN_LEAF ||
                      !words(p, &other))
            return false;
    }
    return required > 0 && required + other <= PRUNE_TERMS &&
           !(stand && other > 0);
}

/* The postings of the lead's block in [from, to]. */
static int block(struct all *x, uint32_t from, uint32_t to)
{
    struct lane *lead = &x->lane[0];
    uint32_t first, end;
    unsigned i;

    if (postings_load(lead->p) < 0 || postings_tfs(lead->p) < 0)
        return ERR_CORRUPT;
    first = lane_range(lead, from, to, &end);
    lane_pick(lead, x->score, x->norms, x->top->bar - x->rest[1], first, end,
              &x->batch);
    for (i = 1; i < x->n && x->batch.n; i++)
        if (lane_join(&x->lane[i], x->score, x->norms, i < x->required,
                      x->top->bar - x->rest[i + 1], &x->map, &x->batch) < 0)
            return ERR_CORRUPT;
    return batch_offer(&x->batch, x->norms, x->top);
}

/* The bounds from d on and, in *to, how far they hold. 1, 0 where a required
 * lane has come to its end. */
static int open_window(struct all *x, uint32_t d, uint32_t *to)
{
    struct lane *lead = &x->lane[0];
    unsigned i;
    int rc = postings_shallow(lead->p, d);

    if (rc <= 0)
        return rc;
    lead->bound = score_bound(x->score, lead->weight, lead->p->block_max_tf,
                              lead->p->block_min_len);
    *to = lead->p->block_last;
    for (i = 1; i < x->n; i++) {
        rc = lane_chunk(&x->lane[i], x->score, d);
        if (rc < 0 || (rc == 0 && i < x->required))
            return rc;
        if (rc == 0)
            x->lane[i].bound = 0;
        else if (x->lane[i].p->chunk_last < *to)
            *to = x->lane[i].p->chunk_last;
    }
    x->rest[x->n] = 0;
    for (i = x->n; i-- > 0;)
        x->rest[i] = x->rest[i + 1] + x->lane[i].bound;
    return 1;
}

static int walk(struct all *x, const struct segment_info *info)
{
    uint32_t d = info->doc_lo, to;
    int rc = 0;

    while (d <= info->doc_hi && (rc = open_window(x, d, &to)) > 0) {
        if (top_wants(x->top, x->rest[0]))
            rc = block(x, d, to);
        if (rc < 0 || to >= info->doc_hi)
            return rc < 0 ? rc : 0;
        d = to + 1;
    }
    return d <= info->doc_hi && rc < 0 ? rc : 0;
}

static int by_df(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;

    return x->p->info.df < y->p->info.df ? -1 : x->p->info.df > y->p->info.df;
}

/* A lane for a word: 1, 0 where the segment has none. Notes what it adds to no
 * document more than, for prune_also. */
static int add_lane(struct all *x, struct op_env *env, struct leaf *leaf)
{
    struct lane *l = &x->lane[x->n];
    int rc = lane_open(l, env, leaf);
    double most;

    if (rc <= 0)
        return rc;
    x->n++;
    most =
        score_bound(x->score, l->weight, l->p->info.max_tf, l->p->info.min_len);
    if (most > leaf->most)
        leaf->most = most;
    return 1;
}

/* Lanes for the words of the clauses from p on that are required, or are not. 1,
 * 0 where the segment lacks one of them, negative. */
static int add_lanes(struct all *x, struct op_env *env, const struct plan *p,
                     enum plan_occur occur)
{
    int rc = 1, all = 1;

    for (; p && rc >= 0; p = p->next) {
        if (p->occur != occur)
            continue;
        rc = p->kind == PLAN_MAX ? add_lanes(x, env, p->child->child, PLAN_MUST)
                                 : add_lane(x, env, p->leaf);
        all &= rc > 0;
    }
    return rc < 0 ? rc : all;
}

/* All lanes of the query: 1, 0 where the segment lacks what is required. */
static int open_lanes(struct all *x, struct op_env *env, const struct plan *p)
{
    int rc = add_lanes(x, env, p, PLAN_MUST);

    x->required = x->n;
    if (rc <= 0)
        return rc;
    qsort(x->lane, x->n, sizeof *x->lane, by_df);
    rc = add_lanes(x, env, p, PLAN_SHOULD);
    return rc < 0 ? rc : 1;
}

int prune_segment_all(struct match *m, unsigned number, struct top *top,
                      struct err *err)
{
    struct op_env env = match_segment(m, number, err);
    struct all *x = malloc(sizeof *x);
    unsigned i;
    int rc;

    if (!x)
        return err_nomem(err);
    x->score = m->score;
    x->norms = env.norms;
    x->top = top;
    x->n = 0;
    memset(&x->map, 0, sizeof x->map);
    rc = open_lanes(x, &env, m->plan->root->child);
    if (rc > 0)
        rc = walk(x, &env.segment->info);
    if (rc == ERR_NOMEM)
        err_nomem(err);
    for (i = 0; i < x->n; i++)
        postings_close(x->lane[i].p);
    free(x);
    return rc < 0 ? rc : 0;
}
