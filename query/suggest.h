/*
 * suggest.h - "did you mean": a query with the words that the index lacks
 * replaced by the nearest ones it has.
 *
 *     struct suggest sg = {ix, 1, lexers, words, arena};
 *     rc = suggest(&sg, &plan, part, nparts, &text, &err);   // 1: text
 *
 * A word is looked at if it is of a spaced script, begins with a letter, has
 * three letters or more, and no living document has one of its terms. For it
 * the dictionary is walked (expand.h); of the forms of the terms that are near
 * the best is the one that differs in the fewest letters, then that of the
 * term in most documents. Two neighbours that changed places differ as one
 * letter, unlike in `word~1`: that is what slips of the fingers look like
 * (Damerau, "A technique for computer detection and correction of spelling
 * errors", 1964). Up to five letters one may differ, from six on two.
 *
 * Cost: a walk a word, of the first SUGGEST_WORDS of them. Asked only where
 * nothing matched, it costs no other query anything.
 */
#ifndef QUERY_SUGGEST_H
#define QUERY_SUGGEST_H

#include "query/plan.h"

enum { SUGGEST_WORDS = 8 };

struct suggest {      /* all borrowed */
    struct index *ix; /* n in a row, each in a transaction */
    unsigned n;
    const struct lexer_list *lexers;
    struct words *words; /* cuts words anew */
    struct arena *arena;
};

/* Appends to out the texts of the query, OR between them, with every word
 * replaced for which there is something better: 1. 0, and nothing appended,
 * where there is none. The leaves of the plan borrow from the texts. */
int suggest(const struct suggest *sg, const struct plan_query *plan,
            const struct view *part, size_t nparts, struct buf *out,
            struct err *err);

/* The word of the index that is nearest to one with that folded form and term,
 * as it is written, in the arena: 1, 0 where there is none, negative. */
int suggest_word(const struct suggest *sg, struct view folded, struct view term,
                 bool title, struct view *out, struct err *err);

/* Letters to put in, leave out, exchange for another, or for the one beside
 * it, that make one word of the other. Each is 96 bytes at most. */
unsigned suggest_distance(struct view a, struct view b);

#endif
