/* buf.h: views and buffers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/err.h"

static void test_view(void **state)
{
    struct view v = view_str("abcdef"), none = {NULL, 0};

    (void)state;
    assert_true(view_eq(view_sub(v, 1, 3), view_str("bc")));
    assert_true(view_eq(view_sub(v, 6, 6), none));
    assert_true(view_eq(view_sub(none, 0, 0), none));
    assert_false(view_eq(v, view_str("abcdeg")));
    assert_false(view_eq(v, view_str("abcde")));
    assert_true(view_cmp(view_str("a"), view_str("b")) < 0);
    assert_true(view_cmp(view_str("b"), view_str("a")) > 0);
    assert_true(view_cmp(view_str("a"), view_str("ab")) < 0);
    assert_true(view_cmp(none, view_str("a")) < 0);
    assert_int_equal(view_cmp(none, view_str("")), 0);
    /* bytes are unsigned */
    assert_true(view_cmp(view_str("\x7f"), view_str("\x80")) < 0);
}

static void test_append(void **state)
{
    struct buf b = {0};
    size_t i;

    (void)state;
    assert_int_equal(buf_add(&b, view_of(NULL, 0)), 0);
    assert_null(b.p);
    assert_string_equal(buf_cstr(&b), "");
    assert_int_equal(b.n, 0);
    assert_int_equal(buf_adds(&b, "ab"), 0);
    assert_int_equal(buf_addc(&b, 'c'), 0);
    assert_int_equal(buf_addf(&b, "%d-%s", 12, "x"), 0);
    assert_int_equal(buf_addf(&b, "%s", ""), 0);
    assert_string_equal(buf_cstr(&b), "abc12-x");
    assert_int_equal(b.n, 7);
    buf_clear(&b);
    assert_int_equal(b.n, 0);
    assert_non_null(b.p);
    for (i = 0; i < 100000; i++)
        assert_int_equal(buf_addc(&b, (int)(i & 0xff)), 0);
    for (i = 0; i < 100000; i++)
        assert_int_equal(b.p[i], i & 0xff);
    assert_true(b.cap <= 200000);
    buf_release(&b);
    assert_null(b.p);
    assert_int_equal(b.cap, 0);
    buf_release(&b);
}

static void test_format_long(void **state)
{
    char word[3000];
    struct buf b = {0};

    (void)state;
    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = 0;
    assert_int_equal(buf_addf(&b, "<%s>", word), 0);
    assert_int_equal(b.n, sizeof word + 1);
    assert_int_equal(b.p[0], '<');
    assert_int_equal(b.p[b.n - 1], '>');
    buf_release(&b);
}

static void test_too_much(void **state)
{
    struct buf b = {0};

    (void)state;
    assert_int_equal(buf_adds(&b, "ab"), 0);
    assert_int_equal(buf_reserve(&b, SIZE_MAX), ERR_NOMEM);
    assert_int_equal(buf_reserve(&b, SIZE_MAX / 2), ERR_NOMEM);
    assert_string_equal(buf_cstr(&b), "ab");
    buf_release(&b);
}

static void test_varint(void **state)
{
    const uint64_t x[] = {0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX};
    struct buf b = {0};
    struct rd r;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof x / sizeof *x; i++)
        assert_int_equal(buf_addvar(&b, x[i]), 0);
    r = rd_of(buf_view(&b));
    for (i = 0; i < sizeof x / sizeof *x; i++)
        assert_true(rd_varint(&r) == x[i]);
    assert_false(r.bad);
    assert_int_equal(rd_left(&r), 0);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view),        cmocka_unit_test(test_append),
        cmocka_unit_test(test_format_long), cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_varint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
