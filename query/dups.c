#include "query/dups.h"

#include <stdlib.h>

#include "index/column.h"
#include "text/sketch.h"

enum { PAIRS = SKETCH_BYTES / 2, STAYS = UINT32_MAX };

/* The hits that stay, and where to look for them. */
struct kept {
    const uint8_t **sketch; /* of each; borrowed from the map */
    uint32_t n;
    uint32_t *slot; /* by a pair: number of an entry + 1, 0: none */
    uint32_t *next; /* of each entry (hit * PAIRS + pair) the one entered before
                     * it in its slot */
    uint32_t mask;
};

static uint32_t *slot_of(const struct kept *k, const uint8_t *sketch,
                         unsigned pair)
{
    uint32_t bytes = (uint32_t)sketch[2 * pair] << 8 | sketch[2 * pair + 1];

    return &k->slot[(bytes * PAIRS + pair) * 0x9e3779b1u >> 7 & k->mask];
}

static void keep(struct kept *k, const uint8_t *sketch)
{
    unsigned pair;

    for (pair = 0; pair < PAIRS; pair++) {
        uint32_t *slot = slot_of(k, sketch, pair);
        uint32_t entry = k->n * PAIRS + pair;

        k->next[entry] = *slot;
        *slot = entry + 1;
    }
    k->sketch[k->n++] = sketch;
}

/* The first of those kept that is near, or STAYS. */
static uint32_t find(const struct kept *k, const uint8_t *sketch)
{
    uint32_t best = STAYS, entry;
    unsigned pair;

    for (pair = 0; pair < PAIRS; pair++)
        for (entry = *slot_of(k, sketch, pair); entry;
             entry = k->next[entry - 1]) {
            uint32_t i = (entry - 1) / PAIRS;

            if (i < best && sketch_near(k->sketch[i], sketch))
                best = i;
        }
    return best;
}

static int open_kept(struct kept *k, size_t n)
{
    uint32_t slots = PAIRS;

    while (slots < n * PAIRS)
        slots *= 2;
    k->mask = slots - 1;
    k->sketch = malloc((n + 1) * sizeof *k->sketch);
    k->next = malloc((n + 1) * PAIRS * sizeof *k->next);
    k->slot = calloc(slots, sizeof *k->slot);
    return k->sketch && k->next && k->slot ? 0 : ERR_NOMEM;
}

static void close_kept(struct kept *k)
{
    free(k->sketch);
    free(k->next);
    free(k->slot);
}

/* Says of each of n hits what it goes below. */
static int go_through(struct kept *k, struct index *ix, const struct top_hit *h,
                      size_t n, uint32_t *below, struct err *err)
{
    struct column column;
    uint32_t part = UINT32_MAX;
    size_t i;
    int rc;

    for (i = 0; i < n; i++) {
        const uint8_t *sketch;

        if (h[i].part != part) {
            part = h[i].part;
            rc = column_open(&column, ix[part].txn, COLUMN_SKETCH, err);
            if (rc < 0)
                return rc;
        }
        sketch = column_get(&column, h[i].docid);
        if (!sketch)
            return ERR_CORRUPT;
        below[i] = find(k, sketch);
        if (below[i] == STAYS)
            keep(k, sketch);
    }
    return 0;
}

/* Deals the first n hits of t to those that stay and those below them. */
static int deal(struct dups *d, struct top *t, const uint32_t *below, size_t n)
{
    size_t kept = 0, sum = 0, i;

    d->hit = malloc((n + 1) * sizeof *d->hit);
    d->first = calloc(t->n + 2, sizeof *d->first);
    if (!d->hit || !d->first)
        return ERR_NOMEM;
    for (i = 0; i < n; i++)
        if (below[i] != STAYS)
            d->first[below[i]]++;
    for (i = 0; i <= t->n; i++) {
        size_t count = d->first[i];

        d->first[i] = sum;
        sum += count;
    }
    for (i = 0; i < t->n; i++)
        if (i < n && below[i] != STAYS)
            d->hit[d->first[below[i]]++] = t->hit[i];
        else
            t->hit[kept++] = t->hit[i];
    memmove(d->first + 1, d->first, t->n * sizeof *d->first);
    d->first[0] = 0;
    d->kept = t->n = kept;
    return 0;
}

int dups_collapse(struct dups *d, struct index *ix, struct top *t,
                  struct err *err)
{
    size_t n = t->n < DUPS_HITS ? t->n : DUPS_HITS;
    uint32_t *below = malloc((n + 1) * sizeof *below);
    struct kept k = {0};
    int rc = below ? open_kept(&k, n) : ERR_NOMEM;

    if (rc == 0)
        rc = go_through(&k, ix, t->hit, n, below, err);
    if (rc == 0 && k.n < n)
        rc = deal(d, t, below, n);
    close_kept(&k);
    free(below);
    return rc == ERR_NOMEM ? err_nomem(err) : rc;
}

size_t dups_below(const struct dups *d, size_t n)
{
    return d->first ? d->first[n < d->kept ? n : d->kept] : 0;
}

static int show_path(struct dups *d, struct index *ix, uint32_t docid,
                     struct buf *id, struct err *err)
{
    int rc = index_names(ix, err);

    buf_clear(id);
    if (rc == 0)
        rc = names_get(&ix->names, docid, id, err);
    if (rc == 0)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: document %u is missing",
                       (unsigned)docid);
    if (rc > 0)
        rc = roots_show(&ix->roots, buf_view(id), &d->paths);
    return rc == ERR_NOMEM ? err_nomem(err) : rc;
}

int dups_name(struct dups *d, size_t i, struct index *ix, size_t most,
              struct hit *h, struct err *err)
{
    size_t from = dups_below(d, i), n = dups_below(d, i + 1) - from, at = 0, k;
    struct hit_dup *named;
    struct buf id = {0};
    int rc = 0;

    h->ndups = n;
    h->nnamed = n < most ? n : most;
    if (h->nnamed == 0)
        return 0;
    named = realloc(d->named, h->nnamed * sizeof *named);
    if (!named)
        return err_nomem(err);
    h->dup = d->named = named;
    buf_clear(&d->paths);
    for (k = 0; k < h->nnamed && rc == 0; k++) {
        const struct top_hit *t = &d->hit[from + k];

        named[k].docid = t->docid;
        named[k].part = t->part;
        rc = show_path(d, &ix[t->part], t->docid, &id, err);
        named[k].path.n = d->paths.n - at;
        at = d->paths.n;
    }
    for (k = 0, at = 0; k < h->nnamed && rc == 0; at += named[k++].path.n)
        named[k].path.p = d->paths.p + at;
    buf_release(&id);
    return rc;
}

void dups_release(struct dups *d)
{
    free(d->hit);
    free(d->first);
    free(d->named);
    buf_release(&d->paths);
    memset(d, 0, sizeof *d);
}
