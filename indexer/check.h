/*
 * check.h - reads every page and every record of an index and says what does
 * not fit.
 *
 * First the pages, without LMDB (index/pages.h): it would follow damaged ones
 * wherever they lead. Then all seals and checksums; every term in order; every posting, position and
 * form decoded; df, cf, bounds and docid ranges against what was decoded;
 * path -> docid -> document -> norm agree both ways; live documents and
 * positions of the manifest against the norms; every text frame decompressed.
 */
#ifndef INDEXER_CHECK_H
#define INDEXER_CHECK_H

#include "index/index.h"

struct check_report {
    uint64_t pages;    /* of the data file, read */
    uint64_t records;  /* values read */
    uint64_t problems; /* things that did not fit */
    uint64_t textless; /* documents that check_texts could not compare */
};

/* `say` gets one line for each of the first 100 problems. Each is 0 when all was
 * read, problems or not; negative when reading could not go on. */

/* Walks the pages of the index in `dir` and opens it, as index_open. Where
 * there were problems it is not to be begun; index_close in any case. */
int check_open(struct index *ix, const char *dir, struct check_report *out,
               void (*say)(void *arg, const char *line), void *arg,
               struct err *err);

/* Reads all records of an index that was begun. */
int check_index(struct index *ix, struct check_report *out,
                void (*say)(void *arg, const char *line), void *arg,
                struct err *err);

/* Takes the text of every living document apart again and compares: length,
 * title, zones, date, places of the frames, and each term's count, positions
 * and forms. For an index that passed check_index. `memory`: bytes, as for
 * indexing. ERR_VERSION where another text chain made it; ERR_FULL where a
 * document needs more memory. */
int check_texts(struct index *ix, uint64_t memory, struct check_report *out,
                void (*say)(void *arg, const char *line), void *arg,
                struct err *err);

#endif
