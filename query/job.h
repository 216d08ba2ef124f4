/*
 * job.h - a worker as its parent sees it: a process, the socket to it, the
 * lines it was given and has not yet answered.
 *
 * Nothing here waits, but for the end of a process.
 */
#ifndef QUERY_JOB_H
#define QUERY_JOB_H

#include <sys/types.h>

#include "query/worker.h"

enum { JOB_LINES = 16 };

struct job {
    pid_t pid; /* 0: not started */
    int fd;
    struct buf out; /* to be sent from `sent` on */
    size_t sent;
    uint64_t line[JOB_LINES]; /* numbers that the parent gave, a ring: */
    unsigned first, n;        /* the first that is not answered, how many */
};

/* Forks job[i] of n; its child knows none of the others. 0 or ERR_IO. */
int job_start(struct job *job, unsigned n, unsigned i,
              struct settings *settings, worker_ask *ask, void *arg,
              struct err *err);

/* Puts a line behind those it has, with what number names it. 0 or ERR_NOMEM.
 */
int job_give(struct job *job, uint64_t number, struct worker_line line,
             struct view text);

/* Sends as much as goes. */
void job_send(struct job *job);
bool job_has_to_send(const struct job *job);

/* Up to n bytes of answers: how many, 0 where there are none yet, -1 when the
 * worker has ended. */
ssize_t job_receive(struct job *job, uint8_t *to, size_t n);

/* Waits for its end, which it comes to by itself once it has answered; at once
 * with `kill`. Returns whether it came to that which crash.h guards against. */
bool job_end(struct job *job, bool kill);

#endif
