/*
 * dictionary.h - words of scripts without spaces, by dictionaries: Thai by
 * libthai, Lao, Khmer and Burmese (and Thai, where libthai finds its file no
 * more) by ICU.
 *
 * The index knows nothing of these words: it has every bigram of clusters, so
 * a word is looked up as the phrase of its bigrams, wherever a dictionary would
 * cut the text around it. The words only say which of a query's characters
 * belong together.
 *
 * A dictionary is opened when its script is first met and stays open to the
 * end of the process: no other query does anything for it.
 */
#ifndef QUERY_DICTIONARY_H
#define QUERY_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DICTIONARY_MAX = 2048 }; /* characters of a text, at most */

/* Marks in begins[0..n) where the words of text[0..n) begin, letters and marks
 * of one script (of unicode.h); the first does. 1, 0 where no dictionary is
 * there for the script, ERR_NOMEM. */
int dictionary_words(unsigned script, const int32_t *text, size_t n,
                     bool *begins);

#endif
