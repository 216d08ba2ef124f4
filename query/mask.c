/* The mask of a filter: mask_* of filter.h. */
#include <stdlib.h>

#include "base/bytes.h"
#include "index/column.h"
#include "query/filter.h"

/* Sixteen documents at a time, in vectors that any machine has. */
enum { LANES = 16, QUADS = LANES / 4 };
typedef uint8_t codes16 __attribute__((vector_size(LANES)));
typedef int32_t days4 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));
typedef int8_t bytes16 __attribute__((vector_size(LANES)));
_Static_assert(NORM_DOCS % LANES == 0 && NORM_DOCS / 4 % LANES == 0 &&
                   NORM_DOCS / LANES <= UINT8_MAX,
               "pages of norms and columns are whole lanes");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "columns are read as they are stored");

/* A page of codes on its way; of documents that the index does not have yet
 * they are 0. */
struct page {
    uint32_t first; /* docid of its first */
    uint8_t codes[NORM_DOCS];
};

static void and_codes(uint8_t *codes, bytes16 in)
{
    codes16 c;

    memcpy(&c, codes, LANES);
    c &= (codes16)in;
    memcpy(codes, &c, LANES);
}

/* The even ones of the lanes of a and b: of numbers that are 0 or -1, halves. */
static shorts8 narrow(days4 a, days4 b)
{
    return __builtin_shufflevector((shorts8)a, (shorts8)b, 0, 2, 4, 6, 8, 10,
                                   12, 14);
}

