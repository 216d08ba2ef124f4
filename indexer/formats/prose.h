/*
 * prose.h - text as a reader sees it, put together from pieces and the breaks
 * between them.
 *
 * White space in a piece is as good as one blank. A break waits until there is
 * text behind it, and of several in a row the strongest counts: so a text
 * neither begins nor ends with one, and empty paragraphs leave no trace. The
 * end of a page is kept beside the break that it falls on.
 *
 *     struct prose f = {.out = &x->text, .max = limits->text_max};
 *     prose_text(&f, view_str("Chapter  1 "), &err);    // "Chapter 1"
 *     prose_break(&f, PROSE_PARAGRAPH);
 *     prose_page(&f);
 *     prose_text(&f, view_str("It was"), &err);         // "\n\n\fIt was"
 */
#ifndef INDEXER_FORMATS_PROSE_H
#define INDEXER_FORMATS_PROSE_H

#include "base/buf.h"
#include "base/err.h"

enum prose_break {
    PROSE_NONE,
    PROSE_SPACE,
    PROSE_TAB,
    PROSE_LINE,
    PROSE_PARAGRAPH
};

struct prose {
    struct buf *out;
    size_t max;            /* bytes of out, an ERR_FULL beyond */
    enum prose_break next; /* waits */
    bool page;             /* so does the end of a page */
};

/* 0; ERR_FULL, ERR_NOMEM. */
int prose_text(struct prose *f, struct view v, struct err *err);

/* The same with white space as it is. */
int prose_verbatim(struct prose *f, struct view v, struct err *err);

static inline void prose_break(struct prose *f, enum prose_break b)
{
    if (b > f->next)
        f->next = b;
}

static inline void prose_page(struct prose *f)
{
    f->page = true;
}

#endif
