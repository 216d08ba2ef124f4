#include "query/ways.h"

#include <stdlib.h>

static int ways_add(struct ways *w, uint32_t from, uint32_t at)
{
    struct way *more;
    size_t cap;

    if (w->n == w->cap) {
        cap = w->cap ? w->cap * 2 : 16;
        more = realloc(w->way, cap * sizeof *more);
        if (!more)
            return ERR_NOMEM;
        w->way = more;
        w->cap = cap;
    }
    w->way[w->n].from = from;
    w->way[w->n++].at = at;
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct way *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

/* Spans of several lengths leave ways out of order, and double ones. */
static void ways_order(struct ways *w)
{
    size_t i, n;

    for (i = 1; i < w->n; i++)
        if (by_place(&w->way[i - 1], &w->way[i]) >= 0)
            break;
    if (i >= w->n)
        return;
    qsort(w->way, w->n, sizeof *w->way, by_place);
    for (i = n = 1; i < w->n; i++)
        if (by_place(&w->way[n - 1], &w->way[i]) != 0)
            w->way[n++] = w->way[i];
    w->n = n;
}

/* Takes the ways that arrived at the position of place pl through it. */
static int step(struct ways *reach, const struct place *pl)
{
    struct ways *in = &reach[pl->slot->pos];
    struct ways *out = &reach[pl->slot->pos + pl->slot->span];
    size_t i, k = 0;
    uint32_t span;
    int rc = 0;

    for (i = 0; i < pl->nocc && rc == 0; i++) {
        uint32_t pos = pl->occ[i].pos;

        if (pl->slot->pos == 0) {
            span = place_span(pl, pl->occ[i].form);
            if (span)
                rc = ways_add(out, pos, pos + span);
            continue;
        }
        while (k < in->n && in->way[k].at < pos)
            k++;
        if (k == in->n)
            break;
        if (in->way[k].at != pos || !(span = place_span(pl, pl->occ[i].form)))
            continue;
        for (; k < in->n && in->way[k].at == pos && rc == 0; k++)
            rc = ways_add(out, in->way[k].from, pos + span);
    }
    return rc;
}

static int by_start(const void *a, const void *b)
{
    const struct way *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->at > y->at ? -1 : x->at < y->at; /* the longest first */
}

/* Of the ways that began at the same position one, the longest, is kept. */
static void one_each(struct ways *w)
{
    size_t i, n = 1;

    if (w->n < 2)
        return;
    qsort(w->way, w->n, sizeof *w->way, by_start);
    for (i = 1; i < w->n; i++)
        if (w->way[i].from != w->way[n - 1].from)
            w->way[n++] = w->way[i];
    w->n = n;
}

int ways_find(struct ways *reach, const struct leaf *l, struct place *place,
              struct op_env *env, uint32_t docid)
{
    uint32_t q;
    unsigned i = 0;
    size_t k;
    int rc = 0;

    for (q = 0; q <= l->length; q++)
        reach[q].n = 0;
    for (q = 0; q < l->length && rc == 0; q++) {
        bool slot = false;

        ways_order(&reach[q]);
        for (; i < l->nslots && l->slot[i].pos == q && rc == 0; i++) {
            struct place *pl = &place[i];

            slot = true;
            if ((q > 0 && reach[q].n == 0) ||
                place_seek(env, pl, docid) != docid)
                continue;
            rc = place_load(pl);
            if (rc == 0)
                rc = step(reach, pl);
        }
        for (k = 0; !slot && k < reach[q].n && rc == 0; k++)
            rc = ways_add(&reach[q + 1], reach[q].way[k].from,
                          reach[q].way[k].at + 1);
    }
    one_each(&reach[l->length]);
    return rc;
}

void ways_release(struct ways *w)
{
    free(w->way);
}
