#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "indexer/open.h"

static char top[] = "/tmp/test_open.XXXXXX";

static int setup(void **state)
{
    (void)state;
    strcpy(top, "/tmp/test_open.XXXXXX");
    return mkdtemp(top) ? chdir(top) : -1;
}

static int teardown(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", top);
    return chdir("/") < 0 || system(command) != 0;
}

/* Makes folders below the working one until the path of a file in the last is
 * n bytes long; *path names it. */
static void make_path(struct buf *path, size_t n)
{
    char name[NAME_MAX + 1];
    size_t len;
    FILE *f;

    buf_clear(path);
    assert_int_equal(buf_adds(path, top), 0);
    while (path->n < n) {
        size_t left = n - path->n - 1;

        len = left > 202 ? 200 : left > 101 ? 100 : left;
        memset(name, 'n', len);
        name[len] = 0;
        assert_int_equal(buf_addc(path, '/') + buf_adds(path, name), 0);
        if (path->n == n)
            break;
        mkdir(name, 0777);
        assert_int_equal(chdir(name), 0);
    }
    f = fopen(name, "w");
    assert_non_null(f);
    fputs("here", f);
    fclose(f);
    assert_int_equal(chdir(top), 0);
    assert_non_null(buf_cstr(path));
}

static void paths_around_the_limit(void **state)
{
    struct buf path = {0};
    char text[8];
    struct stat st;
    size_t n;
    int fd;

    (void)state;
    for (n = PATH_MAX - 3; n < 3 * PATH_MAX + 4; n++) {
        if (n == PATH_MAX + 4)
            n = 2 * PATH_MAX - 12;
        if (n == 2 * PATH_MAX + 4)
            n = 3 * PATH_MAX;
        make_path(&path, n);
        fd = open_path(buf_cstr(&path), O_RDONLY);
        assert_true(fd >= 0);
        assert_int_equal(read(fd, text, sizeof text), 4);
        assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        close(fd);
        assert_int_equal(stat_path(buf_cstr(&path), &st), 0);
        assert_int_equal(st.st_size, 4);
    }
    buf_release(&path);
}

static void what_is_not_there(void **state)
{
    struct buf path = {0};
    struct stat st;
    int fd, before = dup(0);

    (void)state;
    close(before);
    make_path(&path, 9000);
    path.p[8999] = 'x';
    assert_int_equal(open_path(buf_cstr(&path), O_RDONLY), -1);
    assert_int_equal(errno, ENOENT);
    path.p[1000] = 'x'; /* and in the first part */
    assert_int_equal(stat_path(buf_cstr(&path), &st), -1);
    assert_int_equal(errno, ENOENT);
    memset(path.p + 1, 'n', 8999); /* a name longer than a part */
    assert_int_equal(stat_path(buf_cstr(&path), &st), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(open_path("nowhere", O_RDONLY), -1);
    assert_int_equal(errno, ENOENT);
    fd = dup(0);
    assert_int_equal(fd, before); /* nothing was left open */
    close(fd);
    buf_release(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths_around_the_limit, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_not_there, setup, teardown),
    };

    return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
