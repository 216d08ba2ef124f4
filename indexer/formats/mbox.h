/*
 * mbox.h - where the messages of a mailbox begin: at lines "From sender Tue Jan
 * 4 12:00:00 2022".
 *
 * An empty line before it is not asked for, for it is often missing, but the
 * date is: so "From here on" in a text does not cut it. Lines of a message that
 * begin so have a '>' before them (mboxrd).
 */
#ifndef INDEXER_FORMATS_MBOX_H
#define INDEXER_FORMATS_MBOX_H

#include "base/buf.h"

enum { MBOX_LINE = 512 }; /* bytes of such a line at most */

/* The first such line that begins at byte `at` of v or behind it; v.n where
 * there is none. */
size_t mbox_find(struct view v, size_t at);

/* Appends a message without its first line, and without the '>' that quotes a
 * line. 0 or ERR_NOMEM. */
int mbox_message(struct view v, struct buf *out);

#endif
