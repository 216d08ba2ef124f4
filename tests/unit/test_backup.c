/* store_backup: copies of an index that is in use. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "index/folder.h"
#include "tests/unit/temp_store.h"

/* DIR/NAME; lives until the next call with the same `at`. */
static const char *in(const char *dir, const char *name, char at[300])
{
    snprintf(at, 300, "%s/%s", dir, name);
    return at;
}

/* A source with a table of n pages and a "t" with k = v. */
static struct store *source(const char *dir, unsigned n)
{
    struct store *s = open_store(dir, STORE_WRITE);
    size_t max = store_max_value(s);
    uint8_t *page = test_calloc(max, 1), key[4];
    struct err err = {0};
    struct txn *t = begin(s);
    store_db db = table(t, "pages");
    uint32_t i;

    for (i = 0; i < n; i++) {
        put_be32(key, i);
        assert_int_equal(
            txn_append(t, db, view_of(key, 4), view_of(page, max), &err), 0);
    }
    put_str(t, table(t, "t"), "k", "v");
    commit(t);
    test_free(page);
    return s;
}

static void test_copy(void **state)
{
    char from[300], to[300], buf[32];
    struct store *w = source(in(*state, "from", from), 100), *r, *c;
    struct err err = {0};
    struct txn *writing, *t;
    uint64_t bytes = 0;
    struct stat st;

    in(*state, "to", to);
    /* from a reader, in the midst of a writer's transaction */
    r = open_store(from, STORE_READ);
    writing = begin(w);
    put_str(writing, table(writing, "t"), "k", "newer");
    assert_int_equal(store_backup(r, to, &bytes, &err), 0);
    commit(writing);
    store_close(r);

    c = open_store(to, STORE_READ);
    assert_int_equal(stat(store_path(c), &st), 0);
    assert_int_equal(st.st_size, bytes);
    t = begin(c);
    assert_string_equal(found(t, "t", "k", buf), "v");
    store_close(c);
    /* an index like any other */
    c = open_store(to, STORE_WRITE);
    commit_entry(c, "t", "k", "other");
    store_close(c);

    /* nothing is overwritten */
    assert_int_equal(store_backup(w, to, &bytes, &err), ERR_USAGE);
    assert_non_null(strstr(err.msg, "holds an index already"));
    assert_int_equal(store_backup(w, from, &bytes, &err), ERR_BUSY);
    c = open_store(to, STORE_READ);
    t = begin(c);
    assert_string_equal(found(t, "t", "k", buf), "other");
    store_close(c);
    store_close(w);
}

/* Free pages stay behind, and an index without a commit is copied, too. */
static void test_sizes(void **state)
{
    char from[300], to[300];
    struct store *s = source(in(*state, "from", from), 1000);
    struct err err = {0};
    struct txn *t = begin(s);
    uint64_t bytes;

    assert_int_equal(txn_drop_db(t, "pages", &err), 1);
    commit(t);
    assert_int_equal(store_backup(s, in(*state, "a", to), &bytes, &err), 0);
    assert_true(bytes < 100000);
    store_close(s);

    s = open_store(in(*state, "empty", from), STORE_WRITE);
    assert_int_equal(store_backup(s, in(*state, "b", to), &bytes, &err), 0);
    store_close(s);
    s = open_store(to, STORE_WRITE);
    commit_entry(s, "t", "k", "v");
    store_close(s);
}

/* What a killed backup left is no index, and is in nobody's way. */
static void test_leftovers(void **state)
{
    char from[300], to[300], path[600];
    struct store *s = source(in(*state, "from", from), 10), *c;
    struct err err = {0};
    uint64_t bytes;
    FILE *f;

    in(*state, "to", to);
    assert_int_equal(mkdir(to, 0777), 0);
    snprintf(path, sizeof path, "%s/index-00000001.mdb", to);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs("half a file, longer than it would be? no", f);
    fclose(f);
    assert_int_equal(store_open(&c, to, STORE_READ, &err), ERR_NOTFOUND);
    assert_int_equal(store_backup(s, to, &bytes, &err), 0);
    store_close(open_store(to, STORE_READ));
    store_close(s);
}

/* A copy that finds no room takes itself away. */
static void test_no_room(void **state)
{
    char from[300], to[300], there[300];
    struct store *s = source(in(*state, "from", from), 1000);
    int status;
    pid_t pid;

    store_close(s);
    in(*state, "to", to);
    assert_int_equal(mkdir(in(*state, "there", there), 0777), 0);
    pid = fork();
    if (pid == 0) {
        struct rlimit r = {1 << 20, 1 << 20};
        struct err err = {0};
        uint64_t bytes;

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &r);
        s = open_store(from, STORE_READ);
        if (store_backup(s, to, &bytes, &err) != ERR_FULL ||
            !strstr(err.msg, "index-00000001.mdb: File too large") ||
            store_backup(s, there, &bytes, &err) != ERR_FULL)
            _exit(1);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(access(to, F_OK), -1);
    assert_int_equal(rmdir(there), 0); /* it is empty */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_copy),
        in_dir(test_sizes),
        in_dir(test_leftovers),
        in_dir(test_no_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
