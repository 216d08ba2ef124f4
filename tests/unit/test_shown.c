#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "query/paths.h"
#include "query/shown.h"

static struct buf out;

static int release(void **state)
{
    (void)state;
    buf_release(&out);
    return 0;
}

#define BAD "\xef\xbf\xbd"

static const char *safe(const char *s, bool lines)
{
    buf_clear(&out);
    assert_int_equal(shown_safe(&out, view_str(s), lines), 0);
    return buf_cstr(&out);
}

static void harmful_characters(void **state)
{
    (void)state;
    assert_string_equal(safe("plain 香港 é", false), "plain 香港 é");
    assert_string_equal(safe("\033[31mred\a", false), BAD "[31mred" BAD);
    assert_string_equal(safe("\xc2\x9b"
                             "31m",
                             false),
                        BAD "31m");
    assert_string_equal(safe("a\xe2\x80\xae"
                             "b\xe2\x81\xa6",
                             false),
                        "a" BAD "b" BAD);
    assert_string_equal(safe("a\x7f\xff\xc3", false), "a" BAD BAD BAD);
    assert_string_equal(safe("a\nb\tc", false), "a" BAD "b" BAD "c");
    assert_string_equal(safe("a\nb\tc\r\nd\re", true), "a\nb\tc\r\nd" BAD "e");
}

static void one_line(void **state)
{
    bool blank = true;

    (void)state;
    buf_clear(&out);
    shown_line(&out, view_str("  a \n\n b\r\n"), &blank);
    shown_line(&out,
               view_str("\n c\xe2\x80\xa8"
                        "d\xe2\x80\x94"),
               &blank);
    assert_string_equal(buf_cstr(&out), "a b c d\xe2\x80\x94");
}

static void percent(void **state)
{
    (void)state;
    buf_clear(&out);
    shown_percent(&out, view_str("a b/100%\t香"));
    assert_string_equal(buf_cstr(&out), "a%20b/100%25%09香");
}

/* Each byte, at each place among others. */
static void percent_anywhere(void **state)
{
    char text[20], want[64];
    unsigned c, at, n;

    (void)state;
    for (c = 0; c < 256; c++)
        for (n = 1; n < sizeof text; n++)
            for (at = 0; at < n; at++) {
                memset(text, 0xe9, n);
                text[at] = (char)c;
                snprintf(want, sizeof want, "%.*s%s%02X%.*s", (int)at, text,
                         "%", c, (int)(n - at - 1), text + at + 1);
                if (c > ' ' && c != 0x7f && c != '%')
                    snprintf(want, sizeof want, "%.*s", (int)n, text);
                buf_clear(&out);
                assert_int_equal(shown_percent(&out, view_of(text, n)), 0);
                assert_string_equal(buf_cstr(&out), want);
            }
    buf_clear(&out);
    assert_int_equal(shown_percent(&out, view_of(NULL, 0)), 0);
    assert_int_equal(out.n, 0);
}

static void times(void **state)
{
    char text[SHOWN_TIME];

    (void)state;
    shown_time(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    shown_time(UINT64_C(1767583802123456789), text);
    assert_string_equal(text, "2026-01-05T03:30:02Z");
}

static void globs(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool match;
    } table[] = {
        {"*", "", true},
        {"*.txt", "a/b.txt", true},
        {"*.txt", "a/b.txt~", false},
        {"a/*/c", "a/b/c", true},
        {"a/*/c", "a/b/x/c", true},
        {"a?c", "a港c", true},
        {"a?c", "ac", false},
        {"?", "", false},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b", "ab ab a", false},
        {"a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
        {"abc", "abc", true},
        {"ab", "abc", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(
            path_glob(view_str(table[i].pattern), view_str(table[i].text)),
            table[i].match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(harmful_characters),
        cmocka_unit_test(one_line),
        cmocka_unit_test(percent),
        cmocka_unit_test(percent_anywhere),
        cmocka_unit_test(times),
        cmocka_unit_test(globs),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
