/* store.h and folder.h: the files of an index, who may write, and what
 * happens when there is no room. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "index/folder.h"
#include "tests/unit/temp_store.h"

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

static void test_busy(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    int status;
    pid_t pid = fork();

    if (pid == 0) { /* another process, without the fork's environment */
        struct err err = {0};
        struct store *s;
        int rc = store_open(&s, *state, STORE_WRITE, &err);

        _exit(rc == ERR_BUSY && strstr(err.msg, " is writing to ") ? 0 : 1);
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
        assert_int_equal(
            txn_append(t, db, view_of(key, 4), view_of(big, max), &err), 0);
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
        "",
        "\n",
        "index-00000001.mdb",
        "index-00000001.mdb\n\n",
        "index-0000001g.mdb\n",
        "index-0000000A.mdb\n",
        "../../../etc/pass\n",
        "index-00000001.mdB\n",
        "indexx00000001.mdb\n",
    };
    struct err err = {0};
    struct store *s;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_text(*state, "CURRENT", bad[i]);
        assert_int_equal(store_open(&s, *state, STORE_READ, &err), ERR_CORRUPT);
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
        if (!found(t, "t", "k", buf) || strcmp(buf, "v") != 0 || !txn_intact(t))
            _exit(3);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    store_close(w);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(status, 0);
}

/* One byte to the other process, and one from it. */
static void take_turns(int to, int from)
{
    char c = 0;

    if (write(to, &c, 1) != 1 || read(from, &c, 1) != 1)
        _exit(99);
}

/* Without a reader slot the writer may overwrite what is being read, but not
 * before its second commit; and the reader can tell. */
