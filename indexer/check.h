/*
 * check.h - reads every record of an index and says what does not fit.
 *
 * All seals and checksums; every term in order; every posting, position and
 * form decoded; df, cf, bounds and docid ranges against what was decoded;
 * path -> docid -> document -> norm agree both ways; live documents and
 * positions of the manifest against the norms; every text frame decompressed.
 */
#ifndef INDEXER_CHECK_H
#define INDEXER_CHECK_H

#include "index/index.h"

struct check_report {
    uint64_t records;  /* values read */
    uint64_t problems; /* things that did not fit */
};

/* Calls `say` for each problem (the first 100) with one line. 0 when all was
 * read, problems or not; negative when reading could not go on. */
int check_index(struct index *ix, struct check_report *out,
                void (*say)(void *arg, const char *line), void *arg,
                struct err *err);

#endif
