#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "indexer/told.h"

static bool is_new(struct told *t, const char *message)
{
    return told_new(t, view_str(message));
}

static void once_until_a_round_does_without(void **state)
{
    struct told t = {0};

    (void)state;
    told_turn(&t);
    assert_true(is_new(&t, "a"));
    assert_true(is_new(&t, "a")); /* the same round */
    assert_true(is_new(&t, "b"));
    told_turn(&t);
    assert_false(is_new(&t, "a"));
    assert_true(is_new(&t, "c"));
    assert_true(is_new(&t, ""));
    told_turn(&t);
    assert_false(is_new(&t, "a"));
    assert_true(is_new(&t, "b")); /* the round before had none */
    assert_false(is_new(&t, "c"));
    told_turn(&t);
    told_turn(&t);
    assert_true(is_new(&t, "a"));
    told_release(&t);
}

static void many(void **state)
{
    struct told t = {0};
    char text[16];
    int round, i;

    (void)state;
    for (round = 0; round < 3; round++) {
        for (i = 0; i < 1000; i++) {
            snprintf(text, sizeof text, "%d", i * 7919 % 1000);
            assert_int_equal(is_new(&t, text), round == 0);
        }
        assert_int_equal(t.now.n, 8000);
        told_turn(&t);
    }
    told_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_until_a_round_does_without),
        cmocka_unit_test(many),
    };

    return cmocka_run_group_tests_name("told", tests, NULL, NULL);
}
