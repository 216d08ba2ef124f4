/*
 * ahead.h - a second thread that packs a batch's texts while the first writes
 * its segment.
 *
 * Only memory of the batch, which nobody changes meanwhile, and of the writer
 * of documents, which nobody else touches before ahead_end, is used: the
 * transaction stays with one thread. What is packed and how does not depend on
 * whether there is a second thread: the index comes out the same.
 *
 *     ahead_start(&a, commit, batch);
 *     write the segment
 *     if (ahead_end(&a, err) < 0) ...
 */
#ifndef INDEXER_AHEAD_H
#define INDEXER_AHEAD_H

#include <pthread.h>

#include "indexer/commit.h"

struct ahead {
    struct commit *commit;
    const struct batch *batch;
    pthread_t thread;
    bool running;
    int rc;
    struct err err;
};

/* Packs up to c->ahead_max bytes, where a second thread is allowed, worth
 * while, and to be had. */
void ahead_start(struct ahead *a, struct commit *c, const struct batch *b);

/* Waits for the thread to end: 0 or its negative code, message in *err, which
 * may be NULL. */
int ahead_end(struct ahead *a, struct err *err);

#endif
