/* The terms of a segment: one by name, or all in order. */
#include <stdio.h>
#include <stdlib.h>

#include "index/postings_state.h"

struct terms {
    struct segment *segment; /* borrowed, as is err */
    struct err *err;
    struct cursor *cursor;
    bool started;               /* some move was made */
    struct rd block;            /* entries behind the current term */
    struct view key;            /* of the block: its last term */
    struct term_record found;   /* of the current term */
    struct forms forms;         /* of an inline term, or … */
    struct postings *postings;  /* … those whose forms were given */
    size_t n;                   /* bytes of the current term, 0 while on none */
    size_t shared;              /* of them, those of the term before it */
    uint8_t term[TERM_MAX + 1]; /* and a byte to jump over its chunks */
};

int segment_open(struct segment *s, struct txn *t,
                 const struct segment_info *info, struct err *err)
{
    char p[10], x[10];
    int rc;

    s->info = *info;
    s->txn = t;
    s->verify = false;
    snprintf(p, sizeof p, "p%08x", (unsigned)s->info.number);
    snprintf(x, sizeof x, "x%08x", (unsigned)s->info.number);
    rc = txn_open_db(t, p, false, &s->p, err);
    if (rc > 0)
        rc = txn_open_db(t, x, false, &s->x, err);
    if (rc == 0)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: segment %08x is missing",
                       (unsigned)s->info.number);
    return rc < 0 ? rc : 0;
}

int segment_bad(const struct segment *s, struct view term, const char *what,
                struct err *err)
{
    struct view word = term_word(term);

    return err_set(err, ERR_CORRUPT,
                   "index damaged: segment %08x, term \"%s%.*s\": %s",
                   (unsigned)s->info.number, word.n < term.n ? "title:" : "",
                   (int)word.n, (const char *)word.p, what);
}

/* Blocks end at their key and at a chunked term: the first key from `term` on
 * is that of the only block it can be in, never that of a chunk. */
int segment_find(struct segment *s, struct cursor *c, struct view term,
                 struct view *record, struct err *err)
{
    struct view key, val, block;
    int rc = cursor_seek(c, term, &key, &val);

    if (rc <= 0)
        return rc;
    if (!seal_open(val, &block))
        return segment_bad(s, term, "checksum of its block", err);
    rc = term_block_find(rd_of(block), term, record);
    return rc < 0 ? segment_bad(s, term, "its block", err) : rc;
}

/* Finds a term and decodes its record; *c is then an open cursor on its block.
 * 1, 0, negative; the cursor is open in the first case only. */
static int find(struct segment *s, struct view term, struct cursor **c,
                struct term_record *out, struct err *err)
{
    int rc;

    if (!term_valid(term))
        return 0;
    rc = cursor_open(c, s->txn, s->p, err);
    if (rc < 0)
        return rc;
    rc = segment_find(s, *c, term, &out->record, err);
    if (rc > 0 && head_decode(out->record, s->info.doc_lo, s->info.doc_hi,
                              &out->head, out->docs, out->tfs) < 0)
        rc = segment_bad(s, term, "its record", err);
    if (rc <= 0)
        cursor_close(*c);
    return rc;
}

int segment_term(struct segment *s, struct view term, struct term_info *out,
                 struct err *err)
{
    struct term_record found;
    struct cursor *c;
    int rc = find(s, term, &c, &found, err);

    memset(out, 0, sizeof *out);
    if (rc <= 0)
        return rc;
    cursor_close(c);
    *out = found.head.info;
    return 1;
}

int postings_open(struct postings **out, struct segment *s, struct view term,
                  struct err *err)
{
    struct term_record found;
    struct cursor *c;
    int rc = find(s, term, &c, &found, err);

    *out = NULL;
    return rc <= 0 ? rc : postings_from(out, s, term, &found, c, err);
}

int terms_open(struct terms **out, struct segment *s, struct err *err)
{
    struct terms *ts = calloc(1, sizeof *ts);
    int rc;

    *out = NULL;
    if (!ts)
        return err_nomem(err);
    ts->segment = s;
    ts->err = err;
    rc = cursor_open(&ts->cursor, s->txn, s->p, err);
    if (rc < 0) {
        free(ts);
        return rc;
    }
    *out = ts;
    return 0;
}

