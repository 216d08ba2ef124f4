/*
 * pool.h - lines answered by several processes at once, the answers in order.
 *
 * Processes, because LMDB lets one process open an index once and a store has
 * one transaction: each worker has a session of its own, and what a damaged page
 * or the system ends is one worker. Lines are dealt out as they come, a few at a
 * time, fewer towards the end; answers that come too early wait. So a slow line
 * holds back what is printed, but not what is worked at.
 *
 * Of a worker that ends, the lines it had not answered are asked again, one by
 * one, each by itself; one that ends its worker once more is `lost`. A reader
 * changes nothing, so asking twice does no harm.
 *
 * Memory: at most POOL_LINES lines a worker, and a MiB of them and one more, are
 * under way; while 8 MiB of answers wait for their turn, only the worker whose
 * turn it is is listened to.
 *
 * Answers are printed whenever nothing else is left to do but to wait: who
 * writes one line and waits for the answer gets it.
 */
#ifndef QUERY_POOL_H
#define QUERY_POOL_H

#include "query/worker.h"

enum { POOL_JOBS_MAX = 64, POOL_LINES = 32 };

struct pool {
    struct session *session; /* the parent's: what is printed goes there */
    unsigned jobs;           /* 2 to POOL_JOBS_MAX */
    void *arg;               /* of the functions */

    /* More lines can be had from here, once it can be read; -1: there are no
     * others than those `next` gives. `fill` may set it. */
    int fd;

    /* The next line: 1; 0 where none is at hand; negative. The text is borrowed
     * until the next call of either. */
    int (*next)(void *arg, struct worker_line *line, struct view *text);
    int (*fill)(void *arg); /* reads from fd: 0, negative */

    worker_ask *ask; /* in a worker */

    /* An answer, in order. 0 to go on; 1: it is enough; negative. `out` and
     * `messages` have been added to the session's buffers, `rc` is what `ask`
     * returned, and where that is negative the message is in the session's err.
     */
    int (*take)(void *arg, int rc);

    /* Answers in place of a worker that ended for the second time; `damaged`:
     * by what crash.h guards against. Returns as `ask`. */
    int (*lost)(void *arg, struct worker_line line, struct view text,
                bool damaged);
};

/* Asks all lines. 0; negative with a message in the session's err. The session's
 * index is closed: a child must not use what its parent opened. */
int pool_run(struct pool *p);

#endif
