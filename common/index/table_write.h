/*
 * table_write.h - appends to a table, and knows how full the last leaf page of
 * its B-tree is.
 *
 * Appended entries fill leaf pages one by one; an entry that does not fit any
 * more begins the next page, and the rest of the old one stays empty. Who can
 * cut his values anywhere asks table_room first and wastes nothing. The room is
 * a computation from store.h's limits; were it wrong, only space would be lost.
 */
#ifndef INDEX_TABLE_WRITE_H
#define INDEX_TABLE_WRITE_H

#include "index/layout.h"

struct table {
    struct txn *txn; /* borrowed */
    store_db db;
    size_t page;    /* bytes entries can fill in a leaf page */
    size_t entry;   /* what an entry takes besides key and value */
    size_t left;    /* bytes left in the last leaf page */
    uint64_t bytes; /* keys and values appended */
};

/* Opens the table of that name in t, making it if it is not there. Again with
 * another transaction: goes on in that one. 1 where it was there, else 0. */
int table_open_name(struct table *tb, struct txn *t, const char *name,
                    struct err *err);

/* The same for the table of a segment: of that kind ('p' or 'x') and number. 0
 * whether it was there or not. */
int table_open(struct table *tb, struct txn *t, char kind, uint32_t number,
               struct err *err);

/* The largest value that still fits the last leaf page beside a key of keylen
 * bytes; may be 0. */
size_t table_room(const struct table *tb, size_t keylen);

/* The largest value that fits a leaf page at all. */
size_t table_inline_max(const struct table *tb, size_t keylen);

int table_put(struct table *tb, struct view key, struct view val,
              struct err *err);

/* Appends n bytes and their seal, for which there is room behind them. */
int table_put_sealed(struct table *tb, struct view key, uint8_t *val, size_t n,
                     struct err *err);

/* Counts an entry that was appended in another way, of a value of n bytes. */
void table_count(struct table *tb, size_t keylen, size_t n);

#endif
