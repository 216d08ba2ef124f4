/* reservoir.h: samples are fair, reproducible and nested. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/reservoir.h"

static struct reservoir draw(uint64_t size, uint64_t seed, uint32_t n)
{
    struct reservoir r = {.size = size, .seed = seed};
    uint32_t i;

    for (i = 0; i < n; i++)
        assert_int_equal(reservoir_offer(&r, i / 500, i / 10 + 1, i % 10), 0);
    reservoir_sort(&r);
    return r;
}

/* Against the definition: the `size` least of all random numbers. */
static void test_least(void **state)
{
    struct reservoir all = draw(1000, 5, 1000), some = draw(50, 5, 1000);
    size_t i, k, less;

    (void)state;
    assert_int_equal(all.n, 1000);
    assert_int_equal(some.n, 50);
    assert_int_equal(some.seen, 1000);
    for (i = 0; i < all.n; i++) {
        assert_int_equal(all.item[i].number, i);
        assert_int_equal(all.item[i].part, i / 500);
        assert_int_equal(all.item[i].docid, i / 10 + 1);
        assert_int_equal(all.item[i].index, i % 10);
    }
    for (i = 0; i < some.n; i++) {
        assert_true(i == 0 || some.item[i - 1].number < some.item[i].number);
        for (k = less = 0; k < all.n; k++)
            less += all.item[k].random < some.item[i].random;
        assert_true(less < 50);
    }
    reservoir_release(&all);
    reservoir_release(&some);
}

/* Each of 20 things is drawn about equally often. */
static void test_fair(void **state)
{
    unsigned often[20] = {0};
    uint64_t seed;
    size_t i;

    (void)state;
    for (seed = 0; seed < 4000; seed++) {
        struct reservoir r = draw(5, seed, 20);

        for (i = 0; i < r.n; i++)
            often[r.item[i].number]++;
        reservoir_release(&r);
    }
    for (i = 0; i < 20; i++) /* 1000 expected, standard deviation 27 */
        assert_in_range(often[i], 870, 1130);
}

static void test_edges(void **state)
{
    struct reservoir r = draw(3, 1, 0);

    (void)state;
    assert_int_equal(r.n, 0);
    reservoir_release(&r);
    r = draw(3, 1, 2);
    assert_int_equal(r.n, 2);
    reservoir_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_fair),
        cmocka_unit_test(test_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
