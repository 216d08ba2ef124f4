/* Postings against plain arrays: every walk, seek and block. */
#include "segment_data.h"

static struct data_term *data;
static uint32_t ndata;
static struct segment segment;
static struct txn *txn;

static const uint32_t dfs[] = {1,   2,   5,   127,  128,   129,
                               255, 256, 257, 5000, 100000};

static struct data_term *more(void)
{
    data = realloc(data, (ndata + 1) * sizeof *data);
    assert_non_null(data);
    return &data[ndata++];
}

static void make(const char *name, uint32_t doc_lo, struct data_shape s)
{
    data_make(more(), name, doc_lo, s);
}

/* Names ascend with ndata. */
static void shapes(uint32_t doc_lo)
{
    static const struct data_shape kinds[] = {
        {0, 1, 1, 1, 1},       {0, 20, 3, 1000, 1},     {0, 100, 30, 200, 3},
        {0, 3, 2, 100000, 12}, {0, 30000, 10, 3000, 2},
    };
    char name[32];
    unsigned i, k;

    for (i = 0; i < sizeof dfs / sizeof *dfs; i++)
        for (k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            struct data_shape s = kinds[k];

            s.df = dfs[i];
            if (s.df > 5000 && s.max_tf > 10)
                s.max_tf = 10;
            snprintf(name, sizeof name, "t%04u%s", ndata,
                     ndata % 7 ? "" : "wordslongerthanthat");
            make(name, doc_lo, s);
        }
}

static int setup(void **state)
{
    (void)state;
    store_make();
    make("\x01title", 1000, (struct data_shape){50, 9, 2, 5, 2});
    shapes(1000);
    make("u1", 1000, (struct data_shape){3, 9, 100000, 1 << 14, 40});
    make("u2", 1000, (struct data_shape){300, 9, 3000, 9, 40});
    make("u3", 1000, (struct data_shape){4, UINT32_C(1) << 31, 3, 9, 1});
    make("u4", 1000, (struct data_shape){40, 9, 9, UINT32_MAX / 4, 1});
    make("u5", 1000, (struct data_shape){200, 9, 9, UINT32_MAX / 4, 2});
    make("u6", POSTINGS_END - 30, (struct data_shape){30, 1, 3, 9, 1});
    make("u7", POSTINGS_END - 1, (struct data_shape){1, 1, 3, 9, 1});
    make("u8", POSTINGS_END - 300, (struct data_shape){300, 1, 3, 9, 1});
    make("u9", 1000, (struct data_shape){300, 1 << 25, 3, 9, 1});
    segment.info = data_segment(1, 1000, POSTINGS_END - 1, data, ndata);
    txn = begin();
    assert_int_equal(segment_open(&segment, txn, &segment.info, &err), 0);
    return 0;
}

static int teardown(void **state)
{
    uint32_t i;

    (void)state;
    txn_abort(txn);
    store_unmake();
    for (i = 0; i < ndata; i++)
        data_free(&data[i]);
    free(data);
    return 0;
}

static void test_walk(void **state)
{
    uint32_t i;

    (void)state;
    for (i = 0; i < ndata; i++)
        check_walk(&segment, &data[i]);
}

static void test_absent(void **state)
{
    static const char *const names[] = {"a",    "t",  "t0001x",
                                        "\x01", "zz", "t0001\x7f"};
    struct term_info info;
    struct postings *p;
    char longest[100];
    unsigned i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(postings_open(&p, &segment, view_str(names[i]), &err),
                         0);
        assert_null(p);
    }
    memset(longest, 'x', sizeof longest);
    assert_int_equal(postings_open(&p, &segment, view_of(longest, 100), &err),
                     0);
    assert_int_equal(postings_open(&p, &segment, view_of("", 0), &err), 0);
    assert_int_equal(
        postings_open(&p, &segment, view_of("u9\0\0\0\0\0\0\0", 9), &err), 0);
    assert_int_equal(segment_term(&segment, view_str("nix"), &info, &err), 0);
}

/* First posting not below d, by looking at each. */
static uint32_t linear(const struct data_term *t, uint32_t d)
{
    uint32_t i = 0;

    while (i < t->info.df && t->p[i].docid < d)
        i++;
    return i;
}

/* A target a little, or far, above d. */
static uint32_t target(const struct data_term *t, uint32_t d)
{
    uint32_t span = t->p[t->info.df - 1].docid - t->p[0].docid;
    uint64_t x;

    switch (below(4)) {
    case 0:
        x = (uint64_t)d + 1;
        break;
    case 1:
        x = (uint64_t)d + below(300);
        break;
    case 2:
        x = (uint64_t)d + skewed(span / 8 + 1);
        break;
    default: /* a docid there is, most often */
        x = t->p[below(t->info.df)].docid;
    }
    if (x < d)
        x = d;
    return x < POSTINGS_END ? (uint32_t)x : POSTINGS_END - 1;
}

