/* store.h, txn.c and folder.h: one folder a test, made under TMPDIR. */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "index/folder.h"
#include "tests/unit/temp_store.h"

static void put_str(struct txn *t, store_db db, const char *k, const char *v)
{
    put(t, db, view_str(k), view_str(v));
}

/* One entry in one commit. */
static void commit_entry(struct store *s, const char *name, const char *k,
                         const char *v)
{
    struct txn *t = begin(s);

    put_str(t, table(t, name), k, v);
    commit(t);
}

/* What a transaction finds, as a string, or NULL. */
static const char *found(struct txn *t, const char *name, const char *k,
                         char out[32])
{
    struct err err = {0};
    struct view val;
    store_db db;
    int rc = txn_open_db(t, name, false, &db, &err);

    assert_true(rc >= 0);
    if (rc == 0 || (rc = txn_get(t, db, view_str(k), &val, &err)) == 0)
        return NULL;
    assert_int_equal(rc, 1);
    assert_true(val.n < 32);
    memcpy(out, val.p, val.n);
    out[val.n] = 0;
    return out;
}

static char *data_file(const char *dir, uint32_t number)
{
    char *path = folder_path(dir, number);

    assert_non_null(path);
    return path;
}

static void test_no_index(void **state)
{
    struct err err = {0};
    struct store *s = (struct store *)1;
    char missing[300];

    assert_int_equal(store_open(&s, *state, STORE_READ, &err), ERR_NOTFOUND);
    assert_null(s);
    assert_non_null(strstr(err.msg, "no index in "));
    assert_non_null(strstr(err.msg, "(run: indexer -d "));
    snprintf(missing, sizeof missing, "%s/none", (char *)*state);
    assert_int_equal(store_open(&s, missing, STORE_READ, &err), ERR_NOTFOUND);
    /* a reader makes nothing */
    assert_int_equal(access(missing, F_OK), -1);
}

static void test_put_get(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE), *r;
    struct txn *t;
    char buf[32];

    commit_entry(w, "t", "key", "value");
    r = open_store(*state, STORE_READ);
    t = begin(r);
    assert_string_equal(found(t, "t", "key", buf), "value");
    assert_null(found(t, "t", "other", buf));
    assert_null(found(t, "t", "", buf));
    assert_null(found(t, "u", "key", buf));
    /* a moment of the index, whatever is committed meanwhile */
    commit_entry(w, "t", "key", "newer");
    commit_entry(w, "u", "key", "there");
    assert_string_equal(found(t, "t", "key", buf), "value");
    assert_true(txn_intact(t));
    txn_abort(t);
    t = begin(r);
    assert_string_equal(found(t, "t", "key", buf), "newer");
    assert_string_equal(found(t, "u", "key", buf), "there");
    txn_abort(t);
    txn_abort(NULL);
    store_close(r);
    store_close(w);
    store_close(NULL);
}

static void test_abort_leaves_no_trace(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct err err = {0};
    struct txn *t = begin(s), *second;
    char buf[32];

    assert_int_equal(txn_begin(&second, s, &err), ERR_USAGE);
    put_str(t, table(t, "t"), "a", "1");
    txn_abort(t);
    t = begin(s);
    assert_null(found(t, "t", "a", buf));
    put_str(t, table(t, "t"), "b", "2");
    commit(t);
    t = begin(s);
    assert_string_equal(found(t, "t", "b", buf), "2");
    store_close(s); /* ends the transaction too */
}

