#include "indexer/segment_write.h"

#include <stdlib.h>

#include "indexer/chunk_write.h"
#include "indexer/term_write.h"

/* A posting that waits for the decision between inline and chunked. */
struct waiting {
    uint32_t docid;
    uint32_t tf;
    uint8_t code;
};

struct segment_writer {
    struct table p, x;
    struct term_writer blocks;
    struct chunk_writer chunks;
    uint32_t number;
    uint32_t doc_lo;
    uint32_t terms;
    uint8_t term[TERM_MAX]; /* the current or the last one */
    size_t term_n;
    bool in_term;
    bool chunked;
    struct term_info told;
    struct term_info seen;
    uint32_t last; /* docid of the last posting */
    uint64_t due;  /* occurrences of documents in bulk that are to come */
    uint32_t nforms;
    struct buf forms;   /* encoded without counts */
    struct buf counted; /* and with them, where the term may have chunks */
    struct waiting wait[INLINE_DOCS];
    struct occurrence *occ; /* those of all that waits */
    uint32_t occ_max;       /* more never fit a record */
    struct buf record;
};

/* The term as messages show it. */
static int complain(struct segment_writer *w, int code, const char *what,
                    struct err *err)
{
    struct view term = view_of(w->term, w->term_n), word = term_word(term);

    return err_set(err, code, "segment %08x, term \"%s%.*s\": %s",
                   (unsigned)w->number, word.n < term.n ? "title:" : "",
                   (int)word.n, (const char *)word.p, what);
}

int segment_writer_move(struct segment_writer *w, struct txn *t,
                        struct err *err)
{
    int rc = table_open(&w->p, t, 'p', w->number, err);

    return rc < 0 ? rc : table_open(&w->x, t, 'x', w->number, err);
}

int segment_writer_open(struct segment_writer **out, struct txn *t,
                        uint32_t number, uint32_t doc_lo, struct err *err)
{
    struct segment_writer *w = calloc(1, sizeof *w);
    int rc;

    *out = NULL;
    if (!w)
        return err_nomem(err);
    w->number = number;
    w->doc_lo = doc_lo;
    rc = segment_writer_move(w, t, err);
    if (rc == 0)
        rc = chunk_writer_init(&w->chunks, &w->p, &w->x, err);
    w->blocks.table = &w->p;
    w->occ_max = (uint32_t)table_inline_max(&w->p, 1);
    w->occ = malloc(w->occ_max * sizeof *w->occ);
    if (rc == 0 && !w->occ)
        rc = err_nomem(err);
    if (rc < 0) {
        segment_writer_free(w);
        return rc;
    }
    *out = w;
    return 0;
}

void segment_writer_free(struct segment_writer *w)
{
    if (!w)
        return;
    chunk_writer_release(&w->chunks);
    term_writer_release(&w->blocks);
    buf_release(&w->forms);
    buf_release(&w->counted);
    buf_release(&w->record);
    free(w->occ);
    free(w);
}

int segment_writer_close(struct segment_writer *w, struct segment_info *info,
                         struct err *err)
{
    int rc = w->in_term ? complain(w, ERR_USAGE, "was not ended", err)
                        : term_writer_flush(&w->blocks, err);

    info->terms = w->terms;
    info->bytes = w->p.bytes + w->x.bytes;
    segment_writer_free(w);
    return rc;
}

/* --- records --- */

static int record_begin(struct segment_writer *w, bool chunked)
{
    buf_clear(&w->record);
    return buf_addvar(&w->record, (uint64_t)w->told.df * 2 + chunked) < 0 ||
                   buf_addc(&w->record, w->told.min_len) < 0
               ? ERR_NOMEM
               : 0;
}

/* The record of a chunked term, and all that comes before its postings. */
static int begin_chunked(struct segment_writer *w, struct err *err)
{
    struct view term = view_of(w->term, w->term_n);
    int rc;

    w->chunked = true;
    if (record_begin(w, true) < 0 || buf_addc(&w->record, w->told.max_tf) < 0 ||
        buf_addvar(&w->record, w->told.cf) < 0 ||
        buf_addvar(&w->record, w->nforms) < 0)
        return err_nomem(err);
    rc = term_writer_add(&w->blocks, term, buf_view(&w->record), err);
    if (rc == 0)
        rc = term_writer_flush(&w->blocks, err);
    if (rc < 0)
        return rc;
    return chunk_writer_begin(&w->chunks, term, w->doc_lo - 1, w->nforms,
                              buf_view(&w->counted), err);
}

