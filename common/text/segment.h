/*
 * segment.h - the word boundaries of Unicode Standard Annex #29.
 *
 * Given text, get one segment after the other: words, runs of white space,
 * single punctuation marks; together they are the whole text. All cases of
 * the conformance file WordBreakTest.txt pass. words.h makes words of them.
 *
 *     struct segmenter s;
 *     segmenter_init(&s, text);
 *     while (segmenter_next(&s, &from, &to)) ...   // bytes [from, to)
 *
 * Nothing before a boundary has a say in what follows it, so a segmenter may
 * start at any boundary. It looks ahead over marks and format characters
 * only, and over none of them more than twice: linear in any text.
 */
#ifndef TEXT_SEGMENT_H
#define TEXT_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "text/unicode.h"
#include "text/utf8.h"

struct segmenter {
    struct view text; /* borrowed */
    size_t at;        /* first byte of the next segment */
    bool tailored;    /* join over invisible characters, see segment_char */
};

/* One character as the rules see it. */
struct segment_char {
    int32_t c;                       /* code point, -1 where ill-formed */
    unsigned len;                    /* its bytes */
    enum word_break wb;              /* its class in the rules */
    const struct unicode_class *cls; /* its other properties */
};

void segmenter_init(struct segmenter *s, struct view text);

/* The next segment's bytes [*from, *to), false at the end of the text. */
bool segmenter_next(struct segmenter *s, size_t *from, size_t *to);

/* Bytes at p of a line's end: blanks, the end itself, and the blanks that the
 * next line begins with. Where a page ends with it, empty lines may be among
 * them; elsewhere they end a paragraph. 0 where no line ends at p, or more. */
unsigned segment_line_end(const uint8_t *p, const uint8_t *end);

/* The soft hyphen at p, which makes one invisible character with a line's end
 * behind it: bytes in all, 2 where no line ends there. */
unsigned segment_soft_hyphen(const uint8_t *p, const uint8_t *end);

/* The character at p (p < end). Tailored, a zero-width space and a soft
 * hyphen together with a line end behind it are format characters, which
 * never part a word. */
static inline struct segment_char
segment_char(const uint8_t *p, const uint8_t *end, bool tailored)
{
    struct segment_char ch;

    ch.c = utf8_decode(p, end, &ch.len);
    ch.cls = unicode_class(ch.c);
    ch.wb = (enum word_break)ch.cls->word_break;
    if (tailored && ch.c == 0x200B)
        ch.wb = WB_FORMAT;
    if (tailored && ch.c == 0xAD)
        ch.len = segment_soft_hyphen(p, end);
    return ch;
}

/* Characters that go with what is before them (rule WB4). */
static inline bool segment_ignores(enum word_break wb)
{
    return wb == WB_EXTEND || wb == WB_FORMAT || wb == WB_ZWJ;
}

#endif
