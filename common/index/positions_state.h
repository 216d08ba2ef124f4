/*
 * positions_state.h - what was last read of a term's occurrences: shared by
 * positions.c and positions_near.c only.
 */
#ifndef INDEX_POSITIONS_STATE_H
#define INDEX_POSITIONS_STATE_H

#include "index/position_blocks.h"

/* Positions of a document from which two words are compared by a map. */
enum { NEAR_MARKS = 16384 };

/* What was last given out of a term's occurrences. */
struct positions {
    struct position_blocks blocks; /* of a chunked term */

    /* inline: where the occurrences of posting `next` start */
    struct rd rd;
    uint32_t next;

    struct occurrence *occ; /* those of document `docid` */
    uint32_t n;
    uint32_t cap;
    uint32_t docid;

    uint32_t *pos; /* the first positions of document `pos_docid` */
    uint32_t npos;
    uint32_t pos_cap;
    uint32_t pos_docid;
    uint32_t first; /* index of its first occurrence in the term */

    struct near_marks *marks; /* of positions_near.c, once used */
};

/* Makes s->positions, if it is not there yet. 0 or negative. */
int positions_open(struct postings_state *s);

#endif
