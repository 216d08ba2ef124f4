/*
 * lex_word.h - what a word between white space is, by the signs in it: plain,
 * a pattern, or a word that may be misspelled; and numbers behind ^ and ~.
 */
#ifndef QUERY_LEX_WORD_H
#define QUERY_LEX_WORD_H

#include "query/lex.h"

/* Sets the kind of item->text (LEX_WORD, LEX_PATTERN, LEX_FUZZY), and what the
 * kind needs: a pattern loses the punctuation behind it, a fuzzy word its ~.
 * What looks like one and breaks a rule gets a note. */
void lex_word(struct lex_item *item, struct notes *notes);

/* Notes what a word behind = cannot have: * or ~. */
void lex_exact(struct view word, struct notes *notes);

/* The bytes that a boost takes at the end of a word, or 0. */
size_t lex_boost_tail(struct view word);

/* The boost that v begins with, up to the end of a word: the bytes of it and
 * its factor; 0 where there is none. */
size_t lex_boost(struct view v, double *factor);

/* Notes what begins with ^ and is no boost, where it was meant for one: there
 * is nothing behind the ^ or the beginning of a number. */
void lex_boost_note(struct view boost, struct notes *notes);
bool lex_like_number(struct view v);

/* Digits that v begins with, at most 5 of them: how many; *n gets the number.
 */
size_t lex_number(struct view v, uint32_t *n);

/* Whether a word between quotes is a pattern or may be misspelled: letters alone
 * with wildcards between and behind them, or with a ~ at the end, for texts are
 * quoted with their stars and tildes. Sets the item as lex_word does. */
bool lex_slot(struct lex_item *item, struct notes *notes);

/* What may follow a word without being part of it. */
bool lex_punctuation(uint8_t c);

#endif
