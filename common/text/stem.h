/*
 * stem.h - Snowball stemmers (the only file that knows libstemmer).
 */
#ifndef TEXT_STEM_H
#define TEXT_STEM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

enum { STEMMERS = 29 }; /* languages, numbered; 0 is "none" */

struct stemmer;

/* The number of a document's language as documents say it, in lower case: a
 * code and perhaps more ("pt", "pt-br", "por") or a name ("english"). 0 for one
 * that Snowball does not stem. */
unsigned stemmer_number(struct view language);

/* Whether stems of that language may begin otherwise than their words: prefixes
 * are stripped (Arabic, Indonesian), or letters changed. */
bool stemmer_prefixes(unsigned number);

/* The name of a number ("english"); its code of two letters, empty for 0. */
const char *stemmer_name(unsigned number);
struct view stemmer_code(unsigned number);

/* `language` is a Snowball name or ISO 639 code ("english", "en"), or "none",
 * whose stemmer gives each word back. 0; ERR_USAGE for an unknown one, with
 * the known names in the message; ERR_NOMEM. */
int stemmer_open(struct stemmer **out, const char *language, struct err *err);

/* The stem of a folded word; borrowed until the next call. A stem that would
 * be empty is the word itself; memory running out gives {NULL, 0}. */
struct view stemmer_stem(struct stemmer *s, struct view word);

/* The Snowball name of the language ("english"), or "none". */
const char *stemmer_language(const struct stemmer *s);

/* NULL-ended list of the names libstemmer has. */
const char **stemmer_languages(void);

/* A fingerprint of libstemmer's rules, which say no version themselves:
 * "Snowball 1a2b3c4d"; NULL if memory ran out. The first call must not race
 * another. */
const char *stemmer_version(void);

void stemmer_free(struct stemmer *s);

#endif
