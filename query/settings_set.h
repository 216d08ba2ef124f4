/*
 * settings_set.h - sets one option of `query`, from the command line or a
 * request of --batch: what settings.c, settings_request.c and the two that
 * implement it share.
 */
#ifndef QUERY_SETTINGS_SET_H
#define QUERY_SETTINGS_SET_H

#include "query/option_table.h"
#include "query/settings.h"

enum { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* What a terminal is to get. */
struct when {
    int colour;
    int hyperlink;
};

/* Sets an option or adds an operand. 0; ERR_USAGE with a message; ERR_NOMEM
 * without. */
int settings_set(struct settings *s, const struct options *o, struct when *when,
                 struct err *err);

/* The same of options whose value is more than a word to keep. */
int settings_value(struct settings *s, const struct options *o,
                   struct when *when, struct err *err);

/* Options that say which documents: those of enum option_id from --since to
 * --field. */
bool settings_is_limit(int id);
/* Sets one; the value is borrowed. 0 or ERR_USAGE. */
int settings_limit(struct limits *l, int id, struct view v, struct err *err);

#endif
