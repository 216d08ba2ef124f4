/* column.h: values of documents in pages. */
#include "base/bytes.h"
#include "index/column.h"
#include "tests/unit/temp_store.h"

enum { DAYS_PER_PAGE = 1008 };

static void test_none(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    uint8_t out[4] = {1, 2, 3, 4};
    struct err err = {0};
    struct txn *t = begin(s);
    struct column c;

    assert_int_equal(column_read(t, COLUMN_DATE, 7, out, &err), 0);
    assert_int_equal((int32_t)get_u32(out), DATE_NONE);
    assert_int_equal(column_read(t, COLUMN_LANGUAGE, 7, out, &err), 0);
    assert_memory_equal(out, "\0\0", 2);
    assert_int_equal(column_open(&c, t, COLUMN_DATE, &err), 0);
    assert_int_equal((int32_t)get_u32(column_get(&c, UINT32_MAX)), DATE_NONE);
    txn_abort(t);
    store_close(s);
}

static void test_values(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    uint32_t count = 3 * DAYS_PER_PAGE, lo = 900, i, n;
    const uint8_t *run;
    uint8_t *values = test_malloc(4 * count), out[4];
    struct err err = {0};
    struct txn *t = begin(s);
    struct column c;

    for (i = 0; i < count; i++)
        put_u32(values + 4 * i, i % 10 ? i - 1000 : (uint32_t)DATE_NONE);
    assert_int_equal(column_write(t, COLUMN_DATE, lo, values, count, &err), 0);
    assert_int_equal(
        column_write(t, COLUMN_LANGUAGE, 5, (const uint8_t *)"enzh", 2, &err),
        0);
    commit(t);
    t = begin(s);
    assert_int_equal(column_open(&c, t, COLUMN_DATE, &err), 0);
    for (i = 0; i < lo + count + 2000; i++) {
        bool in = i >= lo && i < lo + count && (i - lo) % 10;
        int32_t want = in ? (int32_t)(i - lo) - 1000 : DATE_NONE;

        assert_int_equal((int32_t)get_u32(column_get(&c, i)), want);
        assert_int_equal(column_read(t, COLUMN_DATE, i, out, &err), in);
        assert_int_equal((int32_t)get_u32(out), want);
        assert_int_equal(column_run(&c, i, &run, &n), 0);
        assert_int_equal(n, DAYS_PER_PAGE - i % DAYS_PER_PAGE);
        assert_int_equal(run ? (int32_t)get_u32(run) : DATE_NONE, want);
    }
    assert_int_equal(column_read(t, COLUMN_LANGUAGE, 6, out, &err), 1);
    assert_memory_equal(out, "zh", 2);
    assert_int_equal(column_read(t, COLUMN_LANGUAGE, 7, out, &err), 0);
    txn_abort(t);
    test_free(values);
    store_close(s);
}

static void test_damage(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    uint8_t key[5] = {COLUMN_DATE}, value[4] = {1}, out[4];
    const uint8_t *run;
    uint32_t n;
    struct err err = {0};
    struct txn *t = begin(s);
    struct column c;

    assert_int_equal(column_write(t, COLUMN_DATE, 5, value, 1, &err), 0);
    damage(t, table(t, "col"), view_of(key, 5), 3000);
    assert_int_equal(column_read(t, COLUMN_DATE, 5, out, &err), ERR_CORRUPT);
    assert_int_equal(column_open(&c, t, COLUMN_DATE, &err), 0);
    assert_null(column_get(&c, 5));
    assert_int_equal(column_run(&c, 5, &run, &n), ERR_CORRUPT);
    assert_null(column_get(&c, 6));
    assert_int_equal((int32_t)get_u32(column_get(&c, 2000)), DATE_NONE);
    assert_int_equal(column_write(t, COLUMN_DATE, 5, value, 1, &err),
                     ERR_CORRUPT);
    assert_int_equal(column_write(t, COLUMN_DATE, UINT32_MAX, value, 1, &err),
                     ERR_USAGE);
    txn_abort(t);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_none),
        in_dir(test_values),
        in_dir(test_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
