/*
 * context.h - the text beside a match: so many columns of it, and a key by
 * which matches with the same context stand together.
 *
 * White space, line ends included, counts and is given as single blanks, none
 * at the outer end. Text is cut between grapheme clusters, never within one. A
 * wide character takes two columns, a mark none, and what is not shown as it
 * is (shown_safe) one.
 */
#ifndef QUERY_CONTEXT_H
#define QUERY_CONTEXT_H

#include <stdbool.h>

#include "base/buf.h"

enum { CONTEXT_WORDS = 8, CONTEXT_KEY = 240 };

/* Appends as much of the end of v, or of its beginning, as `columns` hold;
 * *width gets the columns taken and *all whether v would have fitted whole. v
 * begins with a cluster. 0 or ERR_NOMEM. */
int context_before(struct view v, unsigned columns, struct buf *out,
                   unsigned *width, bool *all);
int context_behind(struct view v, unsigned columns, struct buf *out,
                   unsigned *width, bool *all);

/* Columns of v as it is shown on one line. 0 or ERR_NOMEM. */
int context_width(struct view v, unsigned *width);

/* Appends a key of the words in v, each folded, CONTEXT_WORDS of them or
 * CONTEXT_KEY bytes at most: from the last on towards the first, or from the
 * first on with `behind`. With `cut` the outermost may be half a word and is
 * left out. The order of keys is that of the words one after the other, words
 * ordered by code points; a row that ends goes before one that goes on. 0 or
 * ERR_NOMEM. */
int context_key(struct view v, bool behind, bool cut, struct buf *out);

#endif