static void seek_through(const struct data_term *t)
{
    struct postings *p;
    uint32_t d = below(2) ? 1 : t->p[0].docid, i;

    assert_int_equal(postings_open(&p, &segment, name_of(t), &err), 1);
    for (;;) {
        if (p->docid && below(4) == 0) {
            i = linear(t, p->docid) + 1;
            assert_int_equal(postings_next(p), i < t->info.df);
        } else {
            i = linear(t, d);
            assert_int_equal(postings_seek(p, d), i < t->info.df);
        }
        if (i == t->info.df)
            break;
        assert_int_equal(p->docid, t->p[i].docid);
        assert_int_equal(p->tf, t->p[i].tf);
        if (below(3) == 0)
            check_positions(p, t, i);
        if (below(3) == 0)
            check_pos(p, t, i);
        if (below(9) == 0)
            check_forms(p, t);
        d = target(t, p->docid);
    }
    assert_int_equal(p->docid, POSTINGS_END);
    assert_int_equal(postings_seek(p, POSTINGS_END), 0);
    postings_close(p);
}

static void test_seek(void **state)
{
    uint32_t i, k;

    (void)state;
    for (i = 0; i < ndata; i++)
        for (k = 0; k < (data[i].info.df > 5000 ? 3 : 20); k++)
            seek_through(&data[i]);
}

/* The loaded block is that part of the array; bounds hold in it. */
static void check_block(struct postings *p, const struct data_term *t,
                        uint32_t i)
{
    uint32_t k;

    assert_int_equal(postings_load(p), 0);
    assert_int_equal(postings_tfs(p), 0);
    assert_in_range(p->block_n, 1, PACK_N);
    while (i > 0 && t->p[i].docid > p->docs[0])
        i--;
    for (k = 0; k < p->block_n; k++) {
        const struct data_posting *q = &t->p[i + k];
        uint32_t tf = q->tf < 255 ? q->tf : 255;

        assert_int_equal(p->docs[k], q->docid);
        assert_int_equal(p->tfs[k], q->tf);
        assert_true(tf <= p->block_max_tf &&
                    p->block_max_tf <= p->chunk_max_tf &&
                    p->chunk_max_tf <= p->info.max_tf);
        assert_true(q->code >= p->block_min_len &&
                    p->block_min_len >= p->chunk_min_len &&
                    p->chunk_min_len >= p->info.min_len);
    }
    assert_int_equal(p->docs[p->block_n - 1], p->block_last);
    assert_true(p->block_last <= p->chunk_last);
}

static void shallow_through(const struct data_term *t)
{
    struct postings *p;
    uint32_t d = 1, loaded = 0, i;

    assert_int_equal(postings_open(&p, &segment, name_of(t), &err), 1);
    for (;;) {
        i = linear(t, d);
        if (below(3) == 0) {
            assert_int_equal(postings_chunk(p, d), i < t->info.df);
            assert_true(p->chunk_last >= d);
        }
        assert_int_equal(postings_shallow(p, d), i < t->info.df);
        assert_true(p->block_last >= d);
        if (i == t->info.df)
            break;
        assert_true(p->block_last >= t->p[i].docid);
        if (below(2)) {
            check_block(p, t, i);
            if (below(3) == 0) {
                assert_int_equal(postings_seek(p, d), 1);
                assert_int_equal(p->docid, t->p[i].docid);
                check_positions(p, t, i);
            }
            loaded = p->block_last;
        } else if (below(3) == 0 && p->block_last != loaded) {
            /* goes on with this block's first */
            loaded = p->block_last;
            assert_int_equal(postings_next(p), 1);
            assert_true(p->docid <= t->p[i].docid);
            check_positions(p, t, linear(t, p->docid));
        }
        d = below(2) ? p->block_last + 1 : target(t, d);
    }
    assert_int_equal(p->block_last, POSTINGS_END);
    assert_int_equal(postings_load(p), 0);
    assert_int_equal(p->block_n, 0);
    assert_int_equal(postings_next(p), 0);
    postings_close(p);
}

static void test_shallow(void **state)
{
    uint32_t i, k;

    (void)state;
    for (i = 0; i < ndata; i++)
        for (k = 0; k < (data[i].info.df > 5000 ? 3 : 20); k++)
            shallow_through(&data[i]);
}

/* Block by block, as bulk scoring does, gives each posting once. */
static void test_blocks(void **state)
{
    uint32_t t;

    (void)state;
    for (t = 0; t < ndata; t++) {
        struct postings *p;
        uint32_t d = 1, n = 0;

        assert_int_equal(postings_open(&p, &segment, name_of(&data[t]), &err),
                         1);
        while (postings_shallow(p, d) > 0) {
            check_block(p, &data[t], n);
            assert_int_equal(p->docs[0], data[t].p[n].docid);
            n += p->block_n;
            d = p->block_last + 1;
        }
        assert_int_equal(n, data[t].info.df);
        postings_close(p);
    }
}

