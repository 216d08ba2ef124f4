/*
 * plan.h - what a run over files has to do, found out before it does anything.
 *
 * Each root's walk is joined with the records of the path table below it, both
 * in byte order: a file that looks as it is recorded is unchanged and gets no
 * entry; others are to be read; records without a file are to be removed. Only
 * when the whole plan is known can the purge guard judge it, and then nothing
 * has been changed yet.
 *
 *     plan_open(&p, &todo, report, txn, &limits, &err);
 *     for each root    plan_root(p, path, &err)
 *     for each file    plan_file(p, path, &err)
 *     plan_free(p)
 */
#ifndef INDEXER_PLAN_H
#define INDEXER_PLAN_H

#include "index/source.h"
#include "indexer/report.h"
#include "indexer/todo.h"

struct plan;

struct plan_limits {
    uint64_t max_size;   /* bytes of the largest file that is read */
    unsigned max_purge;  /* percent of a root's documents that may vanish */
    uint64_t trusted_ns; /* files changed since then are read in any case */
};

/* What is to be done is added to todo; verdicts that need no reading
 * (unchanged, skipped as before) are counted in the report. Both are borrowed,
 * as is the transaction, until plan_free. */
int plan_open(struct plan **out, struct todo *todo, struct report *report,
              struct txn *t, const struct plan_limits *limits, struct err *err);

/* Plans a folder: absolute, as walk.h wants it. ERR_REFUSED with a message
 * where the purge guard forbids it. */
int plan_root(struct plan *p, const char *path, struct err *err);

/* Plans a file: absolute. */
int plan_file(struct plan *p, const char *path, struct err *err);

void plan_free(struct plan *p); /* NULL is allowed */

#endif
