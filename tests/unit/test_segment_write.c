/* What the writer refuses, how it fills pages, and that damaged segments give
 * errors or answers, never a crash. */
#include "segment_data.h"

#include "base/hash.h"

static int setup(void **state)
{
    (void)state;
    store_make();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_unmake();
    return 0;
}

static const struct occurrence OCC[] = {{1, 0}, {2, 0}, {9, 1}, {9, 0}};
static const struct term_info ONE = {1, 1, 1, 5};

static struct segment_writer *writer(struct txn **t)
{
    struct segment_writer *w;

    *t = begin();
    assert_int_equal(segment_writer_open(&w, *t, 7, 100, &err), 0);
    return w;
}

static int term(struct segment_writer *w, const char *name,
                struct term_info info, uint32_t nforms)
{
    struct form forms[] = {{view_str("a"), 1, 2}, {view_str("b"), 1, 1}};

    return segment_writer_term(w, view_str(name), &info, forms, nforms, &err);
}

static int posting(struct segment_writer *w, uint32_t docid, uint32_t tf,
                   uint8_t code, unsigned occ)
{
    return segment_writer_posting(w, docid, tf, code, OCC + occ, &err);
}

/* Starts a term, adds a posting; what comes of it is given back. */
static int try_posting(uint32_t docid, uint32_t tf, uint8_t code, unsigned occ)
{
    struct txn *t;
    struct segment_writer *w = writer(&t);
    int rc;

    assert_int_equal(term(w, "a", (struct term_info){9, 20, 3, 5}, 1), 0);
    assert_int_equal(posting(w, 105, 1, 5, 0), 0);
    rc = posting(w, docid, tf, code, occ);
    segment_writer_free(w);
    txn_abort(t);
    return rc;
}

static void test_refused_postings(void **state)
{
    (void)state;
    assert_int_equal(try_posting(106, 2, 5, 0), 0);
    assert_int_equal(try_posting(105, 1, 5, 0), ERR_USAGE);
    assert_int_equal(try_posting(99, 1, 5, 0), ERR_USAGE);
    assert_int_equal(try_posting(POSTINGS_END, 1, 5, 0), ERR_USAGE);
    assert_int_equal(try_posting(106, 0, 5, 0), ERR_USAGE);
    assert_int_equal(try_posting(106, 1, 0, 0), ERR_USAGE);
    assert_int_equal(try_posting(106, 1, 5, 2), ERR_USAGE); /* no form 1 */
    assert_int_equal(try_posting(106, 2, 5, 2), ERR_USAGE); /* 9, 9 */
    assert_int_equal(try_posting(106, 20, 5, 0), ERR_CORRUPT);
}

static void test_refused_terms(void **state)
{
    static const struct term_info many = {1, (uint64_t)UINT32_MAX + 1, 1, 1};
    struct segment_writer *w;
    struct txn *t;
    char name[TERM_MAX + 2];

    (void)state;
    w = writer(&t);
    assert_int_equal(segment_writer_end_term(w, &err), ERR_USAGE);
    assert_int_equal(term(w, "", ONE, 1), ERR_USAGE);
    assert_int_equal(
        segment_writer_term(w, view_of("a\0b", 3), &ONE, NULL, 0, &err),
        ERR_USAGE);
    memset(name, 'x', sizeof name);
    name[TERM_MAX + 1] = 0;
    assert_int_equal(term(w, name, ONE, 1), ERR_USAGE);
    assert_int_equal(term(w, "b", ONE, 1), 0);
    assert_int_equal(term(w, "c", ONE, 1), ERR_USAGE); /* b is open */
    assert_int_equal(posting(w, 100, 1, 5, 0), 0);
    assert_int_equal(segment_writer_end_term(w, &err), 0);
    assert_int_equal(term(w, "b", ONE, 1), ERR_USAGE);
    assert_int_equal(term(w, "a", ONE, 1), ERR_USAGE);
    assert_int_equal(term(w, "c", many, 1), ERR_FULL);
    segment_writer_free(w);
    txn_abort(t);
}

