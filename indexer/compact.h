/*
 * compact.h - an index as small as it can be: one segment, no dead documents,
 * full pages.
 *
 * Everything is written in order into a new data file, which then takes the old
 * one's place (store_publish). So the disk has to hold the old file and the
 * compact one, and no more: to merge inside the old file first, and to copy that,
 * would take the merged segments a second time. Readers go on in the old file; a
 * crash, a full disk or an interruption leaves the index as it was.
 *
 * Documents keep their numbers. Uuid and generation stay: no text, path or
 * number changes. The log stays, and so do the path records of what was skipped
 * or failed, which spare the next run the reading. What goes: postings of dead
 * documents, pages of norms and columns that only they are on, free pages,
 * tables no manifest names. Statistics are then those of an index made anew of
 * the same files, and so are scores.
 */
#ifndef INDEXER_COMPACT_H
#define INDEXER_COMPACT_H

#include <signal.h>
#include <stdint.h>

#include "index/manifest.h"

struct compact_limits {
    size_t txn_max;     /* bytes of changes a transaction may hold, about */
    uint64_t positions; /* of a segment at most: UINT32_MAX, but in tests */
    const volatile sig_atomic_t *stop; /* set: given up, ERR_STOPPED */
    struct store_options store;        /* how to wait for the writer's lock */
};

struct compacted {
    uint64_t bytes_before, bytes_after; /* of the data file */
    uint32_t segments_before, segments_after;
    uint32_t dead; /* documents whose postings went */
};

/* Compacts the index in `dir`. 0 with *out filled; ERR_NOTFOUND where there is
 * none, ERR_BUSY, ERR_CORRUPT, ERR_FULL, ERR_IO, ERR_NOMEM. */
int compact(const char *dir, const struct compact_limits *limits,
            struct compacted *out, struct err *err);

/* How many segments from `from` on make one: their living positions, as
 * `living` has them for each, are `most` at most together. At least one. */
uint32_t compact_group(const uint64_t *living, uint32_t from, uint32_t n,
                       uint64_t most);

#endif
