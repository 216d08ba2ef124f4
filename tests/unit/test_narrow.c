#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "query/narrow.h"

enum { MOST = 200 };

static uint8_t map[NARROW_MAP];

static size_t slow(uint32_t *out, const uint32_t *from, size_t n,
                   const uint32_t *pos, size_t npos, int64_t lo, int64_t hi)
{
    size_t i, k, kept = 0;

    for (i = 0; i < n; i++)
        for (k = 0; k < npos; k++)
            if (pos[k] >= from[i] + lo && pos[k] <= from[i] + hi) {
                out[kept++] = from[i];
                break;
            }
    return kept;
}

/* Up to MOST ascending numbers from `first` on. */
static size_t ascending(uint32_t *out, uint32_t first, uint32_t gap)
{
    size_t n = (size_t)rand() % MOST + 1, i;
    uint64_t x = first;

    for (i = 0; i < n && x <= UINT32_MAX; i++) {
        out[i] = (uint32_t)x;
        x += 1 + (uint32_t)rand() % gap;
    }
    return i;
}

static void check(const uint32_t *from, size_t n, const uint32_t *pos,
                  size_t npos, int64_t lo, int64_t hi)
{
    uint32_t want[MOST], out[MOST];
    size_t kept = slow(want, from, n, pos, npos, lo, hi), i;

    assert_int_equal(narrow(out, from, n, pos, npos, lo, hi), kept);
    assert_memory_equal(out, want, kept * sizeof *out);
    memcpy(out, from, n * sizeof *out); /* in place */
    assert_int_equal(narrow(out, out, n, pos, npos, lo, hi), kept);
    assert_memory_equal(out, want, kept * sizeof *out);
    if (!narrow_maps(n, pos, npos, lo, hi))
        return;
    memcpy(out, from, n * sizeof *out);
    assert_int_equal(narrow_map(map, out, out, n, pos, npos, lo, hi), kept);
    assert_memory_equal(out, want, kept * sizeof *out);
    for (i = 0; i < NARROW_MAP; i++)
        assert_int_equal(map[i], 0);
}

static void keeps_what_has_a_neighbour(void **state)
{
    static const uint32_t first[] = {0, 3, 16000, UINT32_MAX - 300};
    uint32_t from[MOST], pos[MOST];
    unsigned round;

    (void)state;
    srand(7);
    for (round = 0; round < 3000; round++) {
        uint32_t at = first[round % 4];
        size_t n = ascending(from, at, 1 + round % 7);
        size_t npos = ascending(pos, at, 1 + round % 11);
        int64_t lo = rand() % 9 - 4;

        check(from, n, pos, npos, lo, lo);
        check(from, n, pos, npos, lo, lo + rand() % 6);
    }
}

static void ends_of_the_range(void **state)
{
    static const uint32_t from[] = {0, 1, 2, UINT32_MAX - 1, UINT32_MAX};
    static const uint32_t pos[] = {0, 1, UINT32_MAX};

    (void)state;
    check(from, 5, pos, 3, -1, -1);
    check(from, 5, pos, 3, 1, 1);
    check(from, 5, pos, 3, -2, 2);
    check(from, 5, pos, 0, 0, 0);
    check(from, 0, pos, 3, 0, 0);
}

/* What is beyond the map, or too little for it, goes the other way. */
static void the_map_has_limits(void **state)
{
    uint32_t pos[] = {1, 2, 3, 4, 5, 6, 7, NARROW_MAP - 1};

    (void)state;
    assert_true(narrow_maps(8, pos, 8, 1, 1));
    assert_true(narrow_maps(8, pos, 8, -1, 2));
    assert_false(narrow_maps(8, pos, 8, -1, 9));
    assert_false(narrow_maps(1, pos, 8, 1, 1));
    pos[7]++;
    assert_false(narrow_maps(8, pos, 8, 1, 1));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_has_a_neighbour),
        cmocka_unit_test(ends_of_the_range),
        cmocka_unit_test(the_map_has_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
