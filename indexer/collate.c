#include "indexer/collate.h"

#include <stdlib.h>

#include "indexer/vec.h"

/* A surface of the term at hand, later a form of it. */
struct collate_local {
    uint32_t surface;
    uint32_t number; /* its own place, before it was sorted */
    uint32_t span;
    uint32_t count;
    struct view text;
};

/* Fills `near`: for each stretch of 1 << shift positions the last document that
 * begins before it or with it. About four stretches a document. */
static int fill_near(struct collate *c, const struct log *l)
{
    uint32_t end = l->ndocs ? l->doc[l->ndocs].base : 0, doc = 0;
    size_t n, i;

    for (c->shift = 4; end >> c->shift > 4 * l->ndocs; c->shift++)
        ;
    n = (end >> c->shift) + 2;
    c->near = vec_room(c->near, &c->near_cap, n, sizeof *c->near);
    if (!c->near)
        return ERR_NOMEM;
    for (i = 0; i < n; i++) {
        while (doc + 1 < l->ndocs && c->base[doc + 1] <= i << c->shift)
            doc++;
        c->near[i] = doc;
    }
    return 0;
}

int collate_start(struct collate *c, const struct log *l,
                  const struct lexicon *lx)
{
    size_t i;

    c->base = vec_room(c->base, &c->base_cap, l->ndocs + 1, sizeof *c->base);
    c->local_of = vec_room(c->local_of, &c->local_of_cap, lx->nsurfaces,
                           sizeof *c->local_of);
    if (!c->base || !c->local_of)
        return ERR_NOMEM;
    c->log = l;
    c->lx = lx;
    c->nlocal = 0;
    for (i = 0; i <= l->ndocs && l->ndocs; i++)
        c->base[i] = l->doc[i].base;
    memset(c->local_of, 0xff, lx->nsurfaces * sizeof *c->local_of);
    return fill_near(c, l);
}

void collate_release(struct collate *c)
{
    free(c->base);
    free(c->near);
    free(c->local_of);
    free(c->local);
    free(c->rank);
    free(c->form);
    free(c->posting);
    memset(c, 0, sizeof *c);
}

/* --- postings --- */

/* The document that holds absolute position pos: a look into `near`, and few
 * steps on from there, but for a crowd of tiny documents. */
static uint32_t document_of(const struct collate *c, uint32_t pos)
{
    uint32_t lo = c->near[pos >> c->shift];
    uint32_t hi = c->near[(pos >> c->shift) + 1] + 1;

    while (hi - lo > 4) { /* base of lo <= pos < base of hi */
        uint32_t mid = lo + (hi - lo) / 2;

        if (c->base[mid] <= pos)
            lo = mid;
        else
            hi = mid;
    }
    while (lo + 1 < hi && c->base[lo + 1] <= pos)
        lo++;
    return lo;
}

/* A new place in `local` for a surface, or NULL. */
static struct collate_local *add_local(struct collate *c, uint32_t surface)
{
    struct collate_local *l;

    l = vec_grow(c->local, &c->local_cap, c->nlocal + 1, sizeof *l);
    if (!l)
        return NULL;
    c->local = l;
    l += c->nlocal;
    l->surface = surface;
    l->number = c->local_of[surface] = (uint32_t)c->nlocal++;
    l->span = c->lx->surface[surface].span;
    l->count = 0;
    l->text = lexicon_form(c->lx, surface);
    return l;
}

/* A new posting, of document doc, or NULL. */
static struct inverted_posting *add_posting(struct collate *c, uint32_t df,
                                            uint32_t doc)
{
    struct inverted_posting *p;

    p = vec_grow(c->posting, &c->posting_cap, df + 1, sizeof *p);
    if (!p)
        return NULL;
    c->posting = p;
    p += df;
    p->doc = doc;
    p->tf = 0;
    p->code = c->log->doc[doc].code;
    return p;
}

/* Bounds of the postings made. */
static void bound(const struct collate *c, struct term_info *info)
{
    uint32_t i, max_tf = 0;
    uint8_t min_len = 255;

    for (i = 0; i < info->df; i++) {
        const struct inverted_posting *p = &c->posting[i];

        max_tf = p->tf > max_tf ? p->tf : max_tf;
        min_len = p->code < min_len ? p->code : min_len;
    }
    info->max_tf = max_tf > 255 ? 255 : (uint8_t)max_tf;
    info->min_len = min_len;
}

/* The place in `local` of a surface, new or known, or NULL. */
static struct collate_local *find_local(struct collate *c, uint32_t surface)
{
    return c->local_of[surface] == LEXICON_NONE
               ? add_local(c, surface)
               : &c->local[c->local_of[surface]];
}

/* Gives occurrence o, of a place in `local`, to a surface of the same position
 * if that covers more: what "depart-ment" becomes has one stem with its first
 * part, and is the word that is looked for. 0 or ERR_NOMEM. */
