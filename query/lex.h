/*
 * lex.h - the text of a query cut into items: words, phrases, signs, groups.
 *
 * Ordinary text never fails: what looks like an operator but breaks its rule
 * is text, with a note where the reader may have meant something else.
 *
 *   item     written             where
 *   PLUS     +                   behind white space, before a word, quote, (
 *   MINUS    -                   behind white space, before a letter, quote, (
 *   OPEN     (                   where an item may begin; inside a word it
 *                                is text: f(x)
 *   CLOSE    )                   while a group is open
 *   PHRASE   "…" “…” „…“         a quote that is not closed ends with the text;
 *                                what may stand in it: parse_row.c
 *   EXACT    =Word               where an item may begin
 *   TITLE    title:              before a word, =, quote or (
 *   PATH     path:TEXT           TEXT up to white space, or quoted
 *   ID       id:N
 *   DATE     date:2022-03        or a range (when.h)
 *   LANG     lang:th
 *   AND OR NOT                   in capitals, standing alone
 *   BESIDE   NEAR NEAR/5         likewise
 *   PATTERN  rail* w?ld w*ld     two letters before the first wildcard, or
 *                                one and two behind; a ? at the end is
 *                                punctuation
 *   FUZZY    word~ word~1 word~2 one word
 *   WITHIN   "…"~5               a phrase with a number behind it
 *   BOOST    ^2 ^0.5             right behind any of these but fields, and )
 *   WORD     anything else between white space
 *
 * "Behind white space" includes the start of the query and of a group.
 */
#ifndef QUERY_LEX_H
#define QUERY_LEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "query/notes.h"

enum {
    LEX_DEPTH = 64,     /* groups inside groups; more is an error */
    LEX_FUZZY_LONG = 6, /* from so many letters on, ~ is ~2 */
    LEX_BOOST_MAX = 1000,
    LEX_NEAR = 10,      /* the distance of NEAR without a number */
    LEX_NEAR_MAX = 1000 /* and the largest of all */
};

enum lex_kind {
    LEX_END,
    LEX_WORD,
    LEX_EXACT,
    LEX_PHRASE,
    LEX_PATTERN,
    LEX_FUZZY,
    LEX_WITHIN,
    LEX_PATH,
    LEX_ID,
    LEX_DATE,
    LEX_LANG,
    LEX_TITLE,
    LEX_OPEN,
    LEX_CLOSE,
    LEX_PLUS,
    LEX_MINUS,
    LEX_AND,
    LEX_OR,
    LEX_NOT,
    LEX_BESIDE, /* NEAR */
    LEX_BOOST
};

struct lex_item {
    enum lex_kind kind;
    struct view text; /* without quotes, = or field name; borrowed */
    uint32_t number;  /* behind the ~ or the / */
    double factor;    /* of a boost */
};

struct lex {
    struct view text;    /* borrowed */
    struct notes *notes; /* borrowed */
    size_t at;           /* next byte */
    unsigned depth;      /* open groups */
    enum lex_kind last;  /* kind of the item before */
};

void lex_init(struct lex *lx, struct view text, struct notes *notes);

/* 1 with the next item, 0 at the end (LEX_END), ERR_USAGE where groups are
 * nested too deep. */
int lex_next(struct lex *lx, struct lex_item *item, struct err *err);

/* Bytes of white space (any of Unicode's, or a control character) that v
 * begins with: of one character, or 0. */
size_t lex_blank(struct view v);

#endif
