/*
 * retake.h - documents of an index taken in once more, from their stored text.
 *
 * The text goes through the same analysis and inversion as when it was indexed,
 * so what comes out is what the index should hold of it. As invert.h, which
 * does it: documents are added until memory is full, then walked term by term.
 *
 *     retake_open(&r, ix, budget, &err);
 *     while (retake_add(&r, docid, &d, &inverted, &err) > 0) ...
 *     retake_sort(&r, &err);
 *     while ((rc = invert_next(r.invert, &term)) > 0) ...   // r.docid
 *     retake_clear(&r);
 *     retake_close(&r);
 */
#ifndef INDEXER_RETAKE_H
#define INDEXER_RETAKE_H

#include "index/index.h"
#include "indexer/invert.h"
#include "indexer/meta.h"

struct retake {
    struct documents *docs;
    struct lexers *lexers;
    struct detector *detector; /* where they are by document */
    struct invert *invert;
    uint32_t *docid; /* of the invert's documents, by their number there */
    size_t ndocs, cap;
    struct buf text;           /* of the document added last */
    struct checkpoints checks; /* places in it where a scan may begin */
    struct buf fact;           /* that its text states */
    struct meta meta;
};

/* `budget`: bytes of memory, as invert_open. ERR_VERSION where the index was
 * made by another text chain. Close it in any case. */
int retake_open(struct retake *r, struct index *ix, size_t budget,
                struct err *err);

/* Adds a document: 1 with its record (until the next call) and what was found;
 * 0 where it is not there or its text is not stored. ERR_FULL where memory is:
 * sort, walk, clear, and add it again; it does not fit at all if nothing was
 * added before. */
int retake_add(struct retake *r, uint32_t docid, struct document *d,
               struct inverted *found, struct err *err);

/* What differs between a document's record and the text just added: NULL if
 * nothing. */
const char *retake_differs(struct retake *r, const struct document *d,
                           const struct inverted *found);

int retake_sort(struct retake *r, struct err *err);
void retake_clear(struct retake *r);
void retake_close(struct retake *r);

#endif