/* Whether the term's record is short whatever its numbers are: most are. */
static bool surely_inline(const struct segment_writer *w)
{
    enum { HEAD = 8, DOC = 12, OCCURRENCE = 12 }; /* bytes at most */
    struct view term = view_of(w->term, w->term_n);

    return w->told.df <= INLINE_DOCS && w->told.cf <= w->occ_max &&
           HEAD + DOC * (size_t)w->told.df + OCCURRENCE * (size_t)w->told.cf +
                   w->forms.n <=
               term_writer_max(&w->blocks, term);
}

static int encode_forms(struct segment_writer *w, const struct form *forms,
                        uint32_t nforms, struct err *err)
{
    struct view word = term_word(view_of(w->term, w->term_n));
    struct form plain = {word, 1, (uint32_t)w->told.cf};
    uint32_t i;

    if (nforms == 0) {
        forms = &plain;
        nforms = 1;
    }
    for (i = 0; i < nforms; i++)
        if (forms[i].text.n == 0 || forms[i].span == 0)
            return complain(w, ERR_USAGE, "an empty form", err);
    w->nforms = nforms;
    buf_clear(&w->forms);
    buf_clear(&w->counted);
    if (forms_encode(&w->forms, word, forms, nforms, false) < 0 ||
        (!surely_inline(w) &&
         forms_encode(&w->counted, word, forms, nforms, true) < 0))
        return err_nomem(err);
    return 0;
}

static int begin_term(struct segment_writer *w, struct view term,
                      struct err *err)
{
    if (w->in_term)
        return complain(w, ERR_USAGE, "was not ended", err);
    if (!term_valid(term) || view_cmp(term, view_of(w->term, w->term_n)) <= 0)
        return complain(w, ERR_USAGE, "what follows is no term above it", err);
    memcpy(w->term, term.p, term.n);
    w->term_n = term.n;
    w->terms++;
    return 0;
}

int segment_writer_term(struct segment_writer *w, struct view term,
                        const struct term_info *info, const struct form *forms,
                        uint32_t nforms, struct err *err)
{
    int rc = begin_term(w, term, err);

    if (rc < 0)
        return rc;
    w->told = *info;
    if (info->cf > UINT32_MAX)
        return complain(w, ERR_FULL, "occurs too often for one segment", err);
    memset(&w->seen, 0, sizeof w->seen);
    w->seen.min_len = UINT8_MAX;
    w->last = w->doc_lo - 1;
    w->due = 0;
    w->in_term = true;
    w->chunked = false;
    rc = encode_forms(w, forms, nforms, err);
    /* each document and each occurrence takes a byte at least */
    if (rc == 0 && (info->df > INLINE_DOCS || info->df + info->cf > w->occ_max))
        rc = begin_chunked(w, err);
    return rc;
}

/* --- postings --- */

static int check_posting(struct segment_writer *w, uint32_t docid, uint32_t tf,
                         uint8_t code, const struct occurrence *occ,
                         struct err *err)
{
    uint32_t i;
    bool bad;

    if (!w->in_term || w->due || docid <= w->last || docid == POSTINGS_END ||
        tf == 0 || tf > INT32_MAX || code == 0)
        return complain(w, ERR_USAGE, "a posting out of order", err);
    if (w->seen.df == w->told.df || tf > w->told.cf - w->seen.cf)
        return complain(w, ERR_CORRUPT, "more postings than announced", err);
    bad = occ[0].form >= w->nforms;
    for (i = 1; i < tf; i++)
        bad |= occ[i].form >= w->nforms || occ[i].pos <= occ[i - 1].pos;
    if (bad)
        return complain(w, ERR_USAGE, "an occurrence out of order", err);
    return 0;
}

