/*
 * Views into the sources' tables are held across writes: those go to other
 * tables, and pages that a transaction does not change stay where they are in
 * the map until it ends.
 */
#include "indexer/merge_term.h"

#include <stdlib.h>

/* --- transactions --- */

static void source_close(struct source *s)
{
    postings_close(s->p);
    terms_close(s->terms);
    s->p = NULL;
    s->terms = NULL;
}

void sources_close(struct merge *m)
{
    uint32_t i;

    for (i = 0; i < m->n; i++)
        source_close(&m->source[i]);
    norms_release(&m->norms);
}

/* What terms_next or terms_seek gave. */
static int source_at(struct source *s, int rc)
{
    uint8_t head[8] = {0};

    s->more = rc > 0;
    if (rc > 0)
        memcpy(head, s->term.p, s->term.n < 8 ? s->term.n : 8);
    s->head = get_be64(head);
    return rc;
}

static int source_next(struct source *s)
{
    int rc = source_at(s, terms_next(s->terms, &s->term, &s->info));

    return rc < 0 ? rc : 0;
}

/* Orders the terms that two sources stand on. */
static int source_cmp(const struct source *a, const struct source *b)
{
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    return view_cmp(a->term, b->term);
}

/* Stands on the first term that is not merged yet. */
static int source_open(struct merge *m, struct source *s)
{
    struct view at = view_of(m->term, m->term_n);
    int rc = segment_open(&s->segment, m->from ? m->from : m->txn,
                          &s->segment.info, m->err);

    s->segment.verify = true; /* nothing damaged is sealed anew */
    if (rc == 0)
        rc = terms_open(&s->terms, &s->segment, m->err);
    if (rc < 0)
        return rc;
    if (m->term_n == 0)
        return source_next(s);
    rc = source_at(s, terms_seek(s->terms, at, &s->term, &s->info));
    if (rc > 0 && !m->in_term && view_eq(s->term, at))
        return source_next(s);
    return rc < 0 ? rc : 0;
}

int sources_open(struct merge *m)
{
    uint32_t i;
    int rc = m->txn ? 0 : txn_begin(&m->txn, m->store, m->err);

    if (rc == 0)
        rc = norms_open(&m->norms, m->from ? m->from : m->txn, m->next_docid,
                        m->err);
    for (i = 0; rc == 0 && i < m->n; i++)
        rc = source_open(m, &m->source[i]);
    return rc;
}

static int given_up(const struct merge *m)
{
    return m->stop && *m->stop ? err_set(m->err, ERR_STOPPED, "interrupted")
                               : 0;
}

/* Goes on in the next transaction. */
static int turn_over(struct merge *m)
{
    int rc = given_up(m);

    if (rc < 0)
        return rc;
    sources_close(m);
    rc = txn_commit(m->txn, m->err);
    m->txn = NULL;
    if (rc < 0)
        return rc;
    m->committed = true;
    rc = sources_open(m);
    return rc < 0 ? rc : segment_writer_move(m->w, m->txn, m->err);
}

/* --- its postings --- */

static int renumber(struct merge *m, const struct source *s,
                    const struct occurrence **occ, uint32_t n)
{
    uint32_t i;

    if (s->same)
        return 0;
    if (n > m->cap) {
        free(m->occ);
        m->occ = malloc((size_t)n * 2 * sizeof *m->occ);
        m->cap = m->occ ? n * 2 : 0;
        if (!m->occ)
            return err_nomem(m->err);
    }
    for (i = 0; i < n; i++) {
        m->occ[i].pos = (*occ)[i].pos;
        m->occ[i].form = s->to[(*occ)[i].form];
    }
    *occ = m->occ;
    return 0;
}

static int copy_posting(struct merge *m, struct source *s)
{
    uint8_t code = norms_code(&m->norms, s->p->docid);
    const struct occurrence *occ;
    uint32_t n;
    int rc;

    if (code == 0)
        return 0;
    rc = postings_positions(s->p, &occ, &n);
    if (rc == 0)
        rc = renumber(m, s, &occ, n);
    if (rc == 0)
        rc = segment_writer_posting(m->w, s->p->docid, n, code, occ, m->err);
    return rc;
}

/* Makes s->p postings of the term again where a transaction's end closed them;
 * commits when enough was changed. */
