#include "indexer/renames.h"

#include <stdlib.h>

#include "base/hash.h"
#include "indexer/vec.h"

static uint64_t looks_of(const struct source *s)
{
    uint64_t v[4] = {s->device, s->inode, s->size, s->mtime_ns};

    return hash64(view_of(v, sizeof v));
}

int renames_gone(struct renames *r, const struct source *row, uint32_t root)
{
    struct gone *g = vec_grow(r->gone, &r->gone_cap, r->ngone + 1, sizeof *g);

    if (!g)
        return ERR_NOMEM;
    r->gone = g;
    g[r->ngone++] = (struct gone){.size = row->size,
                                  .hash = row->hash,
                                  .looks = looks_of(row),
                                  .docid = row->docid,
                                  .root = root};
    return 0;
}

int renames_new(struct renames *r, const struct source *looks)
{
    uint64_t *more =
        vec_grow(r->looks, &r->looks_cap, r->nlooks + 1, sizeof *more);

    if (!more)
        return ERR_NOMEM;
    r->looks = more;
    more[r->nlooks++] = looks_of(looks);
    return 0;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* By content; among equal ones by document, so that a run does the same each
 * time. */
static int by_content(const void *a, const void *b)
{
    const struct gone *x = a, *y = b;

    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

static int by_document(const void *a, const void *b)
{
    const struct gone *x = a, *y = b;

    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

static void mark(struct gone *g, uint64_t *vanish)
{
    g->found = true;
    vanish[g->root]--;
}

void renames_by_looks(struct renames *r, uint64_t *vanish)
{
    size_t i;

    if (r->ngone == 0)
        return;
    qsort(r->gone, r->ngone, sizeof *r->gone, by_content);
    if (r->nlooks == 0)
        return;
    qsort(r->looks, r->nlooks, sizeof *r->looks, by_number);
    for (i = 0; i < r->ngone; i++)
        if (bsearch(&r->gone[i].looks, r->looks, r->nlooks, sizeof *r->looks,
                    by_number))
            mark(&r->gone[i], vanish);
}

/* The first document that is not before (size, hash). */
static size_t first(const struct renames *r, uint64_t size, uint64_t hash)
{
    struct gone key = {.size = size, .hash = hash};
    size_t lo = 0, hi = r->ngone;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (by_content(&r->gone[mid], &key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool renames_size(const struct renames *r, uint64_t size)
{
    size_t at = first(r, size, 0);

    return at < r->ngone && r->gone[at].size == size;
}

static bool same(const struct renames *r, size_t at, uint64_t size,
                 uint64_t hash)
{
    return at < r->ngone && r->gone[at].size == size &&
           r->gone[at].hash == hash;
}

void renames_by_content(struct renames *r, uint64_t size, uint64_t hash,
                        uint64_t *vanish)
{
    size_t at;

    for (at = first(r, size, hash); same(r, at, size, hash); at++)
        if (!r->gone[at].found) {
            mark(&r->gone[at], vanish);
            return;
        }
}

bool renames_take(struct renames *r, uint64_t size, uint64_t hash,
                  uint32_t *docid)
{
    size_t at;

    for (at = first(r, size, hash); same(r, at, size, hash); at++)
        if (!r->gone[at].taken) {
            r->gone[at].taken = true;
            *docid = r->gone[at].docid;
            return true;
        }
    return false;
}

void renames_give(struct renames *r, uint64_t size, uint64_t hash,
                  uint32_t docid)
{
    size_t at;

    for (at = first(r, size, hash); same(r, at, size, hash); at++)
        if (r->gone[at].docid == docid)
            r->gone[at].taken = false;
}

void renames_settle(struct renames *r)
{
    if (r->ngone)
        qsort(r->gone, r->ngone, sizeof *r->gone, by_document);
}

bool renames_taken(const struct renames *r, uint32_t docid)
{
    struct gone key = {.docid = docid}, *g = NULL;

    if (r->ngone)
        g = bsearch(&key, r->gone, r->ngone, sizeof key, by_document);
    return g && g->taken;
}

void renames_release(struct renames *r)
{
    free(r->gone);
    free(r->looks);
    memset(r, 0, sizeof *r);
}
