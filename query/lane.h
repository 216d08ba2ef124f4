/*
 * lane.h - the postings of one word of the query in one segment, with what it
 * weighs: what prune.c and prune_all.c move forward.
 *
 * Documents are looked up in a lane a batch at a time, one lane after the
 * other, so that the loops are short and nearly without branches: a branch
 * that is guessed wrongly costs as much as ten postings.
 *
 *     lane_pick(lead, score, norms, need, first, end, &batch);
 *     for each other lane
 *         if (lane_join(lane, score, norms, all, need, &map, &batch) < 0) ...
 *     batch_offer(&batch, norms, top);
 */
#ifndef QUERY_LANE_H
#define QUERY_LANE_H

#include "base/find32.h"
#include "base/join32.h"
#include "query/op.h"
#include "query/top.h"

struct lane {
    struct postings *p;
    double weight;
    double bound;      /* of what it adds in the window at hand */
    uint32_t docid;    /* of its posting; POSTINGS_END behind the last */
    uint32_t at;       /* where that is in the loaded block */
    uint32_t last;     /* docid of the block lane_seek loaded */
    struct leaf *leaf; /* borrowed */
};

/* 1 with postings to be closed, 0 where the segment has none, negative. */
static inline int lane_open(struct lane *l, struct op_env *env,
                            struct leaf *leaf)
{
    l->docid = l->at = l->last = 0;
    l->leaf = leaf;
    l->weight = leaf->weight * leaf->times;
    return op_postings(env, leaf->slot, &l->p);
}

/* Goes to the block that d would be in, and decodes it: 1, 0 at the end. */
int lane_enter(struct lane *l, uint32_t d);

/* Puts the lane on its first posting at or behind d: 1, 0 at its end. */
static inline int lane_seek(struct lane *l, uint32_t d)
{
    int rc;

    if (l->docid >= d)
        return l->docid != POSTINGS_END;
    if (d > l->last && (rc = lane_enter(l, d)) <= 0)
        return rc;
    l->at = (uint32_t)find32(l->p->docs, l->p->block_n, l->at, d);
    l->docid = l->p->docs[l->at];
    return 1;
}

/* Sets the bound for the chunk that d lies in, which is good until
 * p->chunk_last: 1, 0 behind the end. No page of postings is touched. */
static inline int lane_chunk(struct lane *l, const struct score *score,
                             uint32_t d)
{
    int rc = l->docid == POSTINGS_END ? 0 : postings_chunk(l->p, d);

    if (rc <= 0)
        l->docid = POSTINGS_END;
    else
        l->bound = score_bound(score, l->weight, l->p->chunk_max_tf,
                               l->p->chunk_min_len);
    return rc;
}

/* What the posting it stands on adds. */
static inline double lane_score(const struct lane *l, const struct score *score,
                                struct norms *norms)
{
    return score_tf(score, l->weight, l->p->tfs[l->at],
                    norms_code(norms, l->docid));
}

/* The loaded block's postings in [from, to]: indices first to end. */
static inline uint32_t lane_range(const struct lane *l, uint32_t from,
                                  uint32_t to, uint32_t *end)
{
    const struct postings *p = l->p;
    uint32_t n = p->block_n, first = 0;

    if (n && p->docs[0] < from)
        first = (uint32_t)find32(p->docs, n, 0, from);
    *end = n;
    if (n && p->docs[n - 1] > to)
        *end = (uint32_t)find32(p->docs, n, first, to + 1);
    return first;
}

/* Living documents, ascending, and what they add up to so far. */
struct batch {
    unsigned n;
    uint32_t doc[PACK_N];
    double sum[PACK_N];
};

/* Fills the batch with those of the loaded block's postings first to end - 1
 * that add more than `need`, and with what each of them adds. */
void lane_pick(const struct lane *l, const struct score *score,
               struct norms *norms, double need, uint32_t first, uint32_t end,
               struct batch *b);

/* Adds to each document what this lane has for it. Those that do not pass
 * `need` then, or with `all` are not in the lane, are left out. A lane that is
 * joined with `all` may not be sought in. 0 or negative. */
int lane_join(struct lane *l, const struct score *score, struct norms *norms,
              bool all, double need, struct join_map *map, struct batch *b);

/* Offers what is left in the batch and counts (norms_counts: asked last, for
 * it may be costly), and empties it. 0 or ERR_NOMEM. */
int batch_offer(struct batch *b, struct norms *norms, struct top *top);

#endif
