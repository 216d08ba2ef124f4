/*
 * glued.h - the word that a footnote's number was glued to.
 *
 * What makes text of a page or of HTML often leaves no blank beside a footnote
 * number: policy12, war.2In. Given a whole token, get how many of its bytes
 * are such a number, so that the word is found as well:
 *
 *   behind   one to three digits behind three or more letters
 *   before   one to three digits before a capitalised word, where . ; or ”
 *            stands before them
 *
 * Marks and apostrophes go with the letters; anything else in the token (G20,
 * 1990s, RMB500m, 1.7bn) says that it is no word with a number beside it.
 */
#ifndef TEXT_GLUED_H
#define TEXT_GLUED_H

#include <stdint.h>

#include "base/buf.h"

enum { GLUED_DIGITS = 3 }; /* of a number, at most */

/* Bytes of the number in front of a word or behind it; at most one is not 0. */
struct glued {
    uint8_t before, behind;
};

/* The number glued to the token [start, end) of a text, of which nothing before
 * byte `from` is looked at. `scratch` has room for a folded character. */
struct glued glued_find(struct view text, uint32_t from, uint32_t start,
                        uint32_t end, struct buf *scratch);

#endif
