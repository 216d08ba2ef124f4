/*
 * manifest.h - the root record of an index: what one commit consists of.
 */
#ifndef INDEX_MANIFEST_H
#define INDEX_MANIFEST_H

#include <stdint.h>

#include "index/store.h"

enum { MANIFEST_SEGMENTS = 48, FORMAT_VERSION = 4 };

struct segment_info {
    uint32_t number;    /* names its tables: p%08x, x%08x */
    uint32_t doc_lo;    /* its first docid */
    uint32_t doc_hi;    /* its last */
    uint32_t docs;      /* documents, living and dead */
    uint32_t dead;      /* dead ones among them */
    uint32_t terms;     /* distinct terms, those of titles included */
    uint64_t positions; /* sum of lengths of its documents, dead included */
    uint64_t bytes;     /* keys and values of its tables */
};

struct manifest {
    uint64_t config_hash;
    uint8_t uuid[16];
    uint64_t generation;   /* 0: nothing committed yet */
    uint64_t updated_ns;   /* time of the commit */
    uint64_t run_start_ns; /* start of the last run that finished, 0 none */
    uint64_t live_positions;
    uint32_t next_docid; /* docids start at 1 */
    uint32_t next_segment;
    uint32_t live_docs;
    uint32_t nsegments; /* oldest first, docids ascending */
    struct segment_info segment[MANIFEST_SEGMENTS];
};

/* 1, 0 where the store has none yet (*m is then an empty one), ERR_CORRUPT,
 * ERR_VERSION (the message names the command to run). */
int manifest_read(struct txn *t, struct manifest *m, struct err *err);
int manifest_write(struct txn *t, const struct manifest *m, struct err *err);

/* The bytes, for manifest_write and for tests; and back. */
int manifest_encode(const struct manifest *m, struct buf *out);
int manifest_decode(struct view v, struct manifest *m, struct err *err);

/* "8-4-4-4-12" hex digits and a NUL. */
void uuid_text(const uint8_t uuid[16], char out[37]);

#endif
