#include <math.h>
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

static double few_scores(unsigned *seed, uint32_t d)
{
    (void)d;
    return rand_r(seed) % 50;
}

static double any_score(unsigned *seed, uint32_t d)
{
    (void)d;
    return rand_r(seed) / 1e7;
}

/* Few are anywhere near the best. */
static double far_scores(unsigned *seed, uint32_t d)
{
    (void)d;
    return pow(2, rand_r(seed) % 2000 - 1000);
}

static double rising(unsigned *seed, uint32_t d)
{
    (void)seed;
    return floor(d / 7.0);
}

static double falling(unsigned *seed, uint32_t d)
{
    (void)seed;
    return 1 / (1 + floor(d / 7.0));
}

static double equal(unsigned *seed, uint32_t d)
{
    (void)seed;
    (void)d;
    return 2.5;
}

/* All but a few in a thousandth of the range. */
static double crowded(unsigned *seed, uint32_t d)
{
    return d % 1000 == 500 ? 1000 : 1 + rand_r(seed) % 4000 / 4000.0;
}

static int better_first(const void *a, const void *b)
{
    const struct top_hit *x = a, *y = b;

    if (x->score < y->score || x->score > y->score)
        return x->score < y->score ? 1 : -1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return x->docid < y->docid ? -1 : 1;
}

enum { PART = 700 }; /* documents of an index */

static void assert_same(const struct top_hit *a, const struct top_hit *b)
{
    assert_int_equal(a->part, b->part);
    assert_int_equal(a->docid, b->docid);
}

static void compare(size_t k, uint32_t n,
                    double (*score)(unsigned *seed, uint32_t d), unsigned *seed)
{
    struct top_hit *all = test_malloc(n * sizeof *all);
    size_t kept = k < n ? k : n, i;
    struct top some, every;
    uint32_t d;

    top_init(&some, k);
    top_init(&every, SIZE_MAX);
    for (d = 1; d <= n; d++) {
        struct top_hit h = {score(seed, d), d % PART + 1, d / PART};

        all[d - 1] = h;
        some.part = every.part = h.part;
        offer(&some, h.score, h.docid);
        offer(&every, h.score, h.docid);
        assert_true(d > k || some.n == d);
        assert_true(d >= k || some.bar < 0);
    }
    qsort(all, n, sizeof *all, better_first);
    top_sort(&some);
    top_sort(&every);
    assert_int_equal(some.n, kept);
    assert_int_equal(every.n, n);
    for (i = 0; i < kept; i++)
        assert_same(&some.hit[i], &all[i]);
    for (i = 0; i < n; i++)
        assert_same(&every.hit[i], &all[i]);
    top_release(&some);
    top_release(&every);
    test_free(all);
}

/* Against sorting everything. */
static void any_stream(void **state)
{
    unsigned seed = 7;
    size_t k;

    (void)state;
    for (k = 1; k < 60; k += 7)
        compare(k, 500, few_scores, &seed);
    for (k = 40; k < 1200; k += 1 + k / 3) {
        compare(k, 500, few_scores, &seed);
        compare(k, 5000, few_scores, &seed);
        compare(k, 5000, any_score, &seed);
        compare(k, 5000, far_scores, &seed);
        compare(k, 5000, rising, &seed);
        compare(k, 5000, falling, &seed);
        compare(k, 5000, equal, &seed);
        compare(k, 5000, crowded, &seed);
    }
    compare(20000, 50000, any_score, &seed);
}

/* Hits that are corrected afterwards, and others that are added. */
static void corrected(void **state)
{
    static const size_t ks[] = {1, 5, 64, 100};
    unsigned seed = 3;
    size_t i;
    uint32_t d, n = 300;

    (void)state;
    for (i = 0; i < sizeof ks / sizeof *ks; i++) {
        struct top_hit all[300];
        struct top t, more;

        top_init(&t, ks[i]);
        top_init(&more, ks[i]);
        for (d = 1; d <= n; d++) {
            struct top_hit h = {few_scores(&seed, d), d, d > 200};

            t.part = more.part = h.part;
            offer(&t, h.score, h.docid);
            if (d % 7 == 0) {
                h.score += d % 3;
                offer(&more, h.score, h.docid);
            }
            all[d - 1] = h;
        }
        qsort(all, n, sizeof *all, better_first);
        assert_int_equal(top_correct(&t, &more), 0);
        top_sort(&t);
        assert_int_equal(t.n, ks[i]);
        for (d = 0; d < t.n; d++)
            assert_same(&t.hit[d], &all[d]);
        top_release(&t);
        top_release(&more);
    }
}

/* A bar that somebody raises, who knows of k better ones to come: hits that are
 * there already may lie below it, in whatever number. */
static void a_bar_from_outside(void **state)
{
    static const size_t hits[] = {0, 1, 5, 99, 100, 101, 150, 199};
    size_t k, i;

    (void)state;
    for (k = 5; k <= 100; k += 95)
        for (i = 0; i < sizeof hits / sizeof *hits; i++) {
            struct top t;
            uint32_t d = 1, n = 0;

            top_init(&t, k);
            while (n++ < hits[i])
                offer(&t, n % 7, d++);
            t.bar = 500;
            for (n = 0; n < 1000; n++)
                offer(&t, (double)((n * 7919) % 1000) + 1, d++);
            top_sort(&t);
            assert_int_equal(t.n, k);
            for (n = 0; n < k; n++)
                assert_true(t.hit[n].score == 1000 - n);
            top_release(&t);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_remain),
        cmocka_unit_test(ties_go_to_the_older),
        cmocka_unit_test(none_and_all),
        cmocka_unit_test(any_stream),
        cmocka_unit_test(corrected),
        cmocka_unit_test(a_bar_from_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
