/*
 * position_blocks.h - the chunks and blocks in which a term's occurrences lie:
 * what positions.c reads documents' positions and forms out of.
 *
 * An occurrence is known by its index among all of the term. A block keeps
 * what positions add to the one before them apart from the forms: who needs
 * one of the two only does not pay for the other.
 */
#ifndef INDEX_POSITION_BLOCKS_H
#define INDEX_POSITION_BLOCKS_H

#include "index/postings_state.h"

enum { BLOCK_DELTAS = 1, BLOCK_FORMS = 2 }; /* what is asked of a block */

struct position_blocks {
    uint32_t forms; /* of the term */

    /* the chunk last looked at */
    struct cursor *cursor; /* on table x */
    struct view chunk;
    bool in_chunk;
    uint32_t first, last; /* indices of its occurrences */
    uint32_t nblocks;

    /* the block in it */
    uint32_t block;         /* its number, */
    size_t at;              /* where its numbers start in the chunk */
    size_t size;            /* and how many bytes they are */
    unsigned have;          /* what of it is in delta and form */
    uint32_t start;         /* index of its first occurrence */
    uint32_t held;          /* how many there are in it */
    uint32_t delta[PACK_N]; /* a document's first counts from 0 */
    uint32_t form[PACK_N];
};

/* Stands on the block that holds occurrence `at` and decodes what `want` says
 * of it. Sets where in the block the occurrence is and how many the block
 * holds. 0 or negative. */
int position_blocks_get(struct postings_state *s, struct position_blocks *b,
                        uint32_t at, unsigned want, uint32_t *i, uint32_t *n);

void position_blocks_release(struct position_blocks *b);

#endif
