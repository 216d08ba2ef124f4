/*
 * link.h - links on a terminal, as ls(1) makes them: OSC 8 around the text
 * that is clicked, with file://HOST/PATH and, behind a #, a line.
 *
 * All but letters, digits and - . _ ~ / is %-encoded, so that no name ends the
 * escape sequence.
 */
#ifndef QUERY_LINK_H
#define QUERY_LINK_H

#include <stdint.h>

#include "base/buf.h"

/* Appends what goes before the text of a link to a file, given by its absolute
 * path; line 0 for none. 0 or ERR_NOMEM. */
int link_begin(struct buf *out, struct view file, uint32_t line);
int link_end(struct buf *out);

#endif
