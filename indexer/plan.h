/*
 * plan.h - what a run over files has to do, found out before it does anything.
 *
 * Each root's walk is joined with the records of the path table below it, both
 * in byte order: a file that looks as it is recorded is unchanged and gets no
 * entry; others are to be read; records without a file are to be removed. Only
 * when the whole plan is known can the purge guard judge it, and then nothing
 * has been changed yet. Paths are kept front-coded, about 20 bytes each.
 *
 *     plan_open(&p, report, txn, &err);
 *     for each root    plan_root(p, path, max_purge, &err)
 *     for each file    plan_file(p, path, &err)
 *     plan_close(p)                                  // the transaction too
 *     while ((rc = plan_next(p, &entry)) > 0) ...
 *     plan_free(p);
 */
#ifndef INDEXER_PLAN_H
#define INDEXER_PLAN_H

#include "index/source.h"
#include "indexer/report.h"

struct plan;

enum plan_op {
    PLAN_READ,  /* `path` is a file that a walk found, to be read */
    PLAN_NAMED, /* one that was named */
    PLAN_REMOVE /* `path` is the key of a record to remove */
};

struct plan_entry {
    enum plan_op op;
    struct view path; /* with a NUL behind it; until the next call */
};

struct plan_limits {
    uint64_t max_size;  /* bytes of the largest file that is read */
    unsigned max_purge; /* percent of a root's documents that may vanish */
    uint64_t trusted_ns; /* files changed since then are read in any case */
};

/* Verdicts that need no reading (unchanged, skipped as before) are counted in
 * the report. All but limits borrowed until plan_close. */
int plan_open(struct plan **out, struct report *report, struct txn *t,
              const struct plan_limits *limits, struct err *err);

/* Plans a folder: absolute, as walk.h wants it. ERR_REFUSED with a message
 * where the purge guard forbids it. */
int plan_root(struct plan *p, const char *path, struct err *err);

/* Plans a file: absolute. */
int plan_file(struct plan *p, const char *path, struct err *err);

/* Ends planning. */
void plan_close(struct plan *p);

uint64_t plan_reads(const struct plan *p);
size_t plan_bytes(const struct plan *p);

/* The next thing to do: 1, 0 at the end, ERR_NOMEM. */
int plan_next(struct plan *p, struct plan_entry *out);

void plan_free(struct plan *p); /* NULL is allowed */

#endif
