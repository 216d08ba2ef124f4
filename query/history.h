/*
 * history.h - what the log says about the commits behind a generation, folded
 * into what became of each document.
 *
 * A document is what was at one path, or replaced what was there. `base` is the
 * first document number since then: those below were there.
 *
 *     history_read(&h, session, generation)
 *     history_was_there(&h, docid, &path, &old) ...
 *     history_release(&h)
 */
#ifndef QUERY_HISTORY_H
#define QUERY_HISTORY_H

#include "query/session.h"

struct pair {
    uint32_t new;     /* took the place of … */
    uint32_t old;     /* …; for a removal both are the document */
    struct view path; /* of a removal or move */
};

/* The operations since then. Arrays grow in bufs. */
struct history {
    struct buf records;  /* all of them, which paths borrow from */
    struct buf replaced; /* struct pair, by new */
    struct buf removed;  /* struct pair, by path once folded */
    struct buf moved;    /* struct pair, by document, in order of time */
    struct buf gone;     /* uint32_t: documents that are no more, ascending */
    struct buf added;    /* struct pair: ranges old to new */
    uint32_t base;       /* the first document since then */
    uint32_t top;        /* and the last */
};

static inline size_t history_n(const struct buf *pairs)
{
    return pairs->n / sizeof(struct pair);
}

static inline struct pair *history_pairs(const struct buf *pairs)
{
    return (struct pair *)(void *)pairs->p; /* malloc'd, so aligned */
}

/* Reads and folds. 0; ERR_NOTFOUND where the log does not reach back so far;
 * ERR_CORRUPT, ERR_NOMEM. */
int history_read(struct history *h, struct session *s, uint64_t generation);

/* Whether document d, at *path, was there then: its number in *old and *path as
 * it was. A removal of the path is thereby spent. */
bool history_was_there(struct history *h, uint32_t d, struct view *path,
                       uint32_t *old);

/* Whether the document was removed or replaced since. */
bool history_gone(const struct history *h, uint32_t d);

void history_release(struct history *h);

#endif
