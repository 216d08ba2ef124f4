/*
 * shown.h - text of documents made fit to be shown.
 *
 * What came from a document is never trusted: on a terminal its control
 * characters could move the cursor, change colours or answer for the user, and
 * bidirectional overrides could turn words around. They become U+FFFD.
 */
#ifndef QUERY_SHOWN_H
#define QUERY_SHOWN_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends v with its white space, line ends included, as single blanks.
 * *blank says whether a blank went before, and keeps that between calls. */
int shown_line(struct buf *out, struct view v, bool *blank);

/* Appends v with control characters (C0 but \n and \t where `lines`, DEL, C1),
 * bidirectional controls and ill-formed bytes replaced. */
int shown_safe(struct buf *out, struct view v, bool lines);

/* Appends v with tabs and line ends as blanks. */
int shown_field(struct buf *out, struct view v);

/* Appends v with blanks, control characters and % as %XX. */
int shown_percent(struct buf *out, struct view v);

/* "2026-01-05T03:30:02Z" and a NUL for nanoseconds since 1970, without asking
 * for a time zone. */
enum { SHOWN_TIME = 32 };
void shown_time(uint64_t ns, char out[SHOWN_TIME]);

#endif
