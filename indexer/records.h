/*
 * records.h - documents from a stream of records, whatever its format is:
 * JSON Lines (jsonl.h), a TREC collection (trec.h), CSV (csv.h) or a mailbox
 * (mailbox.h).
 *
 * A record that is damaged fails alone: the next call gives the one behind it.
 * No more memory is used than max and a constant, times a small factor.
 *
 *     records_open(&r, RECORDS_TREC, path, max, &err);
 *     while ((rc = records_next(r, &rec, &stop, &err)) != 0)
 *         if (rc == ERR_USAGE) ...   // err says what is wrong with rec.line
 *         else if (rc < 0) ...       // the end of it
 *     records_close(r);
 */
#ifndef INDEXER_RECORDS_H
#define INDEXER_RECORDS_H

#include <signal.h>

#include "index/document.h"

struct record {
    uint64_t line;   /* the number of its first line, from 1 */
    struct view raw; /* all its bytes */
    struct view id;
    struct view title, text, date, language; /* empty where it has none */
    struct view message; /* of a mailbox: a message, from which these others
                          * are still to be got; else empty */
    struct view charset; /* of a message that does not say its own, if given */
    struct field *field;
    size_t nfields;
    size_t replaced;  /* ill-formed sequences that became U+FFFD */
    uint64_t context; /* hash of what else says how `raw` is read, or 0 */
};

enum records_format { RECORDS_JSONL, RECORDS_TREC, RECORDS_CSV, RECORDS_MBOX };

/* Names of the formats in that order, then NULL. */
extern const char *const records_formats[];

struct records;

/* `path` "-" is stdin. Records over max bytes are refused. ERR_IO,
 * ERR_NOMEM. */
int records_open(struct records **out, enum records_format format,
                 const char *path, size_t max, struct err *err);

/* What is read is in that encoding (charset_name), but for messages that say
 * their own; at once after records_open.
 * 0, ERR_USAGE, ERR_NOMEM. */
int records_decode(struct records *r, const char *encoding, struct err *err);

/* Sequences that it does not have, so far; they became U+FFFD. */
size_t records_replaced(const struct records *r);

/* The next record, borrowed until the next call: 1; 0 at the end; ERR_USAGE
 * for what is no record (out->line is set, reading may go on); ERR_IO,
 * ERR_NOMEM. *stop, checked when a signal came, ends the reading with 0. */
int records_next(struct records *r, struct record *out,
                 const volatile sig_atomic_t *stop, struct err *err);

void records_close(struct records *r); /* NULL is allowed */

#endif
