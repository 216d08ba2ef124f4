/*
 * furniture.h - lines that stand around a text and are not of it: running
 * heads and feet, page numbers, "Share this article", "Related stories".
 *
 * They are found and counted as any text is. What is known of them here only
 * keeps them from being taken for a title or shown as a passage.
 *
 * Running lines stand among the first or last two lines of at least three
 * pages (form feeds part pages), alike but for digits: a text tells its own.
 * Of its first and last lines, its edges, other texts must tell, for what makes
 * them furniture is that others have them, too. So a text keeps hashes of both
 * (its marks), and those of several texts are compared when they are asked for.
 *
 *     furniture_marks(text, body, &marks);          // kept with the text
 *     furniture_read(buf_view(&marks), &f);
 *     if (furniture_runs(&f, line)) ...
 *     if (furniture_edge(&f, line) >= 0) ...        // its number in f.edge
 *
 * Lines are compared without blanks at their ends; running lines also without
 * ASCII case, digits and blanks in a row as one.
 */
#ifndef TEXT_FURNITURE_H
#define TEXT_FURNITURE_H

#include "base/buf.h"

enum {
    FURNITURE_PAGES = 3,        /* pages that a running line is on at least */
    FURNITURE_PAGES_MAX = 4096, /* later ones are not looked at */
    FURNITURE_RUNNING = 16,     /* running lines that are kept */
    FURNITURE_FIRST = 6,        /* lines of an edge that are */
    FURNITURE_LAST = 14,        /* … */
    FURNITURE_EDGES = FURNITURE_FIRST + FURNITURE_LAST,
    FURNITURE_LINE = 400, /* bytes; a longer line is none */
    FURNITURE_LINK = 120, /* bytes of a line as a list of links has it */
    FURNITURE_HASH = 3    /* bytes of a hash */
};

struct furniture {
    uint32_t running[FURNITURE_RUNNING];
    uint32_t edge[FURNITURE_EDGES];
    unsigned nrunning, nedges;
};

/* Appends the marks of a text whose body begins at that byte; nothing where it
 * has no lines. 0 or ERR_NOMEM. */
int furniture_marks(struct view text, size_t body, struct buf *out);

/* Reads marks; those that make no sense are none. */
void furniture_read(struct view marks, struct furniture *out);

/* Whether it is a running line. */
bool furniture_runs(const struct furniture *f, struct view line);

/* Which edge line it is like; -1: none. */
int furniture_edge(const struct furniture *f, struct view line);

/* The line, without its end or blanks around it, that begins at byte `at`; *next
 * gets the byte behind it. A form feed ends a line. */
struct view furniture_line(struct view text, size_t at, size_t *next);

/* The byte at which the last line of text[0..at) begins. */
size_t furniture_line_before(struct view text, size_t at);

/* Whether it could be one of a list of links: short, and no sentence. */
bool furniture_link(struct view line);

/* The first of a text's lines from byte `at` on that is fit to be its title: no
 * running line, no number (of a page), none that leads around on a web page
 * ("Skip to content"). Where none of the first few is, the first that is not
 * empty. */
struct view furniture_title(struct view text, size_t at);

#endif
