/*
 * Exact words and phrases: slots at consecutive positions.
 *
 * Both the query and a document are graphs: a joined token covers the
 * positions of its parts, so there may be two ways from one position to
 * another. A match is a way through the slots and through the document at
 * once. `reach[q]` holds how far the ways have come that used the slots
 * before position q of the query: where they began, and the position of the
 * document they arrived at. A slot at q takes each of them one token further.
 * Where the query has no slot (a cluster its neighbour's bigram says already)
 * a way steps over one position.
 *
 * Candidates are documents that have, for each stretch of the query, all of
 * its slots, or the joined token that covers it.
 */
#include <stdlib.h>

#include "query/cluster.h"
#include "query/form_set.h"
#include "query/op.h"

/* A slot in this segment. */
struct place {
    struct slot *slot;
    struct postings *p;  /* or, for a cluster, … */
    struct cluster *set; /* … this; both NULL where there are none */
    size_t at;           /* in the set */
    uint32_t docid;
    struct form_set forms;
    const struct occurrence *occ; /* of docid */
    size_t nocc;
};

/* A stretch of the query: places that must all be there, or the one that
 * stands for them. */
struct stretch {
    unsigned *part; /* numbers of places */
    unsigned nparts;
    struct place *joined; /* NULL mostly */
    uint64_t cost;
};

struct way {
    uint32_t from; /* position of the document where it began */
    uint32_t at;   /* and the one behind its last token */
};

struct ways {
    struct way *way;
    size_t n;
    size_t cap;
};

struct op_exact {
    struct op op;
    struct leaf *leaf;
    struct place *place; /* one a slot */
    struct stretch *stretch;
    unsigned nstretches;
    struct ways *reach; /* length + 1 of them, made when first used */
    uint32_t tf;        /* of the confirmed candidate */
    double weight;
};

/* --- places --- */

static uint32_t place_seek(struct op_env *env, struct place *pl, uint32_t d)
{
    int rc;

    if (pl->docid >= d)
        return pl->docid;
    if (pl->p) {
        rc = postings_seek(pl->p, d);
        pl->docid = rc < 0 ? op_fail(env, rc) : pl->p->docid;
    } else if (pl->set) {
        while (pl->at < pl->set->n && pl->set->docs[pl->at] < d)
            pl->at++;
        pl->docid = pl->at < pl->set->n ? pl->set->docs[pl->at] : OP_END;
    } else {
        pl->docid = OP_END;
    }
    return pl->docid;
}

/* Reads the positions of place pl in its document. */
static int place_load(struct place *pl)
{
    uint32_t n = 0;
    int rc;

    if (pl->set)
        return cluster_positions(pl->set, pl->docid, &pl->occ, &pl->nocc);
    rc = postings_positions(pl->p, &pl->occ, &n);
    pl->nocc = n;
    return rc;
}

/* Positions that an occurrence covers; 0 where its form does not pass. */
static uint32_t covers(const struct place *pl, const struct occurrence *o)
{
    if (pl->set)
        return 1;
    return form_set_has(&pl->forms, o->form)
               ? pl->forms.forms->form[o->form].span
               : 0;
}

static int place_open(struct op_env *env, struct place *pl, struct slot *s)
{
    int rc;

    pl->slot = s;
    if (s->cluster) {
        pl->set = s->set[env->number];
        return 0;
    }
    rc = op_postings(env, s, &pl->p);
    if (rc > 0)
        rc = form_set_make(&pl->forms, env, s, pl->p);
    if (rc == 0 && pl->p && pl->forms.passed == 0)
        pl->docid = OP_END; /* never written so here */
    return rc;
}

static uint64_t place_cost(const struct place *pl)
{
    if (pl->docid == OP_END)
        return 0;
    return pl->p ? pl->p->info.df : pl->set ? pl->set->n : 0;
}

/* --- candidates --- */

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

static uint32_t exact_seek(struct op *op, uint32_t d)
{
    struct op_exact *x = (struct op_exact *)op;
    uint32_t found;
    unsigned i = 0;

    while (i < x->nstretches && d != OP_END) {
        found = stretch_seek(x, &x->stretch[i], d);
        i = found == d || i == 0 ? i + 1 : 0;
        d = found;
    }
    return d;
}

/* --- ways --- */

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
static int step(struct op_exact *x, const struct place *pl)
{
    struct ways *in = &x->reach[pl->slot->pos];
    struct ways *out = &x->reach[pl->slot->pos + pl->slot->span];
    size_t i, k = 0;
    uint32_t span;
    int rc = 0;

    for (i = 0; i < pl->nocc && rc == 0; i++) {
        uint32_t pos = pl->occ[i].pos;

        if (pl->slot->pos == 0) {
            span = covers(pl, &pl->occ[i]);
            if (span)
                rc = ways_add(out, pos, pos + span);
            continue;
        }
        while (k < in->n && in->way[k].at < pos)
            k++;
        if (k == in->n)
            break;
        if (in->way[k].at != pos || !(span = covers(pl, &pl->occ[i])))
            continue;
        for (; k < in->n && in->way[k].at == pos && rc == 0; k++)
            rc = ways_add(out, in->way[k].from, pos + span);
    }
    return rc;
}

