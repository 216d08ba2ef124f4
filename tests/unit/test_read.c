#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/read.h"

static char path[] = "/tmp/test_read.XXXXXX";
static struct buf out;
static struct stat st;
static int error;

static void put(const void *bytes, size_t n)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static enum source_reason get(uint64_t max)
{
    buf_clear(&out);
    buf_adds(&out, "before");
    return read_file(path, max, &out, &st, &error);
}

static int setup(void **state)
{
    int fd;

    (void)state;
    strcpy(path, "/tmp/test_read.XXXXXX");
    fd = mkstemp(path);
    close(fd);
    return fd < 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    buf_release(&out);
    return 0;
}

static void a_file(void **state)
{
    struct source row = {0};

    (void)state;
    put("hello", 5);
    assert_int_equal(get(5), REASON_NONE);
    assert_int_equal(out.n, 11);
    assert_memory_equal(out.p, "beforehello", 11);
    read_stat(&row, &st);
    assert_int_equal(row.size, 5);
    assert_true(row.mtime_ns > 0 && row.inode > 0);
    assert_int_equal(get(4), REASON_TOO_LARGE);
    assert_int_equal(out.n, 6);
    put("", 0);
    assert_int_equal(get(5), REASON_EMPTY);
    assert_int_equal(error, 0);
}

static void what_is_no_file(void **state)
{
    (void)state;
    unlink(path);
    assert_int_equal(get(100), REASON_UNREADABLE);
    assert_int_equal(error, ENOENT);
    assert_int_equal(mkfifo(path, 0666), 0);
    assert_int_equal(get(100), REASON_UNREADABLE); /* and it does not hang */
    assert_int_equal(error, EINVAL);
    unlink(path);
    assert_int_equal(symlink("/dev/zero", path), 0);
    assert_int_equal(get(100), REASON_UNREADABLE);
    assert_int_equal(error, EINVAL);
    unlink(path);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_int_equal(get(100), REASON_UNREADABLE);
    assert_int_equal(error, EISDIR);
    assert_int_equal(out.n, 6);
}

static void a_file_without_a_size(void **state)
{
    (void)state;
    buf_clear(&out);
    assert_int_equal(read_file("/proc/self/status", 1 << 20, &out, &st, &error),
                     REASON_NONE);
    assert_true(out.n > 100);
    buf_clear(&out);
    assert_int_equal(read_file("/proc/self/status", 20, &out, &st, &error),
                     REASON_TOO_LARGE);
    assert_int_equal(out.n, 0);
}

static void binary(const void *p, size_t n, bool want)
{
    if ((read_binary(view_of(p, n)) != NULL) != want)
        fail_msg("%zu bytes \"%.20s\": %sexpected to be binary", n,
                 (const char *)p, want ? "" : "not ");
}

static void what_is_binary(void **state)
{
    static char big[100000];
    size_t i;

    (void)state;
    binary("plain\ttext\r\n\f", 13, false);
    binary("r\xe9sum\xe9 in Latin-1", 17, false);
    binary("\x1b[1mbold\x1b[0m", 12, false);
    binary("", 0, false);
    binary("a\0b", 3, true);
    binary("\xff\xfe"
           "a\0",
           4, true);
    binary("\xfe\xff\0a", 4, true);
    binary("%PDF-1.7", 8, true);
    for (i = 0; i < 200; i++) { /* wherever it is in a block */
        memset(big, 'a', 200);
        big[i] = 0;
        binary(big, 200, true);
    }
    memset(big, 'a', sizeof big);
    binary(big, sizeof big, false);
    big[90000] = 0; /* one far behind is no more than dirt */
    binary(big, sizeof big, false);
    for (i = 80000; i < 90000; i += 10)
        big[i] = 0;
    binary(big, sizeof big, true);
    memset(big, 'a', sizeof big);
    for (i = 0; i < sizeof big; i += 10)
        big[i] = 1;
    binary(big, sizeof big, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_file, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_without_a_size, setup, teardown),
        cmocka_unit_test(what_is_binary),
    };

    return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
