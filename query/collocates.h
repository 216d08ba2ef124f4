/*
 * collocates.h - the words that stand near the matches more often than their
 * number in the index lets expect.
 *
 * Of each match, the words in a window on either side are counted: as folded
 * words (lexeme.h), each occurrence once, however many matches it is near, and
 * not where it is part of a match. Of four numbers,
 *
 *                     this word    other words
 *     in the windows      a        in_windows - a
 *     elsewhere        total - a   the rest of the index's words
 *
 * the log-likelihood ratio tells how unlikely that is if the word does not
 * care (Dunning: Accurate methods for the statistics of surprise and
 * coincidence, Computational Linguistics 19(1), 1993). Words that are rarer
 * there than elsewhere are left out.
 *
 * How often a word is in the index is found out as for the query "word", and
 * only for words that may be among those asked for: with `a` occurrences in the
 * windows no word has a larger ratio than one that has no others.
 *
 * Characters of scripts without spaces count in overlapping pairs.
 */
#ifndef QUERY_COLLOCATES_H
#define QUERY_COLLOCATES_H

#include "query/answer.h"

/* Answers a->plan with words. 0 or negative, with a->shown words and
 * a->count.total documents that match. */
int collocates(struct answer *a);

/* 2 sum o ln(o / e) over the four numbers above; negative where a is less than
 * expected. */
double collocates_ratio(uint64_t a, uint64_t in_windows, uint64_t total,
                        uint64_t all);

#endif
