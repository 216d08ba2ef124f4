/*
 * option_table.h - the table of options of `indexer`, and the help made of it.
 */
#ifndef INDEXER_OPTION_TABLE_H
#define INDEXER_OPTION_TABLE_H

#include "base/options.h"

enum option_id {
    OPT_DB = 1,
    OPT_INPUT,
    OPT_FILES_FROM,
    OPT_NULL,
    OPT_LANG,
    OPT_NO_TEXT,
    OPT_MEMORY,
    OPT_JOBS,
    OPT_WAIT,
    OPT_NETWORK,
    OPT_INCLUDE,
    OPT_EXCLUDE,
    OPT_HIDDEN,
    OPT_FOLLOW,
    OPT_ONE_FS,
    OPT_MAX_SIZE,
    OPT_FILTER,
    OPT_CONVERT_TIME,
    OPT_CONVERT_MEMORY,
    OPT_ENCODING,
    OPT_DRY_RUN,
    OPT_FORCE,
    OPT_VERIFY,
    OPT_RETRY,
    OPT_MAX_PURGE,
    OPT_PURGE,
    OPT_NO_PURGE,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_PROGRESS,
    OPT_REPORT,
    OPT_REMOVE,
    OPT_NICE,
    OPT_WATCH,
    OPT_WHY,
    OPT_STATS,
    OPT_LIST,
    OPT_CHECK,
    OPT_BACKUP,
    OPT_REBUILD,
    OPT_COMPACT,
    OPT_HELP,
    OPT_VERSION
};

extern const struct option option_table[];

/* Prints the help: one screen; with `which` "all" everything. ERR_USAGE for
 * another `which`, ERR_NOMEM, ERR_IO. */
int print_help(const char *which, struct err *err);

#endif
