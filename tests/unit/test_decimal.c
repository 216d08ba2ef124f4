#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"

#define GRID 0x1p-38

static uint64_t seed = 1;

static uint64_t any(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* What printf does, too. */
static void same(double x)
{
    char want[64], got[DECIMAL_MAX + 1];

    snprintf(want, sizeof want, "%.9g", x);
    *decimal_short(got, x) = 0;
    assert_string_equal(got, want);
}

/* x and what lies next to it on the grid. */
static void around(double x)
{
    int64_t n = (int64_t)floor(x / GRID), i;

    for (i = -3; i <= 3; i++)
        if (n + i >= 0)
            same((double)(n + i) * GRID);
}

static void integers(void **state)
{
    char want[32], got[DECIMAL_MAX + 1];
    unsigned i;

    (void)state;
    for (i = 0; i < 20000; i++) {
        uint64_t x = i < 2000 ? i : any() >> (i % 64);

        snprintf(want, sizeof want, "%llu", (unsigned long long)x);
        *decimal_uint(got, x) = 0;
        assert_string_equal(got, want);
    }
    *decimal_uint(got, UINT64_MAX) = 0;
    assert_string_equal(got, "18446744073709551615");
}

static void beside_powers_of_ten(void **state)
{
    static const double one[] = {1e-9, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2,
                                 0.1,  1,    10,   100,  1e3,  1e4};
    unsigned i, k;

    (void)state;
    for (i = 0; i < sizeof one / sizeof *one; i++)
        for (k = 1; k < 100; k++) {
            around(one[i] * k);
            around(one[i] * k * (1 - 5e-10)); /* rounds to the next digit */
            around(one[i] * k * (1 - 5e-9));
        }
    around(32768);
    around(32767.99995);
    around(1 - 5e-10);
}

/* Halfway between two numbers of nine digits: these alone can lie on the grid,
 * for the last digit is 5 and so the bits behind the point are few. */
static void ties(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < 200000; i++) {
        double whole = (double)(10000 + any() % 22768);

        same(whole + (double)(any() % 32) / 32);     /* five places */
        same(whole + (double)(any() % 1024) / 1024); /* ten */
        same((double)(any() % 100000) / 64);
        same((double)(any() % 1000000) / 512);
    }
    same(10000.03125); /* .0312 */
    same(10000.09375); /* .0938 */
}

static void any_of_the_grid(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < 300000; i++) {
        same((double)(any() >> 11) * GRID);
        same((double)(any() >> (11 + i % 52)) * GRID);
    }
}

static void what_printf_does(void **state)
{
    static const double x[] = {0,      -1,        1e-5,      32768,
                               1e15,   1e300,     0.1,       1.0 / 3,
                               5e-324, 123456789, 1234567890};
    unsigned i;

    (void)state;
    for (i = 0; i < sizeof x / sizeof *x; i++)
        same(x[i]);
    same((double)INFINITY);
    same((double)NAN);
    for (i = 0; i < 100000; i++) {
        double y;
        uint64_t bits = any();

        memcpy(&y, &bits, sizeof y);
        same(y);
        same((double)(any() >> 11) / (double)(any() >> 40));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers),
        cmocka_unit_test(beside_powers_of_ten),
        cmocka_unit_test(ties),
        cmocka_unit_test(any_of_the_grid),
        cmocka_unit_test(what_printf_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
