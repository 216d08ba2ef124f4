/*
 * segment_data.h - random terms in plain arrays, written as segments and
 * compared with what is read: for the tests of postings, segment_write, merge
 * and check.
 */
#ifndef TESTS_SEGMENT_DATA_H
#define TESTS_SEGMENT_DATA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <unistd.h>

#include "index/layout.h"
#include "indexer/segment_write.h"

#define UNUSED __attribute__((unused))

/* --- random numbers (splitmix64) --- */

static uint64_t rng = 1;

static UNUSED uint64_t rnd(void)
{
    uint64_t z = rng += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static UNUSED uint32_t below(uint64_t n)
{
    return (uint32_t)(rnd() % n);
}

/* --- a store in a folder of its own --- */

static char folder[64];
static struct store *store;
static struct err err;

static int unlink_one(const char *path, const struct stat *st, int type,
                      struct FTW *f)
{
    (void)st, (void)type, (void)f;
    return remove(path);
}

static UNUSED void store_make(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/segment-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(store_open(&store, folder, STORE_WRITE, &err), 0);
}

static UNUSED void store_unmake(void)
{
    store_close(store);
    store = NULL;
    nftw(folder, unlink_one, 8, FTW_DEPTH | FTW_PHYS);
}

static UNUSED struct txn *begin(void)
{
    struct txn *t;

    assert_int_equal(txn_begin(&t, store, &err), 0);
    return t;
}

static UNUSED void commit(struct txn *t)
{
    if (txn_commit(t, &err) < 0)
        fail_msg("%s", err.msg);
}

/* --- terms in arrays --- */

enum { MAX_FORMS = 40 };

struct data_posting {
    uint32_t docid;
    uint32_t tf;
    uint8_t code;
    size_t occ; /* of the first of its occurrences in data_term.occ */
};

struct data_term {
    char name[TERM_MAX + 1];
    struct term_info info;
    struct data_posting *p;
    struct occurrence *occ;
    size_t cap;
    uint32_t nforms;
    struct form form[MAX_FORMS];
    char (*text)[TERM_MAX + 24]; /* what the forms borrow */
};

struct data_shape {
    uint32_t df;
    uint32_t max_gap; /* gaps are 1..max_gap, mostly small */
    uint32_t max_tf;
    uint32_t max_pos; /* deltas of positions are 1..max_pos, mostly small */
    uint32_t nforms;
};

static UNUSED uint32_t skewed(uint32_t max)
{
    uint32_t bits = max ? 32 - (uint32_t)__builtin_clz(max) : 0;
    uint32_t x = (uint32_t)(rnd() & ((UINT64_C(1) << below(bits + 1)) - 1));

    return x <= max ? x : max;
}

static UNUSED uint8_t code_of(uint32_t docid)
{
    return (uint8_t)(20 + docid * 2654435761u % 90);
}

static UNUSED struct view name_of(const struct data_term *t)
{
    return view_str(t->name);
}

static UNUSED void data_free(struct data_term *t)
{
    free(t->p);
    free(t->occ);
    free(t->text);
}

static UNUSED void data_add_occ(struct data_term *t, struct occurrence o)
{
    if (t->info.cf == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 64;
        t->occ = realloc(t->occ, t->cap * sizeof *t->occ);
        assert_non_null(t->occ);
    }
    t->occ[t->info.cf++] = o;
}

/* What the head must say of the postings. */
static UNUSED void data_bounds(struct data_term *t)
{
    uint32_t i;

    t->info.max_tf = 0;
    t->info.min_len = UINT8_MAX;
    for (i = 0; i < t->info.df; i++) {
        uint32_t tf = t->p[i].tf < 255 ? t->p[i].tf : 255;

        if (tf > t->info.max_tf)
            t->info.max_tf = (uint8_t)tf;
        if (t->p[i].code < t->info.min_len)
            t->info.min_len = t->p[i].code;
    }
}

/* Counts the forms and numbers them by falling count, then by text. */
static UNUSED void data_sort_forms(struct data_term *t)
{
    uint32_t to[MAX_FORMS], i, k, n = 0;
    struct form old[MAX_FORMS];
    size_t o;

    memcpy(old, t->form, sizeof old);
    for (i = 0; i < t->nforms; i++)
        old[i].count = 0;
    for (o = 0; o < t->info.cf; o++)
        old[t->occ[o].form].count++;
    for (i = 0; i < t->nforms; i++) {
        uint32_t rank = 0;

        for (k = 0; k < t->nforms; k++) {
            int c = view_cmp(old[k].text, old[i].text);

            if (c == 0)
                c = (old[k].span > old[i].span) - (old[k].span < old[i].span);
            rank += old[k].count > old[i].count ||
                    (old[k].count == old[i].count && c < 0);
        }
        to[i] = rank;
        t->form[rank] = old[i];
        n += old[i].count > 0;
    }
    for (o = 0; o < t->info.cf; o++)
        t->occ[o].form = to[t->occ[o].form];
    t->nforms = n; /* those that never occur came last */
}

static UNUSED void data_form(struct data_term *t, uint32_t i)
{
    char *s = t->text[i];
    const char *word = t->name + (t->name[0] == TITLE_MARK);

    if (i > 0)
        snprintf(s, sizeof *t->text, "%.*s%s%u",
                 (int)(strlen(word) - i % 3 * (strlen(word) > 4)), word,
                 i % 2 ? "ing" : "\xc3\xa9", (unsigned)i);
    else
        strcpy(s, word);
    if (i % 4 == 1 && s[0] >= 'a' && s[0] <= 'z')
        s[0] -= 32;
    t->form[i] = (struct form){view_str(s), i % 5 == 4 ? i : 1, 0};
}

static UNUSED void data_make(struct data_term *t, const char *name,
                             uint32_t doc_lo, struct data_shape s)
{
    uint64_t doc = doc_lo - 1;
    uint32_t i, k;

    memset(t, 0, sizeof *t);
    strcpy(t->name, name);
    t->nforms = s.nforms;
    t->text = calloc(MAX_FORMS, sizeof *t->text);
    assert_non_null(t->text);
    for (i = 0; i < s.nforms; i++)
        data_form(t, i);
    t->p = calloc(s.df, sizeof *t->p);
    assert_non_null(t->p);
    for (i = 0; i < s.df; i++) {
        struct data_posting *p = &t->p[i];
        uint64_t pos = below(2) ? 0 : skewed(s.max_pos);

        doc += 1 + skewed(s.max_gap - 1);
        if (doc >= POSTINGS_END)
            break;
        p->docid = (uint32_t)doc;
        p->tf = 1 + skewed(s.max_tf - 1);
        p->code = code_of(p->docid);
        p->occ = t->info.cf;
        for (k = 0; k < p->tf && pos <= UINT32_MAX; k++) {
            struct occurrence o = {(uint32_t)pos, skewed(s.nforms - 1)};

            data_add_occ(t, o);
            pos += 1 + skewed(s.max_pos);
        }
        p->tf = k;
        t->info.df++;
    }
    data_bounds(t);
    data_sort_forms(t);
}

/* --- writing --- */

static UNUSED void data_write(struct segment_writer *w,
                              const struct data_term *t)
{
    uint32_t i;
    int rc =
        segment_writer_term(w, name_of(t), &t->info, t->form, t->nforms, &err);

    for (i = 0; rc == 0 && i < t->info.df; i++)
        rc = segment_writer_posting(w, t->p[i].docid, t->p[i].tf, t->p[i].code,
                                    t->occ + t->p[i].occ, &err);
    if (rc == 0)
        rc = segment_writer_end_term(w, &err);
    if (rc < 0)
        fail_msg("%s", err.msg);
}

static UNUSED struct segment_info data_segment(uint32_t number, uint32_t doc_lo,
                                               uint32_t doc_hi,
                                               const struct data_term *t,
                                               uint32_t n)
{
    struct segment_info info = {
        .number = number, .doc_lo = doc_lo, .doc_hi = doc_hi};
    struct segment_writer *w;
    struct txn *txn = begin();
    uint32_t i;

    assert_int_equal(segment_writer_open(&w, txn, number, doc_lo, &err), 0);
    for (i = 0; i < n; i++)
        data_write(w, &t[i]);
    assert_int_equal(segment_writer_close(w, &info, &err), 0);
    commit(txn);
    assert_int_equal(info.terms, n);
    return info;
}

/* --- comparing --- */

static UNUSED void check_forms(struct postings *p, const struct data_term *t)
{
    const struct forms *f;
    uint32_t i;

    if (postings_forms(p, &f) < 0)
        fail_msg("%s", err.msg);
    assert_int_equal(f->n, t->nforms);
    for (i = 0; i < f->n; i++) {
        assert_true(view_eq(f->form[i].text, t->form[i].text));
        assert_int_equal(f->form[i].span, t->form[i].span);
        if (f->form[i].count)
            assert_int_equal(f->form[i].count, t->form[i].count);
    }
}

static UNUSED void check_positions(struct postings *p,
                                   const struct data_term *t, uint32_t i)
{
    const struct occurrence *occ;
    uint32_t n;

    if (postings_positions(p, &occ, &n) < 0)
        fail_msg("%s: %s", t->name, err.msg);
    assert_int_equal(n, t->p[i].tf);
    assert_memory_equal(occ, t->occ + t->p[i].occ, n * sizeof *occ);
}

/* Positions alone, up to one and then to another, and forms from any on. */
static UNUSED void check_pos(struct postings *p, const struct data_term *t,
                             uint32_t i)
{
    const struct occurrence *occ = t->occ + t->p[i].occ;
    uint32_t tf = t->p[i].tf, at, k, n, round;
    const uint32_t *pos, *form;

    for (round = 0; round < 3; round++) {
        uint32_t upto = round < 2 ? occ[below(tf)].pos : UINT32_MAX;

        if (postings_pos(p, upto, &pos, &n) < 0)
            fail_msg("%s: %s", t->name, err.msg);
        assert_in_range(n, 1, tf);
        if (n < tf)
            assert_true(pos[n - 1] > upto);
        for (k = 0; k < n; k++)
            assert_int_equal(pos[k], occ[k].pos);
        at = below(tf);
        if (postings_form(p, at, &form, &n) < 0)
            fail_msg("%s: %s", t->name, err.msg);
        assert_in_range(n, 1, tf - at);
        for (k = 0; k < n; k++)
            assert_int_equal(form[k], occ[at + k].form);
    }
}

static UNUSED void check_info(const struct term_info *a,
                              const struct term_info *b)
{
    assert_int_equal(a->df, b->df);
    assert_int_equal(a->cf, b->cf);
    assert_int_equal(a->max_tf, b->max_tf);
    assert_int_equal(a->min_len, b->min_len);
}

/* Every posting, with its positions, and the forms. */
static UNUSED void check_walk(struct segment *s, const struct data_term *t)
{
    struct postings *p;
    uint32_t i;

    if (postings_open(&p, s, name_of(t), &err) != 1)
        fail_msg("%s", err.msg);
    check_info(&p->info, &t->info);
    for (i = 0; i < t->info.df; i++) {
        if (postings_next(p) != 1)
            fail_msg("%s: %s", t->name, err.msg);
        assert_int_equal(p->docid, t->p[i].docid);
        assert_int_equal(p->tf, t->p[i].tf);
        check_positions(p, t, i);
    }
    assert_int_equal(postings_next(p), 0);
    assert_int_equal(p->docid, POSTINGS_END);
    assert_int_equal(postings_next(p), 0);
    check_forms(p, t);
    postings_close(p);
}

#endif
