/*
 * prune.h - the k best of a list of words in one segment, without looking at
 * every posting: block-max MAXSCORE in windows.
 *
 * A window is a stretch of docids in which no term leaves its chunk of blocks.
 * Chunk keys bound what a term can add there. The terms with the smallest
 * bounds that together cannot pass the bar of the heap are non-essential: a
 * document that has none of the others cannot enter. Essential terms are
 * walked block by block, or added up in an array where several are dense;
 * candidates that might still pass are looked up in the others, in batches
 * (lane.h), largest bound first. Bounds come from (tf, length) pairs and the
 * statistics of the query, so they hold whatever was added to the index since.
 *
 * The bar does not start at nothing: as many documents as are asked for, out
 * of the first blocks of one term, reach some score by that term alone, and
 * nothing below the least of these can be among the best.
 *
 * Scores are sums that no order of additions changes (score.h), so the heap
 * ends up exactly as after exhaustive evaluation.
 *
 * (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995:
 * MAXSCORE; Ding and Suel, "Faster top-k document retrieval using block-max
 * indexes", SIGIR 2011; Chakrabarti, Chaudhuri and Ganti, "Interval-based
 * pruning for top-k processing over compressed lists", ICDE 2011: windows.)
 */
#ifndef QUERY_PRUNE_H
#define QUERY_PRUNE_H

#include "query/match.h"

enum { PRUNE_TERMS = 64 }; /* lists that are longer are evaluated in full */

/* Whether the plan is a list of words that prune_segment can take: any of them
 * is enough. */
bool prune_fits(const struct plan_query *plan);

/* Offers to `top` the documents of segment number i that might enter it. 0 or
 * negative. */
int prune_segment(struct match *m, unsigned i, struct top *top,
                  struct err *err);

/* The same for words that are all required: blocks of the rarest word are
 * passed over where the bounds of all words together cannot pass the bar, and
 * those of its postings that may pass are looked up in the others. */
bool prune_fits_all(const struct plan_query *plan);
int prune_segment_all(struct match *m, unsigned i, struct top *top,
                      struct err *err);

#endif
