#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "index/postings_state.h"
#include "indexer/check_state.h"

struct seg {
    struct check *c;
    struct segment *s;
    uint64_t bytes; /* keys and values of both tables */

    /* table p, value by value */
    uint8_t key[TERM_MAX]; /* of the last block */
    size_t key_n;
    bool chunked;  /* its last term is */
    uint32_t last; /* docid the last chunk of that term ended at */

    /* table x, in step with the terms */
    struct cursor *x;
    struct view xkey, xval;
    bool more;

    /* occurrences of each form of a term */
    uint32_t *count;
    uint32_t cap;
};

/* --- table p: blocks and chunks --- */

static void bad_value(struct seg *g, const char *what)
{
    check_say(g->c, "segment %08x: %s", g->s->info.number, what);
}

/* The block's terms end with its key; only the last one is chunked. */
static void check_block(struct seg *g, struct view key, struct view block)
{
    struct rd r = rd_of(block);
    uint8_t term[TERM_MAX];
    struct term_entry e;
    size_t n = 0;
    bool sound = block.n + SEAL <= store_max_value(g->c->ix->store);

    g->chunked = false;
    while (sound && term_entry_read(&r, &e)) {
        sound = e.shared <= n && !g->chunked;
        if (!sound)
            break;
        memcpy(term + e.shared, e.rest.p, e.rest.n);
        n = e.shared + e.rest.n;
        g->chunked = e.record.p[0] & 1;
    }
    if (!sound || r.bad || !view_eq(view_of(term, n), key))
        bad_value(g, "a block of terms breaks the format");
    g->last = g->s->info.doc_lo - 1;
    g->key_n = key.n < TERM_MAX ? key.n : TERM_MAX;
    memcpy(g->key, key.p, g->key_n);
}

static void check_chunk(struct seg *g, struct view key, struct view chunk)
{
    size_t n = g->key_n;

    if (!g->chunked || key.n != n + DOC_KEY || key.p[n] != 0 ||
        memcmp(key.p, g->key, n) != 0) {
        bad_value(g, "a chunk of no term");
        return;
    }
    if (chunk.n < DOC_CHUNK || get_u32(chunk.p + 4) != g->last)
        bad_value(g, "a chunk does not follow the one before it");
    g->last = get_be32(key.p + n + 1);
}

static int check_p(struct check *c, void *arg, struct view key, struct view val)
{
    struct seg *g = arg;
    struct view content;

    (void)c;
    g->bytes += key.n + val.n;
    if (!seal_open(val, &content))
        bad_value(g, "a checksum is wrong");
    else if (memchr(key.p, 0, key.n))
        check_chunk(g, key, content);
    else
        check_block(g, key, content);
    return 0;
}

/* --- table x, in step --- */

static int x_next(struct seg *g, bool first)
{
    int rc = first ? cursor_first(g->x, &g->xkey, &g->xval)
                   : cursor_next(g->x, &g->xkey, &g->xval);
    struct view content;

    g->more = rc > 0;
    if (rc <= 0)
        return check_rc(g->c, rc);
    g->c->report->records++;
    g->bytes += g->xkey.n + g->xval.n;
    if (!seal_open(g->xval, &content))
        bad_value(g, "a checksum of positions is wrong");
    return 0;
}

/* Entries before `prefix` belong to no term. */
static int x_skip(struct seg *g, struct view prefix)
{
    int rc = 0;

    while (rc == 0 && g->more &&
           (prefix.n == 0 || view_cmp(g->xkey, prefix) < 0)) {
        bad_value(g, "positions of no term");
        rc = x_next(g, false);
    }
    return rc;
}

/* The entries of a term: pieces of forms, then chunks without gaps until the
 * last occurrence. */
static int x_term(struct seg *g, struct view term, uint64_t cf)
{
    uint8_t prefix[TERM_MAX + 1];
    uint32_t piece = 0;
    uint64_t next = 0;
    int rc;

    memcpy(prefix, term.p, term.n);
    prefix[term.n] = 0;
    rc = x_skip(g, view_of(prefix, term.n + 1));
    while (rc == 0 && g->more && g->xkey.n == term.n + POS_KEY &&
           memcmp(g->xkey.p, prefix, term.n + 1) == 0) {
        const uint8_t *k = g->xkey.p + term.n + 1;
        bool fits;

        if (k[0] == KEY_FORMS) {
            fits = next == 0 && get_be32(k + 1) == piece++;
        } else {
            fits = k[0] == KEY_POSITIONS && g->xval.n >= POS_CHUNK &&
                   get_u32(g->xval.p + 4) == next;
            next = (uint64_t)get_be32(k + 1) + 1;
        }
        if (!fits)
            segment_bad(g->s, term, "order of its positions", &g->c->err);
        if (!fits)
            check_say(g->c, "%s", g->c->err.msg);
        rc = x_next(g, false);
    }
    if (rc == 0 && next != cf) {
        segment_bad(g->s, term, "number of its positions", &g->c->err);
        check_say(g->c, "%s", g->c->err.msg);
    }
    return rc;
}

/* --- postings --- */

/* What bounds say, and what they should. */
struct bounds {
    uint8_t max_tf;
    uint8_t min_len; /* of living documents; 255 if there is none */
};

static void widen(struct bounds *b, struct bounds by)
{
    b->max_tf = by.max_tf > b->max_tf ? by.max_tf : b->max_tf;
    b->min_len = by.min_len < b->min_len ? by.min_len : b->min_len;
}

/* Dead documents may have been shorter than all that live. */
static bool bounds_fit(const struct seg *g, struct bounds found, uint8_t max_tf,
                       uint8_t min_len)
{
    return found.max_tf == max_tf && min_len > 0 &&
           (g->s->info.dead ? min_len <= found.min_len
                            : min_len == found.min_len);
}

