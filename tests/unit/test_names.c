/* names.h: paths by docid, in blocks. */
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "index/names.h"
#include "tests/unit/temp_store.h"

enum { DOCS = 300 };

static struct buf out;
static struct err err;

/* What is stored, beside it. */
static char *want[DOCS];

static void set(uint32_t docid, const char *path)
{
    free(want[docid]);
    want[docid] = strdup(path);
    assert_non_null(want[docid]);
}

static void write_one(struct txn *t, uint32_t docid, const char *path)
{
    struct view v = view_str(path);

    assert_int_equal(names_write(t, docid, &v, 1, &err), 0);
    set(docid, path);
}

/* All of want[], asked for twice, backwards. */
static void same(struct txn *t)
{
    struct names n;
    uint32_t i;

    assert_int_equal(names_open(&n, t, DOCS, &err), 0);
    for (i = 2 * DOCS; i-- > 0;) {
        const char *w = want[i % DOCS];
        int rc = names_get(&n, i % DOCS, &out, &err);

        assert_int_equal(rc, w && *w);
        assert_true(view_eq(buf_view(&out), view_str(w ? w : "")));
    }
    assert_int_equal(names_get(&n, DOCS + 1000, &out, &err), 0);
    assert_int_equal(names_get(&n, UINT32_MAX, &out, &err), 0);
    names_release(&n);
}

static uint64_t rows(struct txn *t)
{
    uint64_t n;
    store_db db;

    assert_int_equal(txn_open_db(t, "name", false, &db, &err), 1);
    assert_int_equal(txn_count(t, db, &n, &err), 0);
    return n;
}

static void forget(void)
{
    size_t i;

    for (i = 0; i < DOCS; i++) {
        free(want[i]);
        want[i] = NULL;
    }
}

static void test_none(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);

    same(t);
    txn_abort(t);
    store_close(s);
}

static void test_changes(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct view path[DOCS];
    unsigned seed = 3;
    uint32_t i;
    char name[64];

    /* documents come in batches that end in the middle of a block */
    for (i = 1; i < DOCS; i++) {
        snprintf(name, sizeof name, "/srv/texts/%u/%u.txt", i / 50, i);
        if (i % 9 == 0)
            name[0] = 0;
        set(i, name);
        path[i] = view_str(want[i]);
    }
    assert_int_equal(names_write(t, 1, path + 1, 70, &err), 0);
    assert_int_equal(names_write(t, 71, path + 71, 0, &err), 0);
    assert_int_equal(names_write(t, 71, path + 71, 1, &err), 0);
    assert_int_equal(names_write(t, 72, path + 72, DOCS - 72, &err), 0);
    same(t);
    commit(t);
    t = begin(s);
    same(t);
    for (i = 0; i < 500; i++) {
        uint32_t d = 1 + (uint32_t)rand_r(&seed) % (DOCS - 1);

        snprintf(name, sizeof name, "/%.*s/%u", rand_r(&seed) % 40,
                 "a folder that has been renamed, or another", d);
        write_one(t, d, i % 3 ? name : "");
    }
    same(t);
    commit(t);
    store_close(s);
    forget();
}

/* A block without a path is not there. */
static void test_empty_blocks(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    uint32_t i;

    for (i = 1; i < 3 * NAMES_DOCS; i++)
        write_one(t, i, "x");
    assert_int_equal(rows(t), 3);
    for (i = NAMES_DOCS; i < 2 * NAMES_DOCS; i++)
        write_one(t, i, "");
    write_one(t, NAMES_DOCS, "");
    assert_int_equal(rows(t), 2);
    same(t);
    write_one(t, NAMES_DOCS + 7, "/again");
    assert_int_equal(rows(t), 3);
    same(t);
    commit(t);
    store_close(s);
    forget();
}

/* Paths of any length: blocks of more than a piece, ends of four bytes. */
static void test_long(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    char *name = test_malloc(80001);
    uint32_t i;

    memset(name, 'n', 80000);
    for (i = 1; i < 60; i++) {
        name[80000] = 0;
        name[i < 32 ? i * 37 : i * 1300] = 0;
        name[0] = (char)('a' + i % 26);
        write_one(t, i, name);
        name[i < 32 ? i * 37 : i * 1300] = 'n';
    }
    assert_true(rows(t) > 20);
    same(t);
    for (i = 3; i < 60; i++)
        write_one(t, i, i % 2 ? "/short" : "");
    assert_int_equal(rows(t), 2);
    same(t);
    commit(t);
    test_free(name);
    store_close(s);
    forget();
}

/* Beginnings in common, of paths that begin with one another. */
static void test_parts(void **state)
{
    struct view path[NAMES_DOCS] = {{NULL, 0}}, part[2];
    struct buf block = {0};
    size_t n;

    (void)state;
    path[3] = view_str("/a/b/c");
    path[5] = view_str("/a/b");
    path[31] = view_str("/a/b/d");
    assert_int_equal(names_encode(path, &block), 0);
    assert_int_equal(names_part(buf_view(&block), 5, part), 1);
    assert_true(view_eq(part[0], view_str("/a/")));
    assert_true(view_eq(part[1], view_str("b")));
    assert_int_equal(names_part(buf_view(&block), 31, part), 1);
    assert_true(view_eq(part[1], view_str("b/d")));
    assert_int_equal(names_part(buf_view(&block), 0, part), 0);
    assert_int_equal(names_part(buf_view(&block), 30, part), 0);
    /* bytes that are missing are told */
    for (n = 0; n < block.n; n++)
        assert_int_equal(names_part(view_of(block.p, n), 31, part),
                         ERR_CORRUPT);
    buf_release(&block);
}

static void test_damage(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct buf b = {0};
    struct names n;
    struct view val, none = {NULL, 0};
    uint8_t c32[4];
    store_db db;

    write_one(t, 1, "/a/b");
    assert_int_equal(txn_open_db(t, "name", false, &db, &err), 1);
    assert_int_equal(txn_get(t, db, view_of("\0\0\0\0\0\0\0\0", 8), &val, &err),
                     1);
    assert_int_equal(buf_add(&b, val), 0);
    b.p[0] ^= 1;
    assert_int_equal(
        txn_put(t, db, view_of("\0\0\0\0\0\0\0\0", 8), buf_view(&b), &err), 0);
    assert_int_equal(names_open(&n, t, 9, &err), 0);
    assert_int_equal(names_get(&n, 1, &out, &err), ERR_CORRUPT);
    names_release(&n);
    assert_int_equal(names_write(t, 2, &none, 1, &err), ERR_CORRUPT);
    /* a seal that fits, around what does not */
    b.p[0] = 0xff;
    put_u32(c32, checksum32(view_of(b.p, b.n - 4)));
    memcpy(b.p + b.n - 4, c32, 4);
    assert_int_equal(
        txn_put(t, db, view_of("\0\0\0\0\0\0\0\0", 8), buf_view(&b), &err), 0);
    assert_int_equal(names_open(&n, t, 9, &err), 0);
    assert_int_equal(names_get(&n, 1, &out, &err), ERR_CORRUPT);
    names_release(&n);
    assert_int_equal(names_write(t, 2, &none, 1, &err), ERR_CORRUPT);
    assert_int_equal(names_write(t, UINT32_MAX, &none, 1, &err), ERR_USAGE);
    buf_release(&b);
    txn_abort(t);
    store_close(s);
    forget();
}

static int release(void **state)
{
    (void)state;
    buf_release(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_none),
        in_dir(test_changes),
        in_dir(test_empty_blocks),
        in_dir(test_long),
        cmocka_unit_test(test_parts),
        in_dir(test_damage),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
