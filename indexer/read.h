/*
 * read.h - the bytes of one file, if they are a text.
 *
 * Nothing but a regular file is ever opened for long: the open neither blocks
 * nor follows a FIFO's writer, and what turns out to be no file is closed at
 * once. A file that changes while it is read is read again, a few times.
 */
#ifndef INDEXER_READ_H
#define INDEXER_READ_H

#include <sys/stat.h>

#include "base/buf.h"
#include "index/source.h"

/* Appends the file's bytes to out: REASON_NONE with *st as of the reading.
 * Else the reason why not (out is then as it was), with *st if it could be
 * had and errno in *error where the system refused (0 otherwise). A failed
 * allocation is REASON_UNREADABLE with ENOMEM. */
enum source_reason read_file(const char *path, uint64_t max, struct buf *out,
                             struct stat *st, int *error);

/* Why bytes are no text, or NULL: "a PDF document", "NUL bytes" … */
const char *read_binary(struct view v);

/* What a file was like, for its record. */
void read_stat(struct source *s, const struct stat *st);

#endif
