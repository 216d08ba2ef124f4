/*
 * mail_decode.h - the two encodings that bytes of mail travel in (RFC 2045),
 * and what the bytes of a text say.
 *
 * Nothing is an error: what is no escape stays as it is, what is no character
 * of base64 is passed over.
 */
#ifndef INDEXER_FORMATS_MAIL_DECODE_H
#define INDEXER_FORMATS_MAIL_DECODE_H

#include "base/buf.h"
#include "base/err.h"

/* Append the decoded bytes. `word`: as in an encoded word, where _ is a blank.
 * 0 or ERR_NOMEM. */
int mail_quoted_printable(struct view v, bool word, struct buf *out);
int mail_base64(struct view v, struct buf *out);

/* Appends the text of bytes in the charset of that label, as UTF-8. Where there
 * is none, it is unknown or is US-ASCII and other bytes are there: as UTF-8 if
 * they are well-formed, else `other` (as "windows-1252"); NULL for U+FFFD. 0 or
 * ERR_NOMEM. */
int mail_text(struct view bytes, struct view label, const char *other,
              struct buf *out);

#endif
