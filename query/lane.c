#include "query/lane.h"

/* Goes to the block that d would be in, and decodes its documents. */
static int enter(struct lane *l, uint32_t d)
{
    int rc = postings_shallow(l->p, d);

    if (rc > 0 && postings_load(l->p) < 0)
        rc = ERR_CORRUPT;
    l->at = 0;
    if (rc > 0)
        l->last = l->p->block_last;
    else
        l->docid = l->last = POSTINGS_END;
    return rc;
}

int lane_enter(struct lane *l, uint32_t d)
{
    int rc = enter(l, d);

    return rc > 0 && postings_tfs(l->p) < 0 ? ERR_CORRUPT : rc;
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
        n += sum > need;
    }
    b->n = n;
}

/* Documents [from, to) of a batch, all of which the loaded block may have. */
struct part {
    unsigned from, to;
    unsigned n; /* those that it has: numbers of them, from `from` on, */
    uint8_t in_batch[PACK_N];
    uint8_t in_block[PACK_N]; /* and of their postings, from `first` on */
    uint32_t first;
};

/* Finds the part of the batch from `from` on: 1, 0 where the lane has come to
 * its end, negative. */
static int part_find(struct lane *l, const struct batch *b, unsigned from,
                     struct join_map *map, struct part *x)
{
    const uint32_t *docs = l->p->docs;
    int rc;

    if (l->docid == POSTINGS_END)
        return 0;
    if (b->doc[from] > l->last && (rc = enter(l, b->doc[from])) <= 0)
        return rc;
    x->from = from;
    x->to = b->n;
    if (b->doc[b->n - 1] > l->last)
        x->to = (unsigned)find32(b->doc, b->n, from, l->last + 1);
    x->first = l->at;
    x->n = join32(b->doc + from, x->to - from, docs + l->at,
                  l->p->block_n - l->at, map, x->in_batch, x->in_block);
    if (x->n > 0)
        l->at += x->in_block[x->n - 1];
    l->docid = docs[l->at];
    return 1;
}

/* Keeps those of the part that the lane has, behind n that are kept. */
static unsigned keep_hits(const struct lane *l, const struct score *score,
                          struct norms *norms, double need,
                          const struct part *x, struct batch *b, unsigned n)
{
    const uint32_t *tfs = l->p->tfs + x->first;
    unsigned i;

    for (i = 0; i < x->n; i++) {
        unsigned k = x->from + x->in_batch[i];
        uint32_t d = b->doc[k];
        double sum = b->sum[k] + score_tf(score, l->weight, tfs[x->in_block[i]],
                                          norms_code(norms, d));

        b->doc[n] = d;
        b->sum[n] = sum;
        n += sum > need;
    }
    return n;
}

/* Documents [from, to) of the batch that pass `need`, behind n that do. */
static unsigned keep_passing(double need, unsigned from, unsigned to,
                             struct batch *b, unsigned n)
{
    for (; from < to; from++) {
        double sum = b->sum[from];

        b->doc[n] = b->doc[from];
        b->sum[n] = sum;
        n += sum > need;
    }
    return n;
}

/* Adds what the lane has to those of the part that it has. */
static void add_hits(const struct lane *l, const struct score *score,
                     struct norms *norms, const struct part *x, struct batch *b)
{
    const uint32_t *tfs = l->p->tfs + x->first;
    unsigned i;

    for (i = 0; i < x->n; i++) {
        unsigned k = x->from + x->in_batch[i];

        b->sum[k] += score_tf(score, l->weight, tfs[x->in_block[i]],
                              norms_code(norms, b->doc[k]));
    }
}

int lane_join(struct lane *l, const struct score *score, struct norms *norms,
              bool all, double need, struct join_map *map, struct batch *b)
{
    unsigned from = 0, n = 0;
    struct part x;
    int rc = 1;

    for (; from < b->n && (rc = part_find(l, b, from, map, &x)) > 0;
         from = x.to) {
        if ((x.n > 0 || !all) && postings_tfs(l->p) < 0)
            return ERR_CORRUPT;
        if (all) {
            n = keep_hits(l, score, norms, need, &x, b, n);
        } else {
            add_hits(l, score, norms, &x, b);
            n = keep_passing(need, x.from, x.to, b, n);
        }
    }
    if (!all && rc == 0) /* it has ended */
        n = keep_passing(need, from, b->n, b, n);
    b->n = n;
    return rc < 0 ? rc : 0;
}

int batch_offer(struct batch *b, struct norms *norms, struct top *top)
{
    unsigned i;
    int rc = 0;

    for (i = 0; i < b->n && rc == 0; i++)
        if (top_wants(top, b->sum[i]) && norms_counts(norms, b->doc[i]))
            rc = top_add(top, b->sum[i], b->doc[i]);
    b->n = 0;
    return rc;
}
