/* What the operator of an exact word or phrase is made of in a segment. */
#include <stdlib.h>

#include "query/op_exact.h"

/* The stretch that begins at slot i, a joined one with it if it covers slot i,
 * with room for its parts at `part`. Returns the slot behind. */
static unsigned make_stretch(struct op_exact *x, struct stretch *st, unsigned i,
                             unsigned *part)
{
    const struct leaf *l = x->leaf;
    struct place *joined = NULL;
    uint32_t end = l->slot[i].pos + 1;
    uint64_t cost;
    unsigned first = i;

    st->part = part;
    st->cost = UINT64_MAX;
    if (i + 1 < l->nslots && l->slot[i + 1].kind == TOKEN_JOINED) {
        joined = &x->place[i + 1];
        end = l->slot[i + 1].pos + l->slot[i + 1].span;
    }
    for (; i == first || (i < l->nslots && l->slot[i].pos < end); i++) {
        if (&x->place[i] == joined)
            continue;
        st->part[st->nparts++] = i;
        cost = place_cost(&x->place[i]);
        if (cost < st->cost)
            st->cost = cost;
    }
    if (joined && place_cost(joined) > 0) {
        st->joined = joined;
        st->cost += place_cost(joined);
    }
    return i;
}

static int make_stretches(struct op_exact *x)
{
    unsigned n = x->leaf->nslots, i = 0;
    unsigned *part = arena_alloc(x->op.env->arena, n * sizeof *part);

    x->stretch = arena_alloc(x->op.env->arena, n * sizeof *x->stretch);
    if (!part || !x->stretch)
        return ERR_NOMEM;
    while (i < n) {
        struct stretch *st = &x->stretch[x->nstretches++];

        i = make_stretch(x, st, i, part);
        part += st->nparts;
    }
    return 0;
}

/* How far from the start of a match a walk over the slots has come. */
struct reach {
    uint32_t q;     /* in the query */
    int64_t lo, hi; /* in a document: at least and at most */
};

static void go_to(struct reach *r, uint32_t q)
{
    r->lo += q - r->q; /* without a slot: one position each */
    r->hi += q - r->q;
    r->q = q;
}

/* Walks over the parts of a stretch. False where they do not follow one
 * another. */
static bool measure_parts(struct op_exact *x, const struct stretch *st,
                          struct reach *r)
{
    unsigned i;

    for (i = 0; i < st->nparts; i++) {
        struct place *pl = &x->place[st->part[i]];

        if (pl->slot->span != 1 || pl->slot->pos < r->q)
            return false;
        go_to(r, pl->slot->pos);
        pl->lo = r->lo;
        pl->hi = r->hi;
        x->sure = x->sure && pl->lo == pl->hi;
        x->plain = x->plain && pl->p;
        r->lo += pl->least;
        r->hi += pl->most;
        r->q++;
        if (pl->p) {
            x->picky = x->picky || pl->picky;
            x->narrower[x->nnarrowers].place = pl;
            x->narrower[x->nnarrowers++].joined = st->joined;
        }
    }
    return true;
}

/* Finds where places may stand, from the spans their forms have; a joined
 * token may be shorter than its parts. Positions are sure where distances are
 * the same always. */
static void measure(struct op_exact *x)
{
    struct reach r = {0}, from;
    bool row = true;
    unsigned i;

    x->sure = x->plain = true;
    for (i = 0; i < x->nstretches && row; i++) {
        const struct place *joined = x->stretch[i].joined;

        from = r;
        row = measure_parts(x, &x->stretch[i], &r);
        if (!joined || !row)
            continue;
        x->plain = false;
        go_to(&r, joined->slot->pos + joined->slot->span);
        if (from.lo + joined->least < r.lo)
            r.lo = from.lo + joined->least;
        if (from.hi + joined->most > r.hi)
            r.hi = from.hi + joined->most;
    }
    if (!row) {
        x->plain = false;
        x->nnarrowers = 0;
    }
    x->sure = x->sure && x->plain;
}

static int by_cost(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;

    return x->cost < y->cost ? -1 : x->cost > y->cost;
}

static int by_df(const void *a, const void *b)
{
    const struct narrower *x = a, *y = b;
    uint32_t n = x->place->p->info.df, m = y->place->p->info.df;

    if (n != m)
        return n < m ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* Lists the postings of a plain phrase's words. */
static int list_words(struct op_exact *x)
{
    unsigned n = x->nnarrowers, i;

    x->word = arena_alloc(x->op.env->arena, n * sizeof(struct postings *));
    x->where = arena_alloc(x->op.env->arena, n * sizeof *x->where);
    if (!x->word || !x->where)
        return ERR_NOMEM;
    qsort(x->narrower, n, sizeof *x->narrower, by_df);
    x->paired = x->sure && n == 2 && !x->narrower[1].place->same;
    for (i = 0; i < n; i++) {
        const struct place *pl = x->narrower[i].place;

        if (pl->same)
            continue;
        x->where[x->nwords] = pl;
        x->word[x->nwords++] = pl->p;
        x->paired = x->paired && pl->forms.passed == pl->forms.n;
    }
    x->window.map = arena_alloc(x->op.env->arena, sizeof *x->window.map);
    return x->window.map ? 0 : ERR_NOMEM;
}

int exact_make(struct op_exact *x)
{
    struct arena *a = x->op.env->arena;
    const struct leaf *l = x->leaf;
    unsigned i;
    int rc = 0;

    x->place = arena_alloc(a, l->nslots * sizeof *x->place);
    x->narrower = arena_alloc(a, l->nslots * sizeof *x->narrower);
    x->reach = arena_alloc(a, (l->length + 1) * sizeof *x->reach);
    if (!x->place || !x->narrower || !x->reach)
        return ERR_NOMEM;
    for (i = 0; i < l->nslots && rc >= 0; i++)
        rc = place_open(x->op.env, &x->place[i], &l->slot[i], x->place, i);
    if (rc >= 0)
        rc = make_stretches(x);
    if (rc < 0)
        return rc;
    measure(x);
    qsort(x->stretch, x->nstretches, sizeof *x->stretch, by_cost);
    if (x->nstretches)
        x->op.cost = x->stretch[0].cost;
    return x->plain && x->op.cost > 0 ? list_words(x) : 0;
}