static void test_sizes(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    size_t max = store_max_value(s), i;
    uint8_t *big = test_calloc(max + 1, 1), *room;
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");
    uint8_t key[STORE_KEY_MAX + 1] = {1};
    struct store_size before, after;

    assert_int_equal(max, sysconf(_SC_PAGESIZE) - 16);
    assert_int_equal(txn_put(t, db, view_of(key, 0), view_str("v"), &err),
                     ERR_USAGE);
    assert_int_equal(txn_put(t, db, view_of(key, sizeof key), view_str("v"),
                             &err), ERR_USAGE);
    assert_int_equal(txn_put(t, db, view_of(key, STORE_KEY_MAX),
                             view_of(big, max + 1), &err), ERR_USAGE);
    assert_int_equal(txn_append_reserve(t, db, view_of(key, 4), max + 1, &room,
                                        &err), ERR_USAGE);
    assert_int_equal(txn_put(t, db, view_of(key, STORE_KEY_MAX),
                             view_of(big, max), &err), 0);
    assert_int_equal(txn_put(t, db, view_of(key, 1), view_of(big, 0), &err),
                     0);
    commit(t);

    /* a value of max takes one page, and one of inline_max none of its own */
    assert_int_equal(store_size(s, &before, &err), 0);
    t = begin(s);
    db = table(t, "full");
    for (i = 0; i < 100; i++) {
        put_be32(key, (uint32_t)i);
        assert_int_equal(txn_append(t, db, view_of(key, 4), view_of(big, max),
                                    &err), 0);
    }
    assert_true(txn_dirty(t) >= 100 * max);
    assert_true(txn_dirty(t) <= 110 * (max + 16));
    commit(t);
    assert_int_equal(store_size(s, &after, &err), 0);
    assert_in_range(after.used_bytes - before.used_bytes, 100 * (max + 16),
                    110 * (max + 16));
    before = after;
    t = begin(s);
    db = table(t, "inline");
    for (i = 0; i < 100; i++) {
        size_t n = store_inline_max(s, 4);

        put_be32(key, (uint32_t)i);
        assert_int_equal(txn_append_reserve(t, db, view_of(key, 4), n, &room,
                                            &err), 0);
        memset(room, 'x', n);
    }
    commit(t);
    assert_int_equal(store_size(s, &after, &err), 0);
    assert_in_range(after.used_bytes - before.used_bytes, 50 * (max + 16),
                    56 * (max + 16));
    test_free(big);
    store_close(s);
}

static void test_append_order(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");

    assert_int_equal(txn_append(t, db, view_str("b"), view_str("1"), &err), 0);
    assert_int_equal(txn_append(t, db, view_str("a"), view_str("1"), &err),
                     ERR_CORRUPT);
    assert_int_equal(txn_append(t, db, view_str("b"), view_str("1"), &err),
                     ERR_CORRUPT);
    assert_non_null(strstr(err.msg, "index damaged"));
    txn_abort(t);
    store_close(s);
}

static void test_delete_and_count(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");
    uint64_t n;

    put_str(t, db, "a", "1");
    put_str(t, db, "b", "2");
    assert_int_equal(txn_count(t, db, &n, &err), 0);
    assert_int_equal(n, 2);
    assert_int_equal(txn_del(t, db, view_str("a"), &err), 1);
    assert_int_equal(txn_del(t, db, view_str("a"), &err), 0);
    assert_int_equal(txn_count(t, db, &n, &err), 0);
    assert_int_equal(n, 1);
    txn_abort(t);
    store_close(s);
}

static void test_cursor(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");
    struct cursor *c;
    struct view k, v;

    assert_int_equal(cursor_open(&c, t, db, &err), 0);
    assert_int_equal(cursor_first(c, &k, &v), 0);
    assert_int_equal(cursor_last(c, &k, &v), 0);
    cursor_close(c);
    put_str(t, db, "b", "1");
    put_str(t, db, "d", "2");
    put_str(t, db, "f", "3");
    assert_int_equal(cursor_open(&c, t, db, &err), 0);
    assert_int_equal(cursor_first(c, &k, &v), 1);
    assert_true(view_eq(k, view_str("b")));
    assert_int_equal(cursor_next(c, &k, &v), 1);
    assert_true(view_eq(v, view_str("2")));
    assert_int_equal(cursor_seek(c, view_str("e"), &k, &v), 1);
    assert_true(view_eq(k, view_str("f")));
    assert_int_equal(cursor_next(c, &k, &v), 0);
    assert_int_equal(cursor_seek(c, view_str("d"), &k, &v), 1);
    assert_true(view_eq(k, view_str("d")));
    assert_int_equal(cursor_prev(c, &k, &v), 1);
    assert_true(view_eq(k, view_str("b")));
    assert_int_equal(cursor_prev(c, &k, &v), 0);
    assert_int_equal(cursor_seek(c, view_str("g"), &k, &v), 0);
    assert_int_equal(cursor_seek(c, view_of(NULL, 0), &k, &v), 1);
    assert_true(view_eq(k, view_str("b")));
    assert_int_equal(cursor_last(c, &k, &v), 1);
    assert_true(view_eq(k, view_str("f")));
    cursor_close(c);
    cursor_close(NULL);
    txn_abort(t);
    store_close(s);
}

