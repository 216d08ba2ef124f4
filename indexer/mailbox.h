/*
 * mailbox.h - messages from a mailbox (mbox), one after the other.
 *
 * A record is a message by its bytes: what it says is got from them by whoever
 * reads records (intake_record), in the process that reads other formats. Its
 * id is its Message-ID or, where it has none, the mailbox's name and the number
 * of the byte it begins at. What stands before the first message is passed over,
 * but a stream that holds none at all fails.
 */
#ifndef INDEXER_MAILBOX_H
#define INDEXER_MAILBOX_H

#include "indexer/records.h"

struct mailbox;

/* `path` "-" is stdin. Messages over max bytes are refused. ERR_IO,
 * ERR_NOMEM. */
int mailbox_open(struct mailbox **out, const char *path, size_t max,
                 struct err *err);

/* As records_next. */
int mailbox_next(struct mailbox *m, struct record *out,
                 const volatile sig_atomic_t *stop, struct err *err);

/* The charset of what does not name its own (charset_name). 0 or ERR_NOMEM. */
int mailbox_charset(struct mailbox *m, const char *charset);

void mailbox_close(struct mailbox *m); /* NULL is allowed */

#endif