static void test_no_slot(void **state)
{
    struct store *w = open_store(*state, STORE_WRITE);
    int there[2], back[2], status;
    pid_t pid;

    commit_entry(w, "t", "k", "v");
    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(pipe(there) | pipe(back), 0);
    pid = fork();
    if (pid == 0) {
        struct err err = {0};
        struct store *s;
        struct txn *t;

        if (setgid(65534) < 0 || setuid(65534) < 0)
            _exit(77);
        if (store_open(&s, *state, STORE_READ, &err) != 0 ||
            txn_begin(&t, s, &err) != 0)
            _exit(1);
        take_turns(back[1], there[0]);
        if (!txn_intact(t))
            _exit(2);
        take_turns(back[1], there[0]);
        _exit(txn_intact(t) ? 3 : 0);
    }
    close(back[1]); /* so that a child that ends is noticed */
    status = 0;
    if (read(back[0], &status, 1) == 1) {
        commit_entry(w, "t", "k", "w");
        take_turns(there[1], back[0]);
        commit_entry(w, "t", "k", "x");
        assert_int_equal(write(there[1], "", 1), 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(back[0]);
    close(there[0]);
    close(there[1]);
    store_close(w);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(status, 0);
}

/* Commits of 40 pages until one fails; exits with the code of the failure.
 * Writes how many pages were committed and the message to `said`. */
static void fill_up(const char *dir, int said)
{
    static uint8_t page[4000];
    struct err err = {0}, again = {0};
    struct store *s;
    struct txn *t;
    store_db db;
    uint8_t key[4];
    uint32_t n = 0, i;
    int rc;

    if (store_open(&s, dir, STORE_WRITE, &err) < 0)
        _exit(1);
    for (rc = 0; rc == 0 && n < 1 << 20; n += 40) {
        rc = txn_begin(&t, s, &err);
        if (rc == 0 && txn_open_db(t, "t", true, &db, &err) < 0)
            _exit(2);
        for (i = 0; i < 40 && rc == 0; i++) {
            put_be32(key, n + i);
            rc = txn_append(t, db, view_of(key, 4), view_of(page, sizeof page),
                            &err);
        }
        if (rc == 0)
            rc = txn_commit(t, &err);
        else
            txn_abort(t);
    }
    n -= 40; /* the last one */
    /* what a commit that failed left on the disk is not known */
    if (!strstr(err.msg, "ulimit -v") && txn_begin(&t, s, &again) != ERR_IO)
        _exit(4);
    store_close(s);
    dprintf(said, "%u %s", n, err.msg);
    _exit(-rc);
}

/* How many entries table t has. */
static uint64_t entries_of(const char *dir)
{
    struct store *s = open_store(dir, STORE_READ);
    struct txn *t = begin(s);
    struct err err = {0};
    store_db db = 0;
    uint64_t n;

    assert_int_equal(txn_open_db(t, "t", false, &db, &err), 1);
    assert_int_equal(txn_count(t, db, &n, &err), 0);
    store_close(s);
    return n;
}

/* How many entries there is room for, which are all there then; the message in
 * `msg`. */
static unsigned fill_within(const char *dir, int resource, rlim_t limit,
                            char msg[600])
{
    int said[2], status, at;
    unsigned n;
    ssize_t len;
    pid_t pid;

    assert_int_equal(pipe(said), 0);
    pid = fork();
    if (pid == 0) {
        struct rlimit r = {limit, limit};

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(resource, &r);
        fill_up(dir, said[1]);
    }
    close(said[1]);
    len = read(said[0], msg, 599);
    close(said[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) != -ERR_FULL) /* malloc may be the one to fail */
        assert_int_equal(WEXITSTATUS(status), -ERR_NOMEM);
    assert_true(len > 0);
    msg[len] = 0;
    assert_int_equal(sscanf(msg, "%u %n", &n, &at), 1);
    memmove(msg, msg + at, strlen(msg + at) + 1);
    assert_int_equal(entries_of(dir), n);
    return n;
}

static void test_file_limit(void **state)
{
    char msg[600];

    fill_within(*state, RLIMIT_FSIZE, 1 << 20, msg);
    assert_non_null(strstr(msg, "larger than 1024 KB"));
    assert_non_null(strstr(msg, "ulimit -f"));
    store_close(open_store(*state, STORE_WRITE));
}

/* The map grows with the file, as far as there is address space: half of it at
 * least. */
static void test_address_space(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    (void)state;
    skip(); /* it needs more address space than there would be */
#else
    char msg[600];
    unsigned n = fill_within(*state, RLIMIT_AS, 200 << 20, msg);

    assert_non_null(strstr(msg, "ulimit -v"));
    assert_true(n > (100u << 20) / 4096);
    store_close(open_store(*state, STORE_READ));
#endif
}

/* A reader with a small map follows a file that grows. */
static void test_map_follows(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    (void)state;
    skip();
#else
    struct store *w = open_store(*state, STORE_WRITE);
    size_t max = store_max_value(w);
    uint8_t *big = test_calloc(max, 1), key[4];
    int there[2], back[2], status = 0;
    struct err err = {0};
    struct txn *t;
    store_db db;
    uint32_t i;
    pid_t pid;

    commit_entry(w, "u", "k", "v");
    store_close(w); /* or the child would have its map */
    assert_int_equal(pipe(there) | pipe(back), 0);
    pid = fork();
    if (pid == 0) {
        struct rlimit all = {512 << 20, RLIM_INFINITY};
        struct store *s;
        char buf[32];

        close(there[1]);
        setrlimit(RLIMIT_AS, &all);
        while (store_open(&s, *state, STORE_READ, &err) == 0 &&
               all.rlim_cur > 8 << 20) {
            store_close(s); /* until the map is a small one */
            all.rlim_cur -= 4 << 20;
            setrlimit(RLIMIT_AS, &all);
        }
        all.rlim_cur += 8 << 20;
        setrlimit(RLIMIT_AS, &all);
        if (store_open(&s, *state, STORE_READ, &err) != 0)
            _exit(1);
        take_turns(back[1], there[0]);
        all.rlim_cur += 64 << 20;
        setrlimit(RLIMIT_AS, &all);
        if (txn_begin(&t, s, &err) != 0)
            _exit(2);
        _exit(found(t, "t", "last", buf) ? 0 : 3);
    }
    close(back[1]);
    w = open_store(*state, STORE_WRITE);
    if (read(back[0], &status, 1) == 1) {
        t = begin(w);
        db = table(t, "t");
        for (i = 0; i < (20 << 20) / 4096; i++) {
            put_be32(key, i);
            assert_int_equal(
                txn_append(t, db, view_of(key, 4), view_of(big, max), &err), 0);
        }
        put_str(t, db, "last", "one");
        commit(t);
        assert_int_equal(write(there[1], "", 1), 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(back[0]);
    close(there[0]);
    close(there[1]);
    store_close(w);
    test_free(big);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_no_index),      in_dir(test_busy),
        in_dir(test_short_file),    in_dir(test_unwritten_tail),
        in_dir(test_take_and_free), in_dir(test_bad_folder),
        in_dir(test_leftovers),     in_dir(test_build),
        in_dir(test_read_only),     in_dir(test_no_slot),
        in_dir(test_file_limit),    in_dir(test_address_space),
        in_dir(test_map_follows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
