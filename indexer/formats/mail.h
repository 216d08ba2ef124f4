/*
 * mail.h - a message (RFC 5322, MIME: RFC 2045 to 2049), or a mailbox of them
 * (mbox.h), as a reader sees it.
 *
 * The text of a message is that of its parts: of alternatives the plain text,
 * or else the HTML; texts that are attached; messages that were forwarded, with
 * their subject and sender. Of other attachments the name is kept. Subject,
 * date and language are those of the message, From, To and Cc fields, names of
 * attachments fields named "attachment".
 *
 * A charset that a part does not name, or names wrongly, is UTF-8 if it can be
 * that, and else guessed as that of plain text is. Damage is never an error: a
 * part whose end is missing goes on to the end, one that names no boundary is
 * text.
 */
#ifndef INDEXER_FORMATS_MAIL_H
#define INDEXER_FORMATS_MAIL_H

#include "indexer/formats/extract.h"

enum {
    MAIL_DEPTH = 20,   /* parts in each other; deeper ones are left out */
    MAIL_PARTS = 10000 /* more are an ERR_FULL */
};

/* Of extract.h's shape. ERR_USAGE: there is no head. */
int eml_extract(struct view bytes, const struct extract_limits *limits,
                struct extract *x, struct err *err);

/* Each message is a page, which begins with lines of its subject, its sender
 * and its date. ERR_USAGE: there is no message. */
int mbox_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err);

#endif