static int ready(struct merge *m, struct source *s)
{
    int rc = 0;

    if (txn_dirty(m->txn) >= m->txn_max)
        rc = turn_over(m);
    if (rc == 0 && !s->p)
        rc = terms_postings(s->terms, &s->p);
    return rc < 0 ? rc : 0;
}

/* Copies the occurrences [at, end). */
static int copy_occurrences(struct merge *m, struct source *s, uint32_t at,
                            uint32_t end)
{
    const uint32_t *delta, *form;
    uint32_t n, i, to[PACK_N];
    int rc = 0;

    for (; at < end && rc == 0; at += n) {
        rc = ready(m, s);
        if (rc == 0)
            rc = postings_occurrences(s->p, at, &delta, &form, &n);
        if (rc < 0)
            return rc;
        n = n < end - at ? n : end - at;
        if (!s->same) {
            for (i = 0; i < n; i++)
                to[i] = s->to[form[i]];
            form = to;
        }
        rc = segment_writer_occurrences(m->w, delta, form, n, m->err);
    }
    return rc;
}

/* The living documents of a block, and their occurrences as they lie one
 * behind the other: as many stretches as there are gaps of dead ones. */
struct living {
    uint32_t docid[PACK_N], tf[PACK_N];
    uint8_t code[PACK_N];
    uint32_t n;
    uint32_t from[PACK_N], to[PACK_N];
    uint32_t stretches;
};

/* Those of the block that s->p has loaded; *at is the index of its first
 * occurrence, then of the next block's. */
static int find_living(struct merge *m, struct source *s, uint32_t *at,
                       struct living *l)
{
    const struct postings *p = s->p;
    uint32_t i;

    l->n = l->stretches = 0;
    for (i = 0; i < p->block_n; i++) {
        uint8_t code = norms_code(&m->norms, p->docs[i]);

        if (p->tfs[i] > s->info.cf - *at)
            return source_bad(m, s);
        if (code != 0) {
            l->docid[l->n] = p->docs[i];
            l->tf[l->n] = p->tfs[i];
            l->code[l->n++] = code;
            if (l->stretches == 0 || l->to[l->stretches - 1] != *at)
                l->from[l->stretches++] = *at;
            l->to[l->stretches - 1] = *at + p->tfs[i];
        }
        *at += p->tfs[i];
    }
    return 0;
}

/* Chunks into chunks, block by block. */
static int copy_blocks(struct merge *m, struct source *s)
{
    struct living l;
    uint32_t d = 1, at = 0, i;
    int rc;

    for (;;) {
        rc = ready(m, s);
        if (rc == 0)
            rc = source_block(s->p, d);
        if (rc > 0) {
            d = s->p->block_last + 1;
            rc = find_living(m, s, &at, &l);
        } else {
            break;
        }
        if (rc == 0 && l.n > 0)
            rc = segment_writer_docs(m->w, l.docid, l.tf, l.code, l.n, m->err);
        for (i = 0; rc == 0 && i < l.stretches; i++)
            rc = copy_occurrences(m, s, l.from[i], l.to[i]);
        if (rc < 0)
            break;
    }
    postings_close(s->p);
    s->p = NULL;
    return rc;
}

static int copy_source(struct merge *m, struct source *s)
{
    uint32_t done = 0;
    int rc = 1;

    for (;;) {
        if (!s->p)
            rc = terms_postings(s->terms, &s->p);
        if (rc > 0)
            rc = done ? postings_seek(s->p, done + 1) : postings_next(s->p);
        while (rc > 0 && txn_dirty(m->txn) < m->txn_max) {
            done = s->p->docid;
            rc = copy_posting(m, s);
            if (rc == 0)
                rc = postings_next(s->p);
        }
        if (rc <= 0)
            break;
        rc = turn_over(m); /* closes s->p */
        if (rc < 0)
            break;
        rc = 1;
    }
    postings_close(s->p);
    s->p = NULL;
    return rc;
}

/* An inline term: its occurrences are there already. */
static int copy_inline(struct merge *m, struct source *s)
{
    const struct term_record *t;
    struct occurrence *occ = s->in.occ;
    uint32_t i, k;
    int rc = txn_dirty(m->txn) < m->txn_max ? 0 : turn_over(m);

    t = terms_record(s->terms);
    for (k = 0; rc == 0 && !s->same && k < s->info.cf; k++)
        occ[k].form = s->to[occ[k].form];
    for (i = 0; rc == 0 && i < s->info.df; i++) {
        uint8_t code = norms_code(&m->norms, t->docs[i]);

        if (code != 0)
            rc = segment_writer_posting(m->w, t->docs[i], t->tfs[i], code, occ,
                                        m->err);
        occ += t->tfs[i];
    }
    return rc;
}

