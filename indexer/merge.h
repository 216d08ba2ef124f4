/*
 * merge.h - many segments into one, dead documents left out.
 *
 * Segments are merged side by side only, so docids keep ascending and no
 * document is renumbered. The new segment is written in transactions of at
 * most 64 MB that the manifest does not know of; the last one puts it into the
 * manifest and drops its sources. A crash in between leaves tables that
 * merge_sweep removes.
 */
#ifndef INDEXER_MERGE_H
#define INDEXER_MERGE_H

#include <signal.h>
#include <stdbool.h>

#include "index/manifest.h"
#include "index/norm.h"

/* Merges segments [from, to) of m, in transactions of about txn_max bytes of
 * changes; none may be under way.
 * *m is the manifest after it; generation does not change, since no answer
 * does. Where all documents are dead no segment takes their place. After a
 * failure *m has the segments it had. ERR_CORRUPT: a source is damaged, or its
 * dead documents are not as many as the manifest says. */
int merge_segments(struct store *s, struct manifest *m, uint32_t from,
                   uint32_t to, size_t txn_max, struct err *err);

/* What of an index becomes one segment of another store. */
struct merge_part {
    uint32_t from, to; /* segments [from, to) */
    uint32_t number;   /* of the new one */
    size_t txn_max;    /* bytes of changes a transaction may hold, about */
    const volatile sig_atomic_t *stop; /* set: given up, ERR_STOPPED; may be
                                        * NULL */
};

/* Writes the segments of part, read in transaction `from`, as one segment in
 * transaction *to of another store; when that has grown enough it is committed,
 * and *to is the next one. *out is the segment's info, without documents (and
 * without tables) where all were dead. Errors as merge_segments; *to is then
 * NULL and what was committed stays. */
int merge_into(struct txn **to, struct txn *from, const struct manifest *m,
               const struct merge_part *part, struct segment_info *out,
               struct err *err);

/* Adds up the lengths of a segment's living documents in *sum: they are in
 * their records only. */
int merge_living(struct txn *t, struct norms *norms,
                 const struct segment_info *i, uint64_t *sum, struct err *err);

/* The same within transaction t, which the manifest is not written in yet: for
 * a few megabytes at most. On failure t can only be aborted. */
int merge_within(struct txn *t, struct manifest *m, uint32_t from, uint32_t to,
                 struct err *err);

/* Bytes of segments [from, nsegments). */
uint64_t merge_bytes(const struct manifest *m, uint32_t from);

/* The suffix of m's segments that ought to be merged after a run: the
 * longest whose first segment is smaller than twice those behind it, or is
 * dead by more than 30 %, or that is below 64 KB together: about what a commit
 * writes in any case. (Up to 1 MB, small commits cost four times the bytes and
 * six times the CPU, and there are 2.4 segments on average, not 3.9.) Its
 * postings stay countable in 32 bits. False if there is none worth it.
 * [*from, nsegments). */
bool merge_wanted(const struct manifest *m, uint32_t *from);

/* Drops segment tables that the manifest does not name: to be called before
 * the first segment of a run is written. */
int merge_sweep(struct store *s, const struct manifest *m, struct err *err);

#endif