static void test_refused_forms(void **state)
{
    struct form empty = {view_str(""), 1, 1}, none = {view_str("a"), 0, 1};
    struct segment_writer *w;
    struct txn *t;

    (void)state;
    w = writer(&t);
    assert_int_equal(
        segment_writer_term(w, view_str("a"), &ONE, &empty, 1, &err),
        ERR_USAGE);
    segment_writer_free(w);
    txn_abort(t);
    w = writer(&t);
    assert_int_equal(
        segment_writer_term(w, view_str("a"), &ONE, &none, 1, &err), ERR_USAGE);
    segment_writer_free(w);
    txn_abort(t);
}

static int end_with(struct term_info told)
{
    struct txn *t;
    struct segment_writer *w = writer(&t);
    int rc;

    assert_int_equal(term(w, "a", told, 1), 0);
    assert_int_equal(posting(w, 100, 1, 5, 0), 0);
    assert_int_equal(posting(w, 101, 2, 6, 0), 0);
    rc = segment_writer_end_term(w, &err);
    segment_writer_free(w);
    txn_abort(t);
    return rc;
}

static void test_told(void **state)
{
    (void)state;
    assert_int_equal(end_with((struct term_info){2, 3, 2, 5}), 0);
    assert_int_equal(end_with((struct term_info){3, 3, 2, 5}), ERR_CORRUPT);
    assert_int_equal(end_with((struct term_info){2, 4, 2, 5}), ERR_CORRUPT);
    assert_int_equal(end_with((struct term_info){2, 3, 3, 5}), ERR_CORRUPT);
    assert_int_equal(end_with((struct term_info){2, 3, 2, 6}), ERR_CORRUPT);
}

/* No forms stand for the term itself; no terms are a segment as well. */
static void test_no_forms(void **state)
{
    struct segment_info info = {.number = 7, .doc_lo = 100, .doc_hi = 200};
    struct segment_writer *w;
    struct segment segment;
    struct postings *p;
    const struct forms *f;
    struct terms *ts;
    struct term_info ti;
    struct view v;
    struct txn *t;

    (void)state;
    w = writer(&t);
    assert_int_equal(term(w,
                          "\x01"
                          "ab",
                          ONE, 0),
                     0);
    assert_int_equal(posting(w, 100, 1, 5, 0), 0);
    assert_int_equal(segment_writer_end_term(w, &err), 0);
    assert_int_equal(segment_writer_close(w, &info, &err), 0);
    assert_int_equal(segment_open(&segment, t, &info, &err), 0);
    assert_int_equal(postings_open(&p, &segment,
                                   view_str("\x01"
                                            "ab"),
                                   &err),
                     1);
    assert_int_equal(postings_forms(p, &f), 0);
    assert_int_equal(f->n, 1);
    assert_true(view_eq(f->form[0].text, view_str("ab")));
    postings_close(p);

    assert_int_equal(segment_writer_open(&w, t, 8, 1, &err), 0);
    info.number = 8;
    assert_int_equal(segment_writer_close(w, &info, &err), 0);
    assert_int_equal(info.terms, 0);
    assert_int_equal(segment_open(&segment, t, &info, &err), 0);
    assert_int_equal(terms_open(&ts, &segment, &err), 0);
    assert_int_equal(terms_next(ts, &v, &ti), 0);
    terms_close(ts);
    assert_int_equal(postings_open(&p, &segment, view_str("a"), &err), 0);
    txn_abort(t);
}

/* --- space --- */

enum { TERMS = 3000 };

static struct data_term *many_terms(void)
{
    struct data_term *t = calloc(TERMS, sizeof *t);
    unsigned i;

    assert_non_null(t);
    for (i = 0; i < TERMS; i++) {
        char name[16];
        uint32_t df = 1 + skewed(i % 10 ? 60 : 3000);

        snprintf(name, sizeof name, "w%06u", i * 7);
        data_make(&t[i], name, 1, (struct data_shape){df, 40, 3, 2000, 2});
    }
    return t;
}

