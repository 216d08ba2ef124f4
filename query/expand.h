/*
 * expand.h - the terms of an index that a pattern stands for.
 *
 * A dictionary holds stems, people write words: `universit*` means
 * *university*, whose term is univers. A term's forms say how it was written,
 * so a term belongs to a pattern if one of its forms, folded, matches. To a
 * fuzzy word it belongs if it is near that word's stem itself, or if a form is
 * near the word that begins with the term: a slip of the pen may keep a word
 * from being stemmed (univeristy).
 *
 * The walk reads no more of a dictionary than it must: terms are sorted, the
 * pattern says at which character nothing like a term can match any more, and
 * all that begins so is passed over by a seek. A stem is the beginning of the
 * word but for its last letter (policy: polici; hoping: hope), so for wildcards
 * terms that fail at their last letter are looked at too. Cost: a seek for each
 * beginning that might match, a decoded record for each term that might.
 *
 * Where one of the languages takes prefixes off (Indonesian dibeli: beli), a
 * word is under any term, and for wildcards all are looked at.
 *
 * At most EXPAND_TERMS terms are kept: the nearest, of equal ones those in
 * most documents.
 */
#ifndef QUERY_EXPAND_H
#define QUERY_EXPAND_H

#include "index/index.h"
#include "query/arena.h"
#include "query/pattern.h"
#include "text/lexers.h"

enum { EXPAND_TERMS = 1000 };

/* What is looked for: forms that match `form`, terms that match `term` (NULL:
 * none). */
struct expand_query {
    const struct pattern *form;
    const struct pattern *term;
    bool title; /* among the terms of titles */
};

struct expanded {
    struct view term; /* as in a segment: 01 in front for titles */
    uint64_t df;      /* summed over segments, dead documents included */
    unsigned distance;
};

struct expansion {
    struct expanded *term; /* by distance, then falling df, then bytes */
    size_t n;
    size_t found; /* above n where it was cut */
};

/* Fills *out, in the arena, from the terms of n indexes. 0 or negative. */
int expand(struct expansion *out, const struct expand_query *q,
           struct index *ix, unsigned n, const struct lexer_list *lexers,
           struct arena *arena, struct err *err);

/* The folded word of a form, borrowed until the next call. `term` is not NULL:
 * an empty view where the form is found under another term in every language
 * (of two spellings the plain one). 0 or negative. */
int expand_fold(const struct lexer_list *lexers, const struct form *form,
                const struct view *term, uint8_t room[LEXEME_FORM_MAX],
                struct view *out);

#endif
