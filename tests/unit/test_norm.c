/* norm.h: the length code, and its pages. */
#include "base/bytes.h"
#include "base/hash.h"
#include "index/norm.h"
#include "tests/unit/temp_store.h"

/* The smallest length of each of Lucene's codes, from its definition alone:
 * the numbers with at most 4 significant bits, in order, 24 higher. */
static size_t lucene_lengths(uint64_t out[512])
{
    uint64_t v;
    size_t n = 0;
    int e;

    for (v = 0; v < 24; v++)
        out[n++] = v;
    for (v = 0; v < 8; v++)
        out[n++] = 24 + v;
    for (e = 0; e < 29; e++)
        for (v = 8; v < 16; v++)
            out[n++] = 24 + (v << e);
    return n;
}

static void test_code(void **state)
{
    uint64_t length[512];
    size_t n = lucene_lengths(length), i;

    (void)state;
    assert_true(n > 254);
    assert_int_equal(norm_decode(0), 0);
    for (i = 0; i < n && length[i] <= UINT32_MAX; i++) {
        uint8_t code = i < 254 ? (uint8_t)(i + 1) : 255;

        assert_int_equal(norm_encode((uint32_t)length[i]), code);
        if (i > 0)
            assert_int_equal(norm_encode((uint32_t)length[i] - 1),
                             i < 255 ? i : 255);
        if (i < 255)
            assert_int_equal(norm_decode(code), length[i]);
    }
    /* values of Lucene's own tests of intToByte4, plus one */
    assert_int_equal(norm_encode(0), 1);
    assert_int_equal(norm_encode(39), 39 + 1);
    assert_int_equal(norm_encode(40), 40 + 1);
    assert_int_equal(norm_encode(41), 40 + 1);
    assert_int_equal(norm_encode(INT32_MAX), 255);
    assert_int_equal(norm_encode(UINT32_MAX), 255);
}

static void test_monotonic(void **state)
{
    uint32_t v;
    uint8_t last = 0;

    (void)state;
    for (v = 0; v < 1 << 22; v++) {
        uint8_t code = norm_encode(v);

        assert_true(code == last || code == last + 1);
        assert_true(norm_decode(code) <= v);
        /* at most an eighth too small */
        assert_true(v - norm_decode(code) <= v / 8);
        last = code;
    }
}

static void test_none_stored(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct err err = {0};
    struct txn *t = begin(s);
    struct norms n;

    assert_int_equal(norms_open(&n, t, 100000, &err), 0);
    assert_int_equal(norms_code(&n, 0), 0);
    assert_int_equal(norms_code(&n, 50000), 0);
    assert_int_equal(norms_code(&n, UINT32_MAX), 0);
    assert_int_equal(norms_page(&n, 5)[5], 0);
    norms_release(&n);
    norms_release(&n);
    txn_abort(t);
    store_close(s);
}

static void test_pages(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    uint32_t count = 3 * NORM_DOCS, lo = NORM_DOCS - 100, i;
    uint8_t *codes = test_malloc(count), dead[2] = {0, 0};
    struct err err = {0};
    struct txn *t = begin(s);
    struct norms n;

    for (i = 0; i < count; i++)
        codes[i] = (uint8_t)(1 + i % 255);
    assert_int_equal(norms_write(t, lo, codes, count, &err), 0);
    /* two dead, on two pages, in a later write */
    assert_int_equal(norms_write(t, 2 * NORM_DOCS - 1, dead, 2, &err), 0);
    commit(t);
    t = begin(s);
    assert_int_equal(norms_open(&n, t, lo + count, &err), 0);
    for (i = 0; i < lo + count + 10000; i++) {
        uint8_t want = i < lo || i >= lo + count ? 0 : codes[i - lo];

        if (i == 2 * NORM_DOCS - 1 || i == 2 * NORM_DOCS)
            want = 0;
        assert_int_equal(norms_code(&n, i), want);
    }
    norms_release(&n);
    txn_abort(t);
    test_free(codes);
    store_close(s);
}

static void test_header(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    const uint8_t codes[] = {5, 0, 6, 7}, zero[10] = {0}, dead = 0;
    uint8_t key[4] = {0};
    struct err err = {0};
    struct txn *t = begin(s);
    struct view val;
    struct norms n;

    assert_int_equal(norms_write(t, 1, codes, 4, &err), 0);
    assert_int_equal(norms_write(t, 3, &dead, 1, &err), 0);
    assert_int_equal(norms_write(t, 10, codes, 0, &err), 0);
    assert_int_equal(txn_get(t, table(t, "norm"), view_of(key, 4), &val, &err),
                     1);
    assert_int_equal(val.n, NORM_PAGE);
    assert_int_equal(get_u16(val.p + 4), 2);
    assert_memory_equal(val.p + 6, zero, 10);
    assert_int_equal(get_u32(val.p), checksum32(view_sub(val, 4, val.n)));
    assert_memory_equal(val.p + 16, "\0\5\0\0\7\0", 6);

    damage(t, table(t, "norm"), view_of(key, 4), 2000);
    assert_int_equal(norms_open(&n, t, 5, &err), 0);
    assert_int_equal(norms_code(&n, 1), 0);
    assert_int_equal(n.err.code, ERR_CORRUPT);
    assert_int_equal(norms_write(t, 1, codes, 4, &err), ERR_CORRUPT);
    assert_int_equal(norms_write(t, UINT32_MAX, codes, 4, &err), ERR_USAGE);
    norms_release(&n);
    txn_abort(t);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code), cmocka_unit_test(test_monotonic),
        in_dir(test_none_stored),    in_dir(test_pages),
        in_dir(test_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
