/*
 * norm.h - one byte a document: its length in positions, or 0 for dead.
 *
 * The code is Lucene's SmallFloat.intToByte4 (exact below 24, then 4
 * significant bits) plus one, at most 255. So one table of 256 numbers gives
 * a query BM25's length part, and dead documents drop out without a branch.
 */
#ifndef INDEX_NORM_H
#define INDEX_NORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "index/store.h"

enum { NORM_DOCS = 4032, NORM_HEADER = 16, NORM_PAGE = 4048 };

uint8_t norm_encode(uint32_t length);
uint32_t norm_decode(uint8_t code); /* the smallest length with that code */

/* Reads norms of one transaction; pages are fetched once, when first asked. */
struct norms {
    struct txn *txn; /* borrowed */
    store_db db;
    uint32_t npages;      /* pages a docid below next_docid can be on */
    const uint8_t **page; /* the 4032 codes of each, NULL = not fetched */
    struct err err;       /* code 0, or why a fetch failed */
    /* Where it is set, gives page i in place of the stored one; NULL with err
     * filled where it cannot. */
    const uint8_t *(*make)(void *arg, uint32_t i);
    /* Where it is set, a document whose code is not 0 counts only if this says
     * so: for what is too costly to be found out of documents nobody comes by.
     * It makes the code of one that does not count 0. */
    bool (*counts)(void *arg, uint32_t docid);
    void *arg;
};

int norms_open(struct norms *n, struct txn *txn, uint32_t next_docid,
               struct err *err);

/* The codes of the page docid is on (code of d at [d % NORM_DOCS]); a page of
 * zeros where none is stored or the stored one is damaged (n->err says why). */
const uint8_t *norms_page(struct norms *n, uint32_t docid);

static inline uint8_t norms_code(struct norms *n, uint32_t docid)
{
    uint32_t i = docid / NORM_DOCS;

    if (i >= n->npages)
        return 0;
    if (!n->page[i])
        return norms_page(n, docid)[docid % NORM_DOCS];
    return n->page[i][docid % NORM_DOCS];
}

/* Of a document whose code is not 0, and which all cheaper tests left. */
static inline bool norms_counts(struct norms *n, uint32_t docid)
{
    return !n->counts || n->counts(n->arg, docid);
}

void norms_release(struct norms *n);

/* Sets the codes of docids [lo, lo + count); code 0 kills. Part of a write
 * transaction; the live count and checksum of the page follow. */
int norms_write(struct txn *t, uint32_t lo, const uint8_t *codes,
                uint32_t count, struct err *err);

#endif
