/* when.h: days of dates and ranges, checked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/date.h"
#include "query/when.h"

static void say(char out[11], int32_t days)
{
    if (days == WHEN_FIRST || days == WHEN_LAST)
        snprintf(out, 11, "*");
    else
        date_text(days, out);
}

/* Today is 2024-03-31. */
static const struct {
    const char *text, *from, *last; /* NULL: none; "*": open */
} cases[] = {
    {"2022", "2022-01-01", "2022-12-31"},
    {"2022-03", "2022-03-01", "2022-03-31"},
    {"2022-12", "2022-12-01", "2022-12-31"},
    {"2024-02", "2024-02-01", "2024-02-29"},
    {"2022-03-05", "2022-03-05", "2022-03-05"},
    {"20220305", "2022-03-05", "2022-03-05"},
    {"9999", "9999-01-01", "9999-12-31"},
    {"0d", "2024-03-31", "2024-03-31"},
    {"90d", "2024-01-01", "2024-01-01"},
    {"6w", "2024-02-18", "2024-02-18"},
    {"1m", "2024-02-29", "2024-02-29"},
    {"3m", "2023-12-31", "2023-12-31"},
    {"13m", "2023-02-28", "2023-02-28"},
    {"2y", "2022-03-31", "2022-03-31"},
    {"2021..2022-06", "2021-01-01", "2022-06-30"},
    {"2021-05-06..2021-05-06", "2021-05-06", "2021-05-06"},
    {"..2020", "*", "2020-12-31"},
    {"2021-02..", "2021-02-01", "*"},
    {"90d..", "2024-01-01", "*"},
    {"2y..1y", "2022-03-31", "2023-03-31"},
    {"2022..2021", "2022-01-01", "2021-12-31"},
    {"", NULL, NULL},
    {"..", NULL, NULL},
    {"2022-13", NULL, NULL},
    {"2022-00", NULL, NULL},
    {"2022-02-30", NULL, NULL},
    {"0000", NULL, NULL},
    {"22", NULL, NULL},
    {"d", NULL, NULL},
    {"5x", NULL, NULL},
    {"123456d", NULL, NULL},
    {"-5d", NULL, NULL},
    {"2022-03-05x", NULL, NULL},
    {"2022 ", NULL, NULL},
    {"2021...2022", NULL, NULL},
    {"soon", NULL, NULL},
    {"2021..soon", NULL, NULL},
};

static void by_hand(void **state)
{
    int32_t today = date_days(2024, 3, 31);
    struct period p;
    char from[11], last[11];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool is = when_range(view_str(cases[i].text), today, &p);

        if (is != (cases[i].from != NULL))
            fail_msg("'%s' is %sa date", cases[i].text, is ? "" : "no ");
        if (!is)
            continue;
        say(from, p.from);
        say(last, p.to == WHEN_LAST ? p.to : p.to - 1);
        if (strcmp(from, cases[i].from) || strcmp(last, cases[i].last))
            fail_msg("'%s' is %s to %s", cases[i].text, from, last);
    }
    assert_true(when_date(view_str("99999y"), today, &p));
    assert_int_equal(p.from, WHEN_FIRST);
}

static void today(void **state)
{
    (void)state;
    setenv("SOURCE_DATE_EPOCH", "1711929599", 1); /* 2024-03-31T23:59:59Z */
    assert_int_equal(when_today(), date_days(2024, 3, 31));
    setenv("SOURCE_DATE_EPOCH", "1711929600", 1);
    assert_int_equal(when_today(), date_days(2024, 4, 1));
    setenv("SOURCE_DATE_EPOCH", "soon", 1);
    assert_true(when_today() > date_days(2024, 1, 1));
    unsetenv("SOURCE_DATE_EPOCH");
    assert_true(when_today() > date_days(2024, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(today),
    };

    return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
