#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/join32.h"

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* n ascending numbers, `step` apart on average. */
static void fill(uint32_t *to, uint32_t n, uint32_t step, uint32_t *seed)
{
    uint32_t i, x = next(seed) % 1000;

    for (i = 0; i < n; i++) {
        x += 1 + next(seed) % (2 * step);
        to[i] = x;
    }
}

static void check(const uint32_t *a, uint32_t na, const uint32_t *b,
                  uint32_t nb, struct join_map *map)
{
    uint8_t in_a[JOIN_MAX], in_b[JOIN_MAX];
    uint32_t n = join32(a, na, b, nb, map, in_a, in_b), i, k, found = 0;

    for (i = 0; i < na; i++)
        for (k = 0; k < nb; k++)
            if (a[i] == b[k]) {
                assert_true(found < n);
                assert_int_equal(in_a[found], i);
                assert_int_equal(in_b[found], k);
                found++;
            }
    assert_int_equal(found, n);
}

/* Few and many numbers, dense and far apart, through one map, with numbers
 * behind those that count. */
static void finds_what_both_have(void **state)
{
    static const uint32_t counts[] = {0, 1, 3, 4, 11, 40, 127, 128};
    static const uint32_t steps[] = {1, 2, 9, 40, 100000};
    static struct join_map map;
    uint32_t a[JOIN_MAX], b[JOIN_MAX], seed = 1;
    size_t i, k, s, t;

    (void)state;
    for (s = 0; s < 5; s++)
        for (t = 0; t < 5; t++)
            for (i = 0; i < 8; i++)
                for (k = 0; k < 8; k++) {
                    fill(a, JOIN_MAX, steps[s], &seed);
                    fill(b, JOIN_MAX, steps[t], &seed);
                    check(a, counts[i], b, counts[k], &map);
                    check(a, counts[i], a, counts[i], &map);
                    check(a, counts[i], a, counts[k], &map);
                }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_both_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
