/* Candidates of exact words and phrases: documents with all the words. */
#include "base/find32.h"
#include "query/op_exact.h"

/* --- stretches --- */

static uint32_t stretch_seek(struct op_exact *x, struct stretch *st, uint32_t d)
{
    uint32_t joined =
        st->joined ? place_seek(x->op.env, st->joined, d) : OP_END;
    uint32_t found;
    unsigned i = 0;

    while (i < st->nparts && d < joined) {
        found = place_seek(x->op.env, &x->place[st->part[i]], d);
        i = found == d || i == 0 ? i + 1 : 0;
        d = found;
    }
    return d < joined ? d : joined;
}

/* --- plain words --- */

/* The documents from d to `to` that are in both blocks. */
static void join(struct exact_window *w, const struct postings *a,
                 const struct postings *b, uint32_t d)
{
    uint32_t i = (uint32_t)find32(a->docs, a->block_n, 0, d);
    uint32_t k = (uint32_t)find32(b->docs, b->block_n, 0, d);
    uint32_t na = (uint32_t)find32(a->docs, a->block_n, i, w->to + 1);
    uint32_t nb = (uint32_t)find32(b->docs, b->block_n, k, w->to + 1);
    uint32_t n;

    w->n = join32(a->docs + i, na - i, b->docs + k, nb - k, w->map, w->lead,
                  w->other);
    for (n = 0; n < w->n; n++) {
        w->lead[n] = (uint8_t)(w->lead[n] + i);
        w->other[n] = (uint8_t)(w->other[n] + k);
    }
    if (na < a->block_n)
        w->to = a->docs[na] - 1; /* nothing before the lead's next posting */
}

/* What no document of the blocks at hand scores more than. */
static double window_bound(const struct op_exact *x)
{
    const struct postings *a = x->word[0], *b = x->word[x->nwords > 1];

    return score_bound(x->op.env->score, x->weight,
                       a->block_max_tf < b->block_max_tf ? a->block_max_tf
                                                         : b->block_max_tf,
                       a->block_min_len > b->block_min_len ? a->block_min_len
                                                           : b->block_min_len);
}

int exact_near(struct op_exact *x, uint32_t from, uint32_t n)
{
    struct exact_window *w = &x->window;
    int64_t lo, hi;

    if (x->nwords < 2) {
        memset(w->near + from, NEAR_UNKNOWN, n);
        return 0;
    }
    exact_distance(x->where[1], x->where[0], &lo, &hi);
    return postings_near(x->word[0], x->word[1], w->lead + from,
                         w->other + from, n, lo, hi, w->near + from);
}

/* Leaves out documents that have the words too seldom to be of use and, where
 * all would be asked for, those that do not have them side by side. */
static int window_narrow(struct op_exact *x)
{
    struct exact_window *w = &x->window;
    const struct postings *a = x->word[0], *b = x->word[x->nwords > 1];
    uint32_t i, n = 0;
    int rc;

    if (postings_tfs(x->word[0]) < 0 ||
        postings_tfs(x->word[x->nwords > 1]) < 0)
        return ERR_CORRUPT;
    for (i = 0; x->op.bar && *x->op.bar >= 0 && i < w->n; i++) {
        uint32_t s = a->tfs[w->lead[i]], t = b->tfs[w->other[i]];

        w->lead[n] = w->lead[i];
        w->other[n] = w->other[i];
        n += exact_worth(x, a->docs[w->lead[i]], s < t ? s : t);
    }
    if (i > 0)
        w->n = n;
    if (!x->op.alone || w->n == 0)
        return 0;
    rc = exact_near(x, 0, w->n);
    for (i = n = 0; i < w->n; i++) {
        w->lead[n] = w->lead[i];
        w->other[n] = w->other[i];
        w->near[n] = w->near[i];
        n += w->near[i] > 0;
    }
    w->n = n;
    return rc;
}

/* Finds the documents from d on that have the two rarest words, in the first
 * stretch of docids that lies in one block of each and has any: 1, 0 at the
 * end, negative. Blocks that cannot pass the bar are not decoded. */
static int window_open(struct op_exact *x, uint32_t d)
{
    struct exact_window *w = &x->window;
    struct postings *a = x->word[0], *b = x->word[x->nwords > 1];
    int rc;

    for (w->n = w->at = 0; w->n == 0; d = w->to + 1) {
        rc = postings_shallow(a, d);
        if (rc > 0 && a != b)
            rc = postings_shallow(b, d);
        if (rc <= 0)
            return rc;
        w->to = a->block_last < b->block_last ? a->block_last : b->block_last;
        if (x->op.bar && *x->op.bar >= 0 && window_bound(x) <= *x->op.bar)
            continue;
        if (postings_load(a) < 0 || postings_load(b) < 0)
            return ERR_CORRUPT;
        join(w, a, b, d);
        if (w->n > 0 && (rc = window_narrow(x)) < 0)
            return rc;
    }
    return 1;
}

/* The next document from d on that has the two rarest words and might be of
 * use, both standing on it: 1, 0 at the end, negative. */
static int window_next(struct op_exact *x, uint32_t d)
{
    struct exact_window *w = &x->window;
    struct postings *a = x->word[0], *b = x->word[x->nwords > 1];
    int rc;

    while (w->at < w->n && a->docs[w->lead[w->at]] < d)
        w->at++;
    if (w->at == w->n) {
        rc = window_open(x, d > w->to ? d : w->to + 1);
        if (rc <= 0)
            return rc;
    }
    rc = postings_stand(a, w->lead[w->at]);
    if (rc == 0)
        rc = postings_stand(b, w->other[w->at]);
    return rc < 0 ? rc : 1;
}

uint32_t exact_seek(struct op *op, uint32_t d)
{
    struct op_exact *x = (struct op_exact *)op;
    uint32_t found;
    unsigned i = 0;

    if (x->nwords) {
        int rc = window_next(x, d);

        return rc > 0   ? x->word[0]->docid
               : rc < 0 ? op_fail(op->env, rc)
                        : OP_END;
    }
    while (i < x->nstretches && d != OP_END) {
        found = stretch_seek(x, &x->stretch[i], d);
        i = found == d || i == 0 ? i + 1 : 0;
        d = found;
    }
    return d;
}
