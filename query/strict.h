/*
 * strict.h - --strict: what broke a rule of the query language is an error,
 * and where it did is pointed at.
 */
#ifndef QUERY_STRICT_H
#define QUERY_STRICT_H

#include "query/session.h"

/* ERR_USAGE with the column in the message if the session's notes say that
 * something in `query` is wrong; unless it is a batch, the query with a caret
 * below that place goes to the session's messages. 0 if all is well. */
int strict_check(struct session *s, struct view query);

#endif
