/*
 * term_set.h - several terms taken as one: their documents, with the sum of
 * their counts in each, and their positions.
 *
 * One character of an unspaced script, wherever it stands, is such a set. That
 * text is indexed as bigrams, and the last character of each run alone: so a
 * character is there once for each time it occurs, as the first of a bigram or
 * alone. All terms that begin with it are its set.
 *
 * So are the terms that a pattern was expanded to (expand.h). Of a term of
 * which some forms match and some do not, only the former count.
 */
#ifndef QUERY_TERM_SET_H
#define QUERY_TERM_SET_H

#include <stdbool.h>

#include "index/index.h"
#include "query/notes.h"

enum { CLUSTER_TERMS = 4096 }; /* more are left out, with a note */

struct op_env;
struct slot;

/* A term of a set. */
struct set_term {
    struct view term;
    uint8_t *cover; /* of each form: the positions it covers, 0 where it is
                     * not of the set; NULL: all are, one position each */
    uint32_t forms;
    bool some;             /* not all forms are of the set */
    struct postings *open; /* for term_set_positions */
};

struct term_set {
    uint32_t *docs; /* ascending */
    uint32_t *tfs;
    size_t n;
    struct segment *segment; /* borrowed */
    struct err *err;         /* borrowed */
    struct set_term *term;
    size_t nterms;
    struct buf bytes; /* of a cluster's terms */
    uint32_t last;    /* document asked for last */
    struct occurrence *occ;
    size_t nocc;
    size_t cap;
};

/* The postings of all terms that begin with the character `term` (with a 01 in
 * front: in titles) in a segment: 1, 0 where there are none (*out NULL),
 * negative on error. */
int term_set_cluster(struct term_set **out, struct segment *s, struct view term,
                     struct notes *notes, struct err *err);

/* The same of the terms that slot s was expanded to, in env's segment. */
int term_set_expanded(struct term_set **out, struct op_env *env,
                      const struct slot *s);

/* Its positions in a document, ascending, each with the number of positions it
 * covers as its form; borrowed until the next call. */
int term_set_positions(struct term_set *c, uint32_t docid,
                       const struct occurrence **out, size_t *n);

void term_set_close(struct term_set *c); /* NULL is allowed */

#endif
