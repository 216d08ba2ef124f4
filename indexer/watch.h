/*
 * watch.h - a run again and again, until a signal ends it.
 *
 * Looking at all files is the plain way to see changes, and an unchanged tree
 * costs microseconds a file; it works on any file system, and nothing that
 * happened while the program was not there is missed. Each round is a whole run
 * (run.h), which takes the writer's lock and gives it back, so others may write
 * in between.
 */
#ifndef INDEXER_WATCH_H
#define INDEXER_WATCH_H

#include "indexer/run.h"

enum { WATCH_SECONDS = 10 }; /* between rounds, unless the user says so */

/* Runs, waits `seconds`, and so on until run_stop is set: a wait ends at once
 * then. What goes wrong is told once, until a round does without it, and the
 * next round tries again: a busy or a full disk, a folder that is gone. What no
 * waiting mends ends it, with the exit code of that round: an index of another
 * format or other settings, a damaged one, any fatal error of the first round.
 * Else 0. SIGINT and SIGTERM have handlers that set run_stop. */
int watch(const struct run_options *o, unsigned seconds);

#endif
