/*
 * acronym.h - what a text says its short forms stand for.
 *
 * "Regional Comprehensive Economic Partnership (RCEP)" gives the pair RCEP and
 * its long form; so do "RCEP (Regional Comprehensive Economic Partnership)" and,
 * within brackets, as Chinese and Thai texts have it, "(Regional Comprehensive
 * Economic Partnership, RCEP)". A pure function of the bytes; only what stands
 * around an opening bracket is looked at, so it costs next to nothing.
 *
 * After Schwartz and Hearst, "A simple algorithm for identifying abbreviation
 * definitions in biomedical text", Pacific Symposium on Biocomputing 2003: a
 * short form has 2 to 10 characters, one of them a letter, the first one a letter
 * or digit; its long form lies in the min(|A| + 5, 2 |A|) words beside it, and has
 * its characters in their order, the first at the beginning of a word. What they
 * find by running from the right is found here by the cheapest alignment, and
 * more is asked of it, for in news brackets hold many other things:
 *
 *   - a short form is written in capitals, or has two of them (PhD); a plural s
 *     behind them is dropped (FTAs);
 *   - a word gives its first letter or none, and then perhaps others behind it
 *     (KOICA: Korea International Cooperation Agency); at most half of all
 *     letters are others, and then no word is passed over;
 *   - where all are first letters, few words may be passed over (CPTPP is silent
 *     about Agreement), beside function words; the last one never;
 *   - a long form is two words at least, one sentence at most, and does not
 *     begin with a function word or have the short form in it.
 *
 * Letters are compared without case and accents. A long form is given on one
 * line: a word parted at a line's end is joined, and the number of a footnote
 * behind a word is left out.
 *
 *     struct acronyms a = {0};
 *     acronyms_begin(&a, text);
 *     while ((rc = acronyms_next(&a, &pair)) > 0)
 *         use(pair.brief, pair.full);
 *     acronyms_end(&a);
 */
#ifndef TEXT_ACRONYM_H
#define TEXT_ACRONYM_H

#include "base/buf.h"

enum {
    ACRONYM_BRIEF = 10, /* characters of a short form */
    ACRONYM_FULL = 160  /* bytes of a long form */
};

struct acronym {
    struct view brief; /* of the text: RCEP, U.S. */
    struct view full;  /* until the next call */
    size_t at;         /* byte of the text at which the bracket opens */
};

enum { ACRONYM_LETTERS = 256 }; /* of where a long form is sought */

/* A scan of one text; zeroed before the first. */
struct acronyms {
    struct view text;
    size_t ascii, wide; /* where the next brackets of these kinds are */
    struct buf line;    /* where a long form is sought, on one line */
    struct buf raw;     /* room to fold a word, in two steps */
    struct buf fold;
    unsigned nwords; /* of `line`, parted by blanks; 255 at most */
    uint16_t start[ACRONYM_LETTERS];  /* byte at which each begins */
    uint8_t passed[ACRONYM_LETTERS];  /* words before it but function words */
    uint32_t letter[ACRONYM_LETTERS]; /* letters and digits, folded */
    uint8_t word[ACRONYM_LETTERS];    /* number of the word each is of */
    uint8_t first[ACRONYM_LETTERS]; /* begins a word (2), or part of one (1) */
    unsigned nletters;
};

/* Text is borrowed. */
void acronyms_begin(struct acronyms *a, struct view text);

/* The next pair: 1, 0 at the end, ERR_NOMEM. */
int acronyms_next(struct acronyms *a, struct acronym *out);
void acronyms_end(struct acronyms *a);

#endif
