/*
 * when.h - the days that a date of a query stands for.
 *
 *     2022  2022-03  2022-03-05     a year, a month, a day
 *     90d  6w  3m  2y               the day so many days, weeks, months or years
 *                                   ago; of a month that lacks it, the last
 *
 * and of ranges: 2021..2022-06, from the first day of the one to the last of
 * the other; ..2020 and 2021.. are open at an end.
 */
#ifndef QUERY_WHEN_H
#define QUERY_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Days since 1970-01-01: from, and up to the one before `to`. */
struct period {
    int32_t from;
    int32_t to;
};

/* Ends of a period that is open. No day is outside. */
#define WHEN_FIRST (-1000000)
#define WHEN_LAST 4000000

/* The day it is, in UTC, or that of $SOURCE_DATE_EPOCH. */
int32_t when_today(void);

/* The days of a date, or of a range: whether v is one. */
bool when_date(struct view v, int32_t today, struct period *out);
bool when_range(struct view v, int32_t today, struct period *out);

#endif
