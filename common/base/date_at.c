/* Dates where they stand in text and in names: date_at, date_of_filename. */
#include <strings.h>

#include "base/date.h"

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* Of a word in any script: ASCII letters and all beyond ASCII. */
static bool is_letter(int c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
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

/* Whether `word` may stand at byte i: nearly always the first byte says no. */
static inline bool may_begin(struct view v, size_t i, const char *word)
{
    return i < v.n && ((v.p[i] ^ (uint8_t)word[0]) & ~0x20) == 0;
}

/* Passes over `word` at *at; false where something else is there. */
static bool take(struct view v, size_t *at, const char *word)
{
    size_t n;

    if (!may_begin(v, *at, word))
        return false;
    n = strlen(word);
    if (v.n - *at < n || strncasecmp((const char *)v.p + *at, word, n) != 0)
        return false;
    *at += n;
    return true;
}

/* --- months --- */

/* As they are written in a date, in lower case where they are ASCII; each name
 * once, whatever the language. */
static const struct {
    const char *name;
    uint8_t month;
} months[] = {
    {"january", 1},       {"february", 2},   {"march", 3},
    {"april", 4},         {"may", 5},        {"june", 6},
    {"july", 7},          {"august", 8},     {"september", 9},
    {"october", 10},      {"november", 11},  {"december", 12},
    {"jan", 1},           {"feb", 2},        {"mar", 3},
    {"apr", 4},           {"jun", 6},        {"jul", 7},
    {"aug", 8},           {"sep", 9},        {"oct", 10},
    {"nov", 11},          {"dec", 12},       {"sept", 9},
    {"janvier", 1},       {"février", 2},    {"mars", 3},
    {"avril", 4},         {"mai", 5},        {"juin", 6},
    {"juillet", 7},       {"août", 8},       {"septembre", 9},
    {"octobre", 10},      {"novembre", 11},  {"décembre", 12},
    {"janv", 1},          {"févr", 2},       {"avr", 4},
    {"juil", 7},          {"déc", 12},       {"enero", 1},
    {"febrero", 2},       {"marzo", 3},      {"abril", 4},
    {"mayo", 5},          {"junio", 6},      {"julio", 7},
    {"agosto", 8},        {"septiembre", 9}, {"octubre", 10},
    {"noviembre", 11},    {"diciembre", 12}, {"ene", 1},
    {"abr", 4},           {"ago", 8},        {"dic", 12},
    {"setiembre", 9},     {"janeiro", 1},    {"fevereiro", 2},
    {"março", 3},         {"maio", 5},       {"junho", 6},
    {"julho", 7},         {"setembro", 9},   {"outubro", 10},
    {"novembro", 11},     {"dezembro", 12},  {"fev", 2},
    {"out", 10},          {"dez", 12},       {"januar", 1},
    {"februar", 2},       {"märz", 3},       {"juni", 6},
    {"juli", 7},          {"oktober", 10},   {"dezember", 12},
    {"jänner", 1},        {"mrz", 3},        {"okt", 10},
    {"gennaio", 1},       {"febbraio", 2},   {"aprile", 4},
    {"maggio", 5},        {"giugno", 6},     {"luglio", 7},
    {"settembre", 9},     {"ottobre", 10},   {"dicembre", 12},
    {"januari", 1},       {"februari", 2},   {"maart", 3},
    {"mei", 5},           {"augustus", 8},   {"maret", 3},
    {"agustus", 8},       {"desember", 12},  {"mac", 3},
    {"julai", 7},         {"ogos", 8},       {"disember", 12},
    {"января", 1},        {"февраля", 2},    {"марта", 3},
    {"апреля", 4},        {"мая", 5},        {"июня", 6},
    {"июля", 7},          {"августа", 8},    {"сентября", 9},
    {"октября", 10},      {"ноября", 11},    {"декабря", 12},
    {"มกราคม", 1},        {"กุมภาพันธ์", 2},    {"มีนาคม", 3},
    {"เมษายน", 4},        {"พฤษภาคม", 5},    {"มิถุนายน", 6},
    {"กรกฎาคม", 7},       {"สิงหาคม", 8},     {"กันยายน", 9},
    {"ตุลาคม", 10},        {"พฤศจิกายน", 11},  {"ธันวาคม", 12},
    {"ocak", 1},          {"şubat", 2},      {"mart", 3},
    {"nisan", 4},         {"mayıs", 5},      {"haziran", 6},
    {"temmuz", 7},        {"ağustos", 8},    {"eylül", 9},
    {"ekim", 10},         {"kasım", 11},     {"aralık", 12},
    {"stycznia", 1},      {"lutego", 2},     {"marca", 3},
    {"kwietnia", 4},      {"maja", 5},       {"czerwca", 6},
    {"lipca", 7},         {"sierpnia", 8},   {"września", 9},
    {"października", 10}, {"listopada", 11}, {"grudnia", 12},
};

/* The month whose name, with or without a dot behind it, is the whole word at
 * *at; 0 if none. */
static int month_name(struct view v, size_t *at)
{
    size_t n = 0, i;

    while (*at + n < v.n && is_letter(v.p[*at + n]))
        n++;
    for (i = 0; n > 0 && i < sizeof months / sizeof *months; i++)
        if (may_begin(v, *at, months[i].name) && strlen(months[i].name) == n &&
            strncasecmp((const char *)v.p + *at, months[i].name, n) == 0) {
            *at += n;
            if (*at < v.n && v.p[*at] == '.')
                ++*at;
            return months[i].month;
        }
    return 0;
}

/* --- forms --- */

/* A year of the Buddhist era, as Thailand writes it, is 543 ahead. */
static int32_t days_of(int year, int month, int day)
{
    if (year >= 2400 && year < 2700)
        year -= 543;
    return date_days(year, month, day);
}

/* 2024年9月11日, 2024년 9월 11일: from the unit of the year on. */
static int32_t east_asian(struct view v, size_t *at, int year)
{
    static const char *const unit[2][3] = {{"年", "月", "日"},
                                           {"년", "월", "일"}};
    unsigned k = take(v, at, unit[0][0]) ? 0 : 1;
    int month, day;

    if (k == 1 && !take(v, at, unit[1][0]))
        return DATE_NONE;
    skip_blanks(v, at);
    month = number(v, at, 1, 2);
    skip_blanks(v, at);
    if (month < 0 || !take(v, at, unit[k][1]))
        return DATE_NONE;
    skip_blanks(v, at);
    day = number(v, at, 1, 2);
    skip_blanks(v, at);
    if (day < 0 || !take(v, at, unit[k][2]))
        return DATE_NONE;
    return date_days(year, month, day);
}

/* 2024-09-11 and its kin, 20240911. */
static int32_t year_first(struct view v, size_t *at)
{
    int year, month, day, x = number(v, at, 8, 8);
    uint8_t separator;

    if (x >= 0)
        return date_days(x / 10000, x / 100 % 100, x % 100);
    year = number(v, at, 4, 4);
    if (year < 0 || *at == v.n)
        return DATE_NONE;
    separator = v.p[*at];
    if (separator != '-' && separator != '/' && separator != '.') {
        skip_blanks(v, at);
        return east_asian(v, at, year);
    }
    ++*at;
    month = number(v, at, 1, 2);
    if (month < 0 || *at == v.n || v.p[*at] != separator)
        return DATE_NONE;
    ++*at;
    day = number(v, at, 1, 2);
    return date_days(year, month, day);
}

/* 11/9/2024 is one day here and another there: it is a date where both agree
 * or only one of them is possible. With dots the day comes first. */
static int32_t slashed(struct view v, size_t *at, int first)
{
    uint8_t separator = v.p[(*at)++];
    int second = number(v, at, 1, 2), year;

    if (second < 0 || *at == v.n || v.p[*at] != separator)
        return DATE_NONE;
    ++*at;
    year = number(v, at, 4, 4);
    if (separator == '.' || first > 12 || first == second)
        return date_days(year, second, first);
    return second > 12 ? date_days(year, first, second) : DATE_NONE;
}

/* What may stand behind the number of a day: 1st, 1er, 11., 11º. */
static void ordinal(struct view v, size_t *at)
{
    static const char *const ends[] = {"st", "nd", "rd", "th",
                                       "er", ".",  "º",  "ª"};
    size_t i, to;

    for (i = 0; i < sizeof ends / sizeof *ends; i++) {
        to = *at;
        if (take(v, &to, ends[i]) && (to == v.n || !is_letter(v.p[to]))) {
            *at = to;
            return;
        }
    }
}

/* "de", "of" and what else stands between the parts of a date. */
static void between(struct view v, size_t *at)
{
    static const char *const words[] = {"de ", "of ",    "del ",
                                        "- ",  "tháng ", "năm "};
    size_t i;

    skip_blanks(v, at);
    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (take(v, at, words[i]))
            break;
    skip_blanks(v, at);
}

/* 4 January 2022, 11. September 2024, 11 de septiembre de 2024, 26-FEB-1987,
 * 11 tháng 9 năm 2024. */
static int32_t day_first(struct view v, size_t *at)
{
    int day = number(v, at, 1, 2), month, year;
    size_t here = *at;
    bool dashed;

    if (day < 0 || here == v.n)
        return DATE_NONE;
    if ((v.p[here] == '/' || v.p[here] == '-' || v.p[here] == '.') &&
        here + 1 < v.n && is_digit(v.p[here + 1]))
        return slashed(v, at, day);
    dashed = v.p[here] == '-';
    if (dashed)
        ++*at;
    else
        ordinal(v, at);
    here = *at;
    between(v, at);
    month = month_name(v, at);
    if (month == 0 && *at - here > strlen("tháng"))
        month = number(v, at, 1, 2);
    if (month <= 0 || *at == v.n)
        return DATE_NONE;
    if (dashed && v.p[(*at)++] != '-')
        return DATE_NONE;
    if (!dashed && v.p[*at] == ',')
        ++*at;
    between(v, at);
    year = number(v, at, 4, 4);
    return days_of(year, month, day);
}

/* January 4, 2022; Sept. 11th, 2024. */
static int32_t month_first(struct view v, size_t *at)
{
    int month = month_name(v, at), day, year;

    if (month == 0)
        return DATE_NONE;
    skip_blanks(v, at);
    day = number(v, at, 1, 2);
    if (day < 0)
        return DATE_NONE;
    ordinal(v, at);
    if (*at < v.n && v.p[*at] == ',')
        ++*at;
    skip_blanks(v, at);
    year = number(v, at, 4, 4);
    return date_days(year, month, day);
}

/* "Mon, " or "Monday " or "ngày " before a date. */
static void weekday(struct view v, size_t *at)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu",
                                        "fri", "sat", "sun", "ngày"};
    size_t i, to = *at;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (take(v, &to, names[i]))
            break;
    if (to == *at)
        return;
    while (to < v.n && is_letter(v.p[to]))
        to++;
    if (to < v.n && (v.p[to] == ',' || v.p[to] == '.'))
        to++;
    *at = to;
    skip_blanks(v, at);
}

