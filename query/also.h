/*
 * also.h - other words for words of a query: acronyms and their long forms.
 *
 * What the documents say of short forms (senses.h) is noted in the tree of a
 * query, at the words it is about; plan.c makes alternatives of it. Widened are
 * plain words alone: not what is quoted, behind = or a minus, in title:, near
 * something or with wildcards.
 *
 *   - A word that is a short form, written as one (capitals), also finds its long
 *     form, as a phrase of stems. In lower case it does where few documents have
 *     the word but those that explain it: `rcep`, and not `it` or `who`.
 *   - Words in a row that are a long form, stem by stem, also find its short form:
 *     in any form of that word, or, where it is an ordinary word as well, written
 *     as the document writes it (WHO, not who). The longest row counts, and its
 *     words are not looked at by themselves.
 *
 * A short form of several senses is widened by those that are stated often enough,
 * each weighted by its share.
 */
#ifndef QUERY_ALSO_H
#define QUERY_ALSO_H

#include "query/senses.h"

/* An occurrence counts so much of one of the words themselves. */
#define ALSO_WEIGHT 0.5

enum {
    ALSO_WORDS = 15, /* in a row that can be a long form */
    ALSO_MAX = 16    /* of a query: the rest is not widened */
};

/* Another word or phrase for `words` words of a list from a node on. */
struct also {
    struct also *next;     /* for the same words */
    struct also *reported; /* of the whole query, in its order */
    struct view term;      /* the words as written */
    struct view text;      /* what is searched as well */
    bool exact;            /* in that spelling alone */
    double weight;
    uint32_t docs; /* that say so */
};

/* Notes in the tree what else its words find; *out becomes a list of it by
 * `reported`. 0 or negative. */
int also_find(const struct senses_env *env, struct node *query,
              struct also **out, struct err *err);

/* Appends one of them as a line of text for people. */
int also_text(const struct also *a, struct buf *out);

#endif