/* As above, but a chunk is begun a second time after some of its blocks. */
static void test_rewind(void **state)
{
    uint32_t t;

    (void)state;
    for (t = 0; t < ndata; t++) {
        struct postings *p;
        uint32_t d = 1, n = 0, k;

        assert_int_equal(postings_open(&p, &segment, name_of(&data[t]), &err),
                         1);
        while (postings_chunk(p, d) > 0) {
            uint32_t again = d;

            for (k = below(5); k-- > 0 && postings_shallow(p, d) > 0 &&
                               p->block_last < p->chunk_last;
                 d = p->block_last + 1)
                if (below(2))
                    assert_true(postings_load(p) == 0 && postings_tfs(p) == 0);
            postings_rewind(p);
            for (d = again; d <= p->chunk_last; d = p->block_last + 1) {
                assert_int_equal(postings_shallow(p, d), 1);
                check_block(p, &data[t], n);
                assert_int_equal(p->docs[0], data[t].p[n].docid);
                n += p->block_n;
            }
        }
        assert_int_equal(n, data[t].info.df);
        postings_close(p);
    }
}

/* Forward by steps short and long, to terms and between them. */
static void test_skip(void **state)
{
    static const char *const behind[] = {"", "\1", "\xff", "0"};
    const struct forms *forms;
    struct term_info info;
    char at[TERM_MAX + 4];
    struct terms *ts;
    struct view term;
    uint32_t i, k, f;
    int round, rc;

    (void)state;
    for (round = 0; round < 100; round++) {
        assert_int_equal(terms_open(&ts, &segment, &err), 0);
        for (i = 0; i < ndata; i += below(2) ? 1 : below(ndata)) {
            snprintf(at, sizeof at, "%s%s", data[i].name, behind[below(4)]);
            for (k = i; k < ndata && strcmp(data[k].name, at) < 0;)
                k++;
            rc = terms_skip(ts, view_str(at), &term);
            assert_int_equal(rc, k < ndata);
            if (rc == 0)
                break;
            assert_true(view_eq(term, name_of(&data[k])));
            i = k;
            if (below(2))
                continue;
            assert_int_equal(terms_info(ts, &info), 1);
            check_info(&info, &data[k].info);
            assert_true(terms_forms(ts, &forms) >= 0);
            assert_int_equal(forms->n, data[k].nforms);
            for (f = 0; f < forms->n; f++)
                assert_true(view_eq(forms->form[f].text, data[k].form[f].text));
        }
        terms_close(ts);
    }
}

static void test_terms(void **state)
{
    struct term_info info;
    struct terms *ts;
    struct view term;
    uint32_t i, k;

    (void)state;
    assert_int_equal(terms_open(&ts, &segment, &err), 0);
    for (i = 0; i < ndata; i++) {
        assert_int_equal(terms_next(ts, &term, &info), 1);
        assert_true(view_eq(term, name_of(&data[i])));
        check_info(&info, &data[i].info);
    }
    assert_int_equal(terms_next(ts, &term, &info), 0);
    for (k = 0; k < 300; k++) {
        i = below(ndata);
        assert_int_equal(terms_seek(ts, name_of(&data[i]), &term, &info), 1);
        assert_true(view_eq(term, name_of(&data[i])));
        assert_int_equal(terms_next(ts, &term, &info), i + 1 < ndata);
        if (i + 1 < ndata)
            assert_true(view_eq(term, name_of(&data[i + 1])));
    }
    assert_int_equal(terms_seek(ts, view_str("t9"), &term, &info), 1);
    assert_true(view_eq(term, view_str("u1")));
    assert_int_equal(terms_seek(ts, view_str("v"), &term, &info), 0);
    assert_int_equal(terms_next(ts, &term, &info), 0);
    terms_close(ts);
}

/* What terms_inline decodes of a term, all at once. */
static void check_inline(struct terms *ts, struct inline_term *in,
                         const struct data_term *t)
{
    uint32_t i;

    if (terms_inline(ts, in) < 0)
        fail_msg("%s: %s", t->name, err.msg);
    assert_int_equal(in->forms.n, t->nforms);
    for (i = 0; i < t->nforms; i++) {
        assert_true(view_eq(in->forms.form[i].text, t->form[i].text));
        assert_int_equal(in->forms.form[i].span, t->form[i].span);
    }
    for (i = 0; i < t->info.cf; i++) {
        assert_int_equal(in->occ[i].pos, t->occ[i].pos);
        assert_int_equal(in->occ[i].form, t->occ[i].form);
    }
}

static void test_inline(void **state)
{
    struct inline_term in = {0};
    struct term_info info;
    struct terms *ts;
    struct view term;
    uint32_t i, n = 0;

    (void)state;
    assert_int_equal(terms_open(&ts, &segment, &err), 0);
    for (i = 0; i < ndata; i++) {
        assert_int_equal(terms_next(ts, &term, &info), 1);
        if (terms_record(ts)->head.chunked)
            continue;
        check_inline(ts, &in, &data[i]);
        n++;
    }
    assert_true(n > 20);
    inline_term_release(&in);
    terms_close(ts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),   cmocka_unit_test(test_absent),
        cmocka_unit_test(test_seek),   cmocka_unit_test(test_shallow),
        cmocka_unit_test(test_blocks), cmocka_unit_test(test_rewind),
        cmocka_unit_test(test_terms),  cmocka_unit_test(test_skip),
        cmocka_unit_test(test_inline),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
