#include "indexer/deal.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "indexer/collate.h"
#include "indexer/vec.h"

/* Occurrences in titles count for two terms: as any, and marked. */
enum where { TEXTS, TITLES };

/* A term as it is sorted. */
struct ordered {
    uint64_t head; /* its first eight bytes, big-endian */
    uint32_t term;
};

enum {
    AHEAD = 8,          /* terms between sending for and reading */
    KEPT = 1 << 20,     /* bytes of a term that are kept for the next batch */
    OCCURRENCE = 8 + 3, /* bytes of one, and as it is packed */
    DOCUMENT = 12 + 20  /* bytes of a posting, and of places in collate.h */
};

struct deal {
    const struct log *log;
    const struct lexicon *lx;
    struct ordered *ordered; /* the lexicon's terms of earlier batches and this
                              * one, in order */
    size_t nordered, ordered_cap;
    uint32_t epoch;   /* of the lexicon that they are of */
    uint32_t *sorted; /* those that occur, in order */
    size_t nsorted, sorted_cap;
    uint32_t *count; /* occurrences of each term in titles; then, while dealing,
                      * where its next one goes */
    size_t count_cap;
    struct occurrence *titles; /* those of titles, in the order of the walk */
    size_t titles_cap;
    uint32_t *titled; /* the terms of titles, in order, … */
    size_t ntitled, titled_cap;
    struct occurrence *run; /* of the term at hand */
    size_t run_cap;
    struct buf packed;      /* the same as they are in the chain */
    struct collate collate; /* makes postings of a run */
    struct buf marked;      /* the term at hand with the mark of titles */
    enum where where;       /* titles are walked first */
    size_t next;            /* place of the term that comes next */
    size_t title;           /* in `titles`: its first occurrence */
};

size_t deal_bytes(const struct log *l, const struct lexicon *lx)
{
    size_t run = (size_t)l->chains.largest * OCCURRENCE;
    size_t spare =
        lx->nterms * 2 * sizeof(struct ordered); /* to sort new ones */

    return (run > spare ? run : spare) +
           l->ntitles * sizeof(struct occurrence) +
           lx->nterms * (sizeof(struct ordered) + 3 * sizeof(uint32_t)) +
           lx->nsurfaces * sizeof(uint32_t) + l->ndocs * DOCUMENT;
}

static int compare(const void *pa, const void *pb, void *arg)
{
    const struct ordered *a = pa, *b = pb;
    const struct lexicon *lx = arg;

    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    return view_cmp(lexicon_term(lx, a->term), lexicon_term(lx, b->term));
}

static uint64_t head_of(struct view term)
{
    uint8_t head[8] = {0};

    memcpy(head, term.p, term.n < 8 ? term.n : 8);
    return get_be64(head);
}

/* Sorts n terms by their heads, a byte at a time from the last on: through
 * `spare` and back, as there are eight. */
static void sort_heads(struct ordered *o, struct ordered *spare, size_t n)
{
    uint32_t to[8][256] = {{0}};
    unsigned byte, k;
    size_t i;

    for (i = 0; i < n; i++)
        for (byte = 0; byte < 8; byte++)
            to[byte][o[i].head >> 8 * byte & 255]++;
    for (byte = 0; byte < 8; byte++) {
        struct ordered *swap = o;
        uint32_t sum = 0, count;

        for (k = 0; k < 256; k++, sum += count) {
            count = to[byte][k];
            to[byte][k] = sum;
        }
        for (i = 0; i < n; i++)
            spare[to[byte][o[i].head >> 8 * byte & 255]++] = o[i];
        o = spare;
        spare = swap;
    }
}

/* Sorts n terms; `spare` has room for as many. */
static void sort_terms(const struct lexicon *lx, struct ordered *o,
                       struct ordered *spare, size_t n)
{
    size_t i, k;

    sort_heads(o, spare, n);
    for (i = 0; i < n; i = k) {
        for (k = i + 1; k < n && o[k].head == o[i].head; k++)
            ;
        if (k - i > 1)
            qsort_r(o + i, k - i, sizeof *o, compare, (void *)(uintptr_t)lx);
    }
}

/* Takes in the terms that the lexicon has learned since the last batch: they
 * are sorted, then merged with the others from behind. */
static int order_terms(struct deal *d)
{
    const struct lexicon *lx = d->lx;
    size_t old = d->ordered && d->epoch == lx->epoch ? d->nordered : 0;
    size_t fresh = lx->nterms - old, to = lx->nterms, i;
    struct ordered *o, *new;

    o = vec_grow(d->ordered, &d->ordered_cap, lx->nterms, sizeof *o);
    if (!o)
        return ERR_NOMEM;
    d->ordered = o;
    d->nordered = old;
    if (fresh == 0)
        return 0;
    new = malloc(2 * fresh * sizeof *new);
    if (!new)
        return ERR_NOMEM;
    for (i = 0; i < fresh; i++) {
        new[i].term = (uint32_t)(old + i);
        new[i].head = head_of(lexicon_term(lx, new[i].term));
    }
    sort_terms(lx, new, new + fresh, fresh);
    while (fresh > 0) {
        bool above = old > 0 && compare(&o[old - 1], &new[fresh - 1],
                                        (void *)(uintptr_t)lx) > 0;

        o[--to] = above ? o[--old] : new[--fresh];
    }
    free(new);
    d->nordered = lx->nterms;
    d->epoch = lx->epoch;
    return 0;
}

