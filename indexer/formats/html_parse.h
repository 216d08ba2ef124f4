/*
 * html_parse.h - HTML becomes elements and text, in order: libxml2's parser,
 * which ends what was left open and ignores what makes no sense. The one file
 * that knows that library, which is loaded when it is first needed.
 *
 * No tree is built: memory is a few bytes for each element that is open.
 * Entities are HTML's own, those that a document declares are text; nothing is
 * fetched.
 *
 *     html_parse(page, &events, &mine, &end, &err);
 */
#ifndef INDEXER_HTML_PARSE_H
#define INDEXER_HTML_PARSE_H

#include "base/buf.h"
#include "base/err.h"

/* Each gets `arg`; where one returns other than 0, parsing stops there. Names
 * are in lower case. Each start has its end, in the right order. */
struct html_events {
    /* attr: name, value or NULL, …, NULL; or NULL where there are none */
    int (*start)(void *arg, const char *name, const char *const *attr);
    int (*end)(void *arg);
    int (*text)(void *arg, struct view text); /* in pieces */
};

/* Parses a page in well-formed UTF-8 without NUL bytes, whatever it says of its
 * encoding. *end is how far it came: page.n or, where an event stopped it, a
 * place behind what was reported. What that event returned, else 0;
 * ERR_NOTFOUND without the library; ERR_NOMEM. */
int html_parse(struct view page, const struct html_events *events, void *arg,
               size_t *end, struct err *err);

#endif
