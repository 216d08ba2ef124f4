#include "base/date.h"

#include <stdio.h>

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

void date_text(int32_t days, char out[11])
{
    int year, month, day;
    char s[40];

    date_civil(days, &year, &month, &day);
    if (year < 1 || year > 9999) {
        memcpy(out, "0000-00-00", 11);
        return;
    }
    snprintf(s, sizeof s, "%04d-%02d-%02d", year, month, day);
    memcpy(out, s, 11);
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* A number of min to max digits at *at, with no digit behind; -1 if none. */
static int number(struct view v, size_t *at, size_t min, size_t max)
{
    size_t n = 0;
    int x = 0;

    while (*at + n < v.n && is_digit(v.p[*at + n]) && n < max)
        x = x * 10 + v.p[*at + n++] - '0';
    if (n < min || (*at + n < v.n && is_digit(v.p[*at + n])))
        return -1;
    *at += n;
    return x;
}

static void skip_blanks(struct view v, size_t *at)
{
    while (*at < v.n && (v.p[*at] == ' ' || v.p[*at] == '\t'))
        ++*at;
}

/* The month whose English name, or its first three letters ("Sept" too, and
 * with a dot), is at *at; 0 if none. */
static int month_name(struct view v, size_t *at)
{
    static const char *const names[] = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    size_t n = 0, i, len;
    int m;

    while (*at + n < v.n && is_letter(v.p[*at + n]))
        n++;
    for (m = 0; m < 12; m++) {
        len = strlen(names[m]);
        if (n != 3 && n != len && !(m == 8 && n == 4))
            continue;
        for (i = 0; i < n && (v.p[*at + i] | 0x20) == names[m][i]; i++)
            ;
        if (i == n) {
            *at += n;
            if (n < len && *at < v.n && v.p[*at] == '.')
                ++*at;
            return m + 1;
        }
    }
    return 0;
}

/* Nothing, or a blank or 'T' and whatever follows. */
static bool ends(struct view v, size_t at)
{
    return at == v.n || v.p[at] == ' ' || v.p[at] == '\t' || v.p[at] == 'T' ||
           v.p[at] == '\r' || v.p[at] == '\n';
}

static int32_t parse_named(struct view v)
{
    size_t at = 0;
    int day, month, year;

    if (v.n && is_digit(v.p[0])) { /* 4 January 2022 */
        day = number(v, &at, 1, 2);
        skip_blanks(v, &at);
        month = month_name(v, &at);
    } else { /* January 4, 2022 */
        month = month_name(v, &at);
        skip_blanks(v, &at);
        day = number(v, &at, 1, 2);
    }
    if (at < v.n && v.p[at] == ',')
        at++;
    skip_blanks(v, &at);
    year = number(v, &at, 4, 4);
    return ends(v, at) ? date_days(year, month, day) : DATE_NONE;
}

static int32_t parse_numeric(struct view v)
{
    size_t at = 0;
    int year, month = 1, day = 1, x;
    uint8_t separator;

    x = number(v, &at, 8, 8);
    if (x >= 0)
        return ends(v, at) ? date_days(x / 10000, x / 100 % 100, x % 100)
                           : DATE_NONE;
    year = number(v, &at, 4, 4);
    if (ends(v, at))
        return date_days(year, month, day);
    separator = v.p[at++];
    if (separator != '-' && separator != '/' && separator != '.')
        return DATE_NONE;
    month = number(v, &at, 1, 2);
    if (separator == '-' && ends(v, at))
        return date_days(year, month, day);
    if (at == v.n || v.p[at++] != separator)
        return DATE_NONE;
    day = number(v, &at, 1, 2);
    return ends(v, at) ? date_days(year, month, day) : DATE_NONE;
}

int32_t date_parse(struct view v)
{
    size_t from = 0, to = v.n;
    int32_t days;

    while (from < to && strchr(" \t\"'", v.p[from]) && v.p[from])
        from++;
    while (to > from && strchr(" \t\"'", v.p[to - 1]) && v.p[to - 1])
        to--;
    v = view_sub(v, from, to);
    days = parse_numeric(v);
    return days == DATE_NONE ? parse_named(v) : days;
}

int32_t date_of_filename(struct view path)
{
    size_t from = path.n, i, at;
    int year, month, day, x;
    int32_t days = DATE_NONE;
    uint8_t separator;

    while (from > 0 && path.p[from - 1] != '/')
        from--;
    for (i = from; i + 8 <= path.n; i++) {
        if (i > from && is_digit(path.p[i - 1]))
            continue;
        at = i;
        x = number(path, &at, 8, 8);
        if (x >= 0) {
            days = date_days(x / 10000, x / 100 % 100, x % 100);
        } else if ((year = number(path, &at, 4, 4)) >= 0 && at < path.n) {
            separator = path.p[at++];
            if (separator != '-' && separator != '_')
                continue;
            month = number(path, &at, 2, 2);
            if (at >= path.n || path.p[at++] != separator)
                continue;
            day = number(path, &at, 2, 2);
            days = date_days(year, month, day);
        }
        if (days != DATE_NONE)
            break;
    }
    return days;
}
