#include "base/date.h"

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of_month(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* The calendar is counted from 1 March of year 0 in eras of 400 years, so
 * that the leap day is the last of its year (Howard Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms"). Day 0 there is 719468 days before 1970. */
enum { ERA_DAYS = 146097, EPOCH = 719468 };

int32_t date_days(int year, int month, int day)
{
    int y, era, of_era, of_year;

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_of_month(year, month))
        return DATE_NONE;
    y = month <= 2 ? year - 1 : year;
    era = y / 400;
    of_era = y % 400;
    of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           EPOCH;
}

void date_civil(int32_t days, int *year, int *month, int *day)
{
    int64_t z = (int64_t)days + EPOCH;
    int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
    int doe = (int)(z - era * ERA_DAYS);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153; /* months since March */

    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

/* Writes n digits of x. */
static void put_digits(char *out, int x, int n)
{
    for (; n-- > 0; x /= 10)
        out[n] = (char)('0' + x % 10);
}

void date_text(int32_t days, char out[11])
{
    int year, month, day;

    memcpy(out, "0000-00-00", 11);
    date_civil(days, &year, &month, &day);
    if (year < 1 || year > 9999)
        return;
    put_digits(out, year, 4);
    put_digits(out + 5, month, 2);
    put_digits(out + 8, day, 2);
}

/* Nothing, or a blank or 'T' and whatever follows. */
static bool ends(struct view v, size_t at)
{
    return at == v.n || v.p[at] == ' ' || v.p[at] == '\t' || v.p[at] == 'T' ||
           v.p[at] == '\r' || v.p[at] == '\n';
}

/* Digits at v[at], up to n of them, as a number; -1 unless there are n. */
static int digits(struct view v, size_t at, size_t n)
{
    int x = 0;

    for (; n > 0 && at < v.n && v.p[at] >= '0' && v.p[at] <= '9'; n--)
        x = x * 10 + v.p[at++] - '0';
    return n ? -1 : x;
}

/* 2022 or 2022-01: the first day of it. */
static int32_t parse_short(struct view v)
{
    int year = digits(v, 0, 4), month = 1;
    size_t at = 4;

    if (year >= 0 && at < v.n && v.p[at] == '-') {
        month = digits(v, 5, 2);
        at = 7;
    }
    return year >= 0 && month >= 0 && ends(v, at) ? date_days(year, month, 1)
                                                  : DATE_NONE;
}

int32_t date_parse(struct view v)
{
    size_t from = 0, to = v.n, at = 0;
    int32_t days;

    while (from < to && strchr(" \t\"'", v.p[from]) && v.p[from])
        from++;
    while (to > from && strchr(" \t\"'", v.p[to - 1]) && v.p[to - 1])
        to--;
    v = view_sub(v, from, to);
    days = date_at(v, &at);
    return days != DATE_NONE && ends(v, at) ? days : parse_short(v);
}
