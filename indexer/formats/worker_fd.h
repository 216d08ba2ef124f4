/* worker_fd.h - what worker.c and worker_main.c agree on. */
#ifndef INDEXER_FORMATS_WORKER_FD_H
#define INDEXER_FORMATS_WORKER_FD_H

enum { WORKER_FD = 3 }; /* the worker's end of the pair of sockets */

#endif
