/*
 * utf16.h - UTF-16 with a byte order mark becomes UTF-8.
 */
#ifndef TEXT_UTF16_H
#define TEXT_UTF16_H

#include <stdbool.h>

#include "base/buf.h"

/* Whether v begins with a UTF-16 byte order mark, FF FE or FE FF, and is not
 * UTF-32. */
bool utf16_marked(struct view v);

/* Appends what v, which is marked, says in UTF-8, without the mark. Unpaired
 * surrogates and a last odd byte become U+FFFD and are counted in *errors.
 * 0 or ERR_NOMEM. */
int utf16_decode(struct view v, struct buf *out, size_t *errors);

#endif
