/*
 * lines.h - a stream cut into lines, one at a time, as they come.
 *
 * A line is given as soon as its end has been read. One of more than
 * LINES_MAX bytes is passed over without being stored, and given empty with
 * `too_long` set, so the next is read from its beginning. The last line needs
 * no end. A CR before the end, and a byte order mark at the very beginning,
 * are left out.
 *
 *     struct lines l = {.fd = STDIN_FILENO};
 *     while ((rc = lines_next(&l, &line, &err)) > 0) ...
 *     lines_release(&l);
 */
#ifndef QUERY_LINES_H
#define QUERY_LINES_H

#include "base/buf.h"
#include "base/err.h"

enum { LINES_MAX = 1 << 20 };

struct lines {
    int fd;          /* borrowed */
    struct buf buf;  /* what was read and not yet given starts at `at` */
    size_t at;       /* … */
    size_t searched; /* bytes from `at` on that hold no line end */
    bool skipping;   /* within a line that is too long */
    bool too_long;   /* the line just given is one */
    bool begun;      /* a line was given */
    bool ended;      /* nothing more is to be read */
};

/* 1 with a line, borrowed until the next call; 0 at the end; ERR_IO,
 * ERR_NOMEM. */
int lines_next(struct lines *l, struct view *line, struct err *err);

/* The two halves of it, for who has more to wait for. lines_at_hand: 1 with a
 * line that needs no reading, 0 where there is none (none ever, once `ended`
 * is set). lines_fill reads once and waits only if nothing is there: 0, ERR_IO,
 * ERR_NOMEM. */
int lines_at_hand(struct lines *l, struct view *line);
int lines_fill(struct lines *l, struct err *err);

void lines_release(struct lines *l);

#endif
