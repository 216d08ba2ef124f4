/*
 * term_write.h - gathers the records of terms in blocks and appends these to
 * table p. A block ends where its leaf page is full, and behind a chunked
 * term, whose chunks follow it in the table.
 */
#ifndef INDEXER_TERM_WRITE_H
#define INDEXER_TERM_WRITE_H

#include "index/table_write.h"

struct term_writer {
    struct table *table;    /* borrowed */
    struct buf block;       /* entries that wait */
    uint8_t last[TERM_MAX]; /* the last term among them: the block's key */
    size_t last_n;
};

/* The longest record that fits a block. */
size_t term_writer_max(const struct term_writer *w, struct view term);

/* Adds a record no longer than that. Terms ascend. 0 or a negative code. */
int term_writer_add(struct term_writer *w, struct view term, struct view record,
                    struct err *err);

/* Appends what waits. */
int term_writer_flush(struct term_writer *w, struct err *err);
void term_writer_release(struct term_writer *w);

#endif
