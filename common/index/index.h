/*
 * index.h - one moment of an index, open for reading: the store, a read
 * transaction, the manifest and its segments.
 *
 *     struct index ix;
 *     if (index_open(&ix, dir, &err) == 0 && index_begin(&ix, &err) == 0) ...
 *     index_close(&ix);
 *
 * A program that stays asks index_end and index_begin for the newest commit,
 * which may lie in another data file (after --rebuild or --compact).
 */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include "index/languages.h"
#include "index/manifest.h"
#include "index/names.h"
#include "index/norm.h"
#include "index/postings.h"
#include "index/source.h"
#include "index/store.h"

struct index {
    struct store *store;
    struct txn *txn; /* NULL between index_end and index_begin */
    struct manifest manifest;
    struct segment segment[MANIFEST_SEGMENTS]; /* manifest.nsegments of them */
    struct norms norms;
    struct names names; /* opened by index_names */
    struct roots roots;
    struct buf config;   /* text of the config record */
    struct buf language; /* its language, NUL-ended; "" where it has none */
    struct languages languages; /* where that is "auto" */
    bool begun;                 /* index_begin was called before */
};

/* Opens the store of `dir` for reading. Errors as store_open; *ix is then
 * zeroed and needs no index_close. */
int index_open(struct index *ix, const char *dir, struct err *err);

/* Begins a transaction on the newest commit and loads the fields; an index
 * in which nothing was committed yet has no segments. `err` is kept for the
 * norms until index_end. 0, or negative with no transaction begun. */
int index_begin(struct index *ix, struct err *err);

/* Ends it: everything borrowed from it is void. Allowed when none runs. */
void index_end(struct index *ix);
void index_close(struct index *ix);

/* Opens ix->names, unless they are open: 0 or negative. */
int index_names(struct index *ix, struct err *err);

/* Documents and positions for idf and average length: segments' sums, dead
 * ones included, so that df never exceeds docs. */
uint64_t index_docs(const struct index *ix);
uint64_t index_positions(const struct index *ix);

/* The config record: 1 with its text in *out (cleared first), 0 if there is
 * none, ERR_CORRUPT. And back: lines of key=value, under 3 KB. */
int config_read(struct txn *t, struct buf *out, struct err *err);
int config_write(struct txn *t, struct view config, struct err *err);

/* "key=value" line of a config text: its value, or an empty view. */
struct view config_value(struct view config, const char *key);

/* The folder an index lies in: `named` (may be NULL), else $INDEX_DB, else the
 * nearest folder from the working folder up with .index in it; with `make`
 * (store_open then makes it) ./.index if there is none. A found .index of
 * neither the user nor root: ERR_REFUSED; none: ERR_NOTFOUND. Appends the path
 * to out. */
int index_find(const char *named, bool make, struct buf *out, struct err *err);

#endif
