#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/top.h"

static void offer(struct top *t, double score, uint32_t docid)
{
    if (top_wants(t, score))
        assert_int_equal(top_add(t, score, docid), 0);
}

static void the_best_remain(void **state)
{
    static const double score[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
    static const uint32_t best[] = {6, 8, 5, 9};
    struct top t;
    uint32_t i;

    (void)state;
    top_init(&t, 4);
    for (i = 0; i < 10; i++)
        offer(&t, score[i], i + 1);
    top_sort(&t);
    assert_int_equal(t.n, 4);
    for (i = 0; i < 4; i++)
        assert_int_equal(t.hit[i].docid, best[i]);
    top_release(&t);
}

static void ties_go_to_the_older(void **state)
{
    struct top t;
    uint32_t i;

    (void)state;
    top_init(&t, 3);
    for (i = 1; i <= 100; i++)
        offer(&t, 0, i);
    top_sort(&t);
    for (i = 0; i < 3; i++)
        assert_int_equal(t.hit[i].docid, i + 1);
    top_release(&t);
}

static void none_and_all(void **state)
{
    struct top t;
    uint32_t i;

    (void)state;
    top_init(&t, 0);
    offer(&t, 1e300, 1);
    assert_int_equal(t.n, 0);
    top_release(&t);
    top_init(&t, SIZE_MAX);
    for (i = 1; i <= 1000; i++)
        offer(&t, i % 7, i);
    top_sort(&t);
    assert_int_equal(t.n, 1000);
    assert_int_equal(t.hit[0].docid, 6);
    assert_int_equal(t.hit[999].docid, 994);
    top_release(&t);
}

/* Against sorting everything. */
static void any_stream(void **state)
{
    unsigned seed = 7;
    size_t k;

    (void)state;
    for (k = 1; k < 60; k += 7) {
        struct top some, all;
        uint32_t d;
        size_t i;

        top_init(&some, k);
        top_init(&all, SIZE_MAX);
        for (d = 1; d < 500; d++) {
            double score = rand_r(&seed) % 50;

            offer(&some, score, d);
            offer(&all, score, d);
        }
        top_sort(&some);
        top_sort(&all);
        assert_int_equal(some.n, k);
        for (i = 0; i < k; i++)
            assert_int_equal(some.hit[i].docid, all.hit[i].docid);
        top_release(&some);
        top_release(&all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_remain),
        cmocka_unit_test(ties_go_to_the_older),
        cmocka_unit_test(none_and_all),
        cmocka_unit_test(any_stream),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
