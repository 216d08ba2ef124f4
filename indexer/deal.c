#include "indexer/deal.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "indexer/collate.h"
#include "indexer/vec.h"

/* Occurrences in titles count for two terms: as any, and marked. */
enum where { TEXTS, TITLES };

#define SECOND 0x80000000u

/* A term as it is sorted. */
struct ordered {
    uint64_t head; /* its first eight bytes, big-endian */
    uint32_t term;
};

/* A term that occurs in the batch. */
struct sorted {
    uint32_t term;
    uint32_t count[2]; /* its occurrences, by enum where */
};

/* A place in the walk over the terms. */
struct walker {
    size_t term;            /* in `sorted` */
    struct occurrence *run; /* its occurrences */
};

enum {
    AHEAD = 8, /* terms that `ahead` is ahead */
    FAR = 36   /* entries of the log between sending for and dealing out */
};

struct deal {
    const struct log *log;
    const struct lexicon *lx;
    struct ordered *ordered; /* the lexicon's terms of earlier batches and this
                              * one, in order */
    size_t nordered, ordered_cap;
    uint32_t epoch;        /* of the lexicon that they are of */
    struct sorted *sorted; /* those that occur, in order */
    size_t nsorted, sorted_cap;
    uint32_t *place[2]; /* by enum where: occurrences of each term; then,
                         * while dealing, where its next one goes */
    size_t place_cap[2];
    uint32_t *counts; /* occurrences of each surface; then, while dealing, its
                       * first term, marked SECOND if it has two: a fifth of
                       * the memory that its `struct surface` would touch */
    size_t counts_cap;
    struct occurrence *run; /* all runs, in the order of the walk */
    size_t run_cap;
    struct collate collate; /* makes postings of a run */
    struct buf marked;      /* the term at hand with the mark of titles */
    enum where where;       /* titles are walked first */
    struct walker next;     /* the term that comes next */
    struct walker ahead;    /* some terms on, to send for what they need */
};

