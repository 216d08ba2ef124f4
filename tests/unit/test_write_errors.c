/* store.h on a disk that fails: a sentence that says why, no commit after one
 * that failed, and the commits before it stay. */
#include <dlfcn.h>
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/unit/temp_store.h"

/* What the system says from the call on that brings `calls` to 0; 0 = nothing
 * fails. */
static int write_error, sync_error;
static int calls;
static bool cut; /* the first write that fails is cut short instead */

static bool fails(int error)
{
    if (!error || calls-- > 0)
        return false;
    calls = 0;
    errno = error;
    return true;
}

/* These three stand in for those of libc. */
int fdatasync(int fd)
{
    return fails(sync_error) ? -1 : fsync(fd);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off_t);

    if (fails(write_error)) {
        if (!cut)
            return -1;
        cut = false;
        n /= 2;
    }
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pwrite");
    return real(fd, p, n, at);
}

ssize_t writev(int fd, const struct iovec *v, int n)
{
    ssize_t sum = 0, w;
    int i;

    for (i = 0; i < n; i++, sum += w) {
        w = fails(write_error) ? -1 : write(fd, v[i].iov_base, v[i].iov_len);
        if (w < 0)
            return sum && cut ? sum : -1;
    }
    return sum;
}

/* Commits k = new where the system behaves as set: the code. The index then
 * holds what it held, or what was committed. */
static int commit_on(const char *dir, struct err *err)
{
    struct store *s = open_store(dir, STORE_WRITE);
    struct err again = {0};
    struct txn *t = begin(s), *next;
    char buf[32];
    int rc, we = write_error, se = sync_error;

    put_str(t, table(t, "t"), "k", "new");
    put_str(t, table(t, "u"), "k", "new");
    rc = txn_commit(t, err);
    write_error = sync_error = 0;
    if (rc < 0) {
        assert_int_equal(txn_begin(&next, s, &again), ERR_IO);
        assert_non_null(strstr(again.msg, "an earlier write to it failed"));
    }
    store_close(s);
    s = open_store(dir, STORE_WRITE);
    t = begin(s);
    assert_string_equal(found(t, "t", "k", buf), rc < 0 ? "old" : "new");
    assert_int_equal(found(t, "u", "k", buf) == NULL, rc < 0);
    store_close(s);
    write_error = we;
    sync_error = se;
    return rc;
}

static void make_old(const char *dir)
{
    struct store *s;

    write_error = sync_error = 0;
    s = open_store(dir, STORE_WRITE);
    commit_entry(s, "t", "k", "old");
    store_close(s);
}

static void test_sync(void **state)
{
    struct err err = {0};

    make_old(*state);
    sync_error = EIO;
    calls = 0;
    assert_int_equal(commit_on(*state, &err), ERR_IO);
    assert_non_null(strstr(err.msg, "the disk has failed"));
    sync_error = ENOSPC; /* as disks do that promise room they have not */
    assert_int_equal(commit_on(*state, &err), ERR_FULL);
    assert_non_null(strstr(err.msg, "the disk is full"));
    sync_error = 0;
    assert_int_equal(commit_on(*state, &err), 0);
}

/* Every write of a commit in turn, that of the meta page included. */
static void test_writes(void **state)
{
    struct err err = {0};
    int n, failed = 0;

    make_old(*state);
    for (n = 0;; n++) {
        write_error = EDQUOT;
        calls = n + 1; /* the first goes to writer.lock */
        cut = false;
        if (commit_on(*state, &err) == 0)
            break;
        assert_int_equal(err.code, ERR_FULL);
        assert_non_null(strstr(err.msg, "the quota of the disk is used up"));
        failed++;
    }
    assert_true(failed >= 3);
    write_error = 0;
}

/* A write that is cut short is EIO for LMDB; the reason shows all the same. */
static void test_short_write(void **state)
{
    static const struct {
        int error;
        int code;
        const char *said;
    } why[] = {
        {EDQUOT, ERR_FULL, "the quota of the disk is used up"},
        {EFBIG, ERR_FULL, "the file system has no larger files"},
        {ENOSPC, ERR_FULL, "the disk is full"},
        {EIO, ERR_IO, "the disk has failed"},
    };
    struct err err = {0};
    size_t i;

    make_old(*state);
    for (i = 0; i < sizeof why / sizeof *why; i++) {
        write_error = why[i].error;
        calls = 1;
        cut = true;
        assert_int_equal(commit_on(*state, &err), why[i].code);
        assert_non_null(strstr(err.msg, why[i].said));
    }
    write_error = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_dir(test_sync),
        in_dir(test_writes),
        in_dir(test_short_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