static int widen(struct collate *c, struct occurrence *o, uint32_t surface)
{
    struct collate_local *wide;

    if (c->lx->surface[surface].span <= c->local[o->form].span)
        return 0;
    c->local[o->form].count--;
    wide = find_local(c, surface);
    if (!wide)
        return ERR_NOMEM;
    wide->count++;
    o->form = wide->number;
    return 0;
}

/* Makes postings of a run of n occurrences: absolute positions become those of
 * the document, surfaces their places in `local`, and of those that share a
 * position one stays. */
static int make_postings(struct collate *c, struct occurrence *run, uint32_t n,
                         struct inverted_term *out)
{
    uint32_t i, doc, base = 0, end = 0, kept = 0, df = 0;
    uint32_t last_pos = run[0].pos - 1, surface = LEXICON_NONE;
    struct collate_local *local = NULL;
    struct inverted_posting *p = NULL;

    for (i = 0; i < n; i++) {
        uint32_t pos = run[i].pos;

        if (pos == last_pos) {
            if (widen(c, &run[kept - 1], run[i].form) < 0)
                return ERR_NOMEM;
            surface = LEXICON_NONE; /* what `local` points to may have moved */
            continue;
        }
        last_pos = pos;
        if (run[i].form != surface) {
            surface = run[i].form;
            local = find_local(c, surface);
        }
        if (pos >= end) {
            doc = document_of(c, pos);
            base = c->base[doc];
            end = c->base[doc + 1];
            p = add_posting(c, df++, doc);
        }
        if (!local || !p)
            return ERR_NOMEM;
        local->count++;
        p->tf++;
        run[kept].pos = pos - base;
        run[kept++].form = local->number;
    }
    out->info.df = df;
    out->info.cf = kept;
    bound(c, &out->info);
    out->posting = c->posting;
    out->occurrence = run;
    return 0;
}

/* --- forms --- */

static int by_text(const void *pa, const void *pb)
{
    const struct collate_local *a = pa, *b = pb;
    int c = view_cmp(a->text, b->text);

    return c ? c : (a->span > b->span) - (a->span < b->span);
}

static int by_count(const void *pa, const void *pb)
{
    const struct collate_local *a = pa, *b = pb;

    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return by_text(a, b);
}

static void sort(struct collate_local *l, size_t n,
                 int (*order)(const void *, const void *))
{
    size_t i, k;

    if (n > 8) {
        qsort(l, n, sizeof *l, order);
        return;
    }
    for (i = 1; i < n; i++) {
        struct collate_local x = l[i];

        for (k = i; k > 0 && order(&l[k - 1], &x) > 0; k--)
            l[k] = l[k - 1];
        l[k] = x;
    }
}

/* Several surfaces: unites those that are the same form, sorts those forms that
 * occur and fills `rank`. */
static int rank_forms(struct collate *c)
{
    size_t i, n = 0, places = c->nlocal;
    uint32_t *rank, *final;

    rank = vec_grow(c->rank, &c->rank_cap, 2 * places, sizeof *rank);
    if (!rank)
        return ERR_NOMEM;
    c->rank = rank;
    final = rank + places;
    sort(c->local, places, by_text);
    for (i = 0; i < places; i++) {
        struct collate_local *l = &c->local[i];

        if (n > 0 && by_text(&c->local[n - 1], l) == 0) {
            c->local[n - 1].count += l->count;
        } else {
            c->local[n++] = *l;
        }
        rank[l->number] = (uint32_t)n - 1;
    }
    for (i = 0; i < n; i++)
        c->local[i].number = (uint32_t)i;
    sort(c->local, n, by_count);
    for (i = 0; i < n; i++)
        final[c->local[i].number] = (uint32_t)i;
    while (c->local[n - 1].count == 0) /* all gone to wider ones */
        n--;
    for (i = 0; i < places; i++)
        rank[i] = final[rank[i]];
    c->nlocal = n;
    return 0;
}

/* Forms of the run at hand, and their numbers in place of the surfaces'. */
static int make_forms(struct collate *c, struct occurrence *run,
                      struct inverted_term *out)
{
    struct form *form;
    size_t i, n = c->nlocal;

    for (i = 0; i < n; i++)
        c->local_of[c->local[i].surface] = LEXICON_NONE;
    if (n > 1) {
        if (rank_forms(c) < 0)
            return ERR_NOMEM;
        for (i = 0; i < out->info.cf; i++)
            run[i].form = c->rank[run[i].form];
    }
    form = vec_grow(c->form, &c->form_cap, c->nlocal, sizeof *form);
    if (!form)
        return ERR_NOMEM;
    c->form = form;
    for (i = 0; i < c->nlocal; i++) {
        form[i].text = c->local[i].text;
        form[i].span = c->local[i].span;
        form[i].count = c->local[i].count;
    }
    out->form = form;
    out->nforms = (uint32_t)c->nlocal;
    c->nlocal = 0;
    return 0;
}

int collate_term(struct collate *c, struct occurrence *run, uint32_t n,
                 struct inverted_term *out)
{
    if (make_postings(c, run, n, out) < 0)
        return ERR_NOMEM;
    return make_forms(c, run, out);
}
