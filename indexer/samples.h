/*
 * samples.h - pieces of a batch's texts to train the dictionary with.
 */
#ifndef INDEXER_SAMPLES_H
#define INDEXER_SAMPLES_H

#include "indexer/batch.h"

/* Trains the writer's dictionary from pieces spread over the batch, if the
 * batch has enough text for it to be worth while; *tried says whether it had.
 * No dictionary where one is stored already is replaced. */
int samples_train(struct document_writer *w, const struct batch *b, bool *tried,
                  struct err *err);

#endif