/* Picks the terms that occur. */
static void pick_terms(struct deal *d)
{
    const struct chains *c = &d->log->chains;
    size_t i;

    d->nsorted = 0;
    for (i = 0; i < d->nordered; i++) {
        uint32_t term = d->ordered[i].term;

        d->sorted[d->nsorted] = term;
        d->nsorted += term < c->nchains && c->chain[term].n > 0;
    }
}

/* --- titles --- */

/* Counts the occurrences of each term in titles; picks those that have some. */
static void count_titles(struct deal *d)
{
    const struct lexicon *lx = d->lx;
    size_t i, k;

    memset(d->count, 0, lx->nterms * sizeof *d->count);
    for (i = 0; i < d->log->ntitles; i++) {
        const struct surface *s = &lx->surface[d->log->title[i].surface];

        for (k = 0; k < 2 && s->term[k] != LEXICON_NONE; k++)
            d->count[s->term[k]]++;
    }
    d->ntitled = 0;
    for (i = 0; i < d->nsorted; i++) {
        d->titled[d->ntitled] = d->sorted[i];
        d->ntitled += d->count[d->sorted[i]] > 0;
    }
}

/* Deals them out to their terms. */
static int deal_titles(struct deal *d)
{
    const struct lexicon *lx = d->lx;
    uint32_t at = 0, count;
    size_t i, k;

    d->titles = vec_room(d->titles, &d->titles_cap, 2 * d->log->ntitles,
                         sizeof *d->titles);
    if (!d->titles)
        return ERR_NOMEM;
    for (i = 0; i < d->ntitled; i++, at += count) {
        count = d->count[d->titled[i]];
        d->count[d->titled[i]] = at;
    }
    for (i = 0; i < d->log->ntitles; i++) {
        const struct log_title *t = &d->log->title[i];
        const struct surface *s = &lx->surface[t->surface];
        struct occurrence o = {t->pos, t->surface};

        for (k = 0; k < 2 && s->term[k] != LEXICON_NONE; k++)
            d->titles[d->count[s->term[k]]++] = o;
    }
    d->title = 0;
    return 0;
}

/* --- */

void deal_free(struct deal *d)
{
    if (!d)
        return;
    free(d->ordered);
    free(d->sorted);
    free(d->count);
    free(d->titles);
    free(d->titled);
    free(d->run);
    collate_release(&d->collate);
    buf_release(&d->packed);
    buf_release(&d->marked);
    free(d);
}

int deal_open(struct deal **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? 0 : ERR_NOMEM;
}

int deal_start(struct deal *d, const struct log *l, const struct lexicon *lx)
{
    size_t n = lx->nterms + 1;

    d->log = l;
    d->lx = lx;
    if (order_terms(d) < 0)
        return ERR_NOMEM;
    d->sorted = vec_room(d->sorted, &d->sorted_cap, n, sizeof *d->sorted);
    d->titled = vec_room(d->titled, &d->titled_cap, n, sizeof *d->titled);
    d->count = vec_room(d->count, &d->count_cap, n, sizeof *d->count);
    if (!d->sorted || !d->titled || !d->count ||
        collate_start(&d->collate, l, lx) < 0)
        return ERR_NOMEM;
    pick_terms(d);
    count_titles(d);
    d->where = TITLES;
    d->next = 0;
    return deal_titles(d);
}

/* --- walking --- */

/* Sends for what a term some way on will need: each is likely to be far. */
static void send_ahead(const struct deal *d)
{
    const struct chains *c = &d->log->chains;
    uint32_t term;

    if (d->next + 2 * AHEAD >= d->nsorted)
        return;
    term = d->sorted[d->next + 2 * AHEAD];
    __builtin_prefetch(&c->chain[term]);
    __builtin_prefetch(&d->lx->term[term]);
    term = d->sorted[d->next + AHEAD];
    chains_ahead(c, term);
    collate_ahead(&d->collate, c->chain[term].surface);
}

static int next_title(struct deal *d, struct inverted_term *out)
{
    uint32_t term = d->titled[d->next++];
    size_t from = d->title;

    d->title = d->count[term];
    buf_clear(&d->marked);
    if (buf_addc(&d->marked, 1) < 0 ||
        buf_add(&d->marked, lexicon_term(d->lx, term)) < 0)
        return ERR_NOMEM;
    out->term = buf_view(&d->marked);
    return collate_term(&d->collate, d->titles + from,
                        (uint32_t)(d->title - from), out);
}

static int next_text(struct deal *d, struct inverted_term *out)
{
    const struct chains *c = &d->log->chains;
    uint32_t term = d->sorted[d->next], n = c->chain[term].n;

    send_ahead(d);
    d->next++;
    d->run = vec_room(d->run, &d->run_cap, n, sizeof *d->run);
    if (!d->run || chains_read(c, term, &d->packed, d->run) < 0)
        return ERR_NOMEM;
    out->term = lexicon_term(d->lx, term);
    return collate_term(&d->collate, d->run, n, out);
}

/* Gives the memory of large terms back. */
static void end(struct deal *d)
{
    if (d->run_cap * sizeof *d->run <= KEPT)
        return;
    free(d->run);
    d->run = NULL;
    d->run_cap = 0;
    buf_release(&d->packed);
}

int deal_next(struct deal *d, struct inverted_term *out)
{
    int rc;

    if (d->where == TITLES && d->next == d->ntitled) {
        d->where = TEXTS;
        d->next = 0;
    }
    if (d->where == TEXTS && d->next == d->nsorted) {
        end(d);
        return 0;
    }
    rc = d->where == TITLES ? next_title(d, out) : next_text(d, out);
    return rc < 0 ? rc : 1;
}
