/*
 * changelog.h - the `log` table: which documents each commit added, removed
 * and replaced.
 *
 *     if (changelog_get(txn, generation, &record, &err) > 0) {
 *         changelog_begin(&c, buf_view(&record), next_docid);
 *         while ((rc = changelog_next(&c, &err)) > 0)
 *             use(c.op, c.first, c.last, c.path);
 *     }
 *
 * Every operation is checked where it is decoded: docids lie between 1 and
 * next_docid, ranges ascend, a document is replaced by a later one.
 */
#ifndef INDEX_CHANGELOG_H
#define INDEX_CHANGELOG_H

#include "base/bytes.h"
#include "index/store.h"

/* Stored: only append. */
enum changelog_op {
    CHANGELOG_ADDED = 1,    /* documents first to last */
    CHANGELOG_REMOVED = 2,  /* document first, which was at path */
    CHANGELOG_REPLACED = 3, /* document first, by document last */
    CHANGELOG_MOVED = 4     /* document first, which was at path */
};

enum { CHANGELOG_GENERATIONS = 10000 }; /* that are kept */

struct changelog {
    struct rd r;
    uint64_t left; /* operations */
    uint32_t next_docid;
    /* the operation at hand: */
    uint8_t op; /* enum changelog_op */
    uint32_t first;
    uint32_t last;    /* of a removal or move: as first */
    struct view path; /* of a removal or move; borrowed from the record */
};

/* The record of a generation in *out (cleared first): 1, 0 if there is none,
 * negative. */
int changelog_get(struct txn *t, uint64_t generation, struct buf *out,
                  struct err *err);

/* Begins the operations of a record. */
void changelog_begin(struct changelog *c, struct view record,
                     uint32_t next_docid);

/* 1 with the next operation, 0 at the end of the record, ERR_CORRUPT. */
int changelog_next(struct changelog *c, struct err *err);

#endif