void terms_close(struct terms *ts)
{
    if (!ts)
        return;
    cursor_close(ts->cursor);
    postings_close(ts->postings);
    forms_release(&ts->forms);
    free(ts);
}

static int bad_block(struct terms *ts)
{
    ts->n = 0;
    return err_set(ts->err, ERR_CORRUPT,
                   "index damaged: segment %08x has a block of terms that "
                   "breaks the format",
                   (unsigned)ts->segment->info.number);
}

/* Takes the next entry of the block: 1, 0 at its end. */
static int take(struct terms *ts, struct view *record)
{
    struct term_entry e;

    if (!term_entry_read(&ts->block, &e))
        return ts->block.bad ? bad_block(ts) : 0;
    /* above the term before it, which the block's first one has none of */
    if (e.shared > ts->n ||
        (e.shared < ts->n && e.rest.p[0] <= ts->term[e.shared]) ||
        memchr(e.rest.p, 0, e.rest.n))
        return bad_block(ts);
    memcpy(ts->term + e.shared, e.rest.p, e.rest.n);
    ts->n = e.shared + e.rest.n;
    ts->shared = e.shared;
    *record = e.record;
    return 1;
}

/* Whether the current term, of whose first bytes `same` are those of `at`, is
 * below it; counts on in *same. */
static bool below(const struct terms *ts, struct view at, size_t *same)
{
    size_t n = at.n < ts->n ? at.n : ts->n, i = *same;

    while (i < n && ts->term[i] == at.p[i])
        i++;
    *same = i;
    return i < at.n && (i == ts->n || ts->term[i] < at.p[i]);
}

/* Goes on in the block to the first term that is not below `at`, which the
 * block has. One that shares more with the term before, which is below, than
 * that does with `at`, is below as well; one that shares less is above. */
static int take_until(struct terms *ts, struct view at, struct view *record)
{
    size_t same = 0;
    bool more = below(ts, at, &same);
    int rc = 1;

    while (more) {
        rc = take(ts, record);
        if (rc <= 0) /* its last term is its key, which is not below */
            return rc < 0 ? rc : bad_block(ts);
        if (ts->shared <= same)
            more = ts->shared == same && below(ts, at, &same);
    }
    return rc;
}

static int give(struct terms *ts, struct view record, struct view *term,
                struct term_info *info)
{
    const struct segment_info *s = &ts->segment->info;
    struct term_record *f = &ts->found;

    *term = view_of(ts->term, ts->n);
    f->record = record;
    if (head_decode(record, s->doc_lo, s->doc_hi, &f->head, f->docs, f->tfs) <
        0)
        return segment_bad(ts->segment, *term, "its record", ts->err);
    *info = f->head.info;
    return 1;
}

const struct term_record *terms_record(const struct terms *ts)
{
    return &ts->found;
}

int terms_postings(struct terms *ts, struct postings **out)
{
    *out = NULL;
    return ts->n == 0
               ? 0
               : postings_from(out, ts->segment, view_of(ts->term, ts->n),
                               &ts->found, NULL, ts->err);
}

static int inline_reserve(struct inline_term *t, size_t n)
{
    if (n <= t->cap)
        return 0;
    free(t->occ);
    t->occ = malloc(n * sizeof *t->occ);
    t->cap = t->occ ? (uint32_t)n : 0;
    return t->occ ? 0 : ERR_NOMEM;
}

int terms_inline(struct terms *ts, struct inline_term *out)
{
    const struct term_record *f = &ts->found;
    struct view term = view_of(ts->term, ts->n);
    struct occurrence *occ;
    struct rd r = f->head.rest;
    uint32_t i;
    int rc = forms_decode(&out->forms, term_word(term), &r, false, ts->err);

    if (rc < 0)
        return rc;
    /* each takes a byte at least: what is missing is not allocated either */
    if (f->head.info.cf > rd_left(&r))
        return segment_bad(ts->segment, term, "its positions end early",
                           ts->err);
    if (inline_reserve(out, rd_left(&r)) < 0)
        return err_nomem(ts->err);
    occ = out->occ;
    for (i = 0; i < f->head.info.df; i++) {
        if (!occurrences_read(&r, out->forms.n, occ, f->tfs[i]))
            return segment_bad(ts->segment, term, "its positions", ts->err);
        occ += f->tfs[i];
    }
    return 0;
}