/* Pages hold little else than values: at most 5 % more. */
static void test_space(void **state)
{
    struct data_term *t = many_terms();
    struct store_size before, after;
    struct segment_info info;
    unsigned i;

    (void)state;
    assert_int_equal(store_size(store, &before, &err), 0);
    info = data_segment(1, 1, UINT32_MAX - 1, t, TERMS);
    assert_int_equal(store_size(store, &after, &err), 0);
    assert_in_range(info.bytes, 100000, 8000000);
    assert_true((double)(after.used_bytes - before.used_bytes) <
                1.05 * (double)info.bytes + 40000);
    for (i = 0; i < TERMS; i++)
        data_free(&t[i]);
    free(t);
}

/* --- transactions --- */

/* The same segment whether it is written in one transaction or in many. */
static void test_move(void **state)
{
    enum { N = 40 };
    struct segment_info info = {.number = 2,
                                .doc_lo = 1,
                                .doc_hi = UINT32_MAX - 1},
                        one;
    struct data_term t[N];
    struct segment_writer *w;
    struct segment segment;
    struct txn *txn = begin();
    unsigned i, k;

    (void)state;
    assert_int_equal(segment_writer_open(&w, txn, 2, 1, &err), 0);
    for (i = 0; i < N; i++) {
        char name[16];

        snprintf(name, sizeof name, "w%02u", i);
        data_make(&t[i], name, 1,
                  (struct data_shape){1 + skewed(2000), 9, 9, 900, 3});
        assert_int_equal(segment_writer_term(w, name_of(&t[i]), &t[i].info,
                                             t[i].form, t[i].nforms, &err),
                         0);
        for (k = 0; k < t[i].info.df; k++) {
            struct data_posting *p = &t[i].p[k];

            if (k % 300 == 20 || (k == 0 && i % 5 == 0)) {
                commit(txn);
                txn = begin();
                assert_int_equal(segment_writer_move(w, txn, &err), 0);
            }
            assert_int_equal(segment_writer_posting(w, p->docid, p->tf, p->code,
                                                    t[i].occ + p->occ, &err),
                             0);
        }
        assert_int_equal(segment_writer_end_term(w, &err), 0);
    }
    assert_int_equal(segment_writer_close(w, &info, &err), 0);
    commit(txn);
    one = data_segment(1, 1, UINT32_MAX - 1, t, N);
    assert_int_equal(info.bytes, one.bytes);
    assert_int_equal(info.terms, N);
    txn = begin();
    assert_int_equal(segment_open(&segment, txn, &info, &err), 0);
    for (i = 0; i < N; i++) {
        check_walk(&segment, &t[i]);
        data_free(&t[i]);
    }
    txn_abort(txn);
}

/* --- damage --- */

static int near_itself(struct postings *p)
{
    uint8_t at = (uint8_t)postings_index(p), count;

    return postings_near(p, p, &at, &at, 1, 1, 3, &count);
}

/* Reads all that is there, in every way; says nothing of what comes out. */
static void read_all(struct segment *s, const struct data_term *t, unsigned n)
{
    const struct occurrence *occ;
    const struct forms *forms;
    struct term_info info;
    struct postings *p;
    struct terms *ts;
    struct view v;
    uint32_t count, d;
    unsigned i;

    if (terms_open(&ts, s, &err) == 0) {
        while (terms_next(ts, &v, &info) > 0)
            if (terms_postings(ts, &p) > 0) {
                postings_next(p);
                postings_close(p);
            }
        terms_close(ts);
    }
    for (i = 0; i < n; i++) {
        segment_term(s, name_of(&t[i]), &info, &err);
        if (postings_open(&p, s, name_of(&t[i]), &err) > 0) {
            uint32_t last = 0;

            while (postings_next(p) > 0) {
                assert_true(p->docid > last && p->docid <= s->info.doc_hi);
                last = p->docid;
                if (postings_positions(p, &occ, &count) < 0)
                    break;
            }
            postings_forms(p, &forms);
            postings_close(p);
        }
        if (postings_open(&p, s, name_of(&t[i]), &err) > 0) {
            for (d = 1; postings_shallow(p, d) > 0; d = p->block_last + 1)
                if (postings_load(p) < 0 || postings_tfs(p) < 0)
                    break;
            postings_close(p);
        }
        if (postings_open(&p, s, name_of(&t[i]), &err) > 0) {
            for (d = 1; postings_seek(p, d) > 0; d = p->docid + 50)
                if (postings_positions(p, &occ, &count) < 0 ||
                    near_itself(p) < 0)
                    break;
            postings_close(p);
        }
    }
}

