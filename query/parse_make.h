/*
 * parse_make.h - what the files that make the tree of a query share: parse.c
 * (clauses and groups), parse_row.c (what stands between quotes).
 */
#ifndef QUERY_PARSE_MAKE_H
#define QUERY_PARSE_MAKE_H

#include "query/parse.h"

/* A node; NULL when memory is out. */
struct node *parse_make(struct parse *p, enum node_kind kind, bool title,
                        struct view text);

/* One more word: 0 or ERR_USAGE. */
int parse_count(struct parse *p, struct err *err);

/* The node of the text between quotes: a NODE_PHRASE, or a NODE_ROW where one of
 * its words is a pattern or may be misspelled, or there is a group of
 * alternatives. 0, ERR_USAGE, ERR_NOMEM. */
int parse_quoted(struct parse *p, struct view text, bool title,
                 struct node **out, struct err *err);

/* Notes groups in the text of a NODE_WITHIN, which has none. */
void parse_note_groups(struct parse *p, struct view text);

#endif
