/*
 * parse.h - the tree of a query.
 *
 *     query  = list { "OR" list } ;
 *     list   = clause { ["AND"] clause } ;
 *     clause = [ "+" | "-" | "NOT" ] near ;
 *     near   = atom { "NEAR" [ "/" number ] atom } ;
 *     atom   = ( [ "title:" ] ( "(" query ")" | text ) [ "^" factor ] )
 *            | "path:" text | "id:" number | "date:" range | "lang:" text ;
 *     text   = word | "=" word | slot | '"' row '"' [ "~" number ] ;
 *     slot   = pattern | word "~" [ number ] ;
 *     row    = item { item } ;
 *     item   = word | slot | "(" row "OR" row { "OR" row } ")" ;
 *
 * A list is clauses side by side: SHOULD, or MUST with + or next to AND (or
 * all of them with `all`), or MUST_NOT. An operator without its operand is
 * text, with a note; a group or quote that is not closed ends with the query.
 * Only size can fail: more than LEX_DEPTH groups inside each other, more than
 * PARSE_WORDS words.
 */
#ifndef QUERY_PARSE_H
#define QUERY_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "query/arena.h"
#include "query/notes.h"

enum { PARSE_WORDS = 1024 };

enum occur { OCCUR_SHOULD, OCCUR_MUST, OCCUR_MUST_NOT };

enum node_kind {
    NODE_OR,      /* child: lists, any of which may match */
    NODE_LIST,    /* child: clauses with their occur */
    NODE_WORD,    /* text: one blank-separated word */
    NODE_EXACT,   /* text: behind the = */
    NODE_PHRASE,  /* text: between the quotes */
    NODE_PATTERN, /* text: a word with wildcards */
    NODE_FUZZY,   /* text: a word, and number: letters that may differ */
    NODE_WITHIN,  /* text: between the quotes, and number: how near */
    NODE_NEAR,    /* child: atoms; each has `beside` */
    NODE_ROW,  /* child: phrases, patterns and groups, side by side; text: all
                   * of them */
    NODE_PATH, /* text: what the path contains */
    NODE_ID,   /* id */
    NODE_DATE, /* text: a date or range of dates */
    NODE_LANG  /* text: a language */
};

struct node {
    enum node_kind kind;
    enum occur occur; /* as a clause of the list around it */
    bool title;       /* in titles only */
    struct view text; /* borrowed from the query's text */
    uint32_t number;
    uint32_t beside; /* in a NODE_NEAR: positions from the atom before */
    double boost;    /* 1 mostly */
    uint64_t id;
    unsigned least; /* of an outermost list: so many of its unsigned clauses
                         * must match, or so many percent of them; 0: any */
    bool percent;
    struct also *also;   /* other words for this one and those behind it, … */
    unsigned also_words; /* so many in all: also.h */
    struct node *child;  /* first of them */
    struct node *next;   /* sibling */
};

struct parse {
    struct arena *arena; /* the tree is made here */
    struct notes *notes;
    bool all;       /* every unsigned clause is required */
    unsigned least; /* of the unsigned clauses of outermost lists */
    bool percent;
    unsigned words; /* so far, over all texts of one query */
};

/* The tree of one query text, a NODE_OR; `text` must outlive it. 0,
 * ERR_USAGE, ERR_NOMEM. */
int parse_query(struct parse *p, struct view text, struct node **out,
                struct err *err);

/* The same for text in which no character is an operator: a list of the
 * words between white space. */
int parse_words(struct parse *p, struct view text, struct node **out,
                struct err *err);

/* Appends the lists of `more` to those of `query`: either may match. */
void parse_or(struct node *query, struct node *more);

/* Appends what names documents, as path:x or id:7. */
int parse_print_docs(const struct node *n, struct buf *out);

/* Appends the tree as text, for tests: (or (list a +b -c) (list "d")). */
int parse_print(const struct node *n, struct buf *out);

#endif
