/*
 * worker.h - a process that answers lines: what it is sent, what it sends.
 *
 * Both ends are the same program, forked, on one machine, so what goes over the
 * socket are structs as they lie in memory, and bytes behind them.
 *
 * An answer is sent on once there is no line left to be answered, or when a
 * millisecond has gone since the first that waits: a slow line then holds back
 * few of those before it, and quick ones share a system call.
 */
#ifndef QUERY_WORKER_H
#define QUERY_WORKER_H

#include "query/session.h"

/* A line to be answered; its text comes behind it. */
struct worker_line {
    uint64_t number; /* in its file, from 1 */
    uint32_t n;      /* bytes of the text */
    bool too_long;   /* as of lines.h */
};

/* An answer, before the bytes of what these are the lengths of. */
struct worker_reply {
    uint64_t out, messages; /* as of a session */
    uint64_t timed;         /* timing.us */
    uint32_t why;           /* the message of the error */
    int32_t rc;             /* what `ask` returned */
};

/* Answers a line into the session's buffers: negative, with a message in s->err,
 * where that failed. */
typedef int worker_ask(void *arg, struct session *s, struct worker_line line,
                       struct view text);

/* The rest of the life of a process that was just forked: answers what comes
 * through the socket fd, until there is no more. Never returns. */
_Noreturn void worker_run(int fd, struct settings *settings, worker_ask *ask,
                          void *arg);

#endif
