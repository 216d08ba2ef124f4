#include "query/lane.h"

int lane_enter(struct lane *l, uint32_t d)
{
    int rc = postings_shallow(l->p, d);

    if (rc > 0 && (postings_load(l->p) < 0 || postings_tfs(l->p) < 0))
        rc = ERR_CORRUPT;
    l->at = 0;
    if (rc > 0)
        l->last = l->p->block_last;
    else
        l->docid = l->last = POSTINGS_END;
    return rc;
}

/* Which of the loaded block's postings may add more than `need`, 0 or above:
 * their indices, and how many. No division and no branch: what living ones
 * that do are among them, dead ones never. */
static unsigned sift(const struct lane *l, const double *len,
                     struct norms *norms, double need, uint32_t first,
                     uint32_t end, uint8_t out[PACK_N])
{
    const struct postings *p = l->p;
    double weight = l->weight;
    unsigned n = 0;
    uint32_t i;

    while (first < end) {
        uint32_t base = p->docs[first] - p->docs[first] % NORM_DOCS;
        const uint8_t *codes = norms_page(norms, base);

        for (i = first; i < end && p->docs[i] - base < NORM_DOCS; i++) {
            double tf = p->tfs[i];

            /* len is infinite for the dead; no number is above 0 * infinity */
            out[n] = (uint8_t)i;
            n += weight * tf > need * (tf + len[codes[p->docs[i] - base]]);
        }
        first = i;
    }
    return n;
}

void lane_pick(const struct lane *l, const struct score *score,
               struct norms *norms, double need, uint32_t first, uint32_t end,
               struct batch *b)
{
    const struct postings *p = l->p;
    uint8_t at[PACK_N] = {0};
    unsigned i, n = 0, sifted;

    sifted = sift(l, score->len, norms,
                  need > SCORE_SLACK ? need - SCORE_SLACK : 0, first, end, at);
    for (i = 0; i < sifted; i++) {
        uint32_t d = p->docs[at[i]];
        double sum =
            score_tf(score, l->weight, p->tfs[at[i]], norms_code(norms, d));

        b->doc[n] = d;
        b->sum[n] = sum;
        n += sum > need && norms_counts(norms, d);
    }
    b->n = n;
}

int lane_join(struct lane *l, const struct score *score, struct norms *norms,
              bool all, double need, struct batch *b)
{
    const double weight[2] = {0, l->weight};
    unsigned i, n = 0;
    int rc = 1;

    for (i = 0; i < b->n && (rc = lane_seek(l, b->doc[i])) > 0; i++) {
        uint32_t d = b->doc[i];
        bool hit = l->docid == d;
        double sum = b->sum[i] + score_tf(score, weight[hit], l->p->tfs[l->at],
                                          norms_code(norms, d));

        b->doc[n] = d;
        b->sum[n] = sum;
        n += (sum > need) & (hit | !all);
    }
    for (; i < b->n && rc == 0 && !all; i++) { /* it has ended */
        b->doc[n] = b->doc[i];
        b->sum[n] = b->sum[i];
        n += b->sum[i] > need;
    }
    b->n = n;
    return rc < 0 ? rc : 0;
}

int batch_offer(struct batch *b, struct top *top)
{
    unsigned i;
    int rc = 0;

    for (i = 0; i < b->n && rc == 0; i++)
        if (top_wants(top, b->sum[i]))
            rc = top_add(top, b->sum[i], b->doc[i]);
    b->n = 0;
    return rc;
}