/* Puts back a seal that fits, so that what is behind it gets tested. */
static void seal_again(struct buf *b)
{
    if (b->n >= SEAL)
        put_u32(b->p + b->n - SEAL, checksum32(view_of(b->p, b->n - SEAL)));
}

/* One damaged value: a byte changed, or cut off. */
static void damage(struct txn *t, store_db db, struct segment *s,
                   const struct buf *key, const struct buf *val, size_t at,
                   const struct data_term *data, unsigned n)
{
    struct buf b = {0};

    assert_int_equal(buf_add(&b, buf_view(val)), 0);
    if (below(20) == 0)
        b.n = at;
    else
        b.p[at] =
            below(2) ? (uint8_t)(b.p[at] ^ 1u << below(8)) : (uint8_t)rnd();
    seal_again(&b);
    assert_int_equal(txn_put(t, db, buf_view(key), buf_view(&b), &err), 0);
    read_all(s, data, n);
    assert_int_equal(txn_put(t, db, buf_view(key), buf_view(val), &err), 0);
    buf_release(&b);
}

/* Headers byte by byte, packed numbers here and there. */
static void damage_table(struct txn *t, store_db db, struct segment *s,
                         const struct data_term *data, unsigned n)
{
    struct buf key = {0}, val = {0};
    struct view k = {NULL, 0}, v;
    struct cursor *c;
    size_t at;
    int rc;

    for (;;) {
        assert_int_equal(cursor_open(&c, t, db, &err), 0);
        rc = cursor_seek(c, buf_view(&key), &k, &v);
        buf_clear(&key);
        buf_clear(&val);
        if (rc > 0) {
            assert_int_equal(buf_add(&key, k), 0);
            assert_int_equal(buf_add(&val, v), 0);
        }
        cursor_close(c);
        if (rc == 0)
            break;
        for (at = 0; at < val.n; at += at < 64 ? 1 : 1 + below(40))
            damage(t, db, s, &key, &val, at, data, n);
        assert_int_equal(buf_addc(&key, 0), 0); /* the next key */
    }
    buf_release(&key);
    buf_release(&val);
}

static void test_damage(void **state)
{
    static const struct data_shape shapes[] = {
        {1, 5, 1, 9, 1},      {40, 9, 5, 200, 3},     {128, 9, 2, 9, 2},
        {700, 300, 9, 99, 4}, {150, 2, 40, 60000, 1},
    };
    enum { N = 10 };
    struct data_term t[N];
    struct segment_info info;
    struct segment segment;
    struct txn *txn;
    unsigned i;

    (void)state;
    for (i = 0; i < N; i++) {
        char name[16];

        snprintf(name, sizeof name, "%sword%u", i < 5 ? "\x01" : "", i);
        data_make(&t[i], name, 50, shapes[i % 5]);
    }
    info = data_segment(1, 50, 1000000, t, N);
    txn = begin();
    assert_int_equal(segment_open(&segment, txn, &info, &err), 0);
    damage_table(txn, segment.p, &segment, t, N);
    damage_table(txn, segment.x, &segment, t, N);
    for (i = 0; i < N; i++) {
        check_walk(&segment, &t[i]);
        data_free(&t[i]);
    }
    txn_abort(txn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refused_postings, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_terms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_space, setup, teardown),
        cmocka_unit_test_setup_teardown(test_move, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