static int collect(void *arg, struct view name)
{
    struct buf *b = arg;

    buf_add(b, name);
    buf_addc(b, ' ');
    return view_eq(name, view_str("stop")) ? 7 : 0;
}

static void test_tables(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct err err = {0};
    struct buf names = {0};
    struct txn *t = begin(s);
    char buf[32];
    store_db db;

    table(t, "one");
    table(t, "two");
    put_str(t, table(t, "p00000001"), "k", "v");
    commit(t);
    t = begin(s);
    assert_int_equal(txn_list_dbs(t, collect, &names, &err), 0);
    assert_string_equal(buf_cstr(&names), "one p00000001 two ");
    /* a drop that is aborted did not happen */
    assert_int_equal(txn_drop_db(t, "p00000001", &err), 1);
    assert_int_equal(txn_open_db(t, "p00000001", false, &db, &err), 0);
    txn_abort(t);
    t = begin(s);
    assert_string_equal(found(t, "p00000001", "k", buf), "v");
    assert_int_equal(txn_drop_db(t, "p00000001", &err), 1);
    assert_int_equal(txn_drop_db(t, "p00000001", &err), 0);
    table(t, "stop");
    commit(t);
    t = begin(s);
    assert_int_equal(txn_open_db(t, "p00000001", false, &db, &err), 0);
    buf_clear(&names);
    assert_int_equal(txn_list_dbs(t, collect, &names, &err), 7);
    assert_string_equal(buf_cstr(&names), "one stop ");
    txn_abort(t);
    buf_release(&names);
    store_close(s);
}

/* Tables come and go by the thousand; a reader that stays sees them all. */
static void test_many_tables(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    struct store *r;
    struct err err = {0};
    char name[16], buf[32];
    unsigned i;

    commit_entry(w, "first", "k", "v");
    r = open_store(*state, STORE_READ);
    for (i = 0; i < 500; i++) {
        struct txn *t = begin(w);

        snprintf(name, sizeof name, "p%08x", i);
        put_str(t, table(t, name), "k", "v");
        snprintf(name, sizeof name, "p%08x", i - 1);
        assert_int_equal(txn_drop_db(t, name, &err), i > 0);
        commit(t);
        t = begin(r);
        assert_null(found(t, name, "k", buf));
        snprintf(name, sizeof name, "p%08x", i);
        assert_string_equal(found(t, name, "k", buf), "v");
        txn_abort(t);
    }
    store_close(r);
    store_close(w);
}

static void test_busy(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    int status;
    pid_t pid = fork();

    if (pid == 0) { /* another process, without the fork's environment */
        struct err err = {0};
        struct store *s;
        int rc = store_open(&s, *state, STORE_WRITE, &err);

        _exit(rc == ERR_BUSY &&
              strstr(err.msg, "another indexer is writing to ") ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    store_close(w);
    store_close(open_store(*state, STORE_WRITE));
}

static void test_short_file(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    char *path = strdup(store_path(s));
    struct err err = {0};
    struct stat st;
    unsigned i;
    char key[8];

    for (i = 0; i < 20; i++) {
        snprintf(key, sizeof key, "k%u", i);
        commit_entry(s, "t", key, "value");
    }
    store_close(s);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, 3 * 4096), 0);
    assert_int_equal(store_open(&s, *state, STORE_READ, &err), ERR_CORRUPT);
    assert_non_null(strstr(err.msg, "shorter than it should be"));
    assert_int_equal(store_open(&s, *state, STORE_WRITE, &err), ERR_CORRUPT);
    assert_non_null(strstr(err.msg, "shorter than it should be"));
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(store_open(&s, *state, STORE_READ, &err), ERR_CORRUPT);
    assert_int_equal(store_open(&s, *state, STORE_WRITE, &err), ERR_CORRUPT);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(store_open(&s, *state, STORE_READ, &err), ERR_IO);
    assert_int_equal(store_open(&s, *state, STORE_WRITE, &err), ERR_CORRUPT);
    /* what a build is for */
    s = open_store(*state, STORE_BUILD);
    assert_int_equal(store_publish(s, &err), 0);
    store_close(s);
    store_close(open_store(*state, STORE_READ));
    free(path);
}

