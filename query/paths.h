/*
 * paths.h - which documents have a path like path:TEXT, asked of one at a time
 * or of 32 at once.
 *
 * Paths lie in blocks of 32 documents, which mostly are of one folder and have
 * its name in front in common (names.h). So a block is looked at as a whole
 * first: where what its paths begin with says yes or no already, or none of
 * them has a piece that the pattern asks for, no path of it is put together.
 *
 *     paths_open(&p, ix, patterns, n);
 *     switch (paths_block(&p, docid / NAMES_DOCS, &err)) {
 *     case PATHS_EACH: if (paths_has(&p, docid, &err) > 0) ...
 *     paths_close(&p);
 *
 * A block costs some 200 ns the first time in a transaction, a path 50.
 */
#ifndef QUERY_PATHS_H
#define QUERY_PATHS_H

#include "index/index.h"

/* Whether all of `text` matches `pattern`: * is any bytes, slashes too, ? one
 * character. Takes time of at most the product of both lengths. */
bool path_glob(struct view pattern, struct view text);

/* A path, as it is shown, contains the text, or matches it as a whole where
 * the text has a * or a ?. */
struct path_pattern {
    struct view text; /* borrowed */
    bool glob;
    bool beginning;   /* no more than `head` and a * */
    bool open;        /* where a beginning matches, all that begins so does */
    struct view head; /* what a path that matches begins with, */
    struct view part; /* has somewhere, */
    struct view tail; /* and ends with; each may be empty */
};

void path_pattern_set(struct path_pattern *p, struct view text);

struct paths {
    struct index *ix;                   /* borrowed */
    const struct path_pattern *pattern; /* borrowed; one is enough */
    unsigned n;
    bool without; /* not those that match but the others */
    /* the block at hand: */
    uint32_t number; /* UINT32_MAX: none */
    int verdict;
    struct view block;
    struct buf shown; /* what its paths begin with, as they are shown; or one
                       * path */
    size_t common;    /* bytes of that; of no use where */
    bool mixed;       /* they lie in several roots */
    struct buf id;
};

void paths_open(struct paths *p, struct index *ix,
                const struct path_pattern *pattern, unsigned n);
void paths_close(struct paths *p);

enum paths_verdict { PATHS_NONE, PATHS_ALL, PATHS_EACH };

/* What is true of the documents of block `number`, from number * NAMES_DOCS
 * on, that are in the index; PATHS_EACH: they differ, or may. Negative on
 * error. */
int paths_block(struct paths *p, uint32_t number, struct err *err);

/* Whether it is true of docid, in the block that was asked about last: 1, 0 or
 * negative. */
int paths_has(struct paths *p, uint32_t docid, struct err *err);

/* Where all patterns are a beginning: puts the documents in docs,
 * ascending: 1. 0 where they are other patterns, or there are more than `most`
 * paths to be looked at. Negative on error. */
int paths_few(struct paths *p, uint32_t *docs, size_t most, size_t *n,
              struct err *err);

#endif