int32_t date_at(struct view v, size_t *at)
{
    size_t from = *at, to;
    int32_t days;

    weekday(v, &from);
    to = from;
    days = year_first(v, &to);
    if (days == DATE_NONE) {
        to = from;
        days = day_first(v, &to);
    }
    if (days == DATE_NONE) {
        to = from;
        days = month_first(v, &to);
    }
    if (days != DATE_NONE)
        *at = to;
    return days;
}

/* --- names --- */

/* yyyy-mm-dd, yyyy_mm_dd, yyyy.mm.dd or yyyymmdd at v[at]. */
static int32_t named_at(struct view v, size_t at)
{
    uint8_t separator;
    int year, month, x = number(v, &at, 8, 8);

    /* eight digits may be any number: these years make a date of them */
    if (x >= 0)
        return x >= 15000000 && x < 22000000
                   ? date_days(x / 10000, x / 100 % 100, x % 100)
                   : DATE_NONE;
    year = number(v, &at, 4, 4);
    if (year < 0 || at == v.n)
        return DATE_NONE;
    separator = v.p[at++];
    if (separator != '-' && separator != '_' && separator != '.')
        return DATE_NONE;
    month = number(v, &at, 2, 2);
    if (at >= v.n || v.p[at++] != separator)
        return DATE_NONE;
    return date_days(year, month, number(v, &at, 2, 2));
}

