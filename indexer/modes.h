/*
 * modes.h - the modes that read an index and print to stdout.
 *
 * Each opens the index in `dir`, prints, and returns the exit code; messages go
 * to stderr. A failed write to stdout is fatal, but for a closed pipe.
 */
#ifndef INDEXER_MODES_H
#define INDEXER_MODES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Documents, segments, sizes, settings. */
int mode_stats(const char *dir);

/* Reads everything and says what is wrong. `full`: compares it with the stored
 * text too, in `memory` bytes. */
int mode_check(const char *dir, bool full, uint64_t memory);

/* For the end of a mode: says what went wrong and gives the exit code; after a
 * success, whether all of stdout was written. */
int mode_end(int rc, const struct err *err);

#endif
