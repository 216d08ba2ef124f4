/*
 * jsonl.h - documents from JSON Lines: one object a line.
 *
 * Keys: id (needed; a string or a number), title, text, date, lang or
 * language; other strings, numbers, truth values and lists are kept as fields.
 * Blank lines are passed over. A line that is no record does not end the reading.
 *
 *     jsonl_open(&j, path, max, &err);
 *     while ((rc = jsonl_next(j, &rec, &err)) != 0)
 *         if (rc == ERR_USAGE) ...   // err says what is wrong with rec.line
 *     jsonl_close(j);
 */
#ifndef INDEXER_JSONL_H
#define INDEXER_JSONL_H

#include "indexer/records.h"

struct jsonl;
struct stream;

/* `path` "-" is stdin. Lines over max bytes are refused. ERR_IO, ERR_NOMEM. */
int jsonl_open(struct jsonl **out, const char *path, size_t max,
               struct err *err);

/* What it reads from. */
struct stream *jsonl_stream(struct jsonl *j);

/* The next record, borrowed until the next call: 1; 0 at the end; ERR_USAGE
 * for a line that is no record (out->line is set, reading may go on); ERR_IO,
 * ERR_NOMEM. *stop, checked when a signal came, ends the reading with 0. */
int jsonl_next(struct jsonl *j, struct record *out,
               const volatile sig_atomic_t *stop, struct err *err);

void jsonl_close(struct jsonl *j); /* NULL is allowed */

#endif
