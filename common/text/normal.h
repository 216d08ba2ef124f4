/*
 * normal.h - Unicode normalisation (the only file that knows utf8proc).
 *
 * All functions append to `out`; 0 or ERR_NOMEM. Ill-formed UTF-8 in the
 * input becomes U+FFFD first. Default-ignorable characters (soft hyphen,
 * zero-width space and joiners, byte order mark) vanish in every one.
 */
#ifndef TEXT_NORMAL_H
#define TEXT_NORMAL_H

#include "base/buf.h"

/* NFC, curly apostrophes (U+2018, U+2019, U+02BC, U+FF07) as ': how a form is
 * kept. Line ends inside (behind a soft hyphen) vanish. */
int normal_form(struct view raw, struct buf *out);

/* NFKC and full case folding (toNFKC_Casefold), apostrophes as above: the
 * word before stemming. */
int normal_fold(struct view raw, struct buf *out);

/* NFKC without folding the case, apostrophes as above. */
int normal_compat(struct view raw, struct buf *out);

/* Takes accents off: combining marks behind Latin, Greek, Arabic and Hebrew
 * letters go, and đ ð ø ł æ œ ı ħ ŧ þ become d d o l ae oe i h t th; marks
 * of every other script stay. Input is what normal_fold or a stemmer gave. */
int normal_unaccent(struct view folded, struct buf *out);

/* Bytes of the first extended grapheme cluster of v (UAX #29); 0 if empty. */
size_t normal_cluster(struct view v);

/* Columns v takes on a terminal (East Asian wide 2, marks 0). */
size_t normal_width(struct view v);

/* utf8proc's version and the Unicode version it implements, for config. */
const char *normal_version(void);

#endif
