/*
 * date.h - days of the Gregorian calendar, as days since 1970-01-01.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define DATE_NONE INT32_MIN

/* Days since 1970-01-01, or DATE_NONE where there is no such day. Years 1 to
 * 9999. */
int32_t date_days(int year, int month, int day);
void date_civil(int32_t days, int *year, int *month, int *day);

/* "2022-01-04" and a NUL. */
void date_text(int32_t days, char out[11]);

/* A date that is the whole of v but for quotes and what follows a blank or a
 * 'T': 2022-01-04, 2022/01/04, 2022.01.04, 20220104, 4 January 2022,
 * January 4, 2022, Sep 11, 2024. 2022-01 and 2022 are the first day of it.
 * DATE_NONE for anything else. */
int32_t date_parse(struct view v);

/* The first date in a file's name (yyyy-mm-dd, yyyy_mm_dd, yyyymmdd; not
 * inside a longer number), or DATE_NONE. Its folders are not looked at, only
 * the last part of `path`. */
int32_t date_of_filename(struct view path);

#endif
