/* source.h and roots.h: the path table, and how paths are shown. */
#include "base/hash.h"
#include "index/record.h"
#include "index/source.h"
#include "tests/unit/temp_store.h"

static const struct source EXAMPLE = {
    .docid = 77,
    .verdict = SOURCE_SKIPPED,
    .reason = REASON_TOO_LARGE,
    .flags = SOURCE_RECORD,
    .mtime_ns = 1700000000123456789,
    .size = 1 << 30,
    .hash = 0xfedcba9876543210,
    .inode = 42,
    .device = 2049,
};

static void test_key(void **state)
{
    uint8_t key[SOURCE_KEY_MAX], other[SOURCE_KEY_MAX], hash[16];
    char id[1000];

    (void)state;
    memset(id, 'x', sizeof id);
    assert_int_equal(source_key(view_of(NULL, 0), key), 0);
    assert_int_equal(source_key(view_of(id, 400), key), 400);
    assert_memory_equal(key, id, 400);
    assert_int_equal(source_key(view_of(id, 401), key), 401);
    assert_memory_equal(key, id, 384);
    assert_int_equal(key[384], 0);
    hash128(view_of(id, 401), hash);
    assert_memory_equal(key + 385, hash, 16);
    assert_int_equal(source_key(view_of(id, 402), other), 401);
    assert_memory_not_equal(key, other, 401);
}

static void test_put_get(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct err err = {0};
    struct txn *t = begin(s);
    struct source got;
    struct view val;
    char id[1000];
    size_t n;

    memset(id, '/', sizeof id);
    for (n = 1; n < sizeof id; n += 57) {
        assert_int_equal(source_get(t, view_of(id, n), &got, &err), 0);
        assert_int_equal(got.docid, 0);
        assert_int_equal(source_del(t, view_of(id, n), &err), 0);
        assert_int_equal(source_put(t, view_of(id, n), &EXAMPLE, &err), 0);
        assert_int_equal(source_get(t, view_of(id, n), &got, &err), 1);
        assert_memory_equal(&got, &EXAMPLE, sizeof got);
    }
    assert_int_equal(txn_get(t, table(t, "path"), view_of(id, 58), &val, &err),
                     1);
    assert_int_equal(val.n, 56);
    damage(t, table(t, "path"), view_of(id, 58), 9);
    assert_int_equal(source_get(t, view_of(id, 58), &got, &err), ERR_CORRUPT);
    assert_int_equal(source_del(t, view_of(id, 58), &err), 1);
    assert_int_equal(source_get(t, view_of(id, 58), &got, &err), 0);
    assert_int_equal(source_put(t, view_of(id, 0), &EXAMPLE, &err), ERR_USAGE);
    txn_abort(t);
    store_close(s);
}

static void test_decode(void **state)
{
    struct err err = {0};
    struct source got;
    struct buf b = {0};
    size_t n;

    (void)state;
    for (n = 0; n < 80; n++) {
        buf_clear(&b);
        while (b.n < n)
            buf_addc(&b, 7);
        record_seal(&b);
        assert_int_equal(source_decode(buf_view(&b), &got, &err),
                         n == 52 ? 1 : ERR_CORRUPT);
    }
    buf_release(&b);
}

static void test_reasons(void **state)
{
    unsigned i;

    (void)state;
    assert_string_equal(source_reason_text(REASON_NONE), "");
    for (i = 1; i < REASON_COUNT; i++)
        assert_true(strlen(source_reason_text(i)) > 3);
    assert_non_null(source_reason_text(200));
}

static void shows(const struct roots *r, const char *id, const char *want)
{
    struct buf b = {0};

    assert_int_equal(roots_show(r, view_str(id), &b), 0);
    assert_string_equal(buf_cstr(&b), want);
    buf_release(&b);
}

static void means(const struct roots *r, const char *shown, const char *want)
{
    struct buf b = {0};

    assert_int_equal(roots_resolve(r, view_str(shown), &b), 0);
    assert_string_equal(buf_cstr(&b), want);
    buf_release(&b);
}

static void test_roots(void **state)
{
    struct roots r = {0};

    (void)state;
    shows(&r, "/a/b", "/a/b");
    means(&r, "b", "b");
    assert_int_equal(roots_add(&r, "/home/me/docs/", "./docs//"), 0);
    assert_int_equal(roots_add(&r, "/home/me/docs", "twice"), 0);
    assert_int_equal(roots_add(&r, "/srv/docs", "docs"), 0);
    assert_int_equal(roots_add(&r, "/home/me/docs/deep", "deep"), 0);
    assert_int_equal(roots_add(&r, "/home/me/a.txt", "../a.txt"), 0);
    assert_int_equal(r.n, 4);
    assert_string_equal(r.root[0].name, "docs");
    assert_string_equal(r.root[0].path, "/home/me/docs");
    assert_string_equal(r.root[1].name, "/srv/docs");

    shows(&r, "/home/me/docs/x/y.md", "docs/x/y.md");
    shows(&r, "/home/me/docs", "docs");
    shows(&r, "/home/me/docsx", "/home/me/docsx");
    shows(&r, "/home/me/docs/deep/z", "deep/z");
    shows(&r, "/srv/docs/q", "/srv/docs/q");
    shows(&r, "/home/me/a.txt", "../a.txt");
    shows(&r, "record-17", "record-17");
    assert_null(roots_of(&r, view_str("/home/me")));
    assert_string_equal(roots_of(&r, view_str("/home/me/docs/deep"))->name,
                        "deep");

    means(&r, "docs/x/y.md", "/home/me/docs/x/y.md");
    means(&r, "./docs//x", "/home/me/docs//x");
    means(&r, "docs/", "/home/me/docs");
    means(&r, "docsx", "docsx");
    means(&r, "deep/z", "/home/me/docs/deep/z");
    means(&r, "/srv/docs/q", "/srv/docs/q");
    means(&r, "../a.txt", "/home/me/a.txt");
    means(&r, "record-17", "record-17");
    roots_release(&r);
    roots_release(&r);
}

