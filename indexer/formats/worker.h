/*
 * worker.h - a process of its own that gets the text out of files.
 *
 * Libraries and programs that read hostile bytes may hang, grow or crash; they
 * do so in a worker, which is killed for it together with all it started, and
 * the next file gets another. The worker is this program under another name
 * (WORKER_NAME), started at the first file that needs it: a new image, so it
 * has neither the index's map nor the articles at hand in its memory, a limit on
 * its address space means what it says, and no descriptor but one end of a
 * pair of sockets, so no lock outlives the indexer in it. It is a process group
 * of its own: a signal from the terminal goes to the indexer, which kills it.
 *
 *     worker_open(&w, &options, &err);
 *     rc = worker_extract(w, &request, &derived, &err);
 *     worker_close(w);
 *
 * and, first thing in main:
 *
 *     if (worker_wanted(argc, argv))
 *         return worker_main();
 *
 * Starting one takes about 2 ms; a file then costs two messages.
 */
#ifndef INDEXER_FORMATS_WORKER_H
#define INDEXER_FORMATS_WORKER_H

#include <signal.h>

#include "indexer/formats/message.h"

#define WORKER_NAME "indexer-worker"

struct worker_options {
    unsigned seconds;                  /* for one file */
    uint64_t memory;                   /* bytes of address space */
    const volatile sig_atomic_t *stop; /* set by a signal; may be NULL */
};

struct worker;

/* 0 or ERR_NOMEM. No process is started yet. */
int worker_open(struct worker **out, const struct worker_options *o,
                struct err *err);

/* Gets the text of a file into *d, whose memory is used again. `memory` and
 * `seconds` of the request are filled in. 0; as format_extract, where ERR_NOMEM
 * means the worker's memory and is told as ERR_FULL, as is time that ran out;
 * ERR_USAGE also for a crash; ERR_STOPPED; ERR_IO where no worker can be
 * started. The message of each says why. */
int worker_extract(struct worker *w, struct request *r, struct derived *d,
                   struct err *err);

void worker_close(struct worker *w); /* NULL is allowed */

/* Whether this process is to be one. */
bool worker_wanted(int argc, char **argv);
int worker_main(void);

#endif
