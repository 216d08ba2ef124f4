/*
 * acronym_pairs.h - the pairs of a whole text, and how they are compared.
 *
 * What acronym.h finds in a text, each once, as lines that a record can hold;
 * and the folding by which two writings of a short or long form are one: NFKC,
 * case and accents, the dots of short forms left out. Pure functions.
 */
#ifndef TEXT_ACRONYM_PAIRS_H
#define TEXT_ACRONYM_PAIRS_H

#include <stdbool.h>

#include "base/buf.h"

enum {
    ACRONYMS_MAX = 64,     /* pairs of a text that are kept */
    ACRONYM_HEAD = 3,      /* bytes of a long form's second word in its key */
    ACRONYM_FULL_MARK = 2, /* in keys, between a short form and its long form */
    ACRONYM_BRIEF_MARK = 3 /* in keys, between what a long form begins with and
                              * its short form */
};

/* Appends what a text states, each pair once: lines of a short form, a tab and a
 * long form. 0 or ERR_NOMEM. */
int acronyms_of(struct view text, struct buf *out);

/* Cuts the first pair off *rest: false where there is none left. What makes no
 * sense is passed over. */
struct acronym_pair {
    struct view brief, full;
};
bool acronym_pair(struct view *rest, struct acronym_pair *out);

/* Appends a short form, or a long one, as keys have it. 0 or ERR_NOMEM. */
int acronym_fold_brief(struct view brief, struct buf *out);
int acronym_fold_full(struct view full, struct buf *out);

/* Appends what a folded long form begins with, marks and all: the prefix of its
 * short forms. False where it is a single word. */
bool acronym_head(struct view folded, struct buf *out);

#endif