static bytes16 narrower(shorts8 a, shorts8 b)
{
    return __builtin_shufflevector((bytes16)a, (bytes16)b, 0, 2, 4, 6, 8, 10,
                                   12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

/* Documents of the page in the period; or those outside that have no date but
 * perhaps their file's time. *undated: whether there are any of these. */
static int keep_dates(struct page *p, struct column *c, struct period period,
                      enum filter_which which, bool *undated)
{
    const days4 from = (days4){0} + column_date(period.from, 0),
                to = (days4){0} + column_date(period.to, 0);
    days4 seen = {0}, date, in[QUADS];
    const uint8_t *v;
    uint32_t i, k, n, q;

    for (i = 0; i < NORM_DOCS; i += n) {
        if (column_run(c, p->first + i, &v, &n) < 0)
            return ERR_CORRUPT;
        for (k = 0; k < n; k += LANES) {
            for (q = 0; q < QUADS; q++) {
                days4 none;

                date = (days4){0} + DATE_NONE;
                if (v)
                    memcpy(&date, v + 4 * (size_t)(k + 4 * q), sizeof date);
                in[q] = (date >= from) & (date < to);
                none =
                    ~in[q] &
                    ((date == DATE_NONE) |
                     ((date & (COLUMN_DATE_SOURCES - 1)) == DATE_FROM_MTIME));
                seen |= none;
                if (which == FILTER_UNDATED)
                    in[q] = none;
            }
            and_codes(p->codes + i + k,
                      narrower(narrow(in[0], in[1]), narrow(in[2], in[3])));
        }
    }
    for (k = 0; k < 4; k++)
        *undated |= seen[k] != 0;
    return 0;
}

static int keep_language(struct page *p, struct column *c,
                         const uint8_t language[2])
{
    shorts8 is[2], want;
    int16_t letters;
    const uint8_t *v;
    uint32_t i, k, n;

    memcpy(&letters, language, sizeof letters);
    want = (shorts8){0} + letters;
    for (i = 0; i < NORM_DOCS; i += n) {
        if (column_run(c, p->first + i, &v, &n) < 0)
            return ERR_CORRUPT;
        for (k = 0; k < n; k += LANES) {
            memset(is, 0, sizeof is);
            if (v)
                memcpy(is, v + 2 * (size_t)k, sizeof is);
            and_codes(p->codes + i + k, narrower(is[0] == want, is[1] == want));
        }
    }
    return 0;
}

/* Eight bytes, 0xff where a bit is set. */
static uint64_t spread(uint8_t bits)
{
    const uint64_t low = 0x7f7f7f7f7f7f7f7f;
    uint64_t x =
        bits * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);

    return ((((x & low) + low) | x) >> 7 & UINT64_C(0x0101010101010101)) * 0xff;
}

static int keep_field(struct page *p, struct field_rows *r, struct err *err)
{
    uint8_t bits[FIELDS_BITS];
    uint32_t i;
    int rc = fields_page(r, p->first / NORM_DOCS, bits, err);

    if (rc <= 0) {
        memset(p->codes, 0, sizeof p->codes);
        return rc;
    }
    for (i = 0; i < FIELDS_BITS; i++) {
        uint64_t codes;

        memcpy(&codes, p->codes + 8 * (size_t)i, sizeof codes);
        codes &= spread(bits[i]);
        memcpy(p->codes + 8 * (size_t)i, &codes, sizeof codes);
    }
    return 0;
}

/* Where the first document from `docid` on is in the list. */
static size_t lower_bound(const struct leaf *l, uint32_t docid)
{
    size_t lo = 0, hi = l->ndocs;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (l->docs[mid] < docid)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Sets in[] for the documents of a leaf. */
static void mark(const struct page *p, const struct leaf *l,
                 uint8_t in[NORM_DOCS])
{
    size_t i = lower_bound(l, p->first);

    for (; i < l->ndocs && l->docs[i] - p->first < NORM_DOCS; i++)
        in[l->docs[i] - p->first] = 0xff;
}

static void keep_set(struct page *p, const struct plan *set, bool without)
{
    uint8_t in[NORM_DOCS] = {0};
    const struct plan *c;
    uint32_t i;

    if (set->kind == PLAN_LEAF)
        mark(p, set->leaf, in);
    else
        for (c = set->child; c; c = c->next)
            mark(p, c->leaf, in);
    for (i = 0; i < NORM_DOCS; i++)
        p->codes[i] &= without ? (uint8_t)~in[i] : in[i];
}

static int keep(struct mask *m, struct page *p)
{
    struct filter *f = m->filter;
    unsigned i;
    int rc = 0;

    if (f->dated)
        rc = keep_dates(p, &m->dates, f->period, m->which, &f->undated);
    if (rc >= 0 && f->language[0])
        rc = keep_language(p, &m->languages, f->language);
    for (i = 0; i < f->nfields && rc >= 0; i++)
        rc = keep_field(p, &f->field[i], &m->norms.err);
    for (i = 0; i < f->nsets; i++)
        keep_set(p, f->set[i].plan, f->set[i].without);
    return rc;
}

/* What all limits of paths say of a block: as paths_block. */
static int judge(struct mask *m, uint32_t number)
{
    struct filter *f = m->filter;
    enum paths_verdict all = PATHS_ALL;
    unsigned i;

    for (i = 0; i < f->npaths; i++) {
        int rc = paths_block(&f->paths[i], number, &m->norms.err);

        if (rc < 0 || rc == PATHS_NONE)
            return rc;
        if (rc == PATHS_EACH)
            all = PATHS_EACH;
    }
    return (int)all;
}

/* Whether a document of the block judged last is in all of them. */
static int has(struct mask *m, uint32_t docid)
{
    struct filter *f = m->filter;
    unsigned i;
    int rc = 1;

    for (i = 0; i < f->npaths && rc > 0; i++)
        rc = paths_has(&f->paths[i], docid, &m->norms.err);
    return rc;
}

/* counts() of norm.h: whether the path of docid, on a page that was made, is
 * one of those asked for. */
static bool counts(void *arg, uint32_t docid)
{
    struct mask *m = arg;
    uint32_t number = docid / NAMES_DOCS, bit = 1u << docid % NAMES_DOCS;
    uint8_t *codes = m->codes + (size_t)number * NAMES_DOCS;
    int verdict;

    if (m->known[number] & bit)
        return codes[docid % NAMES_DOCS] != 0;
    verdict = judge(m, number);
    m->known[number] =
        verdict == PATHS_EACH ? m->known[number] | bit : UINT32_MAX;
    if (verdict == PATHS_NONE || verdict < 0)
        memset(codes, 0, NAMES_DOCS);
    else if (verdict == PATHS_EACH && has(m, docid) <= 0)
        codes[docid % NAMES_DOCS] = 0;
    return codes[docid % NAMES_DOCS] != 0;
}
_Static_assert(NORM_DOCS % NAMES_DOCS == 0, "a block of names is on one page");

/* The page as it is, or the index's own where no document went. */
static const uint8_t *make_page(void *arg, uint32_t i)
{
    struct mask *m = arg;
    struct page p = {.first = i * NORM_DOCS};
    const uint8_t *own = norms_page(&m->filter->ix->norms, p.first);
    uint8_t *copy = m->codes + (size_t)i * NORM_DOCS;

    memcpy(p.codes, own, NORM_DOCS);
    if (keep(m, &p) < 0)
        return NULL;
    if (!m->known && memcmp(p.codes, own, NORM_DOCS) == 0)
        return own;
    memcpy(copy, p.codes, NORM_DOCS);
    return copy;
}

int mask_open(struct mask *m, struct filter *f, enum filter_which which,
              struct err *err)
{
    const struct norms *norms = &f->ix->norms;
    int rc;

    memset(m, 0, sizeof *m);
    m->filter = f;
    m->which = which;
    if (norms->npages == 0)
        return 0;
    m->norms.npages = norms->npages;
    m->norms.make = make_page;
    m->norms.arg = m;
    m->norms.page = calloc(norms->npages, sizeof *m->norms.page);
    m->codes = malloc((size_t)norms->npages * NORM_DOCS);
    if (f->npaths) {
        m->norms.counts = counts;
        m->known =
            calloc(norms->npages, NORM_DOCS / NAMES_DOCS * sizeof *m->known);
    }
    if (!m->norms.page || !m->codes || (f->npaths && !m->known))
        return err_nomem(err);
    rc = column_open(&m->dates, f->ix->txn, COLUMN_DATE, err);
    if (rc == 0)
        rc = column_open(&m->languages, f->ix->txn, COLUMN_LANGUAGE, err);
    m->dates.err = m->languages.err = &m->norms.err;
    return rc;
}

void mask_release(struct mask *m)
{
    free(m->norms.page);
    free(m->codes);
    free(m->known);
    memset(m, 0, sizeof *m);
}

int mask_lead(struct mask *m, struct arena *arena, const struct plan **out,
              struct err *err)
{
    size_t few = m->filter->ix->manifest.next_docid / FILTER_LEAD;
    struct leaf *l = arena_alloc(arena, sizeof *l);
    struct plan *p = arena_alloc(arena, sizeof *p);
    uint32_t i, k;

    *out = NULL;
    if (l)
        l->docs = arena_alloc(arena, few * sizeof *l->docs);
    if (!l || !p || (few && !l->docs))
        return err_nomem(err);
    l->kind = LEAF_DOCS;
    for (i = 0; i < m->norms.npages; i++) {
        const uint8_t *codes = norms_page(&m->norms, i * NORM_DOCS);

        for (k = 0; k < NORM_DOCS; k++) {
            if (!codes[k] || !norms_counts(&m->norms, i * NORM_DOCS + k))
                continue;
            if (l->ndocs == few)
                return 0;
            l->docs[l->ndocs++] = i * NORM_DOCS + k;
        }
    }
    *p = (struct plan){.kind = PLAN_LEAF, .leaf = l};
    *out = p;
    return 1;
}
