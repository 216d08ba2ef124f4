#include "query/when.h"

#include <stdlib.h>
#include <time.h>

#include "base/date.h"

enum { DAY_SECONDS = 86400, MONTHS = 12, DIGITS = 5 };

int32_t when_today(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    long long seconds = 0;
    char *end = NULL;

    if (epoch && *epoch)
        seconds = strtoll(epoch, &end, 10);
    if (!end || *end || seconds < 0 ||
        seconds > (long long)WHEN_LAST * DAY_SECONDS)
        seconds = (long long)time(NULL);
    return (int32_t)(seconds / DAY_SECONDS);
}

/* The first n digits of v as a number, -1 where there are none or others. */
static int number(struct view v, size_t from, size_t n)
{
    int x = 0;

    if (v.n < from + n || n == 0)
        return -1;
    for (; n > 0; n--, from++) {
        if (v.p[from] < '0' || v.p[from] > '9')
            return -1;
        x = x * 10 + v.p[from] - '0';
    }
    return x;
}

/* The same day of a month so many months before, or that month's last. */
static int32_t months_ago(int32_t today, int months)
{
    int year, month, day;
    int32_t days = DATE_NONE;

    date_civil(today, &year, &month, &day);
    months = year * MONTHS + month - 1 - months;
    if (months < MONTHS) /* no day in year 0 */
        return WHEN_FIRST;
    for (; days == DATE_NONE; day--)
        days = date_days(months / MONTHS, months % MONTHS + 1, day);
    return days;
}

static bool ago(struct view v, int32_t today, struct period *out)
{
    int n = v.n > 1 && v.n <= DIGITS + 1 ? number(v, 0, v.n - 1) : -1;

    if (n < 0)
        return false;
    switch (v.p[v.n - 1]) {
    case 'd':
        out->from = today - n;
        break;
    case 'w':
        out->from = today - 7 * n;
        break;
    case 'm':
        out->from = months_ago(today, n);
        break;
    case 'y':
        out->from = months_ago(today, n * MONTHS);
        break;
    default:
        return false;
    }
    out->to = out->from + 1;
    return true;
}

bool when_date(struct view v, int32_t today, struct period *out)
{
    int year = number(v, 0, 4), month = number(v, 5, 2);
    size_t at = 0;

    if (ago(v, today, out))
        return true;
    if (v.n == 4 && year > 0) {
        out->from = date_days(year, 1, 1);
        out->to = date_days(year, 12, 31) + 1;
        return true;
    }
    if (v.n == 7 && v.p[4] == '-' && year > 0 && month >= 1 &&
        month <= MONTHS) {
        out->from = date_days(year, month, 1);
        out->to = month == MONTHS ? date_days(year, MONTHS, 31) + 1
                                  : date_days(year, month + 1, 1);
        return true;
    }
    out->from = date_at(v, &at);
    out->to = out->from + 1;
    return out->from != DATE_NONE && at == v.n;
}

bool when_range(struct view v, int32_t today, struct period *out)
{
    struct period a = {WHEN_FIRST, 0}, b = {0, WHEN_LAST};
    const uint8_t *dots = memmem(v.p, v.n, "..", 2);
    size_t at = dots ? (size_t)(dots - v.p) : 0;

    if (!dots)
        return when_date(v, today, out);
    if (v.n == 2 || (at > 0 && !when_date(view_sub(v, 0, at), today, &a)) ||
        (at + 2 < v.n && !when_date(view_sub(v, at + 2, v.n), today, &b)))
        return false;
    out->from = a.from;
    out->to = b.to;
    return true;
}
