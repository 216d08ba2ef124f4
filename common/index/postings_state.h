/*
 * postings_state.h - what stands behind a struct postings: shared by
 * postings.c (documents) and positions.c (positions and forms) only.
 */
#ifndef INDEX_POSTINGS_STATE_H
#define INDEX_POSTINGS_STATE_H

#include "index/layout.h"

struct postings_state {
    struct segment *segment; /* borrowed, as is err */
    struct err *err;
    struct head head;
    uint32_t doc_hi;       /* no docid may be above */
    struct cursor *cursor; /* on table p, once chunks are asked for */

    /* the chunk: known by its key, opened when a block is asked for */
    bool in_chunk; /* the cursor stands on it, */
    bool in_front; /* or on what comes before the first one */
    bool opened;   /* its header was read and checked */
    struct view chunk;
    uint32_t floor; /* last docid of a chunk before */
    uint32_t nblocks;
    uint32_t pos_base; /* position index of its first posting */

    /* the block postings_shallow stands on */
    bool standing;
    bool loaded; /* it is the one in docs and tfs */
    bool have_tfs;
    uint32_t block;  /* its number in the chunk */
    size_t at;       /* where its packed numbers start in the chunk */
    size_t size;     /* how many bytes they are */
    uint32_t before; /* docid before its first */
    uint8_t doc_bits;
    uint8_t tf_bits;
    uint32_t pos_off;

    /* the loaded block */
    uint32_t given;     /* postings gone by, the current one included */
    uint64_t first_pos; /* position index of its first posting */
    uint32_t summed;    /* postings whose tfs are in sum */
    uint64_t sum;

    struct positions *positions; /* NULL until asked for */
    struct forms forms;
    bool have_forms;
    size_t term_n;
    uint8_t key[TERM_MAX + DOC_KEY]; /* the term, then room for a key */
};

static inline struct view postings_term(const struct postings_state *s)
{
    return view_of(s->key, s->term_n);
}

/* ERR_CORRUPT with the term and `what` in the message. */
int postings_bad(struct postings_state *s, const char *what);

/* The same for any term of a segment. */
int segment_bad(const struct segment *s, struct view term, const char *what,
                struct err *err);

/* Postings from a record that was found and decoded: 1, or ERR_NOMEM. `cursor`
 * stands on the block of a chunked term, or is NULL; it is taken over. */
int postings_from(struct postings **out, struct segment *s, struct view term,
                  const struct term_record *found, struct cursor *cursor,
                  struct err *err);

/* The record of a valid term, by a cursor on table p, which then stands on its
 * block; where it is chunked, its chunks come next. 1, 0, ERR_CORRUPT. */
int segment_find(struct segment *s, struct cursor *c, struct view term,
                 struct view *record, struct err *err);

void positions_free(struct positions *ps); /* NULL is allowed */

#endif
