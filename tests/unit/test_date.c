#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/date.h"

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(date_days(1970, 1, 1), 0);
    assert_int_equal(date_days(1969, 12, 31), -1);
    assert_int_equal(date_days(2000, 3, 1), 11017);
    assert_int_equal(date_days(2022, 1, 4), 18996);
    assert_int_equal(date_days(1, 1, 1), -719162);
    assert_int_equal(date_days(9999, 12, 31), 2932896);
}

static void no_such_day(void **state)
{
    (void)state;
    assert_int_equal(date_days(2022, 2, 29), DATE_NONE);
    assert_int_equal(date_days(1900, 2, 29), DATE_NONE);
    assert_int_not_equal(date_days(2000, 2, 29), DATE_NONE);
    assert_int_equal(date_days(2022, 0, 1), DATE_NONE);
    assert_int_equal(date_days(2022, 13, 1), DATE_NONE);
    assert_int_equal(date_days(2022, 4, 31), DATE_NONE);
    assert_int_equal(date_days(2022, 4, 0), DATE_NONE);
    assert_int_equal(date_days(0, 1, 1), DATE_NONE);
    assert_int_equal(date_days(10000, 1, 1), DATE_NONE);
    assert_int_equal(date_days(-1, -1, -1), DATE_NONE);
}

static void every_day_there_and_back(void **state)
{
    int32_t days, last = date_days(9999, 12, 31);
    int year, month, day;

    (void)state;
    for (days = date_days(1, 1, 1); days <= last; days++) {
        date_civil(days, &year, &month, &day);
        if (date_days(year, month, day) != days)
            fail_msg("day %d is %d-%d-%d", (int)days, year, month, day);
    }
}

static void as_text(void **state)
{
    char s[11];

    (void)state;
    date_text(18996, s);
    assert_string_equal(s, "2022-01-04");
    date_text(date_days(7, 8, 9), s);
    assert_string_equal(s, "0007-08-09");
    date_text(DATE_NONE, s);
    assert_string_equal(s, "0000-00-00");
    date_text(INT32_MAX, s);
    assert_string_equal(s, "0000-00-00");
}

/* What `text` is a date of, as text; "" for none. */
static const char *parsed(int32_t days)
{
    static char s[11];

    if (days == DATE_NONE)
        return "";
    date_text(days, s);
    return s;
}

static void parsing(void **state)
{
    static const struct {
        const char *text, *date;
    } cases[] = {
        {"2022-01-04", "2022-01-04"},
        {"2022/01/04", "2022-01-04"},
        {"2022.01.04", "2022-01-04"},
        {"20220104", "2022-01-04"},
        {"2022-1-4", "2022-01-04"},
        {"4 January 2022", "2022-01-04"},
        {"04 Jan 2022", "2022-01-04"},
        {"January 4, 2022", "2022-01-04"},
        {"Sep 11, 2024", "2024-09-11"},
        {"Sept. 11, 2024", "2024-09-11"},
        {"MAY 1 2020", "2020-05-01"},
        {"2022-01", "2022-01-01"},
        {"2022", "2022-01-01"},
        {"\"2022-01-04\"", "2022-01-04"},
        {"'4 January 2022'", "2022-01-04"},
        {" 2022-01-04 ", "2022-01-04"},
        {"2022-01-04T10:30:00Z", "2022-01-04"},
        {"2022-01-04 10:30", "2022-01-04"},
        {"20220104T103000", "2022-01-04"},
        {"26-FEB-1987 15:01:01.79", ""},
        {"", ""},
        {"\"", ""},
        {"2022-02-29", ""},
        {"2022-13", ""},
        {"2022-01/04", ""},
        {"2022-01-04x", ""},
        {"2022-01-041", ""},
        {"20220104x", ""},
        {"202201041", ""},
        {"January 2022", ""},
        {"Janu 4, 2022", ""},
        {"4 2022", ""},
        {"31 April 2022", ""},
        {"99999", ""},
        {"0000-01-01", ""},
        {"yesterday", ""},
        {"2022-", ""},
        {"2022-01-", ""},
        {"4 January", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = parsed(date_parse(view_str(cases[i].text)));

        if (strcmp(got, cases[i].date))
            fail_msg("'%s' gave '%s'", cases[i].text, got);
    }
    assert_int_equal(date_parse(view_of(NULL, 0)), DATE_NONE);
    assert_int_equal(date_parse(view_of("2022-01-04\0", 11)), DATE_NONE);
}

static void file_names(void **state)
{
    static const struct {
        const char *path, *date;
    } cases[] = {
        {"a/2022-01-04-rcep.txt", "2022-01-04"},
        {"2022_01_04.md", "2022-01-04"},
        {"report20220104.md", "2022-01-04"},
        {"report-20220104-v2", "2022-01-04"},
        {"/2020-01-01/2022-01-04", "2022-01-04"},
        {"2022-01-04/report.txt", ""},
        {"12022-01-04.txt", ""},
        {"2022-01-045.txt", ""},
        {"120220104.txt", ""},
        {"202201041.txt", ""},
        {"2022-13-04 2022-12-04", "2022-12-04"},
        {"12345678-20220104", "2022-01-04"},
        {"2022-01_04", ""},
        {"2022-01", ""},
        {"1-2022-01-04", "2022-01-04"},
        {"", ""},
        {"dir/", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = parsed(date_of_filename(view_str(cases[i].path)));

        if (strcmp(got, cases[i].date))
            fail_msg("'%s' gave '%s'", cases[i].path, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(no_such_day),
        cmocka_unit_test(every_day_there_and_back),
        cmocka_unit_test(as_text),
        cmocka_unit_test(parsing),
        cmocka_unit_test(file_names),
    };

    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
