/*
 * run_work.h - a run under way, shared by run.c (the whole), run_open.c
 * (settings, store), run_files.c (folders, files, removals) and run_records.c
 * (records).
 */
#ifndef INDEXER_RUN_WORK_H
#define INDEXER_RUN_WORK_H

#include "indexer/intake.h"
#include "indexer/plan.h"
#include "indexer/rebuild.h"
#include "indexer/run.h"
#include "indexer/sources.h"

struct run {
    const struct run_options *o;
    struct store *store;
    struct lexers *lexers;
    struct commit commit;
    struct report report;
    struct intake intake;
    struct sources sources;
    struct todo todo;
    struct renames renames;
    uint64_t *seen; /* hashes of records' keys, for --purge */
    size_t nseen, seen_cap;
    struct rebuild rebuild;
    uint64_t start_ns;
    struct err *err;
};

/* Opens all of it, as r->o asks for; run_close in any case. */
int run_open(struct run *r);
void run_close(struct run *r);

/* Each takes in (or removes) what its kind of input names. */
int run_files(struct run *r);
int run_records(struct run *r);
int run_removals(struct run *r);

/* How the purge guard and the rest of a plan are set. */
struct plan_rules run_rules(const struct run *r);

/* Removes what was planned, but for documents that other files took over. */
int run_remove_planned(struct run *r);

#endif
