/*
 * child.h - a program that turns a file into text: run without a shell, with
 * limits.
 *
 * Called in the worker (worker.h), whose process group it stays in: the
 * indexer ends all of that when the time is over, and after each file for which
 * a program ran, so that what it left behind ends, too. Its memory and processor
 * time are limited, what it writes is read no further than asked for.
 */
#ifndef INDEXER_FORMATS_CHILD_H
#define INDEXER_FORMATS_CHILD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct child_limits {
    uint64_t memory;  /* bytes of address space */
    unsigned seconds; /* of processor time */
};

/* What holds for programs in this process from now on. */
void child_limit(const struct child_limits *limits);

/* Whether a program was run since the last call of this. */
bool child_ran(void);

struct child {
    int status;     /* as of waitpid */
    char said[200]; /* the first line on its standard error, or "" */
};

/* Runs argv[0], sought on PATH, with `input` as its standard input (in a file,
 * which it may seek in and open anew), and appends what it writes, at most max
 * bytes. 0 whatever its status; ERR_FULL where it writes more; ERR_NOTFOUND
 * where there is no such program, without a message; ERR_IO. */
int child_run(const char *const *argv, struct view input, size_t max,
              struct buf *out, struct child *end, struct err *err);

/* How it ended, where that was no success: "status 3", "SIGKILL", with what it
 * said: appended. 0 or ERR_NOMEM. */
int child_failure(const struct child *end, struct buf *out);

#endif
