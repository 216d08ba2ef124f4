#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/find32.h"

static size_t slow(const uint32_t *a, size_t n, size_t from, uint32_t x)
{
    while (from < n && a[from] < x)
        from++;
    return from;
}

/* Arrays of every length around the step, searched from every index for every
 * number in them, and the ones beside it. */
static void finds_what_a_walk_finds(void **state)
{
    uint32_t a[70];
    size_t n, from, k;
    int d;

    (void)state;
    for (n = 0; n <= 70; n++) {
        for (k = 0; k < n; k++)
            a[k] = (uint32_t)(2 + 3 * k + k * k % 5);
        for (from = 0; from <= n; from++)
            for (k = 0; k < n; k++)
                for (d = -1; d <= 1; d++) {
                    uint32_t x = a[k] + (uint32_t)d;

                    assert_int_equal(find32(a, n, from, x),
                                     slow(a, n, from, x));
                }
    }
}

static void numbers_are_unsigned(void **state)
{
    uint32_t a[32];
    uint32_t k;

    (void)state;
    for (k = 0; k < 32; k++)
        a[k] = 0x7ffffff0u + k;
    for (k = 0; k < 32; k++)
        assert_int_equal(find32(a, 32, 0, a[k]), k);
    assert_int_equal(find32(a, 32, 0, UINT32_MAX), 32);
    assert_int_equal(find32(a, 32, 0, 0), 0);
    a[31] = UINT32_MAX;
    assert_int_equal(find32(a, 32, 0, UINT32_MAX), 31);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_walk_finds),
        cmocka_unit_test(numbers_are_unsigned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
