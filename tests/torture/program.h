/*
 * program.h - runs of the programs under test.
 *
 *     struct outcome o = {0};
 *     program_run(&o, NULL, INDEXER, "-d", db, tree, NULL);
 *     if (o.code != 0) torture_fault("%s", outcome_text(&o));
 *     outcome_release(&o);
 */
#ifndef TORTURE_PROGRAM_H
#define TORTURE_PROGRAM_H

#include <sys/types.h>

#include "base/buf.h"

/* The programs of $BUILD, and those linked dynamically, into which a shim can
 * be loaded (or else their files do not exist, and that ends the test). */
enum program { INDEXER, QUERY, INDEXER_DYNAMIC, QUERY_DYNAMIC };

struct outcome {
    int code;       /* exit code, or -1 after a signal */
    int signal;     /* that ended it, or 0 */
    double seconds; /* from start to end */
    struct buf out; /* what it wrote */
    struct buf err;
};

/* Path of a file below $BUILD. */
char *built(const char *file);
const char *program_path(enum program p);

/* From now on programs may write files of so many bytes (RLIMIT_FSIZE). */
void program_limit(size_t bytes);

/* Runs it to its end, 60 seconds at most (then code -1, signal SIGALRM).
 * `env`: variables to add, NULL at the end, or NULL. The output replaces what
 * was in *o. Arguments end in NULL. */
void program_run(struct outcome *o, char *const *env, enum program p, ...)
    __attribute__((sentinel));

/* Starts it with its output thrown away, but what goes to stderr added to the
 * file `messages` unless that is NULL. Returns its process number. */
pid_t program_start(const char *messages, enum program p, ...)
    __attribute__((sentinel));

/* "exit 5: message" or "signal 11", for remarks; valid until the next. */
const char *outcome_text(struct outcome *o);
void outcome_release(struct outcome *o);

#endif
