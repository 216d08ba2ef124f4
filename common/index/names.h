/*
 * names.h - the paths of documents by docid, without their records: what a
 * long list of hits prints is little more.
 *
 * A block holds the paths of 32 documents: what they begin with in common,
 * once, and the rest of each, found by its number. Blocks are fetched and
 * checked once in a transaction; a path then costs two copies. They repeat
 * what the records hold (`--check` compares) in about 15 bytes a document.
 *
 *     names_open(&n, txn, next_docid, &err);
 *     if (names_get(&n, docid, &path, &err) > 0) print(path);
 *     names_release(&n);
 */
#ifndef INDEX_NAMES_H
#define INDEX_NAMES_H

#include "index/store.h"

enum { NAMES_DOCS = 32 }; /* documents of a block */

struct name_block {
    const uint8_t *p; /* NULL: not fetched */
    size_t n;         /* 0: none is stored */
    bool own;         /* joined from pieces; else in the map */
};

struct names {
    struct txn *txn; /* borrowed; NULL: not open */
    store_db db;
    uint32_t nblocks;         /* blocks a docid below next_docid can be in */
    struct name_block *block; /* of each */
};

int names_open(struct names *n, struct txn *txn, uint32_t next_docid,
               struct err *err);

/* Puts the path of docid in *out (cleared first): 1; 0 where there is none;
 * negative. */
int names_get(struct names *n, uint32_t docid, struct buf *out,
              struct err *err);

/* Block `number`, documents number * NAMES_DOCS and on, for names_part: 1, 0
 * where there is none, negative. It lives as long as n. */
int names_block(struct names *n, uint32_t number, struct view *out,
                struct err *err);

void names_release(struct names *n);

/* Sets the paths of docids [lo, lo + count); an empty one is none. A block
 * without any is deleted. */
int names_write(struct txn *t, uint32_t lo, const struct view *path,
                uint32_t count, struct err *err);

/* The path of document number i of a block, below NAMES_DOCS, in two parts: 1,
 * 0 where there is none, ERR_CORRUPT without a message. */
int names_part(struct view block, unsigned i, struct view part[2]);

/* What all paths of a block begin with, and what they go on with, one path
 * behind the other: 0 or ERR_CORRUPT without a message. */
int names_parts(struct view block, struct view *front, struct view *rests);

/* And back: a block of NAMES_DOCS paths in *out (cleared first), not all of
 * them empty. 0 or ERR_NOMEM. */
int names_encode(const struct view *path, struct buf *out);

#endif
