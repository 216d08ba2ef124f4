/* Words side by side, against comparing all positions of both. */
#include "segment_data.h"

enum { TERMS = 9, LO = 1000 };

static struct data_term data[TERMS];
static struct segment segment;
static struct txn *txn;

static int setup(void **state)
{
    static const struct data_shape shapes[TERMS] = {
        {3000, 2, 1, 60, 1},    {3000, 2, 4, 30, 2}, {2000, 3, 9, 20, 1},
        {3000, 1, 20, 9, 3},    {2500, 2, 70, 4, 1}, {300, 9, 300, 3, 2},
        {200, 20, 20, 3000, 1}, {60, 40, 5, 9, 1},   {400, 9, 3, 1 << 28, 1},
    };
    unsigned i;

    (void)state;
    store_make();
    for (i = 0; i < TERMS; i++) {
        char name[] = {'a' + (char)i, 0};

        data_make(&data[i], name, LO, shapes[i]);
    }
    segment.info = data_segment(1, LO, LO + 20000, data, TERMS);
    txn = begin();
    assert_int_equal(segment_open(&segment, txn, &segment.info, &err), 0);
    return 0;
}

static int teardown(void **state)
{
    unsigned i;

    (void)state;
    txn_abort(txn);
    store_unmake();
    for (i = 0; i < TERMS; i++)
        data_free(&data[i]);
    return 0;
}

static const struct data_posting *find(const struct data_term *t, uint32_t d)
{
    uint32_t lo = 0, hi = t->info.df;

    while (lo < hi)
        if (t->p[(lo + hi) / 2].docid < d)
            lo = (lo + hi) / 2 + 1;
        else
            hi = (lo + hi) / 2;
    assert_true(lo < t->info.df && t->p[lo].docid == d);
    return &t->p[lo];
}

static uint32_t pairs(const struct data_term *a, const struct data_term *b,
                      uint32_t d, int64_t lo, int64_t hi)
{
    const struct data_posting *p = find(a, d), *q = find(b, d);
    uint32_t i, k, n = 0;

    for (i = 0; i < p->tf; i++)
        for (k = 0; k < q->tf; k++) {
            int64_t x =
                (int64_t)b->occ[q->occ + k].pos - a->occ[p->occ + i].pos;

            n += x >= lo && x <= hi;
        }
    return n;
}

/* The documents of both blocks in [d, to], in portions; of some, the positions
 * afterwards. Returns how many pairs were counted. */
static uint32_t check_window(struct postings *a, const struct data_term *ta,
                             struct postings *b, const struct data_term *tb,
                             uint32_t d, uint32_t to, int64_t lo, int64_t hi)
{
    uint8_t in_a[PACK_N], in_b[PACK_N], count[PACK_N];
    uint32_t i, k = 0, n = 0, from, size, known = 0;

    for (i = 0; i < a->block_n; i++) {
        while (k < b->block_n && b->docs[k] < a->docs[i])
            k++;
        if (k == b->block_n || b->docs[k] != a->docs[i] || a->docs[i] < d ||
            a->docs[i] > to || below(8) == 0)
            continue;
        in_a[n] = (uint8_t)i;
        in_b[n++] = (uint8_t)k;
    }
    for (from = 0; from < n; from += size) {
        size = 1 + below(n - from);
        assert_int_equal(postings_near(a, b, in_a + from, in_b + from, size, lo,
                                       hi, count + from),
                         0);
        for (i = from; i < from + size; i++) {
            uint32_t want = pairs(ta, tb, a->docs[in_a[i]], lo, hi);

            if (count[i] != NEAR_UNKNOWN) {
                assert_int_equal(count[i], want);
                known++;
            }
            if (below(4) == 0) {
                assert_int_equal(postings_stand(a, in_a[i]), 0);
                assert_int_equal(postings_stand(b, in_b[i]), 0);
                assert_int_equal(postings_index(a), in_a[i]);
                check_pos(a, ta, (uint32_t)(find(ta, a->docid) - ta->p));
                check_pos(b, tb, (uint32_t)(find(tb, b->docid) - tb->p));
            }
        }
    }
    return known;
}

static uint32_t check(const struct data_term *ta, const struct data_term *tb,
                      int64_t lo, int64_t hi)
{
    struct postings *a, *b;
    uint32_t d = LO, known = 0, to;

    assert_int_equal(postings_open(&a, &segment, name_of(ta), &err), 1);
    assert_int_equal(postings_open(&b, &segment, name_of(tb), &err), 1);
    for (; postings_shallow(a, d) > 0 && postings_shallow(b, d) > 0;
         d = to + 1) {
        to = a->block_last < b->block_last ? a->block_last : b->block_last;
        assert_int_equal(postings_load(a), 0);
        assert_int_equal(postings_load(b), 0);
        assert_int_equal(postings_tfs(a), 0);
        assert_int_equal(postings_tfs(b), 0);
        known += check_window(a, ta, b, tb, d, to, lo, hi);
    }
    postings_close(a);
    postings_close(b);
    return known;
}

static void test_pairs(void **state)
{
    static const int64_t ranges[][2] = {{1, 1},  {-1, -1}, {3, 3},  {0, 2},
                                        {-2, 1}, {-9, -4}, {2, 16}, {1, 40}};
    uint32_t known = 0;
    unsigned i, k, r;

    (void)state;
    for (i = 0; i < TERMS; i++)
        for (k = 0; k < TERMS; k++)
            for (r = 0; r < sizeof ranges / sizeof *ranges; r++)
                if (i != k)
                    known +=
                        check(&data[i], &data[k], ranges[r][0], ranges[r][1]);
    assert_true(known > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pairs)};

    return cmocka_run_group_tests(tests, setup, teardown);
}
