/* fields.h: rows of fields, against sets kept beside them. */
#include <string.h>

#include "index/fields.h"
#include "tests/unit/temp_store.h"

static struct err err;

static struct field field(const char *name, const char *value)
{
    return (struct field){view_str(name), view_str(value)};
}

static void change(struct txn *t, uint32_t docid, bool add, const char *name,
                   const char *value)
{
    struct field f = field(name, value);
    struct field_keys k = {0};

    assert_int_equal(fields_keys(&k, docid, &f, 1), 0);
    assert_int_equal(fields_write(t, &k, add, &err), 0);
    fields_keys_release(&k);
}

static bool has(struct txn *t, uint32_t docid, const char *name,
                const char *value)
{
    uint8_t bits[FIELDS_BITS];
    struct field_rows r;
    int rc;

    assert_int_equal(fields_open(&r, t, view_str(name), view_str(value), &err),
                     0);
    rc = fields_page(&r, docid / NORM_DOCS, bits, &err);
    assert_true(rc >= 0);
    fields_close(&r);
    return fields_bit(bits, docid % NORM_DOCS);
}

static void test_values(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    char longer[2000];

    assert_false(has(t, 1, "source", "AIIB"));
    change(t, 1, true, "Source", "AIIB");
    change(t, 4032, true, "source", " aiib ");
    change(t, 5000, true, "source", "World Bank");
    change(t, 7, true, "tags", "- rail\n- \"Port, Harbour\"\r\n- Straße");
    change(t, 8, true, "tags", "rail; port");
    assert_true(has(t, 1, "source", "aiib"));
    assert_true(has(t, 1, "SOURCE", "AIIB "));
    assert_true(has(t, 4032, "source", "AIIB"));
    assert_false(has(t, 5000, "source", "AIIB"));
    assert_true(has(t, 5000, "source", "world bank"));
    assert_false(has(t, 5000, "source", "world"));
    assert_false(has(t, 5000, "sourc", "eworld bank"));
    assert_true(has(t, 7, "tags", "rail"));
    assert_true(has(t, 7, "tags", "strasse"));
    assert_true(has(t, 8, "tags", "port"));
    assert_true(has(t, 8, "tags", "rail; port"));
    assert_false(has(t, 9, "tags", "port"));
    change(t, 1, false, "source", "AIIB");
    assert_false(has(t, 1, "source", "aiib"));
    assert_true(has(t, 4032, "source", "aiib"));
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = 0;
    change(t, 3, true, longer, longer);
    assert_true(has(t, 3, longer, longer));
    longer[1500] = 'y';
    assert_false(has(t, 3, longer, longer));
    change(t, 4, true, "", "");
    assert_true(has(t, 4, "", " "));
    txn_abort(t);
    store_close(s);
}

/* The rows of a name, and of none beside it. */
static void test_walk(void **state)
{
    static const struct {
        const char *value;
        uint32_t page;
        uint32_t docid;
    } rows[] = {{"", 0, 4},
                {"aiib", 0, 1},
                {"aiib", 1, 4032},
                {"port", 0, 8},
                {"rail", 0, 8},
                {"rail; port", 0, 8},
                {"world bank", 1, 5000}};
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    uint8_t bits[FIELDS_BITS];
    struct field_walk w;
    size_t i;

    assert_int_equal(fields_walk(&w, t, view_str("source"), &err), 0);
    assert_int_equal(fields_next(&w, bits), 0);
    fields_walk_end(&w);
    change(t, 1, true, "Source", "AIIB");
    change(t, 4032, true, "source", " aiib ");
    change(t, 5000, true, "source", "World Bank");
    change(t, 8, true, "source", "rail; port");
    change(t, 4, true, "source", "");
    change(t, 2, true, "sourc", "x");
    change(t, 2, true, "sources", "x");
    change(t, 2, true, "tags", "x");
    assert_int_equal(fields_walk(&w, t, view_str(" SOURCE"), &err), 0);
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(fields_next(&w, bits), 1);
        assert_true(view_eq(w.value, view_str(rows[i].value)));
        assert_int_equal(w.page, rows[i].page);
        assert_true(fields_bit(bits, rows[i].docid % NORM_DOCS));
    }
    assert_int_equal(fields_next(&w, bits), 0);
    fields_walk_end(&w);
    assert_true(fields_list(view_str("rail; port")));
    assert_true(fields_list(view_str("- rail")));
    assert_true(fields_list(view_str("\"rail\"")));
    assert_false(fields_list(view_str("rail port")));
    assert_true(view_eq(fields_first_item(view_str("- rail\n- port")),
                        view_str("rail")));
    assert_int_equal(fields_first_item(view_str(", x")).n, 0);
    txn_abort(t);
    store_close(s);
}

