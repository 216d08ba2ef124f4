/*
 * chunk_write.h - gathers the postings of one term in blocks of 128 and the
 * blocks in chunks that fill a page, and appends these to a segment's tables.
 * Used by segment_write.c only.
 *
 * Widths of positions and forms are chosen block by block so that packed
 * numbers and exceptions together are shortest (patched frame of reference:
 * Zukowski, Heman, Nes and Boncz, "Super-scalar RAM-CPU cache compression",
 * 2006). A chunk fills a page of its own; what is left at the end of a term is
 * cut to fit in leaf pages.
 */
#ifndef INDEXER_CHUNK_WRITE_H
#define INDEXER_CHUNK_WRITE_H

#include "index/table_write.h"

/* A block whose packed numbers wait in a `struct pending`. */
struct block {
    uint32_t last;   /* docid, or position index, of its last */
    uint32_t first;  /* position index of its first */
    uint32_t size;   /* bytes of its numbers */
    uint8_t bits[2]; /* widths of gaps and tfs, or deltas and forms */
    uint8_t max_tf;
    uint8_t min_len;
};

struct pending {
    struct block *block;
    uint32_t n;
    uint32_t cap;
    uint8_t *bytes; /* the numbers of the blocks, one behind the other */
    size_t used;
};

struct chunk_writer {
    struct table *p; /* borrowed */
    struct table *x;
    uint8_t key[TERM_MAX + DOC_KEY];
    size_t term_n;
    uint32_t forms; /* of the term */

    struct pending docs;
    uint32_t before; /* docid before the first pending block */
    uint32_t docid;  /* last docid added */
    uint32_t gaps[PACK_N], tfs[PACK_N];
    uint32_t ndocs; /* of them, not in a block yet */
    uint32_t first; /* position index of the first of them */
    uint32_t after; /* and of what comes behind the last */
    uint8_t max_tf;
    uint8_t min_len;

    struct pending pos;
    uint32_t deltas[PACK_N], form[PACK_N];
    uint32_t npos;
    uint32_t next_pos; /* position index of the next occurrence */

    uint8_t *out; /* a value under construction */
};

/* 0 or ERR_NOMEM; release also after a failure. `w` was zeroed; the tables are
 * open. */
int chunk_writer_init(struct chunk_writer *w, struct table *p, struct table *x,
                      struct err *err);
void chunk_writer_release(struct chunk_writer *w);

/* A new term: `before` is the docid before the first possible one, `counted`
 * its forms, encoded with counts. */
int chunk_writer_begin(struct chunk_writer *w, struct view term,
                       uint32_t before, uint32_t forms, struct view counted,
                       struct err *err);
int chunk_writer_add(struct chunk_writer *w, uint32_t docid, uint32_t tf,
                     uint8_t code, const struct occurrence *occ,
                     struct err *err);
/* The same in two halves: n documents; and later, behind the occurrences of
 * all documents before them, theirs, each position counted from the one before
 * it in the document. */
int chunk_writer_docs(struct chunk_writer *w, const uint32_t *docid,
                      const uint32_t *tf, const uint8_t *code, uint32_t n,
                      struct err *err);
int chunk_writer_occurrences(struct chunk_writer *w, const uint32_t *delta,
                             const uint32_t *form, uint32_t n, struct err *err);
int chunk_writer_end(struct chunk_writer *w, struct err *err);

#endif