size_t deal_bytes(const struct log *l, const struct lexicon *lx)
{
    return l->postings * sizeof(struct occurrence) +
           /* sorting takes new ones three times */
           lx->nterms * (3 * sizeof(struct ordered) + sizeof(struct sorted) +
                         2 * sizeof(uint32_t)) +
           lx->nsurfaces * 2 * sizeof(uint32_t);
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

/* Counts the occurrences of each term, by way of those of each surface. */
static void count_terms(struct deal *d, enum where where)
{
    uint32_t *count = d->counts;
    const struct lexicon *lx = d->lx;
    const struct log *l = d->log;
    size_t i, k;

    memset(count, 0, lx->nsurfaces * sizeof *count);
    for (i = 0; i < l->ndocs; i++) {
        const struct log_doc *doc = &l->doc[i];
        size_t to = where == TITLES ? doc->title_to : doc[1].from;

        for (k = where == TITLES ? doc->title_from : doc->from; k < to; k++)
            if ((l->entry[k] & LOG_STEP) != LOG_LEAP)
                count[l->entry[k] & LOG_REST]++;
    }
    for (i = 0; i < lx->nsurfaces; i++)
        for (k = 0; k < 2 && lx->surface[i].term[k] != LEXICON_NONE; k++)
            d->place[where][lx->surface[i].term[k]] += count[i];
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
    size_t i;

    d->nsorted = 0;
    for (i = 0; i < d->nordered; i++) {
        struct sorted *s = &d->sorted[d->nsorted];

        s->term = d->ordered[i].term;
        s->count[TEXTS] = d->place[TEXTS][s->term];
        s->count[TITLES] = d->place[TITLES][s->term];
        d->nsorted += s->count[TEXTS] != 0;
    }
}

/* Where each term's run begins, in the order in which they are walked. */
static void place_runs(struct deal *d)
{
    uint32_t at = 0;
    size_t i;
    int k;

    for (k = TITLES; k >= TEXTS; k--)
        for (i = 0; i < d->nsorted; i++) {
            d->place[k][d->sorted[i].term] = at;
            at += d->sorted[i].count[k];
        }
}

/* The terms of each surface in short. */
static void shorten_surfaces(struct deal *d)
{
    const struct lexicon *lx = d->lx;
    size_t i;

    for (i = 0; i < lx->nsurfaces; i++) {
        const struct surface *s = &lx->surface[i];

        d->counts[i] =
            s->term[1] == LEXICON_NONE ? s->term[0] : s->term[0] | SECOND;
    }
}

/* Sends for what entry k and those before it will need: its surface's term
 * first, the place of the term of one that comes sooner, and where that puts
 * it. */
static inline void send_for(const struct deal *d, size_t k)
{
    const uint32_t *entry = d->log->entry;
    const uint32_t *place = d->place[TEXTS];

    if (k >= d->log->n)
        return;
    __builtin_prefetch(&d->counts[entry[k] & LOG_REST]);
    if (k < FAR)
        return;
    k -= FAR / 3;
    if ((entry[k] & LOG_STEP) != LOG_LEAP)
        __builtin_prefetch(&place[d->counts[entry[k] & LOG_REST] & ~SECOND]);
    k -= FAR / 3;
    if ((entry[k] & LOG_STEP) != LOG_LEAP)
        __builtin_prefetch(
            &d->run[place[d->counts[entry[k] & LOG_REST] & ~SECOND]], 1);
}

/* Gives one occurrence to the terms of its surface. */
static inline void give(const struct deal *d, enum where where, uint32_t number,
                        uint32_t pos)
{
    uint32_t term = d->counts[number], *place = d->place[where];
    struct occurrence o = {pos, number};

    d->run[place[term & ~SECOND]++] = o;
    if (term & SECOND)
        d->run[place[d->lx->surface[number].term[1]]++] = o;
}

/* Deals out entries [from, to) of the log, the position before which is pos;
 * returns that of the last. Those of a title go to two terms each. */
static inline uint32_t deal_entries(const struct deal *d, size_t from,
                                    size_t to, uint32_t pos, bool title)
{
    const uint32_t *entry = d->log->entry;
    size_t k;

    for (k = from; k < to; k++) {
        uint32_t number = entry[k] & LOG_REST;

        send_for(d, k + FAR);
        if ((entry[k] & LOG_STEP) == LOG_LEAP) {
            pos += number;
            continue;
        }
        pos += !(entry[k] & LOG_SAME);
        give(d, TEXTS, number, pos);
        if (title)
            give(d, TITLES, number, pos);
    }
    return pos;
}

static void deal_log(struct deal *d)
{
    const struct log *l = d->log;
    uint32_t pos;
    size_t i;

    for (i = 0; i < l->ndocs; i++) {
        const struct log_doc *doc = &l->doc[i];

        pos = deal_entries(d, doc->from, doc->title_from, doc->base - 1, false);
        pos = deal_entries(d, doc->title_from, doc->title_to, pos, true);
        deal_entries(d, doc->title_to, doc[1].from, pos, false);
    }
}

void deal_free(struct deal *d)
{
    if (!d)
        return;
    free(d->ordered);
    free(d->sorted);
    free(d->place[0]);
    free(d->place[1]);
    free(d->counts);
    free(d->run);
    collate_release(&d->collate);
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
    size_t n = lx->nterms;

    d->sorted = vec_room(d->sorted, &d->sorted_cap, n + 1, sizeof *d->sorted);
    d->place[0] =
        vec_room(d->place[0], &d->place_cap[0], n, sizeof *d->place[0]);
    d->place[1] =
        vec_room(d->place[1], &d->place_cap[1], n, sizeof *d->place[1]);
    d->run = vec_room(d->run, &d->run_cap, (size_t)l->postings, sizeof *d->run);
    d->counts =
        vec_room(d->counts, &d->counts_cap, lx->nsurfaces, sizeof *d->counts);
    if (!d->sorted || !d->place[0] || !d->place[1] || !d->run || !d->counts ||
        collate_start(&d->collate, l, lx) < 0)
        return ERR_NOMEM;
    d->log = l;
    d->lx = lx;
    memset(d->place[0], 0, n * sizeof *d->place[0]);
    memset(d->place[1], 0, n * sizeof *d->place[1]);
    count_terms(d, TEXTS);
    count_terms(d, TITLES);
    if (order_terms(d) < 0)
        return ERR_NOMEM;
    pick_terms(d);
    place_runs(d);
    shorten_surfaces(d);
    deal_log(d);
    d->where = TITLES;
    d->next.term = d->ahead.term = 0;
    d->next.run = d->ahead.run = d->run;
    return 0;
}

/* --- walking --- */

static int name_term(struct deal *d, uint32_t term, struct inverted_term *out)
{
    out->term = lexicon_term(d->lx, term);
    if (d->where == TEXTS)
        return 0;
    buf_clear(&d->marked);
    if (buf_addc(&d->marked, 1) < 0 || buf_add(&d->marked, out->term) < 0)
        return ERR_NOMEM;
    out->term = buf_view(&d->marked);
    return 0;
}

/* Moves on to the next term that occurs; false at the end. */
static bool advance(const struct deal *d, struct walker *w)
{
    while (w->term < d->nsorted && d->sorted[w->term].count[d->where] == 0)
        w->term++;
    return w->term < d->nsorted;
}

/* Sends for what a term some way on will need: each is likely to be far. */
static void send_ahead(struct deal *d)
{
    const struct lexicon *lx = d->lx;

    while (d->ahead.term < d->next.term + AHEAD && advance(d, &d->ahead)) {
        const struct sorted *s = &d->sorted[d->ahead.term++];

        __builtin_prefetch(&lx->term[s->term]);
        collate_ahead(&d->collate, d->ahead.run);
        d->ahead.run += s->count[d->where];
    }
}

int deal_next(struct deal *d, struct inverted_term *out)
{
    struct occurrence *run;
    const struct sorted *s;

    while (!advance(d, &d->next)) {
        if (d->where == TEXTS)
            return 0;
        d->where = TEXTS;
        d->next.term = d->ahead.term = 0;
        d->ahead.run = d->next.run;
    }
    send_ahead(d);
    s = &d->sorted[d->next.term++];
    run = d->next.run;
    d->next.run += s->count[d->where];
    if (name_term(d, s->term, out) < 0 ||
        collate_term(&d->collate, run, s->count[d->where], out) < 0)
        return ERR_NOMEM;
    return 1;
}
