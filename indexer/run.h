/*
 * run.h - one run of the indexer: sources in, commits out.
 */
#ifndef INDEXER_RUN_H
#define INDEXER_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/store.h"
#include "indexer/encodings.h"
#include "indexer/formats/filter.h"
#include "indexer/records.h"
#include "indexer/selection.h"

struct told;

enum run_input {
    RUN_FILES,   /* operands are folders and files; none: the recorded roots */
    RUN_LIST,    /* the operand lists files */
    RUN_RECORDS, /* operands hold records */
    RUN_REMOVE   /* operands are what to remove: paths, folders, ids */
};

struct run_options {
    const char *dir; /* the index folder */
    struct store_options store;
    enum run_input input;
    enum records_format format; /* of RUN_RECORDS */
    char **operand;
    size_t noperands;
    struct selection select;    /* of the operands that are folders */
    struct encodings encodings; /* of --encoding */
    struct filters filters;     /* of --filter */
    unsigned convert_time;      /* seconds that a file may take to be read */
    uint64_t convert_memory;    /* bytes that it may take */
    bool null;            /* names of a list end in NUL, not in line ends */
    const char *language; /* NULL: that of the index, or english */
    uint64_t memory;      /* bytes */
    unsigned jobs;        /* threads, 1 or more */
    uint64_t max_size;    /* bytes; 0: what suits the memory */
    unsigned max_purge;   /* percent */
    bool no_text;         /* a new index stores no text */
    bool dry;             /* say what would be done, and do nothing */
    bool force;           /* take in what has not changed, too */
    bool verify;          /* read what looks unchanged, too */
    bool retry;           /* and what was skipped before */
    bool no_purge;        /* remove no document */
    bool purge;           /* the list or records are all there are */
    const char *report;   /* a file for lines of JSON, "-", or NULL */
    int level;            /* LEVEL_* of report.h */
    int progress;         /* 0 never, 1 always, 2 on a terminal */
    bool rebuild;         /* all anew, see rebuild.h */
    struct told *told;    /* of watch.h; NULL: all is said */
};

enum exit_code {
    EXIT_FINE = 0,
    EXIT_SOME_FAILED = 1,
    EXIT_FATAL = 2,
    EXIT_GUARD = 3,
    EXIT_VERSION = 4,
    EXIT_DAMAGED = 5,
    EXIT_LOCKED = 75,
    EXIT_INTERRUPTED = 130
};

/* Runs; messages go to stderr. Returns the exit code. */
int run(const struct run_options *o);

/* The exit code of an error. */
int exit_code(int err_code);

/* Set by a signal handler: the run gives up its batch and ends. */
extern volatile sig_atomic_t run_stop;

#endif
