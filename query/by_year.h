/*
 * by_year.h - how many of the documents that match are of each year, and how
 * many of all documents of that year these are.
 *
 * Dates come from the column of dates: no document is read. Years in which the
 * index has no document are left out; at the end stand documents without a date of
 * their own, which --since and --until leave out as well.
 */
#ifndef QUERY_BY_YEAR_H
#define QUERY_BY_YEAR_H

#include "query/answer.h"

/* Answers a->plan with the years. 0 or negative, with a->count.total documents
 * that match. */
int by_year(struct answer *a);

#endif