static int check_forms_used(struct seg *g, struct postings *p)
{
    const struct forms *f;
    uint32_t i;
    int rc = postings_forms(p, &f);

    for (i = 0; rc == 0 && i < f->n; i++) {
        if (g->count[i] == 0 || (i > 0 && g->count[i] > g->count[i - 1]))
            rc = postings_bad(p->state, "order of its forms");
        else if (f->form[i].count && f->form[i].count != g->count[i])
            rc = postings_bad(p->state, "counts of its forms");
    }
    return rc;
}

static int count_positions(struct seg *g, struct postings *p)
{
    const struct occurrence *occ;
    uint32_t n, i;
    int rc = postings_positions(p, &occ, &n);

    for (i = 0; rc == 0 && i < n; i++)
        g->count[occ[i].form]++; /* which the reader has checked */
    return rc;
}

/* The block p stands on; sums up what it holds. */
static int check_loaded(struct seg *g, struct postings *p,
                        struct term_info *sum, struct bounds *found)
{
    struct norms *norms = &g->c->ix->norms;
    uint32_t i;
    int rc = postings_load(p);

    *found = (struct bounds){0, UINT8_MAX};
    if (rc == 0)
        rc = postings_tfs(p);
    if (rc == 0 && p->state->head.chunked && p->state->first_pos != sum->cf)
        rc = postings_bad(p->state, "position index of a block");
    for (i = 0; rc == 0 && i < p->block_n; i++) {
        uint8_t code = norms_code(norms, p->docs[i]);
        uint8_t tf = p->tfs[i] < UINT8_MAX ? (uint8_t)p->tfs[i] : UINT8_MAX;

        widen(found, (struct bounds){tf, code ? code : UINT8_MAX});
        sum->df++;
        sum->cf += p->tfs[i];
        rc = postings_seek(p, p->docs[i]) < 0 ? ERR_CORRUPT
                                              : count_positions(g, p);
    }
    if (rc == 0 && !bounds_fit(g, *found, p->block_max_tf, p->block_min_len))
        rc = postings_bad(p->state, "bounds of a block");
    return rc;
}

static int check_blocks(struct seg *g, struct postings *p)
{
    struct bounds all = {0, UINT8_MAX}, chunk = all, block;
    struct term_info sum = {0};
    uint32_t d = 1;
    int rc;

    while ((rc = postings_shallow(p, d)) > 0) {
        rc = check_loaded(g, p, &sum, &block);
        if (rc < 0)
            return rc;
        widen(&chunk, block);
        if (p->block_last == p->chunk_last) {
            if (!bounds_fit(g, chunk, p->chunk_max_tf, p->chunk_min_len))
                return postings_bad(p->state, "bounds of a chunk");
            widen(&all, chunk);
            chunk = (struct bounds){0, UINT8_MAX};
        }
        d = p->block_last + 1;
    }
    if (rc == 0 && (sum.df != p->info.df || sum.cf != p->info.cf))
        rc = postings_bad(p->state, "its counts");
    if (rc == 0 && !bounds_fit(g, all, p->info.max_tf, p->info.min_len))
        rc = postings_bad(p->state, "its bounds");
    return rc;
}

static int check_postings(struct seg *g, struct postings *p)
{
    const struct forms *f;
    int rc = postings_forms(p, &f);

    if (rc == 0 && f->n > g->cap) {
        free(g->count);
        g->count = malloc((size_t)f->n * sizeof *g->count);
        g->cap = g->count ? f->n : 0;
        if (!g->count)
            return err_nomem(&g->c->err);
    }
    if (rc < 0)
        return rc;
    memset(g->count, 0, (size_t)f->n * sizeof *g->count);
    rc = check_blocks(g, p);
    return rc < 0 ? rc : check_forms_used(g, p);
}

/* --- */

static int check_term(struct seg *g, struct terms *ts, struct view term,
                      const struct term_info *info)
{
    struct postings *p = NULL;
    bool chunked = terms_record(ts)->head.chunked;
    int rc = terms_postings(ts, &p);

    if (rc > 0)
        rc = check_postings(g, p);
    rc = check_rc(g->c, rc);
    postings_close(p);
    if (rc == 0 && chunked)
        rc = x_term(g, term, info->cf);
    return rc;
}

static int check_terms(struct seg *g)
{
    struct term_info info;
    struct view term;
    struct terms *ts;
    uint32_t n = 0;
    int rc = terms_open(&ts, g->s, &g->c->err);

    if (rc < 0)
        return rc;
    rc = x_next(g, true);
    while (rc == 0 && (rc = terms_next(ts, &term, &info)) > 0) {
        n++;
        rc = check_term(g, ts, term, &info);
    }
    terms_close(ts);
    if (rc < 0)
        return check_rc(g->c, rc); /* no use to go on behind a lost term */
    rc = x_skip(g, view_of(NULL, 0));
    if (n != g->s->info.terms)
        bad_value(g, "number of its terms");
    if (rc == 0 && g->bytes != g->s->info.bytes)
        bad_value(g, "number of its bytes");
    return rc;
}

int check_segment(struct check *c, struct segment *s)
{
    struct seg g = {.c = c, .s = s};
    char name[10];
    int rc;

    snprintf(name, sizeof name, "p%08x", (unsigned)s->info.number);
    rc = check_table(c, name, check_p, &g);
    if (rc == 0)
        rc = cursor_open(&g.x, c->ix->txn, s->x, &c->err);
    if (rc == 0)
        rc = check_terms(&g);
    cursor_close(g.x);
    free(g.count);
    return rc;
}