/* LMDB writes no page that it took and freed within a transaction, so after a
 * crash its file may end before the last page it counts. */
static void test_unwritten_tail(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    size_t max = store_max_value(s);
    uint8_t *big = test_calloc(max, 1), key[4];
    char *path = strdup(store_path(s)), buf[32];
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "t");
    struct stat before, after;
    uint32_t i;

    for (i = 0; i < 50; i++) {
        put_be32(key, i);
        assert_int_equal(txn_append(t, db, view_of(key, 4),
                                    view_of(big, max), &err), 0);
    }
    commit(t);
    t = begin(s);
    assert_int_equal(txn_drop_db(t, "t", &err), 1);
    commit(t);
    for (i = 0; i < 4; i++)
        commit_entry(s, "u", "k", "v"); /* into pages that came free */
    store_close(s);

    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(truncate(path, before.st_size - 4096), 0);
    s = open_store(*state, STORE_WRITE);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    t = begin(s);
    assert_string_equal(found(t, "u", "k", buf), "v");
    store_close(s);
    test_free(big);
    free(path);
}

/* The same as LMDB does it: a reader never finds the file too short. */
static void test_take_and_free(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    size_t max = store_max_value(s);
    uint8_t *big = test_calloc(max, 1), key[4];
    struct err err = {0};
    unsigned round, i, seed = 1;

    for (round = 0; round < 40; round++) {
        struct txn *t = begin(s);
        store_db db = table(t, "t");
        unsigned n = (seed = seed * 1103515245 + 12345) >> 16 & 0xff;

        for (i = 0; i < 2 * n; i++) {
            int rc;

            put_be32(key, i % n);
            if (i < n)
                rc = txn_put(t, db, view_of(key, 4), view_of(big, max), &err);
            else
                rc = txn_del(t, db, view_of(key, 4), &err);
            assert_int_equal(rc, i >= n);
        }
        if (round % 2)
            assert_int_equal(txn_drop_db(t, "t", &err), 1);
        commit(t);
        store_close(open_store(*state, STORE_READ));
    }
    store_close(s);
    test_free(big);
}

static void write_text(const char *dir, const char *name, const char *text)
{
    char path[300];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void test_bad_folder(void **state)
{
    static const char *const bad[] = {
        "", "\n", "index-00000001.mdb", "index-00000001.mdb\n\n",
        "index-0000001g.mdb\n", "index-0000000A.mdb\n", "../../../etc/pass\n",
        "index-00000001.mdB\n", "indexx00000001.mdb\n",
    };
    struct err err = {0};
    struct store *s;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_text(*state, "CURRENT", bad[i]);
        assert_int_equal(store_open(&s, *state, STORE_READ, &err),
                         ERR_CORRUPT);
        assert_int_equal(store_open(&s, *state, STORE_WRITE, &err),
                         ERR_CORRUPT);
    }
    write_text(*state, "CURRENT", "index-00000001.mdb\n");
    assert_int_equal(store_open(&s, *state, STORE_READ, &err), ERR_IO);
    write_text(*state, "index-00000001.mdb", "no index at all");
    assert_int_equal(store_open(&s, *state, STORE_READ, &err), ERR_CORRUPT);
}

static void test_leftovers(void **state)
{
    char *one = data_file(*state, 1), *two = data_file(*state, 2);
    struct store *s;

    /* a crash before the first CURRENT: the number is not used again */
    write_text(*state, "index-00000001.mdb", "rest");
    s = open_store(*state, STORE_WRITE);
    assert_string_equal(store_path(s), two);
    store_close(s);
    /* and the next writer removes it */
    s = open_store(*state, STORE_WRITE);
    assert_string_equal(store_path(s), two);
    store_close(s);
    assert_int_equal(access(one, F_OK), -1);
    assert_int_equal(access(two, F_OK), 0);
    free(one);
    free(two);
}

