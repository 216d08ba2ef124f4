#include "indexer/deal.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "indexer/vec.h"

/* Steps of a log entry, its upper two bits. */
#define SAME 0x40000000u /* at the position of the token before */
#define LEAP 0xc0000000u /* no token: the rest is added to the position */
#define STEP 0xc0000000u
#define REST 0x3fffffffu

/* --- the log --- */

static int push(struct log *l, uint32_t entry)
{
    if (l->n == l->cap) {
        uint32_t *more = vec_grow(l->entry, &l->cap, l->n + 1, sizeof *more);

        if (!more)
            return ERR_NOMEM;
        l->entry = more;
    }
    l->entry[l->n++] = entry;
    return 0;
}

int log_begin(struct log *l)
{
    struct log_doc *doc;

    doc = vec_grow(l->doc, &l->doc_cap, l->ndocs + 2, sizeof *doc);
    if (!doc)
        return ERR_NOMEM;
    l->doc = doc;
    doc += l->ndocs;
    if (l->ndocs == 0)
        doc->base = 0;
    if (l->n > UINT32_MAX / 4 || doc->base > UINT32_MAX / 4)
        return ERR_FULL;
    doc->from = doc->title_from = doc->title_to = (uint32_t)l->n;
    l->pos = UINT32_MAX; /* one before 0 */
    l->any = false;
    l->before = l->postings;
    return 0;
}

int log_add(struct log *l, uint32_t surface, uint32_t pos, bool title)
{
    struct log_doc *doc = &l->doc[l->ndocs];
    uint32_t step = pos - l->pos, entry = surface;

    if (step == 0) {
        entry |= SAME;
    } else if (step > 1) {
        if (step - 1 > REST || push(l, LEAP | (step - 1)) < 0)
            return ERR_NOMEM;
    }
    if (title) {
        if (doc->title_from == doc->title_to)
            doc->title_from = (uint32_t)l->n;
        doc->title_to = (uint32_t)l->n + 1;
    }
    l->pos = pos;
    l->any = true;
    return push(l, entry);
}

int log_end(struct log *l, uint8_t code)
{
    struct log_doc *doc = &l->doc[l->ndocs++];

    doc->code = code;
    doc[1].from = (uint32_t)l->n;
    doc[1].base = doc->base + (l->any ? l->pos + 1 : 0);
    return 0;
}

void log_undo(struct log *l)
{
    l->n = l->doc[l->ndocs].from;
    l->postings = l->before;
}

size_t log_bytes(const struct log *l)
{
    return l->n * sizeof *l->entry + l->ndocs * sizeof *l->doc;
}

void log_clear(struct log *l)
{
    l->n = l->ndocs = 0;
    l->postings = 0;
}

void log_release(struct log *l)
{
    free(l->entry);
    free(l->doc);
    memset(l, 0, sizeof *l);
}

/* --- dealing --- */

/* Occurrences in titles count for two terms: as any, and marked. */
enum where { TEXTS, TITLES };

/* A term as it is sorted. */
struct sorted {
    uint64_t head;     /* its first eight bytes, big-endian */
    uint32_t term;
    uint32_t count[2]; /* its occurrences, by enum where */
};

/* A surface of the term at hand, later a form of it. */
struct local {
    uint32_t surface;
    uint32_t number; /* its own place, before it was sorted */
    uint32_t span;
    uint32_t count;
    struct view text;
};

/* A place in the walk over the terms. */
struct walker {
    size_t term;            /* in `sorted` */
    struct occurrence *run; /* its occurrences */
};

/* Terms that `ahead` is ahead. */
enum { AHEAD = 8 };

struct deal {
    const struct log *log;
    const struct lexicon *lx;
    struct sorted *sorted; /* the terms that occur, in order */
    size_t nsorted, sorted_cap;
    uint32_t *place[2]; /* by enum where: occurrences of each term; then,
                         * while dealing, where its next one goes */
    size_t place_cap[2];
    struct occurrence *run; /* all runs, in the order of the walk */
    size_t run_cap;
    uint32_t *base;     /* of each document, as in the log */
    size_t base_cap;
    uint32_t *local_of; /* surface -> place in `local`, or LEXICON_NONE */
    size_t local_of_cap;
    struct local *local;
    size_t nlocal, local_cap;
    uint32_t *rank;     /* place in `local` -> number of form; then as many
                         * to work with */
    size_t rank_cap;
    struct form *form;
    size_t form_cap;
    struct inverted_posting *posting;
    size_t posting_cap;
    struct buf marked;  /* the term at hand with the mark of titles */
    enum where where;   /* titles are walked first */
    struct walker next; /* the term that comes next */
    struct walker ahead; /* some terms on, to send for what they need */
};

