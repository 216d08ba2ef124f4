/* context.h: columns, against a table made by hand, and keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/context.h"

static void test_widths(void **state)
{
    static const struct {
        const char *text;
        unsigned width;
    } table[] = {
        {"", 0},
        {"debt", 4},
        {" \n\t a ", 3},                 /* blanks are one */
        {"\xe9\x93\x81\xe8\xb7\xaf", 4}, /* 铁路 */
        {"\xef\xbc\xa1", 2},             /* full-width A */
        {"\xef\xbd\xb1", 1},             /* half-width katakana A */
        {"\xea\xb0\x80", 2},             /* Hangul syllable */
        {"\xe1\x84\x80\xe1\x85\xa1", 2}, /* the same of two jamo */
        {"e\xcc\x81", 1},                /* e and an acute */
        {"\xc3\xa9", 1},                 /* é */
        {"\xe0\xb8\x81\xe0\xb8\xb4", 1}, /* Thai letter and vowel above */
        {"a\xe2\x80\x8b"
         "b",
         2}, /* zero-width space */
        {"a\xe2\x80\x8d"
         "b",
         2},                     /* zero-width joiner */
        {"\xf0\x9f\x9a\x82", 2}, /* a locomotive */
        {"\xe3\x80\x82", 2},     /* ideographic full stop */
        {"\xe2\x80\xae", 1},     /* what is shown as U+FFFD */
        {"\x1b[m", 3},
        {"\xff", 1},
        {"\xe9\x93", 1},
    };
    unsigned width;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(context_width(view_str(table[i].text), &width), 0);
        if (width != table[i].width)
            fail_msg("%s has %u columns, not %u", table[i].text, width,
                     table[i].width);
    }
}

static void check(bool behind, const char *text, unsigned columns,
                  const char *want, unsigned want_width, bool want_all)
{
    struct buf out = {0};
    unsigned width;
    bool all;

    assert_int_equal((behind ? context_behind : context_before)(
                         view_str(text), columns, &out, &width, &all),
                     0);
    assert_non_null(buf_cstr(&out));
    assert_string_equal(buf_cstr(&out), want);
    assert_int_equal(width, want_width);
    assert_int_equal(all, want_all);
    buf_release(&out);
}

static void test_cuts(void **state)
{
    (void)state;
    check(false, "in the ", 40, "in the ", 7, true);
    check(false, "in the ", 7, "in the ", 7, true);
    check(false, "in the ", 6, "n the ", 6, false);
    check(false, "in the ", 5, "the ", 4, false); /* no blank outside */
    check(false, "\n in\n\nthe\n", 40, "in the ", 7, true);
    check(false, "", 40, "", 0, true);
    check(false, "\xe9\x93\x81\xe8\xb7\xaf", 3, "\xe8\xb7\xaf", 2, false);
    check(false, "\xe9\x93\x81\xe8\xb7\xaf", 1, "", 0, false);
    check(false, "xe\xcc\x81", 1, "e\xcc\x81", 1, false);
    /* two flags: four characters that must stay in pairs */
    check(false,
          "\xf0\x9f\x87\xb1\xf0\x9f\x87\xa6\xf0\x9f\x87\xb9\xf0\x9f\x87\xad", 3,
          "\xf0\x9f\x87\xb9\xf0\x9f\x87\xad", 2, false);
    check(true, " trap of", 40, " trap of", 8, true);
    check(true, " trap of", 6, " trap", 5, false);
    check(true, " trap \n ", 40, " trap", 5, true);
    check(true, "", 40, "", 0, true);
    check(true, "\xe9\x93\x81\xe8\xb7\xaf", 3, "\xe9\x93\x81", 2, false);
    check(true, "xe\xcc\x81y", 2, "xe\xcc\x81", 2, false);
    check(true, "\r\n\r\nx", 2, " x", 2, true);
}

static void check_key(bool behind, bool cut, const char *text, const char *want)
{
    struct buf out = {0};
    size_t i;

    assert_int_equal(context_key(view_str(text), behind, cut, &out), 0);
    assert_true(out.n > 0);
    for (i = 0; i + 1 < out.n; i++)
        out.p[i] = out.p[i] ? out.p[i] : '|';
    assert_int_equal(out.p[i], 0);
    assert_string_equal((char *)out.p, want);
    buf_release(&out);
}

static void test_keys(void **state)
{
    (void)state;
    check_key(true, false, " Trap, of (THE) bank", "trap|of|the|bank|");
    check_key(false, false, "Trap, of (THE) bank ", "bank|the|of|trap|");
    check_key(true, true, "trap of hal", "trap|of|");
    check_key(false, true, "alf of the ", "the|of|");
    check_key(true, false, "", "");
    check_key(true, false, " .,; ", "");
    check_key(true, false, "a b c d e f g h i j", "a|b|c|d|e|f|g|h|");
    check_key(false, false, "a b c d e f g h i j", "j|i|h|g|f|e|d|c|");
    check_key(true, false,
              "Stra\xc3\x9f"
              "e \xef\xbc\xa1",
              "strasse|a|");
    check_key(false, false, "\xe9\x93\x81\xe8\xb7\xaf",
              "\xe8\xb7\xaf|\xe9\x93\x81|");
}

/* Any bytes: nothing is wider than asked for, and what was cut was too wide. */
static void test_any_bytes(void **state)
{
    static const char *const piece[] = {"a",
                                        " ",
                                        "\n",
                                        "\xe9\x93\x81",
                                        "\xcc\x81",
                                        "\xf0\x9f\x87\xb1",
                                        "\xff",
                                        "\xe2\x80\x8d",
                                        "\xf0\x9f\x9a\x82",
                                        "\xe9",
                                        "\x1b",
                                        "\xe2\x80\xae",
                                        "\r\n"};
    uint32_t seed = 1, i, k;

    (void)state;
    for (i = 0; i < 20000; i++) {
        struct buf text = {0}, before = {0}, behind = {0};
        unsigned columns, width, left, right;
        bool all_left, all_right;

        for (k = (seed >> 16) % 12; k > 0; k--) {
            seed = seed * 1664525u + 1013904223u;
            buf_adds(&text,
                     piece[(seed >> 16) % (sizeof piece / sizeof *piece)]);
        }
        seed = seed * 1664525u + 1013904223u;
        columns = (seed >> 16) % 12;
        assert_int_equal(
            context_before(buf_view(&text), columns, &before, &left, &all_left),
            0);
        assert_int_equal(context_behind(buf_view(&text), columns, &behind,
                                        &right, &all_right),
                         0);
        assert_true(left <= columns && right <= columns);
        assert_int_equal(context_width(buf_view(&before), &width), 0);
        assert_int_equal(width, left);
        assert_int_equal(context_width(buf_view(&behind), &width), 0);
        assert_int_equal(width, right);
        assert_int_equal(context_width(buf_view(&text), &width), 0);
        assert_true(all_right || width > columns);
        buf_release(&text);
        buf_release(&before);
        buf_release(&behind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_any_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