static void test_build(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE), *r;
    char *one = data_file(*state, 1), *two = data_file(*state, 2);
    struct err err = {0};
    struct txn *t;
    char buf[32];

    commit_entry(w, "t", "k", "old");
    store_close(w);
    r = open_store(*state, STORE_READ);

    /* a build that is given up leaves nothing behind */
    w = open_store(*state, STORE_BUILD);
    commit_entry(w, "t", "k", "never");
    store_close(w);
    assert_int_equal(access(two, F_OK), -1);

    w = open_store(*state, STORE_BUILD);
    t = begin(w);
    assert_null(found(t, "t", "k", buf));
    txn_abort(t);
    commit_entry(w, "t", "k", "new");
    assert_int_equal(store_refresh(r, &err), 0);
    t = begin(r);
    assert_string_equal(found(t, "t", "k", buf), "old");
    assert_int_equal(store_publish(w, &err), 0);
    assert_int_equal(store_publish(w, &err), ERR_USAGE);
    assert_string_equal(found(t, "t", "k", buf), "old");
    txn_abort(t);
    assert_int_equal(access(one, F_OK), -1);
    assert_int_equal(store_refresh(r, &err), 0);
    assert_string_equal(store_path(r), two);
    t = begin(r);
    assert_string_equal(found(t, "t", "k", buf), "new");
    txn_abort(t);
    commit_entry(w, "t", "k", "newer");
    t = begin(r);
    assert_string_equal(found(t, "t", "k", buf), "newer");
    store_close(r);
    store_close(w);
    free(one);
    free(two);
}

static void test_compact(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct store_size before, after;
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "p00000001");
    uint8_t key[4], value[2000] = {0};
    uint32_t i;
    char buf[32];

    for (i = 0; i < 1000; i++) {
        put_be32(key, i);
        assert_int_equal(txn_append(t, db, view_of(key, 4),
                                    view_of(value, sizeof value), &err), 0);
    }
    commit(t);
    t = begin(s);
    assert_int_equal(txn_drop_db(t, "p00000001", &err), 1);
    put_str(t, table(t, "t"), "k", "v");
    assert_int_equal(store_compact(s, &err), ERR_USAGE);
    commit(t);
    assert_int_equal(store_size(s, &before, &err), 0);
    assert_true(before.used_bytes < before.file_bytes / 10);
    assert_int_equal(store_compact(s, &err), 0);
    assert_int_equal(store_size(s, &after, &err), 0);
    assert_true(after.file_bytes < before.file_bytes / 10);
    t = begin(s);
    assert_string_equal(found(t, "t", "k", buf), "v");
    txn_abort(t);
    commit_entry(s, "t", "k", "w");
    store_close(s);
    s = open_store(*state, STORE_READ);
    t = begin(s);
    assert_string_equal(found(t, "t", "k", buf), "w");
    store_close(s);
}

/* A folder that cannot be written is read all the same. Root may write
 * anything, so a child gives up its rights first. */
static void test_read_only(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    pid_t pid;
    int status;

    commit_entry(w, "t", "k", "v");
    assert_int_equal(chmod(*state, 0755), 0);
    pid = fork();
    if (pid == 0) {
        struct err err = {0};
        struct store *s;
        struct txn *t;
        char buf[32];

        if (setgid(65534) < 0 || setuid(65534) < 0)
            _exit(77);
        if (store_open(&s, *state, STORE_WRITE, &err) != ERR_IO)
            _exit(1);
        if (store_open(&s, *state, STORE_READ, &err) != 0 ||
            txn_begin(&t, s, &err) != 0)
            _exit(2);
        if (!found(t, "t", "k", buf) || strcmp(buf, "v") != 0 ||
            !txn_intact(t))
            _exit(3);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    store_close(w);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_no_index),
        in_dir(test_put_get),
        in_dir(test_abort_leaves_no_trace),
        in_dir(test_sizes),
        in_dir(test_append_order),
        in_dir(test_delete_and_count),
        in_dir(test_cursor),
        in_dir(test_tables),
        in_dir(test_many_tables),
        in_dir(test_busy),
        in_dir(test_short_file),
        in_dir(test_unwritten_tail),
        in_dir(test_take_and_free),
        in_dir(test_bad_folder),
        in_dir(test_leftovers),
        in_dir(test_build),
        in_dir(test_compact),
        in_dir(test_read_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
