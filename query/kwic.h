/*
 * kwic.h - a concordance: each match on a line of its own, with the text on
 * either side of it ("key word in context").
 *
 * All documents that match are gone through in order of docid, of several
 * indexes one index after the other; the bytes of
 * their matches are found, the text beside them is cut (context.h), and each
 * line is kept as it will be printed, under a key for the order asked for, in
 * a sorter (base/sorter.h): 64 MB in memory, the rest in a file without a
 * name. The transaction then ends, and lines are printed as they are merged.
 * So memory is constant, whatever the number of matches, but for what the
 * text of one document takes; and no reader of a pipe holds the index.
 *
 * A sample goes through the matches twice: once by positions alone, to draw,
 * and once for the documents that hold those drawn.
 *
 * Lines are numbered, limited and skipped as matches, not as documents.
 * Context ends where the zone of the match does: a title is no context of the
 * text below it.
 */
#ifndef QUERY_KWIC_H
#define QUERY_KWIC_H

#include "base/sorter.h"
#include "query/answer.h"

/* A line, before it is printed. */
struct kwic_line {
    const struct hit *hit;
    const char *index;      /* it is in, or NULL where there is but one */
    struct hit_match place; /* of no use where hit->stale */
    struct view left;       /* on one line */
    struct view match;      /* likewise */
    struct view right;
    unsigned left_width; /* columns */
};

/* What is kept to be printed. */
struct kwic_lines {
    struct sorter sorter;
    enum format format;
    bool terminal;
    bool colour;
    bool hyperlink;
    unsigned width; /* columns of context on either side */
    unsigned label; /* columns of the widest place */
    uint64_t skip;  /* lines, of those in order */
    uint64_t limit; /* to be printed; UINT64_MAX: all */
    struct buf end; /* what goes behind the lines */
};

/* Answers a->plan with lines, through the session's pour. 0 or negative, with
 * a->shown lines to come and a->count.total documents that have some. */
int kwic(struct answer *a);

/* Appends a line as it is kept. 0 or ERR_NOMEM. */
int kwic_keep(struct kwic_lines *l, const struct kwic_line *line,
              struct buf *out);

/* What goes before and behind the lines: to out, and to l->end. */
struct kwic_count {
    uint64_t matches;
    uint64_t documents;
    uint64_t
        lines;    /* there are, of which some are skipped or beyond the limit */
    bool counted; /* these are all */
};
int kwic_frame(struct answer *a, struct kwic_lines *l,
               const struct kwic_count *c);

/* A pour of lines: write and free. */
int kwic_write(void *lines, struct buf *out, int fd, struct err *err);
void kwic_free(void *lines);

#endif
