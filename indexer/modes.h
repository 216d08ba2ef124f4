/*
 * modes.h - what indexer does instead of taking sources in.
 *
 * Each works on the index in `dir` and returns the exit code; data goes to
 * stdout, messages to stderr. A failed write to stdout is fatal, but for a
 * closed pipe.
 */
#ifndef INDEXER_MODES_H
#define INDEXER_MODES_H

#include "index/index.h"
#include "indexer/run.h"

/* Documents, sizes, ages, settings, roots: a line each, key and value.
 * `verbose` adds what takes a look at every path. See stats.c. */
int mode_stats(const char *dir, bool verbose);

/* Reads everything and says what is wrong. `full`: compares it with the stored
 * text too, in `memory` bytes. */
int mode_check(const char *dir, bool full, uint64_t memory);

/* Makes the index as small as it can be (compact.h); of the options dir,
 * memory, level and store count. */
int mode_compact(const struct run_options *o);

/* For the modes themselves: opens the index and begins a transaction … */
int mode_open(struct index *ix, const char *dir, struct err *err);

/* … and at the end says what went wrong and gives the exit code; after a
 * success, whether all of stdout was written. */
int mode_end(int rc, const struct err *err);

#endif
