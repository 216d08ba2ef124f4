/*
 * paragraph.h - paragraphs counted: lines with something in them, and no empty
 * line between. A line of white space alone is empty; form feeds are white
 * space.
 *
 *     struct paragraphs p = PARAGRAPHS_NONE;
 *     paragraphs_count(&p, text);    // as many as begin in text
 *     paragraphs_count(&p, more);    // the text that goes on
 */
#ifndef TEXT_PARAGRAPH_H
#define TEXT_PARAGRAPH_H

#include <stdint.h>

#include "base/buf.h"

enum { PARAGRAPH_ENDS = 2 }; /* line ends that part two paragraphs */

struct paragraphs {
    uint32_t n;   /* that began so far */
    uint8_t ends; /* line ends behind what was no white space last, and
                   * PARAGRAPH_ENDS where there are more, or nothing before */
};

#define PARAGRAPHS_NONE                                                        \
    {                                                                          \
        0, PARAGRAPH_ENDS                                                      \
    }

void paragraphs_count(struct paragraphs *p, struct view v);

#endif
