/* err.h: codes and messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/err.h"

static void test_set(void **state)
{
    struct err e = {0};

    (void)state;
    assert_int_equal(err_set(&e, ERR_IO, "cannot read %s", "x"), ERR_IO);
    assert_int_equal(e.code, ERR_IO);
    assert_string_equal(e.msg, "cannot read x");
    assert_int_equal(err_set(NULL, ERR_BUSY, "%d", 1), ERR_BUSY);
    assert_int_equal(err_nomem(&e), ERR_NOMEM);
    assert_string_equal(e.msg, "out of memory");
}

static void test_sys(void **state)
{
    struct err e = {0};

    (void)state;
    assert_int_equal(err_sys(&e, ERR_IO, ENOENT, "cannot open %s", "x"),
                     ERR_IO);
    assert_string_equal(e.msg, "cannot open x: No such file or directory");
    assert_int_equal(err_sys(NULL, ERR_IO, ENOENT, "x"), ERR_IO);
}

/* Longer than its place: cut, and ended. */
static void test_long(void **state)
{
    char path[1000];
    struct err e = {0};

    (void)state;
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = 0;
    err_set(&e, ERR_IO, "cannot open %s", path);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    /* the reason is not what is cut */
    err_sys(&e, ERR_IO, ENOENT, "cannot open %s", path);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    assert_non_null(strstr(e.msg, "pp...: No such file or directory"));
    path[sizeof e.msg - 40] = 0;
    err_sys(&e, ERR_IO, ENOENT, "%s", path);
    assert_non_null(strstr(e.msg, "pp: No such file or directory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_sys),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