static void test_root_dot(void **state)
{
    struct roots r = {0};

    (void)state;
    assert_int_equal(roots_add(&r, "/home/me", "."), 0);
    assert_int_equal(roots_add(&r, "/home/me/other", "./"), 0);
    assert_string_equal(r.root[0].name, "");
    assert_string_equal(r.root[1].name, "/home/me/other");
    shows(&r, "/home/me/x/y", "x/y");
    shows(&r, "/home/me", ".");
    means(&r, "x/y", "/home/me/x/y");
    means(&r, "./x", "/home/me/x");
    means(&r, ".", "/home/me");
    means(&r, "/etc/passwd", "/etc/passwd");
    roots_release(&r);

    assert_int_equal(roots_add(&r, "/", "///"), 0);
    assert_string_equal(r.root[0].path, "/");
    assert_string_equal(r.root[0].name, "/");
    shows(&r, "/etc/passwd", "/etc/passwd");
    shows(&r, "/", "/");
    means(&r, "/etc/passwd", "/etc/passwd");
    roots_release(&r);
}

static void test_roots_in_store(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct roots r = {0}, got;
    struct err err = {0};
    struct txn *t = begin(s);
    struct buf b = {0};
    char path[200];
    store_db meta;
    size_t i;

    assert_int_equal(roots_read(t, &got, &err), 0);
    assert_int_equal(got.n, 0);
    for (i = 0; i < 100; i++) { /* more than a page of them */
        snprintf(path, sizeof path, "/a/folder/of/some/length/%zu", i);
        assert_int_equal(roots_add(&r, path, path + 10), 0);
    }
    assert_int_equal(roots_write(t, &r, &err), 0);
    assert_int_equal(roots_read(t, &got, &err), 0);
    assert_int_equal(got.n, 100);
    for (i = 0; i < 100; i++) {
        assert_string_equal(got.root[i].path, r.root[i].path);
        assert_string_equal(got.root[i].name, r.root[i].name);
    }
    roots_release(&got);

    assert_int_equal(roots_select(&r.root[7], ROOT_FOLLOW, "-*.md\n"), 1);
    assert_int_equal(roots_select(&r.root[7], ROOT_FOLLOW, "-*.md\n"), 0);
    assert_int_equal(roots_write(t, &r, &err), 0);
    assert_int_equal(roots_read(t, &got, &err), 0);
    for (i = 0; i < 100; i++) {
        assert_int_equal(got.root[i].flags, i == 7 ? ROOT_FOLLOW : 0);
        assert_string_equal(got.root[i].patterns, i == 7 ? "-*.md\n" : "");
    }
    roots_drop(&got, 7);
    assert_int_equal(got.n, 99);
    assert_string_equal(got.root[7].path, r.root[8].path);
    roots_release(&got);
    roots_release(&r);

    /* well sealed, but no roots */
    meta = table(t, "meta");
    for (i = 0; i < 12; i++) {
        static const struct view bad[] = {
            {(const uint8_t *)"\1", 1},
            {(const uint8_t *)"\1\5/a", 4},
            {(const uint8_t *)"\1\2/a\1", 5},
            {(const uint8_t *)"\1\2/a\1bc", 7},
            {(const uint8_t *)"\1\2/\0\1b", 6},
            {(const uint8_t *)"\377\377\377\377\377\377\377\377\377\1\1a\1b",
             14},
            {(const uint8_t *)"\1\2/a\1b\0\0\0", 9},
            {(const uint8_t *)"\1\2/a\1b\10\0", 8},
            {(const uint8_t *)"\1\2/a\1b\1", 7},
            {(const uint8_t *)"\1\2/a\1b\1\2x\n", 10},
            {(const uint8_t *)"\1\2/a\1b\1\2+x", 10},
            {(const uint8_t *)"\2\2/a\1b\2/c\1d\1\0", 13},
        };

        assert_int_equal(record_put(t, meta, view_str("roots"), bad[i], &err),
                         0);
        assert_int_equal(roots_read(t, &got, &err), ERR_CORRUPT);
        assert_int_equal(got.n, 0);
    }
    buf_release(&b);
    txn_abort(t);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key),    in_dir(test_put_get),
        cmocka_unit_test(test_decode), cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_roots),  cmocka_unit_test(test_root_dot),
        in_dir(test_roots_in_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