static int32_t in_name(struct view name)
{
    int32_t days = DATE_NONE;
    size_t i;

    for (i = 0; i + 8 <= name.n && days == DATE_NONE; i++)
        if (i == 0 || !is_digit(name.p[i - 1]))
            days = named_at(name, i);
    return days;
}

/* Where the part of the path that ends before byte `end` begins. */
static size_t part_start(struct view path, size_t end)
{
    while (end > 0 && path.p[end - 1] != '/')
        end--;
    return end;
}

/* The last parts of a path as a year, a month and a day: 2022/01/04/x.txt and
 * 2022/01/04-x.txt. `end`: behind the part that has the day. */
static int32_t in_folders(struct view path, size_t end)
{
    size_t day_at = part_start(path, end), month_at, year_at, at;
    int year, month, day;

    if (day_at < 2)
        return DATE_NONE;
    month_at = part_start(path, day_at - 1);
    if (month_at < 2)
        return DATE_NONE;
    year_at = part_start(path, month_at - 1);
    at = day_at;
    day = number(path, &at, 1, 2);
    if (day < 0 || (at < end && is_letter(path.p[at])))
        return DATE_NONE;
    at = month_at;
    month = number(path, &at, 1, 2);
    if (month < 0 || at != day_at - 1)
        return DATE_NONE;
    at = year_at;
    year = number(path, &at, 4, 4);
    return year < 0 || at != month_at - 1 ? DATE_NONE
                                          : date_days(year, month, day);
}

int32_t date_of_filename(struct view path)
{
    size_t name = part_start(path, path.n), folder;
    int32_t days = in_name(view_sub(path, name, path.n));

    if (days == DATE_NONE)
        days = in_folders(path, path.n);
    if (days != DATE_NONE || name == 0)
        return days;
    folder = part_start(path, name - 1);
    days = in_name(view_sub(path, folder, name - 1));
    return days == DATE_NONE ? in_folders(path, name - 1) : days;
}
