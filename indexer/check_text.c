/*
 * The text of every document against what the index holds of it.
 *
 * Each occurrence of a term, in the text as in the segment, is hashed from
 * term, form, position; the hashes of a document are summed. Where the two sums
 * are the same, so are the postings, but for one chance in 2^64. So a document
 * costs 8 bytes however long it is, and both sides are walked once, in whatever
 * order they come. check_differ.c says of the others what differs.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "index/column.h"
#include "indexer/check_differ.h"
#include "indexer/check_state.h"
#include "indexer/intake.h"
#include "indexer/vec.h"

struct sums {
    struct check *c;
    struct segment *s;
    struct retake *r;
    uint32_t from, to; /* docids [from, to) at a time */
    uint32_t most;     /* so many fit memory */
    uint64_t *sum;     /* of each: in the text less in the segment */
    uint8_t *compared; /* 1 where its text is stored and it lives */
    uint64_t *form;    /* hash of each form of the term at hand */
    size_t form_cap;
    uint64_t textless; /* documents whose text is not stored */
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 x = (unsigned __int128)a * b;

    return (uint64_t)x ^ (uint64_t)(x >> 64);
}

/* Hashes of a term's forms. */
static int hash_forms(struct sums *g, struct view term, const struct form *form,
                      uint32_t n)
{
    uint64_t t = hash64(term) | 1;
    uint64_t *more = vec_grow(g->form, &g->form_cap, n, sizeof *more);
    uint32_t i;

    if (!more)
        return err_nomem(&g->c->err);
    g->form = more;
    for (i = 0; i < n; i++)
        g->form[i] = mix(hash64(form[i].text) ^ form[i].span, t);
    return 0;
}

/* The sum of a document's occurrences of the term. */
static uint64_t sum_of(const struct sums *g, const struct occurrence *occ,
                       uint32_t n)
{
    uint64_t sum = 0;
    uint32_t i;

    for (i = 0; i < n; i++)
        sum += mix(g->form[occ[i].form] ^ occ[i].pos * 0x9e3779b97f4a7c15u,
                   0xd6e8feb86659fd93u);
    return sum;
}

/* --- the texts --- */

/* Adds the sums of the documents taken so far. */
static int add_taken(struct sums *g)
{
    struct inverted_term t;
    int rc = retake_sort(g->r, &g->c->err);

    while (rc == 0 && (rc = invert_next(g->r->invert, &t)) > 0) {
        const struct occurrence *occ = t.occurrence;
        uint32_t i;

        rc = hash_forms(g, t.term, t.form, t.nforms);
        for (i = 0; rc == 0 && i < t.info.df; i++) {
            const struct inverted_posting *p = &t.posting[i];

            g->sum[g->r->docid[p->doc] - g->from] += sum_of(g, occ, p->tf);
            occ += p->tf;
        }
    }
    retake_clear(g->r);
    return rc == ERR_NOMEM ? err_nomem(&g->c->err) : rc;
}

/* The column has the sketch that was made of the text. */
static int compare_sketch(struct sums *g, uint32_t docid,
                          const struct inverted *found)
{
    uint8_t stored[SKETCH_BYTES];
    int rc =
        column_read(g->c->ix->txn, COLUMN_SKETCH, docid, stored, &g->c->err);

    if (rc >= 0 && memcmp(stored, found->sketch, SKETCH_BYTES) != 0)
        check_say(g->c, "document %" PRIu32 ": its sketch is not of its text",
                  docid);
    return rc < 0 ? rc : 0;
}

static int take_document(struct sums *g, uint32_t docid)
{
    struct document d;
    struct inverted found;
    const char *what;
    int rc = retake_add(g->r, docid, &d, &found, &g->c->err);

    if (rc == ERR_FULL && g->r->ndocs > 0) {
        rc = add_taken(g);
        if (rc == 0)
            rc = retake_add(g->r, docid, &d, &found, &g->c->err);
    }
    if (rc <= 0) {
        g->textless += rc == 0;
        return rc;
    }
    g->compared[docid - g->from] = 1;
    what = retake_differs(g->r, &d, &found);
    if (what)
        check_say(g->c, "document %" PRIu32 " (%.*s): %s", docid, (int)d.path.n,
                  (const char *)d.path.p, what);
    return compare_sketch(g, docid, &found);
}