int segment_writer_posting(struct segment_writer *w, uint32_t docid,
                           uint32_t tf, uint8_t code,
                           const struct occurrence *occ, struct err *err)
{
    int rc = check_posting(w, docid, tf, code, occ, err);
    uint32_t i;

    if (rc < 0)
        return rc;
    if (w->chunked) {
        rc = chunk_writer_add(&w->chunks, docid, tf, code, occ, err);
    } else {
        struct waiting *q = &w->wait[w->seen.df];

        q->docid = docid;
        q->tf = tf;
        q->code = code;
        for (i = 0; i < tf; i++) /* mostly one or two: no call */
            w->occ[w->seen.cf + i] = occ[i];
    }
    w->last = docid;
    w->seen.df++;
    w->seen.cf += tf;
    if (tf > w->seen.max_tf)
        w->seen.max_tf = tf < UINT8_MAX ? (uint8_t)tf : UINT8_MAX;
    if (code < w->seen.min_len)
        w->seen.min_len = code;
    return rc;
}

/* --- the same in bulk --- */

bool segment_writer_chunked(const struct segment_writer *w)
{
    return w->chunked;
}

int segment_writer_docs(struct segment_writer *w, const uint32_t *docid,
                        const uint32_t *tf, const uint8_t *code, uint32_t n,
                        struct err *err)
{
    uint64_t cf = 0;
    uint32_t i, max_tf = 0, last = w->last;
    uint8_t min_len = UINT8_MAX;
    bool bad = !w->in_term || !w->chunked || n == 0;

    for (i = 0; i < n; i++) {
        bad |= docid[i] <= last || tf[i] - 1 >= INT32_MAX || code[i] == 0;
        last = docid[i];
        cf += tf[i];
        max_tf = tf[i] > max_tf ? tf[i] : max_tf;
        min_len = code[i] < min_len ? code[i] : min_len;
    }
    if (bad || last == POSTINGS_END)
        return complain(w, ERR_USAGE, "a posting out of order", err);
    if (n > w->told.df - w->seen.df || cf > w->told.cf - w->seen.cf)
        return complain(w, ERR_CORRUPT, "more postings than announced", err);
    w->last = last;
    w->due += cf;
    w->seen.df += n;
    w->seen.cf += cf;
    if (max_tf > w->seen.max_tf)
        w->seen.max_tf = max_tf < UINT8_MAX ? (uint8_t)max_tf : UINT8_MAX;
    if (min_len < w->seen.min_len)
        w->seen.min_len = min_len;
    return chunk_writer_docs(&w->chunks, docid, tf, code, n, err);
}

int segment_writer_occurrences(struct segment_writer *w, const uint32_t *delta,
                               const uint32_t *form, uint32_t n,
                               struct err *err)
{
    uint32_t i;
    bool bad = n > w->due;

    for (i = 0; i < n; i++)
        bad |= form[i] >= w->nforms;
    if (bad)
        return complain(w, ERR_USAGE, "an occurrence out of order", err);
    w->due -= n;
    return chunk_writer_occurrences(&w->chunks, delta, form, n, err);
}

/* --- inline terms --- */

/* Appends all that waits to the record. */
static int encode_waiting(struct segment_writer *w)
{
    const struct occurrence *o = w->occ;
    uint32_t before = w->doc_lo - 1, i, k;
    uint8_t *to;

    if (buf_reserve(&w->record, w->forms.n + 2 * VARINT_MAX * w->seen.df +
                                    VARINT_MAX * w->seen.cf) < 0)
        return ERR_NOMEM;
    to = w->record.p + w->record.n;
    for (i = 0; i < w->seen.df; i++) {
        const struct waiting *q = &w->wait[i];

        to = put_varint(to,
                        (uint64_t)(q->docid - before - 1) * 2 + (q->tf == 1));
        if (q->tf != 1)
            to = put_varint(to, q->tf);
        before = q->docid;
    }
    memcpy(to, w->forms.p, w->forms.n);
    to += w->forms.n;
    for (i = 0; i < w->seen.df; i++) {
        uint32_t pos = 0;

        for (k = 0; k < w->wait[i].tf; k++, o++) {
            to = put_varint(to, (uint64_t)(o->pos - pos) * w->nforms + o->form);
            pos = o->pos;
        }
    }
    w->record.n = (size_t)(to - w->record.p);
    return 0;
}

