/* collocates.h: the ratio, against the table that Dunning printed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/collocates.h"
#include "query/tally.h"

/* Pairs of words in Computational Linguistics 19(1): the ratio, then how often
 * both, one without the other, the other without the one, and neither. */
static void test_published(void **state)
{
    static const struct {
        double ratio;
        uint64_t k[4];
    } table[] = {
        {270.72, {110, 2442, 111, 29114}}, /* the swiss */
        {263.90, {29, 13, 123, 31612}},    /* can be */
        {256.84, {31, 23, 139, 31584}},    /* previous year */
        {167.23, {10, 0, 3, 31764}},       /* mineral water */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        const uint64_t *k = table[i].k;
        double got = collocates_ratio(k[0], k[0] + k[1], k[0] + k[2],
                                      k[0] + k[1] + k[2] + k[3]);

        if (fabs(got - table[i].ratio) > 0.01)
            fail_msg("row %zu: %.3f", i, got);
    }
}

static void test_edges(void **state)
{
    uint64_t a, total;

    (void)state;
    assert_true(collocates_ratio(0, 0, 5, 100) == 0);
    assert_true(collocates_ratio(1, 50, 10, 100) < 0); /* 5 expected */
    assert_true(fabs(collocates_ratio(5, 50, 10, 100)) < 1e-9);
    /* no word has more than one that occurs nowhere else, and more occurrences
     * are worth more: what the search for the best relies on */
    for (a = 1; a < 400; a++) {
        double most = collocates_ratio(a, 1000, a, 50000);

        assert_true(most < collocates_ratio(a + 1, 1000, a + 1, 50000));
        for (total = a; total < 20 * a; total += 1 + a / 7)
            assert_true(collocates_ratio(a, 1000, total, 50000) <= most);
    }
}

static void test_tally(void **state)
{
    struct tally t = {0};
    struct tally_entry *e;
    uint32_t i;

    (void)state;
    for (i = 0; i < 30000; i++) {
        uint32_t x = i % 7000;

        e = tally_get(&t, view_of(&x, sizeof x));
        assert_non_null(e);
        e->count++;
    }
    assert_int_equal(t.n, 7000);
    for (i = 0; i < 7000; i++) { /* in the order in which they came */
        assert_int_equal(t.entry[i].count, i < 2000 ? 5 : 4);
        assert_memory_equal(tally_view(&t, &t.entry[i]).p, &i, sizeof i);
    }
    e = tally_get(&t, view_of(NULL, 0));
    assert_non_null(e);
    assert_int_equal(e->len, 0);
    tally_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_tally),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
