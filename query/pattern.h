/*
 * pattern.h - words that a word of the query stands for: those with its
 * wildcards filled in, or those that differ from it in a letter or two.
 *
 * A pattern is read character by character together with a word, and says at
 * each step whether any word that goes on like this could match. That lets a
 * walk over a sorted dictionary pass over all that cannot (expand.h).
 *
 *     pattern_start(p, &s[0]);
 *     for each character c of the word, i from 0
 *         if (!pattern_step(p, &s[i], c, &s[i + 1])) ...  // nothing like it
 *     if (pattern_end(p, &s[i]) != PATTERN_NONE) ...      // it matches
 *
 * What a word is at is a set of places in the pattern, a bit each. Distances
 * are Levenshtein's: letters put in, left out or exchanged for another ("Binary
 * codes capable of correcting deletions, insertions, and reversals", 1966); they
 * have a set for each number of letters that differ, and a step is a few
 * operations on them (Wu and Manber, "Fast text searching allowing errors",
 * 1992).
 */
#ifndef QUERY_PATTERN_H
#define QUERY_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum {
    PATTERN_MAX = 63,     /* characters and wildcards */
    PATTERN_ONE = -1,     /* ?: any character */
    PATTERN_MANY = -2,    /* *: any number of them */
    PATTERN_NONE = 255,   /* the distance of what does not match */
    PATTERN_DISTANCE = 3, /* that a fuzzy one may have */
    PATTERN_ASCII = 128
};

struct pattern {
    int32_t item[PATTERN_MAX]; /* characters, PATTERN_ONE, PATTERN_MANY */
    unsigned n;
    bool fuzzy;
    unsigned distance; /* of a fuzzy one: letters that may differ */
    uint64_t behind[PATTERN_ASCII]; /* the places behind each letter of ASCII */
};

/* Bit i: the word may be what the first i items stand for, with at most so many
 * letters that differ as is the number of the set. */
struct pattern_state {
    uint64_t places[PATTERN_DISTANCE + 1]; /* with wildcards the first alone */
};

/* Appends the characters of v; false where there is no room. */
bool pattern_add(struct pattern *p, struct view v);
bool pattern_add_wildcard(struct pattern *p, int32_t wildcard);

/* Characters in front of the first wildcard. */
unsigned pattern_literal(const struct pattern *p);

/* Characters of the shortest word that matches. */
unsigned pattern_least(const struct pattern *p);

void pattern_start(const struct pattern *p, struct pattern_state *s);
/* False where no word that begins so matches; *to is then void. */
bool pattern_step(const struct pattern *p, const struct pattern_state *from,
                  int32_t c, struct pattern_state *to);
/* Of a fuzzy one: the least character above c with which a word that is at s
 * goes on to match, 0 where there is none; where no word that goes on with c
 * does. */
int32_t pattern_next(const struct pattern *p, const struct pattern_state *s,
                     int32_t c);
/* The distance of a word that ends here (0 with wildcards), or PATTERN_NONE. */
unsigned pattern_end(const struct pattern *p, const struct pattern_state *s);

/* The same of a whole word. */
unsigned pattern_match(const struct pattern *p, struct view word);

#endif