/* Finds all ways; they end in reach[length]. */
static int find_ways(struct op_exact *x)
{
    struct leaf *l = x->leaf;
    uint32_t q;
    unsigned i = 0;
    size_t k;
    int rc = 0;

    for (q = 0; q <= l->length; q++)
        x->reach[q].n = 0;
    for (q = 0; q < l->length && rc == 0; q++) {
        bool slot = false;

        ways_order(&x->reach[q]);
        for (; i < l->nslots && l->slot[i].pos == q && rc == 0; i++) {
            struct place *pl = &x->place[i];

            slot = true;
            if ((q > 0 && x->reach[q].n == 0) ||
                place_seek(x->op.env, pl, x->op.docid) != x->op.docid)
                continue;
            rc = place_load(pl);
            if (rc == 0)
                rc = step(x, pl);
        }
        for (k = 0; !slot && k < x->reach[q].n && rc == 0; k++)
            rc = ways_add(&x->reach[q + 1], x->reach[q].way[k].from,
                          x->reach[q].way[k].at + 1);
    }
    ways_order(&x->reach[l->length]);
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

/* --- the operator --- */

static bool exact_confirm(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;
    struct place *pl = x->place;
    int rc;

    if (x->leaf->nslots == 1 && pl->p && pl->forms.passed == pl->forms.n) {
        x->tf = pl->p->tf;
        return true;
    }
    rc = find_ways(x);
    if (rc < 0) {
        op_fail(op->env, rc);
        return false;
    }
    one_each(&x->reach[x->leaf->length]);
    x->tf = (uint32_t)x->reach[x->leaf->length].n;
    return x->tf > 0;
}

static double exact_score(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;

    return score_tf(op->env->score, x->weight, x->tf,
                    norms_code(op->env->norms, op->docid));
}

static uint32_t exact_tf(struct op *op)
{
    return ((struct op_exact *)op)->tf;
}

/* How often a place has the candidate; 0 if it is elsewhere. */
static uint32_t place_tf(const struct place *pl, uint32_t d)
{
    if (pl->docid != d)
        return 0;
    return pl->set ? pl->set->tfs[pl->at] : pl->p->tf;
}

/* A match takes one occurrence of each stretch: of every part, or of the
 * joined token. */
static double exact_bound(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;
    uint32_t most = UINT32_MAX;
    unsigned i, k;

    for (i = 0; i < x->nstretches; i++) {
        const struct stretch *st = &x->stretch[i];
        uint32_t tf = UINT32_MAX;

        for (k = 0; k < st->nparts; k++) {
            uint32_t part = place_tf(&x->place[st->part[k]], op->docid);

            if (part < tf)
                tf = part;
        }
        if (st->joined)
            tf = (st->nparts ? tf : 0) + place_tf(st->joined, op->docid);
        if (tf < most)
            most = tf;
    }
    return score_tf(op->env->score, x->weight, most,
                    norms_code(op->env->norms, op->docid)) +
           SCORE_SLACK;
}

static int exact_spans(struct op *op, struct spans *out)
{
    struct op_exact *x = (struct op_exact *)op;
    struct ways *w = &x->reach[x->leaf->length];
    size_t i;
    int rc = find_ways(x);

    one_each(w);
    for (i = 0; i < w->n && rc == 0; i++)
        rc = spans_add(out, w->way[i].from, w->way[i].at, x->leaf);
    return rc;
}

static void exact_release(struct op *op)
{
    struct op_exact *x = (struct op_exact *)op;
    unsigned i;
    uint32_t q;

    for (i = 0; x->place && i < x->leaf->nslots; i++)
        postings_close(x->place[i].p);
    for (q = 0; x->reach && q <= x->leaf->length; q++)
        free(x->reach[q].way);
}

static const struct op_class op_exact_class = {
    .seek = exact_seek,
    .confirm = exact_confirm,
    .score = exact_score,
    .tf = exact_tf,
    .bound = exact_bound,
    .spans = exact_spans,
    .release = exact_release,
};

/* The stretch that begins at slot i, a joined one with it if it covers slot i,
 * with room for its parts at `part`. Returns the slot behind. */
static unsigned make_stretch(struct op_exact *x, struct stretch *st, unsigned i,
                             unsigned *part)
{
    const struct leaf *l = x->leaf;
    uint32_t end = l->slot[i].pos + 1;
    uint64_t cost;
    unsigned first = i;

    st->part = part;
    st->cost = UINT64_MAX;
    if (i + 1 < l->nslots && l->slot[i + 1].kind == TOKEN_JOINED) {
        st->joined = &x->place[i + 1];
        end = l->slot[i + 1].pos + l->slot[i + 1].span;
    }
    for (; i == first || (i < l->nslots && l->slot[i].pos < end); i++) {
        if (&x->place[i] == st->joined)
            continue;
        st->part[st->nparts++] = i;
        cost = place_cost(&x->place[i]);
        if (cost < st->cost)
            st->cost = cost;
    }
    if (st->joined)
        st->cost += place_cost(st->joined);
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

static int by_cost(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;

    return x->cost < y->cost ? -1 : x->cost > y->cost;
}

struct op *op_exact(struct op_env *env, struct leaf *l)
{
    struct op_exact *x = arena_alloc(env->arena, sizeof *x);
    unsigned i;
    int rc = 0;

    if (!x)
        return NULL;
    x->op.class = &op_exact_class;
    x->op.env = env;
    x->leaf = l;
    x->weight = l->weight * l->times;
    x->place = arena_alloc(env->arena, l->nslots * sizeof *x->place);
    x->reach = arena_alloc(env->arena, (l->length + 1) * sizeof *x->reach);
    if (!x->place || !x->reach)
        return NULL;
    for (i = 0; i < l->nslots && rc >= 0; i++)
        rc = place_open(env, &x->place[i], &l->slot[i]);
    if (rc >= 0)
        rc = make_stretches(x);
    if (rc < 0) {
        op_fail(env, rc);
        exact_release(&x->op);
        return NULL;
    }
    qsort(x->stretch, x->nstretches, sizeof *x->stretch, by_cost);
    if (x->nstretches)
        x->op.cost = x->stretch[0].cost;
    return &x->op;
}
