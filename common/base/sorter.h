/*
 * sorter.h - any number of records, put in order in bounded memory.
 *
 * Records are gathered until they take SORTER_MEMORY bytes, then sorted and
 * written as one run to a file without a name (temp_file.h); at the end the
 * runs are merged. What fits into memory never touches a file. The order is
 * that of the keys' bytes (unsigned, a prefix first); equal keys come in any
 * order, so a key that must not be equal to another ends with a number.
 * Records that come in order cost no comparisons but one each.
 *
 *     struct sorter s = {0};
 *     sorter_add(&s, key, value, &err) ...
 *     sorter_rewind(&s, &err);
 *     while ((rc = sorter_next(&s, &value, &err)) > 0) ...
 *     sorter_release(&s);
 *
 * Memory: what is gathered; while runs are merged the same, shared by them, but
 * for at least SORTER_CHUNK bytes of each.
 */
#ifndef BASE_SORTER_H
#define BASE_SORTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { SORTER_MEMORY = 64 << 20, SORTER_CHUNK = 4096 };

/* A run while it is read. */
struct sorter_run {
    uint64_t start; /* bytes [start, end) of the file are its own, … */
    uint64_t end;
    uint64_t at;       /* … and those from here on are to be read */
    struct buf window; /* read and not yet given: from `used` on */
    size_t used;
    struct view key; /* of the record it stands on */
    struct view value;
};

struct sorter {
    size_t memory; /* bytes of records and their places; 0: SORTER_MEMORY */
    struct buf bytes;
    size_t *record; /* where each begins in `bytes` */
    size_t n;
    size_t cap;
    size_t at;    /* record to be given next */
    bool ordered; /* those in memory came in order */
    int fd;       /* of the runs, if there are any */
    struct sorter_run *run;
    size_t nruns;
    size_t *heap; /* runs by what they stand on, the least first */
    size_t nheap;
    uint64_t stored; /* bytes in the file */
    bool moved;      /* the least run's record was given */
};

/* Adds a record; key and value take less than 4 GB. 0; ERR_NOMEM; ERR_FULL,
 * ERR_IO: the file cannot be written. */
int sorter_add(struct sorter *s, struct view key, struct view value,
               struct err *err);

/* Ends adding, and goes to the first record: 0 or negative. May be called
 * again. */
int sorter_rewind(struct sorter *s, struct err *err);

/* 1 with the next value, borrowed until the next call; 0 behind the last;
 * ERR_IO, ERR_NOMEM. */
int sorter_next(struct sorter *s, struct view *value, struct err *err);

void sorter_release(struct sorter *s);

#endif