/* Random documents come and go, in batches, on two pages. */
static void test_random(void **state)
{
    enum { DOCS = 2 * NORM_DOCS, VALUES = 4, ROUNDS = 60 };
    static const char *const value[VALUES] = {"a", "b", "c", "d"};
    static bool in[VALUES][DOCS];
    uint8_t bits[FIELDS_BITS];
    struct field_keys k = {0};
    struct field_rows r;
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    uint64_t x = 1;
    unsigned round, i, v;
    uint64_t entries = 0;

    for (round = 0; round < ROUNDS; round++) {
        bool add = round % 3 != 2;
        unsigned n = round % 7 == 0 ? 6000 : 40;

        fields_keys_clear(&k);
        for (i = 0; i < n; i++) {
            struct field f;
            uint32_t d;

            x = x * 6364136223846793005u + 1442695040888963407u;
            d = (uint32_t)(x >> 33) % DOCS;
            v = (x >> 20) % VALUES;
            v = (x >> 24) % (v + 1); /* some values are rarer */
            f = field("f", value[v]);
            in[v][d] = add;
            assert_int_equal(fields_keys(&k, d, &f, 1), 0);
        }
        assert_int_equal(fields_write(t, &k, add, &err), 0);
    }
    for (v = 0; v < VALUES; v++) {
        assert_int_equal(
            fields_open(&r, t, view_str("f"), view_str(value[v]), &err), 0);
        for (i = 0; i < DOCS; i++) {
            if (i % NORM_DOCS == 0)
                assert_int_equal(fields_page(&r, i / NORM_DOCS, bits, &err), 1);
            assert_int_equal(fields_bit(bits, i % NORM_DOCS), in[v][i]);
            entries += in[v][i];
        }
        assert_int_equal(fields_page(&r, 77, bits, &err), 0);
        fields_close(&r);
    }
    assert_true(entries > 5000);
    fields_keys_release(&k);
    txn_abort(t);
    store_close(s);
}

static void row_is(const uint8_t *bits, size_t bytes)
{
    uint8_t again[FIELDS_BITS];
    struct buf row = {0};

    assert_int_equal(fields_encode(bits, &row), 0);
    assert_int_equal(row.n, bytes);
    assert_int_equal(fields_decode(buf_view(&row), again), 0);
    assert_memory_equal(bits, again, FIELDS_BITS);
    buf_release(&row);
}

static void test_rows(void **state)
{
    uint8_t bits[FIELDS_BITS] = {1};
    unsigned i;

    (void)state;
    row_is(bits, 1);
    memset(bits, 0, sizeof bits);
    bits[FIELDS_BITS - 1] = 0x80;
    row_is(bits, 2);
    for (i = 0; i < FIELDS_BITS - 1; i++)
        bits[i] = 1;
    row_is(bits, FIELDS_BITS); /* as a list it would have as many bytes */
    bits[0] = 0;
    row_is(bits, FIELDS_BITS - 1);
    memset(bits, 0xff, sizeof bits);
    row_is(bits, FIELDS_BITS);
    assert_int_equal(fields_decode(view_of("", 0), bits), ERR_CORRUPT);
    assert_int_equal(fields_decode(view_of("\x80", 1), bits), ERR_CORRUPT);
    assert_int_equal(fields_decode(view_of("\xc0\x1f", 2), bits), ERR_CORRUPT);
    assert_int_equal(fields_decode(view_of("\xbf\x1f\x00", 3), bits),
                     ERR_CORRUPT);
    assert_int_equal(fields_decode(view_of("\xbf\x1f", 2), bits), 0);
    memset(bits, 0, sizeof bits);
    assert_int_equal(fields_decode(view_of(bits, sizeof bits), bits),
                     ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_values),
        in_dir(test_walk),
        in_dir(test_random),
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
