/* store.h: transactions, tables and cursors. */
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "tests/unit/temp_store.h"

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
    assert_int_equal(
        txn_put(t, db, view_of(key, sizeof key), view_str("v"), &err),
        ERR_USAGE);
    assert_int_equal(txn_put(t, db, view_of(key, STORE_KEY_MAX),
                             view_of(big, max + 1), &err),
                     ERR_USAGE);
    assert_int_equal(
        txn_append_reserve(t, db, view_of(key, 4), max + 1, &room, &err),
        ERR_USAGE);
    assert_int_equal(
        txn_put(t, db, view_of(key, STORE_KEY_MAX), view_of(big, max), &err),
        0);
    assert_int_equal(txn_put(t, db, view_of(key, 1), view_of(big, 0), &err), 0);
    commit(t);

    /* a value of max takes one page, and one of inline_max none of its own */
    assert_int_equal(store_size(s, &before, &err), 0);
    t = begin(s);
    db = table(t, "full");
    for (i = 0; i < 100; i++) {
        put_be32(key, (uint32_t)i);
        assert_int_equal(
            txn_append(t, db, view_of(key, 4), view_of(big, max), &err), 0);
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
        assert_int_equal(
            txn_append_reserve(t, db, view_of(key, 4), n, &room, &err), 0);
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

static void test_bytes(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    struct err err = {0};
    uint64_t bytes;
    uint8_t value[2500] = {0};
    store_db db = table(t, "t");
    uint32_t i;

    table(t, "empty");
    for (i = 0; i < 4; i++) /* each on a page of its own, and a leaf */
        put(t, db, view_of(&i, sizeof i), view_of(value, sizeof value));
    commit(t);
    t = begin(s);
    assert_int_equal(txn_bytes(t, "t", &bytes, &err), 0);
    assert_int_equal(bytes, 5 * (store_max_value(s) + 16));
    assert_int_equal(txn_bytes(t, "empty", &bytes, &err), 0);
    assert_int_equal(bytes, 0);
    bytes = 1;
    assert_int_equal(txn_bytes(t, "none", &bytes, &err), 0);
    assert_int_equal(bytes, 0);
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

/* A reader that is killed in a transaction does not make the file grow for
 * ever: a writer that stays notices. */
static void test_killed_reader(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    size_t max = store_max_value(w);
    uint8_t *page = test_calloc(max, 1), key[4];
    struct store_size before, after;
    struct err err = {0};
    int ready[2], round;
    uint32_t i;
    char c;
    pid_t pid;

    commit_entry(w, "t", "k", "v");
    assert_int_equal(pipe(ready), 0);
    pid = fork();
    if (pid == 0) {
        begin(open_store(*state, STORE_READ));
        if (write(ready[1], "", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &c, 1), 1);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    for (round = 0; round < 50; round++) {
        struct txn *t = begin(w);
        store_db db = table(t, "t");

        for (i = 0; i < 20; i++) {
            put_be32(key, i);
            put(t, db, view_of(key, 4), view_of(page, max));
        }
        commit(t);
        if (round == 5)
            assert_int_equal(store_size(w, &before, &err), 0);
    }
    assert_int_equal(store_size(w, &after, &err), 0);
    assert_int_equal(after.file_bytes, before.file_bytes);
    close(ready[0]);
    close(ready[1]);
    store_close(w);
    test_free(page);
}

/* As a process that is killed while it makes the lock file ready: nobody else
 * has that open. Writes a byte to `ready` when it is half-way. */
static void die_opening(const char *path, int ready)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    static const char zero[64];
    char lock[300];
    int turn = open(path, O_RDONLY), fd;

    snprintf(lock, sizeof lock, "%s-lock", path);
    fd = open(lock, O_RDWR);
    /* behind magic and format: the mutex, and the number of the last commit,
     * which says where that is */
    if (turn < 0 || fd < 0 || flock(turn, LOCK_EX) < 0 ||
        dup2(turn, 250) != 250 || close(turn) < 0 ||
        fcntl(fd, F_SETLK, &l) < 0 || pwrite(fd, zero, 64, 8) != 64 ||
        write(ready, "", 1) != 1)
        _exit(1);
    pause();
    _exit(1);
}

static void killed_while_opening(const char *dir)
{
    struct store *r = open_store(dir, STORE_READ);
    char *path = strdup(store_path(r));
    int ready[2], status;
    pid_t dying, reader;
    char c, buf[32];

    store_close(r);
    assert_int_equal(pipe(ready), 0);
    dying = fork();
    if (dying == 0)
        die_opening(path, ready[1]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    reader = fork();
    if (reader == 0) {
        const char *value;

        r = open_store(dir, STORE_READ);
        value = found(begin(r), "t", "k", buf);
        _exit(value && strcmp(value, "newest") == 0 ? 0 : 1);
    }
    usleep(30000); /* by now it waits */
    assert_int_equal(kill(dying, SIGKILL), 0);
    assert_int_equal(waitpid(dying, NULL, 0), dying);
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(status, 0);
    close(ready[0]);
    close(ready[1]);
    free(path);
}

static void test_killed_while_opening(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    int i;

    commit_entry(w, "t", "k", "newest");
    /* commits go to the one and the other of two places */
    for (i = 0; i < 2; i++) {
        store_close(w);
        killed_while_opening(*state);
        w = open_store(*state, STORE_WRITE);
        commit_entry(w, "t", "k", "older");
        commit_entry(w, "t", "l", "between");
        commit_entry(w, "t", "k", "newest");
    }
    store_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_put_get),
        in_dir(test_abort_leaves_no_trace),
        in_dir(test_sizes),
        in_dir(test_append_order),
        in_dir(test_delete_and_count),
        in_dir(test_bytes),
        in_dir(test_cursor),
        in_dir(test_tables),
        in_dir(test_many_tables),
        in_dir(test_killed_reader),
        in_dir(test_killed_while_opening),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
