/*
 * ahead.h - a second thread that packs texts of a batch while the first reads on,
 * or writes the segment.
 *
 * It is handed documents with their texts, which leave the batch for it, and
 * touches nothing else but the writer of documents, which the first thread leaves
 * alone until it has waited: the transaction stays with one thread. What is
 * packed and how does not depend on whether there is a second thread: the index
 * comes out the same.
 *
 *     ahead_hand(&a, writer, batch);
 *     read on
 *     if (ahead_wait(&a, err) < 0) ...
 *     store a.doc[0..a.ndocs), whose packed texts the writer has
 *     ahead_clear(&a);
 */
#ifndef INDEXER_AHEAD_H
#define INDEXER_AHEAD_H

#include <pthread.h>

#include "base/err.h"
#include "indexer/batch.h"

struct ahead_doc {
    size_t place;     /* in the batch */
    struct span text; /* in `text` */
    size_t check, nchecks;
};

struct ahead {
    struct document_writer *writer; /* borrowed */
    struct buf text;                /* of the documents */
    struct checkpoints checks;
    struct ahead_doc *doc;
    size_t ndocs, doc_cap; /* none: nothing was handed over */
    pthread_t thread;
    bool running;
    int rc;
    struct err err;
};

/* Hands over what is not stored yet of the batch's documents; the batch counts
 * them as stored and has no texts then. Where no thread is to be had they are
 * packed on the spot. 0 or ERR_NOMEM, with nothing handed over. */
int ahead_hand(struct ahead *a, struct document_writer *w, struct batch *b);

/* Waits until all are packed: 0 or a negative code. */
int ahead_wait(struct ahead *a, struct err *err);

/* Forgets what was handed over. */
void ahead_clear(struct ahead *a);

void ahead_release(struct ahead *a); /* waits, if need be */

#endif
