/*
 * cluster.h - one character of an unspaced script, wherever it stands.
 *
 * Such text is indexed as bigrams, and the last character of each run alone:
 * so a character is there once for each time it occurs, as the first of a
 * bigram or alone. All terms that begin with it, taken together, are its
 * postings: documents with a count each, and positions.
 */
#ifndef QUERY_CLUSTER_H
#define QUERY_CLUSTER_H

#include <stdbool.h>

#include "index/index.h"
#include "query/notes.h"

enum { CLUSTER_TERMS = 4096 }; /* more are left out, with a note */

struct cluster {
    uint32_t *docs; /* ascending */
    uint32_t *tfs;
    size_t n;
    struct segment *segment; /* borrowed */
    struct err *err;         /* borrowed */
    struct view *term;       /* the terms it consists of */
    size_t nterms;
    struct buf bytes;       /* of the terms */
    struct postings **open; /* of each term, for cluster_positions */
    uint32_t last;          /* document asked for last */
    struct occurrence *occ;
    size_t nocc;
    size_t cap;
};

/* The postings of `term` (with a 01 in front: in titles) in a segment: 1, 0
 * where there are none (*out NULL), negative on error. */
int cluster_open(struct cluster **out, struct segment *s, struct view term,
                 struct notes *notes, struct err *err);

/* Its positions in a document, ascending; borrowed until the next call. */
int cluster_positions(struct cluster *c, uint32_t docid,
                      const struct occurrence **out, size_t *n);

void cluster_close(struct cluster *c); /* NULL is allowed */

#endif
