/*
 * intake_work.h - what the files that take sources in share: intake.c (memory,
 * batches, merges), intake_add.c (verdicts and documents), intake_file.c
 * (files), intake_extract.c (files of other formats), intake_record.c (records
 * and removals).
 */
#ifndef INDEXER_INTAKE_WORK_H
#define INDEXER_INTAKE_WORK_H

#include "indexer/intake.h"

/* Commits the batch if it is full. */
int intake_flush_if_full(struct intake *in, struct err *err);

/* Commits what is before the text at the batch's end, which becomes the first
 * of the next: *text is where it begins. */
int intake_flush_before(struct intake *in, size_t *text, struct err *err);

/* What is known of a source, in the index or in the batch: 0. `in_batch`: its
 * document there, or NULL. */
int intake_known(struct intake *in, struct view id, struct source *row,
                 struct batch_doc **in_batch, struct err *err);

/* Writes a record without a new document, if it differs from the one there. */
int intake_put(struct intake *in, struct view id, const struct source *old,
               struct source *row, struct err *err);

/* A skipped source: its document, if it had one, is one no more. `why` may be
 * NULL: what row->reason says. */
int intake_skip(struct intake *in, struct view id, struct source *old,
                struct source *row, const char *why, struct err *err);

/* A failed source: its document, if it has one, stays. */
int intake_fail(struct intake *in, struct view id, const struct source *old,
                struct source *row, const char *why, struct err *err);

/* Takes the file whose bytes are at the batch's end and are no text: of a format
 * that is read or, where that is not NULL, through a filter. */
int intake_extract(struct intake *in, struct view path, struct source *old,
                   struct source *row, size_t text,
                   const struct file_filter *filter, struct err *err);

/* Takes note that the text could not be got, rc and err as worker_extract gave
 * them. `what` it was: "pdf". */
int intake_cannot(struct intake *in, struct view path, struct source *old,
                  struct source *row, int rc, const char *what,
                  struct err *err);

/* Puts the fields of an extract into in->meta. 0 or ERR_NOMEM. */
int intake_fields(struct intake *in, const struct extract *x);

/* U+FFFD in a text: each stands for what was ill-formed. */
size_t intake_replaced(struct view v);

/* A file that was read through a filter, of which this run has none: its
 * document stays. */
int intake_unfiltered(struct intake *in, struct view path, struct source *old,
                      struct source *row, struct err *err);

/* A new file with the content of one that is gone (in->meta describes it) is
 * that one under another name: 1 if so, 0. */
int intake_take_over(struct intake *in, struct view path, struct source *row,
                     struct err *err);

/* Makes UTF-8 of the bytes at the batch's end, from byte `text` on, that are a
 * text in whatever encoding (charset.h); in->derived.x says which, *errors how
 * many sequences of it were ill-formed, and row->flags whether the text is not
 * the file's own bytes any more. */
int intake_decode(struct intake *in, struct view path, size_t text,
                  struct source *row, size_t *errors, struct err *err);

/* Makes a document of the text at the batch's end, from byte `text` on, which
 * in->meta describes. `errors`: invalid sequences in it. */
int intake_add(struct intake *in, struct view id, struct source *old,
               struct source *row, size_t text, size_t errors, struct err *err);

#endif
