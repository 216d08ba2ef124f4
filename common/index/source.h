/*
 * source.h - the `path` table: which file or record became which document,
 * and what it looked like when it was read.
 */
#ifndef INDEX_SOURCE_H
#define INDEX_SOURCE_H

#include <stdint.h>

#include "base/date.h"
#include "index/roots.h"
#include "index/store.h"

enum { SOURCE_KEY_MAX = 401 };

enum source_verdict { SOURCE_INDEXED, SOURCE_SKIPPED, SOURCE_FAILED };

/* Why a source has no document. Stored: only append. */
enum source_reason {
    REASON_NONE,
    REASON_BINARY,     /* looks like no text */
    REASON_TOO_LARGE,  /* over --max-size */
    REASON_EMPTY,      /* no byte in it */
    REASON_UNREADABLE, /* the system refused; see the message of the run */
    REASON_CHANGING,   /* changed while it was read, again and again */
    REASON_BAD_RECORD, /* a record of --input that does not parse */
    REASON_WORDS,      /* more different words than fit into memory */
    REASON_DAMAGED,    /* not what its format says, or its filter failed */
    REASON_ENCRYPTED,  /* no text without a password */
    REASON_NO_TEXT,    /* sound, and nothing to be read in it: a scan */
    REASON_LIMIT,      /* its text took too much time, memory or room */
    REASON_READER,     /* a program or library is missing that reads it */
    REASON_FILTER,     /* it came by a filter that this run was not given */
    REASON_COUNT
};

/* One word or two for reports: "binary file", "too large" … */
const char *source_reason_text(unsigned reason);

struct source {
    uint32_t docid;    /* 0 = no document */
    uint8_t verdict;   /* enum source_verdict */
    uint8_t reason;    /* enum source_reason */
    uint16_t flags;    /* SOURCE_RECORD … */
    uint64_t mtime_ns; /* of the file; 0 for a record */
    uint64_t size;     /* bytes of the file or record */
    uint64_t hash;     /* hash64 of the content; 0 where it was not read */
    uint64_t inode;
    uint64_t device;
    uint32_t charset; /* encodings_mark of what the user declared, 0: nothing */
};

enum {
    SOURCE_RECORD = 1,    /* of --input, not a file */
    SOURCE_NAMED = 2,     /* a file that was named, and no walk came by yet */
    SOURCE_DERIVED = 4,   /* its text is not its own bytes: UTF-16 … */
    SOURCE_EXTRACTED = 8, /* … or of a format: HTML, PDF, gzip */
    SOURCE_FILTERED = 16  /* … by a filter of that run */
};

/* The day (UTC) that a file was last written on; DATE_NONE for a record, and
 * where the time is 0 and so not known. */
int32_t source_day(const struct source *s);

/* The key of a source id: the id, or its head and hash. Writes at most
 * SOURCE_KEY_MAX bytes to out and returns how many. */
size_t source_key(struct view id, uint8_t out[SOURCE_KEY_MAX]);

int source_decode(struct view v, struct source *out, struct err *err);
int source_get(struct txn *t, struct view id, struct source *out,
               struct err *err); /* 1 found, 0 not */
int source_put(struct txn *t, struct view id, const struct source *s,
               struct err *err);
/* Calls fn for every record, in order of keys; stops where it is negative and
 * returns that. 0 after the last. */
int source_each(struct txn *t,
                int (*fn)(void *arg, struct view key, const struct source *row),
                void *arg, struct err *err);
int source_del(struct txn *t, struct view id, struct err *err);

#endif
