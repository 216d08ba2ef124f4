/* lock.h and filesystem.h: who may write to an index, and where it may lie. */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index/filesystem.h"
#include "index/lock.h"
#include "tests/unit/temp_store.h"

/* What every folder lies on; 0: what it lies on. */
static uint32_t pretended;

/* Stands in for that of libc. */
int statfs(const char *path, struct statfs *out)
{
    if (access(path, F_OK) < 0) {
        errno = ENOENT;
        return -1;
    }
    memset(out, 0, sizeof *out);
    out->f_type = pretended;
    return 0;
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(filesystem_network(0x6969), "NFS");
    assert_string_equal(filesystem_network(0xff534d42), "CIFS");
    assert_string_equal(filesystem_network(0x01021997), "9p");
    assert_null(filesystem_network(0xef53));     /* ext4 */
    assert_null(filesystem_network(0x01021994)); /* tmpfs */
    assert_null(filesystem_network(0x794c7630)); /* overlayfs */
    assert_null(filesystem_network(0x65735546)); /* FUSE: who knows */
    assert_null(filesystem_network(0));
}

static void test_network(void **state)
{
    struct store_options o = {.network = true};
    struct err err = {0};
    struct store *s;
    char dir[300];

    snprintf(dir, sizeof dir, "%s/new/", (char *)*state);
    pretended = 0x6969;
    assert_int_equal(store_open(&s, dir, STORE_WRITE, &err), ERR_IO);
    assert_non_null(strstr(err.msg, "network file system (NFS)"));
    assert_non_null(strstr(err.msg, "--network-filesystem"));
    assert_int_equal(access(dir, F_OK), -1); /* nothing was made */
    assert_int_equal(store_open_with(&s, dir, STORE_WRITE, &o, &err), 0);
    commit_entry(s, "t", "k", "v");
    store_close(s);
    assert_int_equal(store_open(&s, dir, STORE_WRITE, &err), ERR_IO);
    assert_int_equal(store_open(&s, dir, STORE_READ, &err), 0);
    store_close(s);
    assert_false(filesystem_is_fuse(dir));
    pretended = 0x65735546;
    assert_true(filesystem_is_fuse(dir));
    assert_true(filesystem_is_fuse("not-there-yet"));
    store_close(open_store(dir, STORE_WRITE));
    pretended = 0;
}

/* Another process that has the lock until it reads a byte; its number. */
static pid_t other_writer(const char *dir, int go[2])
{
    int ready[2];
    char c;
    pid_t pid;

    assert_int_equal(pipe(ready) | pipe(go), 0);
    pid = fork();
    if (pid == 0) {
        struct store_options o = {0};
        int fd;

        close(go[1]);
        if (lock_take(dir, &o, &fd, NULL) < 0 || write(ready[1], "", 1) != 1)
            _exit(1);
        (void)!read(go[0], &c, 1);
        _exit(0);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    close(ready[0]);
    close(go[0]);
    return pid;
}

static void end_writer(pid_t pid, int go)
{
    int status;

    close(go);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void test_busy(void **state)
{
    struct store_options o = {0};
    struct err err = {0};
    int go[2], fd;
    char wanted[64];
    pid_t pid = other_writer(*state, go);

    snprintf(wanted, sizeof wanted, "another indexer (process %ld) is writing",
             (long)pid);
    assert_int_equal(lock_take(*state, &o, &fd, &err), ERR_BUSY);
    assert_int_equal(fd, -1);
    assert_non_null(strstr(err.msg, wanted));
    o.wait = 1;
    assert_int_equal(lock_take(*state, &o, &fd, &err), ERR_BUSY);
    end_writer(pid, go[1]);
    assert_int_equal(lock_take(*state, &o, &fd, &err), 0);
    close(fd);
}

static pid_t ended_by_alarm;
static int go_of_alarm;

static void let_go(int sig)
{
    (void)sig;
    close(go_of_alarm);
}

static void test_wait(void **state)
{
    struct store_options o = {.wait = -1};
    struct err err = {0};
    int go[2], fd;

    ended_by_alarm = other_writer(*state, go);
    go_of_alarm = go[1];
    signal(SIGALRM, let_go);
    alarm(1);
    assert_int_equal(lock_take(*state, &o, &fd, &err), 0);
    close(fd);
    assert_int_equal(waitpid(ended_by_alarm, NULL, 0), ended_by_alarm);
}

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
    (void)sig;
    stopped = 1;
}

static void test_stop(void **state)
{
    struct store_options o = {.wait = -1, .stop = &stopped};
    struct err err = {0};
    struct store *s;
    int go[2];
    pid_t pid = other_writer(*state, go);

    signal(SIGALRM, stop);
    alarm(1);
    assert_int_equal(store_open_with(&s, *state, STORE_WRITE, &o, &err),
                     ERR_STOPPED);
    assert_non_null(strstr(err.msg, "interrupted: another indexer"));
    end_writer(pid, go[1]);
    /* nothing to wait for */
    assert_int_equal(store_open_with(&s, *state, STORE_WRITE, &o, &err), 0);
    store_close(s);
}

/* A folder that is removed while somebody waits for its lock: the lock of the
 * new one counts. */
static void test_removed(void **state)
{
    struct store_options o = {0};
    struct err err = {0};
    char path[300];
    int a, b;

    snprintf(path, sizeof path, "%s/writer.lock", (char *)*state);
    assert_int_equal(lock_take(*state, &o, &a, &err), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(lock_take(*state, &o, &b, &err), 0);
    close(a);
    assert_int_equal(access(path, F_OK), 0);
    close(b);
}

/* A number of a process that is no more is not named. */
static void test_stale(void **state)
{
    struct store_options o = {0};
    struct err err = {0};
    char path[300];
    int a, b;
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(lock_take(*state, &o, &a, &err), 0);
    snprintf(path, sizeof path, "%ld\n", (long)pid);
    assert_int_equal(pwrite(a, path, strlen(path), 0), (int)strlen(path));
    assert_int_equal(ftruncate(a, (off_t)strlen(path)), 0);
    assert_int_equal(lock_take(*state, &o, &b, &err), ERR_BUSY);
    assert_non_null(strstr(err.msg, "another indexer is writing"));
    close(a);
}

/* Whose it is, where that is what is wrong. Root may do anything. */
static void test_foreign(void **state)
{
    struct store_options o = {0};
    struct err err = {0};
    int fd, status;
    pid_t pid;

    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(lock_take(*state, &o, &fd, &err), 0);
    close(fd);
    pid = fork();
    if (pid == 0) {
        char whose[40];

        snprintf(whose, sizeof whose, "(it belongs to user %u)",
                 (unsigned)getuid());
        if (setgid(65534) < 0 || setuid(65534) < 0)
            _exit(77);
        _exit(lock_take(*state, &o, &fd, &err) == ERR_IO &&
                      strstr(err.msg, "writer.lock: Permission denied") &&
                      strstr(err.msg, whose)
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        in_dir(test_network),
        in_dir(test_busy),
        in_dir(test_wait),
        in_dir(test_stop),
        in_dir(test_removed),
        in_dir(test_stale),
        in_dir(test_foreign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
