/*
 * deal.h - walks the terms of a batch, in the order of a segment: those of titles
 * first, both in byte order.
 *
 * Occurrences lie in chains, a term's in each (chains.h); those of titles, which
 * are few, are dealt out to their terms by a counting sort. So the terms are all
 * there is to sort, and only those that came since the last batch.
 *
 *     deal_open(&d);
 *     for each batch {
 *         deal_start(d, log, lexicon);
 *         while ((rc = deal_next(d, &term)) > 0) ...
 *     }
 *     deal_free(d);
 */
#ifndef INDEXER_DEAL_H
#define INDEXER_DEAL_H

#include "indexer/invert.h"
#include "indexer/lexicon.h"
#include "indexer/log.h"

struct deal;

/* 0 or ERR_NOMEM. */
int deal_open(struct deal **out);

/* Sorts the terms of the lexicon, which are borrowed until the last deal_next,
 * as is the log. Memory of the last time is used again. 0 or ERR_NOMEM. */
int deal_start(struct deal *d, const struct log *l, const struct lexicon *lx);

/* Memory that the walk will take, in bytes, about. */
size_t deal_bytes(const struct log *l, const struct lexicon *lx);

/* The next term: 1, 0 at the end, ERR_NOMEM. */
int deal_next(struct deal *d, struct inverted_term *out);

void deal_free(struct deal *d); /* NULL is allowed */

#endif