static int sum_texts(struct sums *g)
{
    uint32_t d;
    int rc = 0;

    for (d = g->from; rc == 0 && d < g->to; d++)
        if (norms_code(&g->c->ix->norms, d) != 0)
            rc = take_document(g, d);
    return rc < 0 ? rc : add_taken(g);
}

/* --- the segment --- */

static int subtract_postings(struct sums *g, struct view term,
                             struct postings *p)
{
    const struct occurrence *occ;
    const struct forms *f;
    uint32_t n;
    int rc = postings_forms(p, &f);

    if (rc == 0)
        rc = hash_forms(g, term, f->form, f->n);
    if (rc < 0)
        return rc;
    for (rc = postings_seek(p, g->from); rc > 0 && p->docid < g->to;
         rc = postings_next(p)) {
        rc = postings_positions(p, &occ, &n);
        if (rc < 0)
            return rc;
        g->sum[p->docid - g->from] -= sum_of(g, occ, n);
    }
    return rc < 0 ? rc : 0;
}

static int subtract_segment(struct sums *g)
{
    struct term_info info;
    struct view term;
    struct terms *ts;
    int rc = terms_open(&ts, g->s, &g->c->err);

    if (rc < 0)
        return rc;
    while ((rc = terms_next(ts, &term, &info)) > 0) {
        struct postings *p;

        rc = terms_postings(ts, &p);
        if (rc > 0)
            rc = subtract_postings(g, term, p);
        postings_close(p);
        if (rc < 0)
            break;
    }
    terms_close(ts);
    return rc;
}

/* --- */

/* Names the documents whose sums differ: the first ones with a term. */
static int tell(struct sums *g)
{
    uint32_t docid[DIFFER_MAX], d;
    size_t n = 0;

    for (d = g->from; d < g->to; d++) {
        if (!g->compared[d - g->from] || g->sum[d - g->from] == 0)
            continue;
        if (n < DIFFER_MAX)
            docid[n++] = d;
        else
            check_say(g->c,
                      "document %" PRIu32 ": its postings are not those of "
                      "its text",
                      d);
    }
    return n ? check_differ(g->c, g->s, g->r, docid, n) : 0;
}

/* Compares documents [from, to). */
static int compare(struct sums *g)
{
    size_t n = g->to - g->from;
    int rc;

    memset(g->sum, 0, n * sizeof *g->sum);
    memset(g->compared, 0, n);
    rc = sum_texts(g);
    if (rc == 0 && memchr(g->compared, 1, n))
        rc = subtract_segment(g);
    return rc < 0 ? rc : tell(g);
}

static int compare_segment(struct sums *g)
{
    uint64_t end = (uint64_t)g->s->info.doc_hi + 1, d;
    int rc = 0;

    for (d = g->s->info.doc_lo; rc == 0 && d < end; d += g->most) {
        g->from = (uint32_t)d;
        g->to = (uint32_t)(end - d < g->most ? end : d + g->most);
        rc = check_rc(g->c, compare(g));
    }
    return rc;
}

/* As many documents at a time as memory allows, or as there are. */
static int open_sums(struct sums *g, const struct memory *m)
{
    uint32_t docs = g->c->ix->manifest.next_docid;

    g->most = (uint32_t)(m->dirty_max / (sizeof *g->sum + 1));
    if (g->most > docs)
        g->most = docs;
    g->sum = calloc(g->most, sizeof *g->sum);
    g->compared = calloc(g->most, 1);
    return g->sum && g->compared ? 0 : err_nomem(&g->c->err);
}

int check_texts(struct index *ix, uint64_t memory, struct check_report *out,
                void (*say)(void *arg, const char *line), void *arg,
                struct err *err)
{
    struct check c = {.ix = ix, .report = out, .say = say, .arg = arg};
    struct retake r = {0};
    struct sums g = {.c = &c, .r = &r};
    struct memory m;
    uint32_t i;
    int rc = 0;

    if (ix->manifest.nsegments > 0) {
        memory_divide(&m, memory);
        rc = retake_open(&r, ix, m.budget, &c.err);
        if (rc == 0)
            rc = open_sums(&g, &m);
    }
    for (i = 0; rc == 0 && i < ix->manifest.nsegments; i++) {
        g.s = &ix->segment[i];
        rc = compare_segment(&g);
    }
    out->textless = g.textless;
    retake_close(&r);
    free(g.sum);
    free(g.compared);
    free(g.form);
    if (rc < 0 && err)
        *err = c.err;
    return rc;
}
