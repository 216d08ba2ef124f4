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
 * is enough. Others may stand for some of them (PLAN_MAX). */
bool prune_fits(const struct plan_query *plan);

/* Offers to `top` the documents of segment number i that might enter it, as if
 * nothing stood for words. 0 or negative. */
int prune_segment(struct match *m, unsigned i, struct top *top,
                  struct err *err);

/* Corrects what prune_segment or prune_segment_all has left in `top` when all segments of all m are
 * done: those of which m->also is true.
 *
 * What stands for words can only raise a score: the k best by words alone, and
 * the documents that something raises above the bar of these, have the k best.
 * Such a document has something that counts more than the words it stands for,
 * and then no more is added to that than the other clauses can: so it needs a
 * count that few or no documents have, and all others are passed over by bounds.
 * What is left is scored as the whole plan scores it. */
int prune_also(struct match *m, struct top *top, struct err *err);

/* The same for words of which some are required: blocks of the rarest of these
 * are passed over where the bounds of all words together cannot pass the bar,
 * and those of its postings that may pass are looked up in the others. What
 * stands for some of them, where all are required, is left to prune_also, which
 * finds documents that have it in their place, too. */
bool prune_fits_all(const struct plan_query *plan);
int prune_segment_all(struct match *m, unsigned i, struct top *top,
                      struct err *err);

#endif
