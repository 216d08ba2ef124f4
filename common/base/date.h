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

/* A date that begins at byte *at of v, which is then behind it; DATE_NONE, and
 * *at as it was, for anything else:
 *
 *     2022-01-04  2022/1/4  2022.01.04  20220104  2024年9月11日  2024년 9월 11일
 *     4 January 2022  11. September 2024  1er août 2024  26-FEB-1987
 *     11 de septiembre de 2024  ngày 11 tháng 9 năm 2024  11 กันยายน 2567
 *     January 4, 2022  Sept. 11th, 2024  Mon, 18 Nov 2024  Monday 18 May 2020
 *     25/12/2024  12/25/2024  11.12.2024 (the day first)
 *
 * but not 11/12/2024, which is read in two ways, and no day without its year. */
int32_t date_at(struct view v, size_t *at);

/* A date that is the whole of v but for quotes and what follows a blank or a
 * 'T'. 2022-01 and 2022 are the first day of it. DATE_NONE for anything
 * else. */
int32_t date_parse(struct view v);

/* The date that a file's place gives, or DATE_NONE: the first in its name
 * (yyyy-mm-dd, yyyy_mm_dd, yyyy.mm.dd, yyyymmdd; not inside a longer number),
 * or else in the name of its folder, or folders and names that are a year, a
 * month and a day: 2022/01/04/x.txt, 2022/01/04-x.txt. */
int32_t date_of_filename(struct view path);

#endif