size_t deal_bytes(const struct log *l, const struct lexicon *lx)
{
    return l->postings * sizeof(struct occurrence) +
           /* sorting takes them twice */
           lx->nterms * (2 * sizeof(struct sorted) + 2 * sizeof(uint32_t)) +
           lx->nsurfaces * sizeof(uint32_t);
}

static int compare(const void *pa, const void *pb, void *arg)
{
    const struct sorted *a = pa, *b = pb;
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

/* Counts the occurrences of each term; `count` is room for those of each
 * surface, which are counted first, as there are fewer surfaces than tokens. */
static void count_terms(struct deal *d, enum where where, uint32_t *count)
{
    const struct lexicon *lx = d->lx;
    const struct log *l = d->log;
    size_t i, k;

    memset(count, 0, lx->nsurfaces * sizeof *count);
    for (i = 0; i < l->ndocs; i++) {
        const struct log_doc *doc = &l->doc[i];
        size_t to = where == TITLES ? doc->title_to : doc[1].from;

        for (k = where == TITLES ? doc->title_from : doc->from; k < to; k++)
            if ((l->entry[k] & STEP) != LEAP)
                count[l->entry[k] & REST]++;
    }
    for (i = 0; i < lx->nsurfaces; i++)
        for (k = 0; k < 2 && lx->surface[i].term[k] != LEXICON_NONE; k++)
            d->place[where][lx->surface[i].term[k]] += count[i];
}

/* Sorts the terms that occur. */
static void sort_terms(struct deal *d)
{
    const struct lexicon *lx = d->lx;
    size_t i;

    d->nsorted = 0;
    for (i = 0; i < lx->nterms; i++) {
        struct sorted *s = &d->sorted[d->nsorted];

        if (d->place[TEXTS][i] == 0)
            continue;
        s->term = (uint32_t)i;
        s->count[TEXTS] = d->place[TEXTS][i];
        s->count[TITLES] = d->place[TITLES][i];
        s->head = head_of(lexicon_term(lx, s->term));
        d->nsorted++;
    }
    if (d->nsorted)
        qsort_r(d->sorted, d->nsorted, sizeof *d->sorted, compare,
                (void *)(uintptr_t)lx);
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

/* Gives one occurrence to the terms of its surface. */
static inline void give(struct deal *d, uint32_t *place,
                        const struct surface *s, uint32_t number, uint32_t pos)
{
    struct occurrence *o = &d->run[place[s->term[0]]++];

    o->pos = pos;
    o->form = number;
    if (s->term[1] != LEXICON_NONE) {
        o = &d->run[place[s->term[1]]++];
        o->pos = pos;
        o->form = number;
    }
}

static void deal_log(struct deal *d)
{
    const struct log *l = d->log;
    size_t i, k;

    for (i = 0; i < l->ndocs; i++) {
        const struct log_doc *doc = &l->doc[i];
        uint32_t pos = doc->base - 1;

        for (k = doc->from; k < doc[1].from; k++) {
            uint32_t entry = l->entry[k], number = entry & REST;

            if ((entry & STEP) == LEAP) {
                pos += number;
                continue;
            }
            pos += !(entry & SAME);
            give(d, d->place[TEXTS], &d->lx->surface[number], number, pos);
            if (k >= doc->title_from && k < doc->title_to)
                give(d, d->place[TITLES], &d->lx->surface[number], number, pos);
        }
    }
}

void deal_free(struct deal *d)
{
    if (!d)
        return;
    free(d->sorted);
    free(d->place[0]);
    free(d->place[1]);
    free(d->run);
    free(d->base);
    free(d->local_of);
    free(d->local);
    free(d->rank);
    free(d->form);
    free(d->posting);
    buf_release(&d->marked);
    free(d);
}

int deal_open(struct deal **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? 0 : ERR_NOMEM;
}

/* Room for n elements in place of p, whose content is not kept; NULL when
 * memory is out. */
static void *room(void *p, size_t *cap, size_t n, size_t size)
{
    if (p && n <= *cap)
        return p;
    free(p);
    n += n / 8 + 16;
    p = malloc(n * size);
    *cap = p ? n : 0;
    return p;
}

int deal_start(struct deal *d, const struct log *l, const struct lexicon *lx)
{
    size_t n = lx->nterms, i;

    d->sorted = room(d->sorted, &d->sorted_cap, n, sizeof *d->sorted);
    d->place[0] = room(d->place[0], &d->place_cap[0], n, sizeof *d->place[0]);
    d->place[1] = room(d->place[1], &d->place_cap[1], n, sizeof *d->place[1]);
    d->run = room(d->run, &d->run_cap, (size_t)l->postings, sizeof *d->run);
    d->base = room(d->base, &d->base_cap, l->ndocs, sizeof *d->base);
    d->local_of = room(d->local_of, &d->local_of_cap, lx->nsurfaces,
                       sizeof *d->local_of);
    if (!d->sorted || !d->place[0] || !d->place[1] || !d->run || !d->base ||
        !d->local_of)
        return ERR_NOMEM;
    d->log = l;
    d->lx = lx;
    memset(d->place[0], 0, n * sizeof *d->place[0]);
    memset(d->place[1], 0, n * sizeof *d->place[1]);
    count_terms(d, TEXTS, d->local_of);
    count_terms(d, TITLES, d->local_of);
    memset(d->local_of, 0xff, lx->nsurfaces * sizeof *d->local_of);
    sort_terms(d);
    place_runs(d);
    deal_log(d);
    for (i = 0; i < l->ndocs; i++)
        d->base[i] = l->doc[i].base;
    d->where = TITLES;
    d->next.term = d->ahead.term = 0;
    d->next.run = d->ahead.run = d->run;
    d->nlocal = 0;
    return 0;
}

/* --- one term --- */

/* The document that holds absolute position pos, which is not before `doc`. */
static uint32_t document_of(const struct deal *d, uint32_t doc, uint32_t pos)
{
    uint32_t n = (uint32_t)d->log->ndocs, step = 1, lo = doc, hi;

    while (doc + step < n && d->base[doc + step] <= pos) {
        lo = doc + step;
        step *= 2;
    }
    hi = doc + step < n ? doc + step : n;
    while (hi - lo > 1) { /* base of lo <= pos < base of hi */
        uint32_t mid = lo + (hi - lo) / 2;

        if (d->base[mid] <= pos)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* The place in `local` of an occurrence's surface. */
static int find_local(struct deal *d, uint32_t surface, uint32_t *place)
{
    struct local *more;

    *place = d->local_of[surface];
    if (*place != LEXICON_NONE)
        return 0;
    more = vec_grow(d->local, &d->local_cap, d->nlocal + 1, sizeof *more);
    if (!more)
        return ERR_NOMEM;
    d->local = more;
    *place = d->local_of[surface] = (uint32_t)d->nlocal++;
    more += *place;
    more->surface = surface;
    more->number = *place;
    more->span = d->lx->surface[surface].span;
    more->count = 0;
    more->text = lexicon_form(d->lx, surface);
    return 0;
}

static int new_posting(struct deal *d, uint32_t df, uint32_t doc)
{
    struct inverted_posting *p;

    p = vec_grow(d->posting, &d->posting_cap, df + 1, sizeof *p);
    if (!p)
        return ERR_NOMEM;
    d->posting = p;
    p += df;
    p->doc = doc;
    p->tf = 0;
    p->code = d->log->doc[doc].code;
    return 0;
}

/* Makes postings of a run of n occurrences: absolute positions become those of
 * the document, surfaces their places in `local`, and what repeats a position
 * goes. */
static int make_postings(struct deal *d, struct occurrence *run, uint32_t n,
                         struct inverted_term *out)
{
    const struct log_doc *docs = d->log->doc;
    uint32_t i, doc = 0, end = 0, last = 0, place, kept = 0;
    struct term_info info = {.min_len = 255};

    for (i = 0; i < n; i++) {
        uint32_t pos = run[i].pos;

        if (i > 0 && pos == last)
            continue;
        last = pos;
        if (find_local(d, run[i].form, &place) < 0)
            return ERR_NOMEM;
        d->local[place].count++;
        if (pos >= end) {
            doc = document_of(d, doc, pos);
            end = docs[doc + 1].base;
            if (new_posting(d, info.df++, doc) < 0)
                return ERR_NOMEM;
            if (docs[doc].code < info.min_len)
                info.min_len = docs[doc].code;
        }
        d->posting[info.df - 1].tf++;
        run[kept].pos = pos - docs[doc].base;
        run[kept++].form = place;
    }
    for (i = 0; i < info.df; i++)
        if (d->posting[i].tf > info.max_tf)
            info.max_tf = d->posting[i].tf > 255 ? 255
                                                 : (uint8_t)d->posting[i].tf;
    info.cf = kept;
    out->info = info;
    out->posting = d->posting;
    out->occurrence = run;
    return 0;
}

static int by_text(const void *pa, const void *pb)
{
    const struct local *a = pa, *b = pb;
    int c = view_cmp(a->text, b->text);

    return c ? c : (a->span > b->span) - (a->span < b->span);
}

static int by_count(const void *pa, const void *pb)
{
    const struct local *a = pa, *b = pb;

    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return by_text(a, b);
}

static void sort(struct local *l, size_t n,
                 int (*order)(const void *, const void *))
{
    size_t i, k;

    if (n > 8) {
        qsort(l, n, sizeof *l, order);
        return;
    }
    for (i = 1; i < n; i++) {
        struct local x = l[i];

        for (k = i; k > 0 && order(&l[k - 1], &x) > 0; k--)
            l[k] = l[k - 1];
        l[k] = x;
    }
}

/* Several surfaces: unites those that are the same form, sorts the forms and
 * fills `rank`. */
static int rank_forms(struct deal *d)
{
    size_t i, n = 0, places = d->nlocal;
    uint32_t *rank, *final;

    rank = vec_grow(d->rank, &d->rank_cap, 2 * places, sizeof *rank);
    if (!rank)
        return ERR_NOMEM;
    d->rank = rank;
    final = rank + places;
    sort(d->local, places, by_text);
    for (i = 0; i < places; i++) {
        struct local *l = &d->local[i];

        if (n > 0 && by_text(&d->local[n - 1], l) == 0) {
            d->local[n - 1].count += l->count;
        } else {
            d->local[n++] = *l;
        }
        rank[l->number] = (uint32_t)n - 1;
    }
    for (i = 0; i < n; i++)
        d->local[i].number = (uint32_t)i;
    sort(d->local, n, by_count);
    for (i = 0; i < n; i++)
        final[d->local[i].number] = (uint32_t)i;
    for (i = 0; i < places; i++)
        rank[i] = final[rank[i]];
    d->nlocal = n;
    return 0;
}

/* Forms of the run at hand, and their numbers in place of the surfaces'. */
static int make_forms(struct deal *d, struct occurrence *run,
                      struct inverted_term *out)
{
    struct form *form;
    size_t i, n = d->nlocal;

    for (i = 0; i < n; i++)
        d->local_of[d->local[i].surface] = LEXICON_NONE;
    if (n > 1) {
        if (rank_forms(d) < 0)
            return ERR_NOMEM;
        for (i = 0; i < out->info.cf; i++)
            run[i].form = d->rank[run[i].form];
    }
    form = vec_grow(d->form, &d->form_cap, d->nlocal, sizeof *form);
    if (!form)
        return ERR_NOMEM;
    d->form = form;
    for (i = 0; i < d->nlocal; i++) {
        form[i].text = d->local[i].text;
        form[i].span = d->local[i].span;
        form[i].count = d->local[i].count;
    }
    out->form = form;
    out->nforms = (uint32_t)d->nlocal;
    d->nlocal = 0;
    return 0;
}

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
        __builtin_prefetch(&lx->surface[d->ahead.run->form]);
        __builtin_prefetch(&d->local_of[d->ahead.run->form]);
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
        make_postings(d, run, s->count[d->where], out) < 0 ||
        make_forms(d, run, out) < 0)
        return ERR_NOMEM;
    return 1;
}
