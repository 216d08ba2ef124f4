#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "index/norm.h"
#include "query/score.h"

static void assert_near(double a, double b)
{
    assert_true(fabs(a - b) <= 1e-11 * fmax(1, fabs(b)));
}

/* By hand: 4 documents of 10 positions on average, a word in 2 of them. */
static void by_hand(void **state)
{
    struct score s;

    (void)state;
    score_init(&s, 1.2, 0.75, 4, 40);
    assert_near(s.avgdl, 10);
    assert_near(score_idf(&s, 2), log(1 + 2.5 / 2.5));
    assert_near(score_idf(&s, 4), log(1 + 0.5 / 4.5));
    assert_near(score_idf(&s, 0), log(1 + 4.5 / 0.5));
    /* 3 occurrences in a document of 20: 3 / (3 + 1.2 (0.25 + 0.75 * 2)) */
    assert_near(score_tf(&s, 2, 3, norm_encode(20)), 2 * 3 / 5.1);
    /* of average length: 1 / (1 + 1.2) */
    assert_near(score_tf(&s, 1, 1, norm_encode(10)), 1 / 2.2);
}

static void the_dead_score_nothing(void **state)
{
    struct score s;

    (void)state;
    score_init(&s, 1.2, 0.75, 4, 40);
    assert_true(score_tf(&s, 5, 7, 0) == 0);
}

static void settings(void **state)
{
    struct score s;

    (void)state;
    score_init(&s, 0, 0.75, 4, 40); /* repetition does not count */
    assert_near(score_tf(&s, 2, 1, norm_encode(9)), 2);
    assert_near(score_tf(&s, 2, 9, norm_encode(99)), 2);
    score_init(&s, 1.2, 0, 4, 40); /* nor does length */
    assert_near(score_tf(&s, 1, 2, norm_encode(5)),
                score_tf(&s, 1, 2, norm_encode(5000)));
    score_init(&s, 1.2, 0.75, 0, 0); /* an empty index */
    assert_true(isfinite(s.len[1]) && isfinite(score_idf(&s, 0)));
}

/* What is renewed is what is made anew, whatever there was before. */
static void renewed(void **state)
{
    static const struct {
        double k1, b;
        uint64_t docs, positions;
    } in[] = {{0, 0, 0, 0},       {1.2, 0.75, 4, 40}, {1.2, 0.75, 4, 40},
              {1.2, 0.75, 4, 41}, {1.2, 0.75, 5, 41}, {1.2, 0.5, 5, 41},
              {0.9, 0.5, 5, 41}};
    struct score s = {0}, t;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof in / sizeof *in; i++) {
        memset(&t, 0, sizeof t);
        score_init(&t, in[i].k1, in[i].b, in[i].docs, in[i].positions);
        score_renew(&s, in[i].k1, in[i].b, in[i].docs, in[i].positions);
        assert_memory_equal(&s, &t, sizeof s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(the_dead_score_nothing),
        cmocka_unit_test(settings),
        cmocka_unit_test(renewed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
