/* formats/library.h: a library that is there, and what is said of one that is
 * not, or is another than was expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>

#include "indexer/formats/library.h"

static void test_there(void **state)
{
    static __typeof__(cos) *fn;
    static const struct library_symbol symbols[] = {{"cos", &fn}};
    struct library l = {"libm.so.6", "libc6", "Arithmetic", NULL};
    struct err err = {0};

    (void)state;
    assert_int_equal(LIBRARY_OPEN(&l, symbols, &err), 0);
    assert_true(fn(0) == 1);
    fn = NULL; /* it is loaded once */
    assert_int_equal(LIBRARY_OPEN(&l, symbols, &err), 0);
    assert_null(fn);
}

static void test_missing(void **state)
{
    static int (*fn)(int);
    static const struct library_symbol symbols[] = {{"no_such_name", &fn}};
    struct library none = {"libnone.so.7", "libnone7", "Nothing", NULL};
    struct library other = {"libm.so.6", "libc6", "Arithmetic", NULL};
    struct err err = {0};

    (void)state;
    assert_int_equal(LIBRARY_OPEN(&none, symbols, &err), ERR_NOTFOUND);
    assert_string_equal(
        err.msg, "Nothing needs libnone.so.7 (apt-get install libnone7)");
    assert_int_equal(LIBRARY_OPEN(&other, symbols, &err), ERR_NOTFOUND);
    assert_null(other.handle);
    assert_null(fn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there),
        cmocka_unit_test(test_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
