/*
 * modes.h - the modes that read an index and print to stdout.
 *
 * Each opens the index in `dir`, prints, and returns the exit code; messages go
 * to stderr. A failed write to stdout is fatal, but for a closed pipe.
 */
#ifndef INDEXER_MODES_H
#define INDEXER_MODES_H

#include <stdbool.h>

/* Documents, segments, sizes, settings. */
int mode_stats(const char *dir);

/* The documents' paths in byte order, a line each; `null`: as they are, a NUL
 * behind each; `verbose`: docid, date and title too, tabs between. */
int mode_list(const char *dir, bool null, bool verbose);

/* Reads everything and says what is wrong. */
int mode_check(const char *dir);

#endif
