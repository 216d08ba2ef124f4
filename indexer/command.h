/*
 * command.h - what the command line of indexer asks for.
 */
#ifndef INDEXER_COMMAND_H
#define INDEXER_COMMAND_H

#include "base/err.h"
#include "indexer/run.h"

enum command_mode {
    MODE_RUN,
    MODE_STATS,
    MODE_WHY,
    MODE_LIST,
    MODE_CHECK,
    MODE_BACKUP,
    MODE_COMPACT
};

struct command {
    struct run_options run; /* its operands borrow from argv */
    const char *db;         /* of -d, or NULL */
    const char *files_from;
    const char *backup; /* the folder of --backup */
    enum command_mode mode;
    bool remove; /* the operands are to be removed */
    bool full;   /* --check=full */
    bool nice;
    bool done;      /* help or version was printed */
    unsigned watch; /* seconds between runs; 0: one run */
};

/* Reads the command line. 0; ERR_USAGE with what is wrong with it; ERR_NOMEM;
 * ERR_IO where help could not be printed. Release it in any case. */
int command_parse(struct command *c, int argc, char **argv, struct err *err);

/* For command_parse: settles what options together mean; ERR_USAGE for what
 * does not go together. */
int command_agree(struct command *c, struct err *err);

void command_release(struct command *c);

#endif
