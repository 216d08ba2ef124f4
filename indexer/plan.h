/*
 * plan.h - what a run over files has to do, found out before it does anything.
 *
 * Each root's walk is joined with the records of the path table below it, both
 * in byte order: a file that looks as it is recorded is unchanged and gets no
 * entry; others are to be read; records without a file are to be removed, unless
 * the file is found under another name (renames.h). Only when the whole plan is
 * known can the purge guard judge it, and then nothing has been changed yet.
 *
 *     plan_open(&p, &todo, &renames, report, txn, &rules, &err);
 *     for each root    plan_root(p, path, &err)
 *     for each file    plan_file(p, path, &err)
 *     plan_guard(p, &err)
 *     plan_free(p)
 */
#ifndef INDEXER_PLAN_H
#define INDEXER_PLAN_H

#include "index/source.h"
#include "indexer/encodings.h"
#include "indexer/renames.h"
#include "indexer/report.h"
#include "indexer/todo.h"

struct plan;

struct plan_rules {
    uint64_t max_size;   /* bytes of the largest file that is read */
    unsigned max_purge;  /* percent of a root's documents that may vanish */
    uint64_t trusted_ns; /* files changed since then are read in any case */
    bool keep;           /* no document is removed */
    bool all;            /* every file is read, however it looks */
    bool retry;          /* so are those that were skipped before */
    const struct roots *roots;         /* what is taken in of each; borrowed */
    const struct filters *filters;     /* names of these are taken in, too */
    const struct encodings *encodings; /* of files, likewise */
    bool named; /* the folders were named: what is odd in them is told */
};

/* What is to be done is added to todo, documents without a file to renames;
 * verdicts that need no reading (unchanged, skipped as before) are counted in
 * the report. All are borrowed, as is the transaction (NULL: there is no index
 * yet), until plan_free. */
int plan_open(struct plan **out, struct todo *todo, struct renames *renames,
              struct report *report, struct txn *t,
              const struct plan_rules *rules, struct err *err);

/* Plans a folder: absolute, as walk.h wants it; borrowed until
 * plan_free. */
int plan_root(struct plan *p, const char *path, struct err *err);

/* Plans a file: absolute. */
int plan_file(struct plan *p, const char *path, struct err *err);

/* Plans to remove all named files but `file[0..n)`, sorted places in `names`
 * (sources.h): the list of them is complete. */
int plan_complete(struct plan *p, const char *names, const size_t *file,
                  size_t n, struct err *err);

/* Plans to remove all records but those whose ids (as keys of the path table)
 * have these hashes; sorts them. */
int plan_records(struct plan *p, uint64_t *id, size_t n, struct err *err);

/* May what was planned be done? ERR_REFUSED with a message where a root or the
 * list would lose too many documents. */
int plan_guard(struct plan *p, struct err *err);

void plan_free(struct plan *p); /* NULL is allowed */

#endif
