/*
 * scan.h - text cut into tokens, one after the other (private to words.c,
 * which adds positions, compounds and zones).
 *
 * A scan walks the bytes [at, end) of a text. Two ways give the same tokens:
 * plain ASCII goes through a table of byte classes (scan.c), or 64 bytes at a
 * time where whole stretches are plain (scan_plain.c); everything else, and any
 * ASCII word beside something else, through the segments of segment.h
 * (scan_word.c) or the runs of unspaced scripts (scan_run.c), which come in
 * stretches, too, where they are of Chinese. Each byte is
 * looked at a bounded number of times, and only the fields below are
 * remembered.
 *
 * A token starts afresh: what was before `at` does not matter, unless `at` is
 * within a list of numbers (number_end).
 */
#ifndef TEXT_SCAN_H
#define TEXT_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "text/segment.h"
#include "text/words.h"

struct scan {
    struct view text;        /* borrowed */
    uint32_t at;             /* next byte to look at */
    uint32_t end;            /* byte behind the last */
    bool general;            /* never take the way for ASCII (for tests) */
    uint32_t segment_end;    /* of the segment that holds `at`, if behind it */
    uint32_t number_end;     /* of the digits, dots and commas that hold `at` */
    uint32_t decimal_end;    /* of the part of them between two commas */
    uint32_t uncoded;        /* no encoded bytes begin before it */
    bool grouped;            /* they are 1,000 or 1,000.5 */
    bool decimal;            /* that part is 1.5 */
    uint8_t run;             /* script of the unspaced run at `at`, or 0 */
    uint32_t cluster_end;    /* in a run: behind the cluster at `at` ... */
    uint32_t cluster_next;   /* ... and behind what is invisible after it ... */
    bool cluster_broken;     /* ... which holds the end of a line */
    uint8_t cluster_follows; /* bytes of the run's character there, or 0 */
    struct buf fold, plain;  /* scratch for one character */
};

/* A token without its position. (start and end are not neighbours: copied as
 * one word of eight bytes just after they were written as two of four, they
 * would stall the processor at every token.) */
struct piece {
    uint32_t start; /* its bytes [start, end) */
    uint8_t kind;   /* enum token_kind, never TOKEN_JOINED */
    bool linked;    /* a hyphen and another word follow at once ... */
    bool divided;   /* ... or in the next line */
    bool grows;     /* one character that normalises to several words */
    bool broken;    /* may hold soft hyphens at line ends */
    bool coded;     /* encoded bytes, of which SCAN_CODED are the token's */
    uint32_t end;
};

/* Encoded bytes, as of base64 or in hexadecimal, are a run of letters, digits
 * and + / = _ - that is longer than SCAN_RUN, or SCAN_LINES lines and more that
 * begin with SCAN_CODED of them and, but for the last, consist of them. */
enum { SCAN_RUN = 200, SCAN_LINES = 4, SCAN_CODED = 60 };

/* Makes room for what a scan needs, once; 0 or ERR_NOMEM. */
int scan_init(struct scan *s);

/* Starts on bytes [from, to) of the text. */
void scan_start(struct scan *s, struct view text, uint32_t from, uint32_t to);

/* The next token: true, or false at the end. */
bool scan_next(struct scan *s, struct piece *p);

/* scan_plain.c: up to `max` of the next tokens that are as words_plain says;
 * how many, and how many of these are joined. */
unsigned scan_plain(struct scan *s, struct plain *out, unsigned max,
                    unsigned *joined);

/* scan_run.c: the same of runs of Chinese; none is joined. */
unsigned scan_chinese(struct scan *s, struct plain *out, unsigned max);

/* The same, passed over. */
unsigned scan_skip(struct scan *s, unsigned max);

void scan_release(struct scan *s);

/* The character at byte `at` (at < s->end). */
static inline struct segment_char scan_char(const struct scan *s, uint32_t at)
{
    return segment_char(s->text.p + at, s->text.p + s->end, true);
}

/* Behind the marks and invisible characters from `at` on, up to `limit`.
 * *visible, if wanted, is set behind the last of them that shows (and left
 * alone if none does), *broken when a line ends among them. */
uint32_t scan_ignored(const struct scan *s, uint32_t at, uint32_t limit,
                      uint32_t *visible, bool *broken);

/* Of what segment_ignores: marks, but no format characters. Tokens end behind
 * the last that shows (U+200C is a format character by another name). */
static inline bool scan_shows(const struct segment_char *ch)
{
    return ch->wb == WB_EXTEND && ch->c != 0x200C;
}

/* A letter or digit of a script with spaces: what words consist of. */
static inline bool scan_is_spaced(const struct segment_char *ch)
{
    return ch->cls->is_word && !ch->cls->grows &&
           !script_unspaced(ch->cls->script);
}

/* scan_word.c: the word, number or abbreviation that starts at s->at, within
 * its segment. */
void scan_word(struct scan *s, struct piece *p);

/* Whether the bytes before an apostrophe are an article or pronoun that
 * French and Italian elide: l, qu, dell ... */
bool scan_elides(const uint8_t *p, size_t n);

/* scan_run.c: the next token of the run that holds s->at, whose script is
 * s->run or, when it begins, that of the character there. */
void scan_run(struct scan *s, struct piece *p);

#endif