/* What waits did not fit a record. */
static int chunk_waiting(struct segment_writer *w, struct err *err)
{
    const struct occurrence *o = w->occ;
    uint32_t i;
    int rc = begin_chunked(w, err);

    for (i = 0; rc == 0 && i < w->seen.df; i++) {
        const struct waiting *q = &w->wait[i];

        rc = chunk_writer_add(&w->chunks, q->docid, q->tf, q->code, o, err);
        o += q->tf;
    }
    return rc;
}

static int end_waiting(struct segment_writer *w, struct err *err)
{
    struct view term = view_of(w->term, w->term_n);

    if (record_begin(w, false) < 0 || encode_waiting(w) < 0)
        return err_nomem(err);
    if (w->record.n <= term_writer_max(&w->blocks, term))
        return term_writer_add(&w->blocks, term, buf_view(&w->record), err);
    return chunk_waiting(w, err);
}

/* The documents of a part behind docid `before`: the first gap is counted
 * anew. */
static uint8_t *put_docs(uint8_t *o, const struct inline_part *part,
                         uint32_t before)
{
    struct rd r = rd_of(part->docs);
    uint64_t x = rd_varint(&r);
    uint64_t gap = part->doc_lo + (x >> 1) - before - 1;

    o = put_varint(o, gap * 2 + (x & 1));
    memcpy(o, r.p, rd_left(&r));
    return o + rd_left(&r);
}

static int join_parts(struct segment_writer *w, const struct inline_part *part,
                      uint32_t n)
{
    uint32_t before = w->doc_lo - 1, i;
    size_t size = part[0].forms.n;
    uint8_t *o;

    for (i = 0; i < n; i++)
        size += VARINT_MAX + part[i].docs.n + part[i].positions.n;
    if (record_begin(w, false) < 0 || buf_reserve(&w->record, size) < 0)
        return ERR_NOMEM;
    o = w->record.p + w->record.n;
    for (i = 0; i < n; i++) {
        o = put_docs(o, &part[i], before);
        before = part[i].last;
    }
    memcpy(o, part[0].forms.p, part[0].forms.n);
    o += part[0].forms.n;
    for (i = 0; i < n; i++) {
        memcpy(o, part[i].positions.p, part[i].positions.n);
        o += part[i].positions.n;
    }
    w->record.n = (size_t)(o - w->record.p);
    return 0;
}

int segment_writer_inline(struct segment_writer *w, struct view term,
                          const struct inline_part *part, uint32_t n,
                          struct err *err)
{
    uint32_t i;
    int rc;

    w->told = (struct term_info){.min_len = UINT8_MAX};
    for (i = 0; i < n; i++) {
        w->told.df += part[i].df;
        if (part[i].min_len < w->told.min_len)
            w->told.min_len = part[i].min_len;
    }
    if (w->told.df > INLINE_DOCS)
        return 0;
    if (join_parts(w, part, n) < 0)
        return err_nomem(err);
    if (w->record.n > term_writer_max(&w->blocks, term))
        return 0;
    rc = begin_term(w, term, err);
    if (rc == 0)
        rc = term_writer_add(&w->blocks, term, buf_view(&w->record), err);
    return rc < 0 ? rc : 1;
}

int segment_writer_end_term(struct segment_writer *w, struct err *err)
{
    const struct term_info *a = &w->told, *b = &w->seen;
    int rc = 0;

    if (!w->in_term)
        return complain(w, ERR_USAGE, "was ended already", err);
    w->in_term = false;
    if (w->due || a->df != b->df || a->cf != b->cf || a->max_tf != b->max_tf ||
        a->min_len != b->min_len)
        return complain(w, ERR_CORRUPT, "its postings are not those announced",
                        err);
    if (!w->chunked)
        rc = end_waiting(w, err);
    if (rc == 0 && w->chunked)
        rc = chunk_writer_end(&w->chunks, err);
    return rc;
}
