/*
 * margins.h - which lines of a document's text are furniture (text/furniture.h),
 * as the documents beside it tell.
 *
 * Running lines a text knows itself. An edge line is furniture where at least
 * MARGINS_SHARED of the documents beside it have it among theirs: those whose
 * paths come before and after its own, as a folder holds the pages of one site.
 * So the answer follows from what the index holds and not from when that came
 * in, and costs the records of a few documents, read when a line first needs it;
 * of two where none of these shares a line. A document with all the
 * lines of this one is a copy of it and tells nothing.
 *
 * A *tail* is what follows the first furniture among the last lines, if all of
 * it is furniture or looks like links: "Related stories" and their titles.
 *
 *     margins_begin(&m, txn, documents, &doc, &err);
 *     rc = margins_line(&m, line);          // 1: furniture
 *     rc = margins_tail(&m, &text, &byte);  // where the tail begins
 *     margins_release(&m);
 */
#ifndef QUERY_MARGINS_H
#define QUERY_MARGINS_H

#include "query/doctext.h"
#include "text/furniture.h"

enum {
    MARGINS_SHARED = 3, /* documents that have a line of furniture, too */
    MARGINS_FIRST = 2,  /* documents that are looked at first, */
    MARGINS_MOST = 16   /* and so many at most if one of them has any line */
};

struct margins {
    struct txn *txn;             /* borrowed */
    struct cursor *paths;        /* NULL until needed */
    struct documents *documents; /* reads the others; borrowed */
    const struct document *doc;  /* borrowed */
    struct err *err;
    struct furniture own;
    unsigned shared[FURNITURE_EDGES]; /* documents that have it, too */
    bool compared;                    /* `shared` is known */
    bool tailed;                      /* `tail` is known */
    uint32_t tail;                    /* UINT32_MAX: there is none */
    struct {
        uint32_t from, to; /* bytes */
        bool furniture;
    } last; /* line that was asked for by a byte of it */
};

/* Begins another document, which ds gave. */
void margins_begin(struct margins *m, struct txn *t, struct documents *ds,
                   const struct document *d, struct err *err);

/* Whether any line can be furniture. */
static inline bool margins_any(const struct margins *m)
{
    return m->own.nrunning || m->own.nedges;
}

/* Whether the line is one of the edges. */
static inline bool margins_edge(const struct margins *m, struct view line)
{
    return furniture_edge(&m->own, line) >= 0;
}

/* Whether a line of the document is: 1, 0, negative. */
int margins_line(struct margins *m, struct view line);

/* The same of the line that byte `at` lies in: its bytes, with its end, are
 * [*from, *to), or what of them was looked at where it is very long. */
int margins_line_at(struct margins *m, struct doctext *t, uint32_t at,
                    uint32_t *from, uint32_t *to);

/* The byte at which the tail begins; UINT32_MAX where there is none. 0 or
 * negative. */
int margins_tail(struct margins *m, struct doctext *t, uint32_t *at);

/* Of a document whose title is furniture, another line that can stand for it:
 * 1 with *title, 0 where the title is as good, negative. */
int margins_title(struct margins *m, struct doctext *t, struct view *title);

void margins_release(struct margins *m);

#endif
