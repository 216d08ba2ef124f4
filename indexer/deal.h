/*
 * deal.h - deals the log of a batch out to its terms: a counting sort.
 *
 * First each term's occurrences are counted, then the terms are sorted, then
 * every token of the log goes to the run of its term (two of them, or three and
 * four where it stands in a title). Runs lie in the order in which they are
 * walked: terms of titles first, both in byte order.
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

/* Deals the log out to the terms of the lexicon, which are borrowed until the
 * last deal_next. Memory of the last time is used again. 0 or ERR_NOMEM. */
int deal_start(struct deal *d, const struct log *l, const struct lexicon *lx);

/* Memory deal_start will take, in bytes, about. */
size_t deal_bytes(const struct log *l, const struct lexicon *lx);

/* The next term: 1, 0 at the end, ERR_NOMEM. */
int deal_next(struct deal *d, struct inverted_term *out);

void deal_free(struct deal *d); /* NULL is allowed */

#endif
