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
        {"26-FEB-1987 15:01:01.79", "1987-02-26"},
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
        {"May 5", ""},
        {"November 18", ""},
        {"31 February 2024", ""},
        {"February 30, 2024", ""},
        {"12/11/2024", ""},
        {"12-11-2024", ""},
        {"12/12/2024", "2024-12-12"},
        {"25/12/2024", "2024-12-25"},
        {"12/25/2024", "2024-12-25"},
        {"12.11.2024", "2024-11-12"},
        {"25-12-2024", "2024-12-25"},
        {"32/12/2024", ""},
        {"11/12/24", ""},
        {"September 11th, 2024", "2024-09-11"},
        {"1st May 2024", "2024-05-01"},
        {"2nd of June 2024", "2024-06-02"},
        {"1stMay 2024", ""},
        {"Mon, 18 Nov 2024 10:00:00 +0000", "2024-11-18"},
        {"Monday, November 18, 2024", "2024-11-18"},
        {"Monday 18 November 2024", "2024-11-18"},
        {"Money 18 2024", ""},
        {"Marching 4, 2022", ""},
        {"11 septembre 2024", "2024-09-11"},
        {"1er août 2024", "2024-08-01"},
        {"11 de septiembre de 2024", "2024-09-11"},
        {"11 de março de 2024", "2024-03-11"},
        {"11. September 2024", "2024-09-11"},
        {"3. März 2021", "2021-03-03"},
        {"11 settembre 2024", "2024-09-11"},
        {"11 augustus 2024", "2024-08-11"},
        {"17 Agustus 2024", "2024-08-17"},
        {"11 сентября 2024", "2024-09-11"},
        {"2024年9月11日", "2024-09-11"},
        {"2024 年 9 月 11 日", "2024-09-11"},
        {"2024年2月30日", ""},
        {"2024年9月", ""},
        {"2024년 9월 11일", "2024-09-11"},
        {"ngày 11 tháng 9 năm 2024", "2024-09-11"},
        {"11 tháng 9 năm 2024", "2024-09-11"},
        {"11 กันยายน 2567", "2024-09-11"},
        {"11 9 2024", ""},
        {"2024-W05-1", ""},
        {"1-2022-01-04", ""},
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
        {"2022-01-04/report.txt", "2022-01-04"},
        {"2022-01-04/a/report.txt", ""},
        {"news/2022/01/04/rcep.txt", "2022-01-04"},
        {"2022/1/4/rcep.txt", "2022-01-04"},
        {"news/2022/01/04-rcep.txt", "2022-01-04"},
        {"news/2022/01/04.txt", "2022-01-04"},
        {"news/2022/01/4th.txt", ""},
        {"news/2022/13/04/rcep.txt", ""},
        {"news/2022/02/30/rcep.txt", ""},
        {"news/2022/01/rcep.txt", ""},
        {"news/12022/01/04/rcep.txt", ""},
        {"2022/01x/04/rcep.txt", ""},
        {"01/04/rcep.txt", ""},
        {"2022/01/04/a/rcep.txt", ""},
        {"2022.01.04 minutes.txt", "2022-01-04"},
        {"IMG_20220104_1030.txt", "2022-01-04"},
        {"order-12340101.txt", ""},
        {"04-01-2022.txt", ""},
        {"rfc2616.txt", ""},
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