void inline_term_release(struct inline_term *t)
{
    forms_release(&t->forms);
    free(t->occ);
    memset(t, 0, sizeof *t);
}

/* Enters the block the cursor gave and takes its first entry. */
static int enter(struct terms *ts, struct view key, struct view val,
                 struct view *record)
{
    struct view block;
    int rc;

    if (!seal_open(val, &block))
        return bad_block(ts);
    ts->block = rd_of(block);
    ts->key = key;
    ts->n = 0;
    rc = take(ts, record);
    return rc == 0 ? bad_block(ts) : rc;
}

int terms_seek(struct terms *ts, struct view at, struct view *term,
               struct term_info *info)
{
    struct view key, val, record = {NULL, 0};
    int rc = cursor_seek(ts->cursor, at, &key, &val);

    ts->started = true;
    ts->n = 0;
    if (rc > 0)
        rc = enter(ts, key, val, &record);
    if (rc > 0)
        rc = take_until(ts, at, &record);
    return rc <= 0 ? rc : give(ts, record, term, info);
}

int terms_skip(struct terms *ts, struct view at, struct view *term)
{
    struct view key, val, record;
    int rc;

    postings_close(ts->postings);
    ts->postings = NULL;
    if (ts->started && ts->n && view_cmp(at, ts->key) <= 0) {
        record = ts->found.record;
        rc = 1;
    } else {
        ts->started = true;
        ts->n = 0;
        rc = cursor_seek(ts->cursor, at, &key, &val);
        if (rc > 0)
            rc = enter(ts, key, val, &record);
    }
    if (rc > 0)
        rc = take_until(ts, at, &record);
    if (rc <= 0)
        return rc;
    ts->found.record = record;
    *term = view_of(ts->term, ts->n);
    return 1;
}

int terms_info(struct terms *ts, struct term_info *info)
{
    struct view term;

    return give(ts, ts->found.record, &term, info);
}

int terms_forms(struct terms *ts, const struct forms **out)
{
    struct rd r = ts->found.head.rest;
    int rc;

    *out = &ts->forms;
    if (!ts->found.head.chunked)
        return forms_decode(&ts->forms, term_word(view_of(ts->term, ts->n)), &r,
                            false, ts->err);
    postings_close(ts->postings);
    rc = terms_postings(ts, &ts->postings);
    return rc < 0 ? rc : postings_forms(ts->postings, out);
}

/* The first entry of the next block. */
static int next_block(struct terms *ts, struct view *record)
{
    struct view key = {NULL, 0}, val;
    uint8_t last[TERM_MAX];
    size_t n = ts->n;
    int rc;

    memcpy(last, ts->term, n);
    if (ts->found.head.chunked) {
        /* chunk keys go on with a 00 byte, other terms with no byte below */
        ts->term[n] = 1;
        rc = cursor_seek(ts->cursor, view_of(ts->term, n + 1), &key, &val);
    } else {
        rc = cursor_next(ts->cursor, &key, &val);
    }
    ts->n = 0;
    if (rc > 0)
        rc = enter(ts, key, val, record);
    if (rc > 0 && view_cmp(view_of(ts->term, ts->n), view_of(last, n)) <= 0)
        rc = bad_block(ts);
    return rc;
}

int terms_next(struct terms *ts, struct view *term, struct term_info *info)
{
    struct view key = {NULL, 0}, val, record;
    int rc;

    if (!ts->started) {
        ts->started = true;
        rc = cursor_first(ts->cursor, &key, &val);
        if (rc > 0)
            rc = enter(ts, key, val, &record);
    } else if (ts->n == 0) {
        return 0; /* nothing followed */
    } else {
        rc = take(ts, &record);
        if (rc == 0)
            rc = next_block(ts, &record);
    }
    return rc <= 0 ? rc : give(ts, record, term, info);
}
