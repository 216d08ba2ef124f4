#include "query/tally.h"

#include <stdlib.h>

#include "base/hash.h"

static int grow_slots(struct tally *t)
{
    size_t n = t->nslots ? 2 * t->nslots : 1024, i, at;
    uint32_t *slot = calloc(n, sizeof *slot);

    if (!slot)
        return -1;
    for (i = 0; i < t->n; i++) {
        for (at = t->entry[i].hash & (n - 1); slot[at];)
            at = (at + 1) & (n - 1);
        slot[at] = (uint32_t)(i + 1);
    }
    free(t->slot);
    t->slot = slot;
    t->nslots = n;
    return 0;
}

static struct tally_entry *add(struct tally *t, size_t at, struct view v,
                               uint64_t hash)
{
    struct tally_entry *e;

    if (t->n == UINT32_MAX - 1)
        return NULL;
    if (t->n == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 512;
        struct tally_entry *more = realloc(t->entry, cap * sizeof *more);

        if (!more)
            return NULL;
        t->entry = more;
        t->cap = cap;
    }
    e = &t->entry[t->n];
    memset(e, 0, sizeof *e);
    e->start = t->bytes.n;
    e->len = (uint32_t)v.n;
    e->hash = hash;
    if (buf_add(&t->bytes, v) < 0)
        return NULL;
    t->slot[at] = (uint32_t)++t->n;
    return e;
}

struct tally_entry *tally_get(struct tally *t, struct view v)
{
    uint64_t hash = hash64(v);
    size_t at;

    if (2 * (t->n + 1) > t->nslots && grow_slots(t) < 0)
        return NULL;
    for (at = hash & (t->nslots - 1); t->slot[at];
         at = (at + 1) & (t->nslots - 1)) {
        struct tally_entry *e = &t->entry[t->slot[at] - 1];

        if (e->hash == hash && view_eq(tally_view(t, e), v))
            return e;
    }
    return add(t, at, v, hash);
}

void tally_release(struct tally *t)
{
    buf_release(&t->bytes);
    free(t->entry);
    free(t->slot);
    memset(t, 0, sizeof *t);
}
