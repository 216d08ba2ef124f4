/*
 * csv.h - documents from CSV (RFC 4180) with a header: one row a record.
 *
 * Columns, in any case of letters: id (needed), title, text, date, lang or
 * language; others are kept as fields, those without a name are left out. The
 * delimiter is a comma, a semicolon or a tab: the one of which the first line
 * has most, and in a file named .tsv or .tab always the tab. Rows without any
 * value are passed over.
 *
 * What is no row ends with its first line, and the reading goes on behind it:
 * a quote that is never closed costs one record, and not those it seems to
 * hold. The time stays linear: where that would read the same bytes again and
 * again, all that was looked at is passed over. A header that cannot be read
 * fails as record 1, and then there is no other.
 */
#ifndef INDEXER_CSV_H
#define INDEXER_CSV_H

#include "indexer/records.h"

struct csv;
struct stream;

/* `path` "-" is stdin. Rows over max bytes are refused. ERR_IO, ERR_NOMEM. */
int csv_open(struct csv **out, const char *path, size_t max, struct err *err);

/* As records_next. */
int csv_next(struct csv *c, struct record *out,
             const volatile sig_atomic_t *stop, struct err *err);

struct stream *csv_stream(struct csv *c); /* what it reads from */

void csv_close(struct csv *c); /* NULL is allowed */

#endif
