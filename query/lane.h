/*
 * lane.h - the postings of one word of the query in one segment, with what it
 * weighs: what prune.c and prune_all.c move forward.
 */
#ifndef QUERY_LANE_H
#define QUERY_LANE_H

#include "query/op.h"

struct lane {
    struct postings *p;
    double weight;
    double bound;   /* of what it adds in the window at hand */
    uint32_t docid; /* of its posting; POSTINGS_END behind the last */
};

/* 1 with postings to be closed, 0 where the segment has none, negative. */
static inline int lane_open(struct lane *l, struct op_env *env,
                            struct leaf *leaf)
{
    l->docid = 0;
    l->weight = leaf->weight * leaf->times;
    return op_postings(env, leaf->slot, &l->p);
}

/* Puts the lane on its first posting at or behind d: 1, 0 at its end. */
static inline int lane_seek(struct lane *l, uint32_t d)
{
    int rc;

    if (l->docid >= d)
        return l->docid != POSTINGS_END;
    rc = postings_seek(l->p, d);
    l->docid = rc > 0 ? l->p->docid : POSTINGS_END;
    return rc;
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

static inline double lane_score(const struct lane *l, const struct score *score,
                                struct norms *norms)
{
    return score_tf(score, l->weight, l->p->tf, norms_code(norms, l->docid));
}

#endif