static int write_term(struct merge *m, const struct term_info *sum)
{
    uint32_t i;
    int rc = segment_writer_term(m->w, view_of(m->term, m->term_n), sum,
                                 m->forms.form, m->forms.n, m->err);

    for (i = 0; rc == 0 && i < m->n; i++) {
        struct source *s = &m->source[i];

        if (!s->has)
            continue;
        if (!source_chunked(s))
            rc = copy_inline(m, s);
        else if (segment_writer_chunked(m->w))
            rc = copy_blocks(m, s);
        else
            rc = copy_source(m, s);
    }
    return rc < 0 ? rc : segment_writer_end_term(m->w, m->err);
}

/* --- rare terms --- */

static bool all_live(struct merge *m, const struct source *s)
{
    const struct term_record *t = terms_record(s->terms);
    uint32_t i;

    if (!s->dead)
        return true;
    for (i = 0; i < s->info.df; i++)
        if (norms_code(&m->norms, t->docs[i]) == 0)
            return false;
    return true;
}

/* The parts of an inline record; false where its forms are damaged. */
static bool split(const struct source *s, struct inline_part *out)
{
    const struct term_record *t = terms_record(s->terms);
    struct rd head = rd_of(t->record), rest = t->head.rest;

    rd_varint(&head); /* df */
    rd_u8(&head);     /* min_len */
    out->doc_lo = s->segment.info.doc_lo;
    out->df = s->info.df;
    out->last = t->docs[s->info.df - 1];
    out->min_len = s->info.min_len;
    out->docs = view_of(head.p, (size_t)(rest.p - head.p));
    out->forms.p = rest.p;
    if (forms_skip(&rest, false) == 0)
        return false;
    out->forms.n = (size_t)(rest.p - out->forms.p);
    out->positions = view_of(rest.p, rd_left(&rest));
    return true;
}

/* Most terms are inline, with the same forms wherever they are: their records
 * are joined as they are. 1 done, 0 where that is not so. */
static int join_term(struct merge *m)
{
    struct inline_part part[MANIFEST_SEGMENTS];
    uint32_t i, n = 0;

    for (i = 0; i < m->n; i++) {
        const struct source *s = &m->source[i];

        if (!s->has)
            continue;
        if (source_chunked(s) || !all_live(m, s) || !split(s, &part[n]) ||
            (n > 0 && !view_eq(part[n].forms, part[0].forms)))
            return 0;
        n++;
    }
    return segment_writer_inline(m->w, view_of(m->term, m->term_n), part, n,
                                 m->err);
}

/* --- */

/* Marks the sources that have the smallest term; false at the end. */
static bool pick_term(struct merge *m)
{
    const struct source *first = NULL;
    uint32_t i;

    for (i = 0; i < m->n; i++) {
        const struct source *s = &m->source[i];

        if (s->more && (!first || source_cmp(s, first) < 0))
            first = s;
    }
    if (!first)
        return false;
    m->term_n = first->term.n;
    memcpy(m->term, first->term.p, first->term.n);
    for (i = 0; i < m->n; i++) {
        struct source *s = &m->source[i];

        s->has = s->more && s->head == first->head &&
                 view_eq(s->term, view_of(m->term, m->term_n));
    }
    return true;
}

static int merge_term(struct merge *m)
{
    struct term_info sum;
    int rc;

    m->in_term = true;
    rc = merge_gather(m, &sum);
    if (rc == 0 && sum.df > 0)
        rc = write_term(m, &sum);
    m->in_term = false;
    return rc;
}

int merge_terms(struct merge *m)
{
    uint32_t i;
    int rc = 0;

    while (rc == 0 && pick_term(m)) {
        rc = given_up(m);
        if (rc == 0)
            rc = join_term(m);
        if (rc == 0)
            rc = merge_term(m);
        rc = rc < 0 ? rc : 0;
        for (i = 0; i < m->n; i++) {
            struct source *s = &m->source[i];

            postings_close(s->p);
            s->p = NULL;
            if (rc == 0 && s->has)
                rc = source_next(s);
        }
        if (rc == 0 && txn_dirty(m->txn) >= m->txn_max)
            rc = turn_over(m);
    }
    return rc;
}
