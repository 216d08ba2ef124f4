/*
 * mail_header.h - the head of a message or of a part of one (RFC 5322, 2045,
 * 2047, 2231): where its fields are and what they say.
 *
 *     n = mail_header_read(message, &h);       // its body begins at byte n
 *     mail_words(h.subject, &title);
 *     mail_parameter(h.type, "charset", &label);
 */
#ifndef INDEXER_FORMATS_MAIL_HEADER_H
#define INDEXER_FORMATS_MAIL_HEADER_H

#include "base/buf.h"

/* The fields that are of use, as they stand there, with their line ends: the
 * first of each name, empty where there is none. */
struct mail_header {
    struct view from, to, cc, subject, date, message_id, language;
    struct view type, encoding, disposition; /* Content-... */
};

/* Reads the head that v begins with: its bytes with the empty line behind it.
 * It ends, too, before a line that is no field. A line "From " that mbox puts
 * before a message is passed over. */
size_t mail_header_read(struct view v, struct mail_header *h);

/* Appends the text of a field: without line ends, with encoded words decoded,
 * well-formed UTF-8 without control characters. 0 or ERR_NOMEM. */
int mail_words(struct view field, struct buf *out);

/* What the field begins with, up to a ';', without comments and blanks, in small
 * letters: "text/plain". Cut at `size` bytes with its NUL. */
void mail_token(struct view field, char *out, size_t size);

/* Appends the value of a parameter, as of name="value", of its continuations
 * (name*0, name*1) and of those with a charset (name*=utf-8''%c3%a9). 0 or
 * ERR_NOMEM. */
int mail_parameter(struct view field, const char *name, struct buf *out);

#endif
