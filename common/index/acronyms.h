/*
 * acronyms.h - which documents say what a short form stands for.
 *
 * The pairs that a document states (text/acronym.h) are a fact about it: a
 * field of its record whose name begins with a byte 01, as no user's does. So the
 * rows of the `field` table (fields.h) say for each pair which living documents
 * state it, whatever is added, removed or merged, and what is made of them is
 * decided when a query is asked. A pair has two rows, so that it is found by one
 * seek from either side:
 *
 *     short form 02 long form
 *     first word of the long form 03 three bytes of the next 03 short form
 *
 * all of it folded (NFKC, case, accents), the dots of short forms left out. Both
 * kinds lie behind the same word, so that a seek for a word of a query tells
 * whether it is either.
 *
 *     rc = acronym_rows(&w, txn, buf_view(&prefix), &err);
 *     while (rc == 0 && (rc = fields_next(&w, bits)) > 0)
 *         use(w.value, w.page, bits);        // what follows the prefix
 *     fields_walk_end(&w);
 */
#ifndef INDEX_ACRONYMS_H
#define INDEX_ACRONYMS_H

#include "index/fields.h"
#include "text/acronym_pairs.h"

#define ACRONYMS_FIELD "\001a" /* what the field is called */

/* Appends the two values of a pair's rows, one behind the other, and sets *n to
 * the length of the first; neither where one is too long for a key. */
int acronym_values(const struct acronym_pair *p, struct buf *out, size_t *n);

/* All rows whose values begin so. 0 or negative; fields_walk_end in either
 * case. */
int acronym_rows(struct field_walk *w, struct txn *t, struct view prefix,
                 struct err *err);

/* Whether words are short forms or begin long ones: one seek for most. */
enum { ACRONYM_IS_BRIEF = 1, ACRONYM_IS_HEAD = 2 };
struct acronym_words {
    struct cursor *cursor; /* NULL: no document states any */
    struct buf key;
};

/* 0 or negative; acronym_words_close in either case. `err` is borrowed. */
int acronym_words_open(struct acronym_words *w, struct txn *t, struct err *err);

/* What a folded word is: bits of the above, or negative. */
int acronym_word(struct acronym_words *w, struct view word);

/* Whether any row begins as acronym_head says: 1, 0, negative. */
int acronym_begins(struct acronym_words *w, struct view head);
void acronym_words_close(struct acronym_words *w);

#endif
