/* record.h: seals, and records in pieces. */
#include "base/bytes.h"
#include "index/record.h"
#include "tests/unit/temp_store.h"

static void test_seal(void **state)
{
    static const char *const texts[] = {"", "a", "a sealed value"};
    struct err err = {0};
    struct view content;
    size_t i, at;
    int bit;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf b = {0};

        buf_adds(&b, texts[i]);
        assert_int_equal(record_seal(&b), 0);
        assert_int_equal(b.n, strlen(texts[i]) + 4);
        assert_int_equal(record_open(buf_view(&b), &content, &err, "it"), 1);
        assert_true(view_eq(content, view_str(texts[i])));
        for (at = 0; at < b.n; at++) /* any changed bit is noticed */
            for (bit = 0; bit < 8; bit++) {
                b.p[at] ^= (uint8_t)(1 << bit);
                assert_int_equal(
                    record_open(buf_view(&b), &content, &err, "it"),
                    ERR_CORRUPT);
                b.p[at] ^= (uint8_t)(1 << bit);
            }
        for (at = 0; at < b.n; at++)
            assert_int_equal(
                record_open(view_of(b.p, at), &content, &err, "it"),
                ERR_CORRUPT);
        assert_non_null(strstr(err.msg, "index damaged"));
        buf_release(&b);
    }
}

static void fill(struct buf *b, size_t n, uint8_t seed)
{
    size_t i;

    buf_clear(b);
    for (i = 0; i < n; i++)
        buf_addc(b, (uint8_t)(i * 7 + i / 256 + seed));
}

/* A record found by a cursor is the record, wherever the cursor stands. */
static void check_seek(struct txn *t, store_db db, const char *name, int want,
                       struct view content)
{
    struct err err = {0};
    struct buf out = {0};
    struct cursor *c;
    int i;

    assert_int_equal(cursor_open(&c, t, db, &err), 0);
    for (i = 0; i < 2; i++) {
        assert_int_equal(record_seek(t, c, view_str(name), &out, &err), want);
        assert_true(want <= 0 || view_eq(buf_view(&out), content));
    }
    cursor_close(c);
    buf_release(&out);
}

static void test_pieces(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    size_t max = store_max_value(s) - 4, i;
    const size_t sizes[] = {
        0, 1, max - 1, max, max + 1, 2 * max, 5 * max + 17, 3, max, 0};
    struct buf in = {0}, out = {0};
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");
    uint64_t n;

    /* each replaces the one before, also by fewer pieces */
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fill(&in, sizes[i], (uint8_t)i);
        assert_int_equal(record_put(t, db, view_str("k"), buf_view(&in), &err),
                         0);
        assert_int_equal(record_get(t, db, view_str("k"), &out, &err), 1);
        assert_true(view_eq(buf_view(&in), buf_view(&out)));
        check_seek(t, db, "k", 1, buf_view(&in));
        assert_int_equal(txn_count(t, db, &n, &err), 0);
        assert_int_equal(n, sizes[i] ? (sizes[i] - 1) / max + 1 : 1);
    }
    assert_int_equal(record_get(t, db, view_str("other"), &out, &err), 0);
    assert_int_equal(out.n, 0);
    check_seek(t, db, "other", 0, buf_view(&out));
    check_seek(t, db, "a", 0, buf_view(&out));
    fill(&in, 3 * max, 1);
    assert_int_equal(record_append(t, db, view_str("l"), buf_view(&in), &err),
                     0);
    assert_int_equal(record_append(t, db, view_str("l"), buf_view(&in), &err),
                     ERR_CORRUPT);
    assert_int_equal(record_get(t, db, view_str("l"), &out, &err), 1);
    assert_true(view_eq(buf_view(&in), buf_view(&out)));
    assert_int_equal(record_del(t, db, view_str("k"), &err), 0);
    assert_int_equal(record_del(t, db, view_str("k"), &err), 0);
    assert_int_equal(record_get(t, db, view_str("k"), &out, &err), 0);
    assert_int_equal(record_get(t, db, view_str("l"), &out, &err), 1);
    buf_release(&in);
    buf_release(&out);
    txn_abort(t);
    store_close(s);
}

static void test_damaged_piece(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct buf in = {0}, out = {0};
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");
    uint8_t key[5] = {'k'};

    fill(&in, 2 * store_max_value(s), 1);
    assert_int_equal(record_put(t, db, view_str("k"), buf_view(&in), &err), 0);
    put_be32(key + 1, 1);
    damage(t, db, view_of(key, 5), 100);
    assert_int_equal(record_get(t, db, view_str("k"), &out, &err), ERR_CORRUPT);
    check_seek(t, db, "k", ERR_CORRUPT, buf_view(&out));
    buf_release(&in);
    buf_release(&out);
    txn_abort(t);
    store_close(s);
}

static void test_long_key(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct buf out = {0};
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");
    uint8_t key[STORE_KEY_MAX] = {1};

    assert_int_equal(
        record_put(t, db, view_of(key, STORE_KEY_MAX - 4), view_str("v"), &err),
        0);
    assert_int_equal(
        record_put(t, db, view_of(key, STORE_KEY_MAX - 3), view_str("v"), &err),
        ERR_USAGE);
    assert_int_equal(
        record_get(t, db, view_of(key, STORE_KEY_MAX - 3), &out, &err),
        ERR_USAGE);
    assert_int_equal(record_del(t, db, view_of(key, STORE_KEY_MAX - 3), &err),
                     ERR_USAGE);
    buf_release(&out);
    txn_abort(t);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seal),
        in_dir(test_pieces),
        in_dir(test_damaged_piece),
        in_dir(test_long_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
