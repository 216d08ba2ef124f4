/*
 * detect.h - the language of a text.
 *
 * A script that one language is written in says it all (Thai, Korean, Greek,
 * Japanese by its kana); of those that many share (Latin, Cyrillic, Arabic,
 * Devanagari, Hebrew) the function words are counted, such as "the", "und",
 * "yang", and the letters that not all of them have. The script with the most
 * letters decides, a Chinese character counting as three. In Latin letters
 * English stands unless another language has clearly more: short texts, lists
 * of names and tables are not moved by a handful of chance words.
 *
 * A pure function of the bytes. Cost: at most DETECT_BYTES are looked at, in
 * pieces from all over the text: 6 microseconds.
 *
 *     struct detector *d;
 *     char code[3];
 *     if (detector_open(&d) < 0) ...
 *     detector_ask(d, text, code);
 *     detector_free(d);
 */
#ifndef TEXT_DETECT_H
#define TEXT_DETECT_H

#include "base/buf.h"

enum { DETECT_BYTES = 2048 };

struct detector;

/* 0 or ERR_NOMEM. */
int detector_open(struct detector **out);

/* Fills in the ISO 639-1 code of the language, two letters and a NUL: "" where
 * there is nothing to go by, such as a letter. */
void detector_ask(const struct detector *d, struct view text, char code[3]);

void detector_free(struct detector *d); /* NULL is allowed */

#endif
