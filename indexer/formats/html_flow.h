/*
 * html_flow.h - pieces of text become lines and paragraphs, as a browser lays
 * them out: white space between words is one blank, blocks begin lines.
 *
 * Parts of the text can be marked and be taken out at the end, when it is known
 * what there is besides.
 *
 *     flow_break(f, 2); flow_text(f, piece, false); ...
 *     part = flow_part(f); ...; flow_part_end(f, part);
 *     flow_cut(f, f->part, f->nparts)
 */
#ifndef INDEXER_HTML_FLOW_H
#define INDEXER_HTML_FLOW_H

#include "base/buf.h"

/* A stretch of the text that may be taken out. */
struct flow_part {
    uint32_t start, end; /* bytes; end is 0 while it is open */
    uint8_t gap;         /* what was pending before it, see below */
    bool keep;           /* it stays after all */
};

/* What is to come before the next character: the largest of them. */
enum { GAP_NONE, GAP_BLANK, GAP_TAB, GAP_LINE, GAP_PARAGRAPH };

struct flow {
    struct buf *out; /* borrowed */
    size_t max;      /* bytes of it */
    uint8_t gap;
    struct flow_part *part; /* by where they start */
    size_t nparts, part_cap;
};

/* Appends text; `pre`: with white space as it is. 0, ERR_NOMEM, ERR_FULL. */
int flow_text(struct flow *f, struct view v, bool pre);

/* Something comes between what is before and what is behind. */
static inline void flow_gap(struct flow *f, uint8_t gap)
{
    if (gap > f->gap)
        f->gap = gap;
}

/* Begins a part: its number, or ERR_NOMEM. They nest. */
int64_t flow_part(struct flow *f);
void flow_part_end(struct flow *f, int64_t part);

/* Bytes that would go if the parts that are not kept went. */
size_t flow_parts(const struct flow *f);

/* Takes them out. */
void flow_cut(struct flow *f);

void flow_release(struct flow *f); /* not `out` */

#endif
