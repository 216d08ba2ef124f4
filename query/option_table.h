/*
 * option_table.h - the table of options of `query`, and the help made of it
 * (settings_help of settings.h).
 */
#ifndef QUERY_OPTION_TABLE_H
#define QUERY_OPTION_TABLE_H

#include "base/options.h"

enum option_id {
    OPT_DB = 1,
    OPT_QUERY,
    OPT_FILE,
    /* what a request of --batch may have as well: */
    OPT_ALL,
    OPT_ANY,
    OPT_SINCE,
    OPT_UNTIL,
    OPT_PATH,
    OPT_LANG,
    OPT_FIELD,
    OPT_MIN_MATCH,
    OPT_STRICT,
    OPT_EXPAND,
    OPT_K1,
    OPT_B,
    OPT_TITLE_WEIGHT,
    OPT_SORT,
    OPT_LIMIT,
    OPT_OFFSET,
    OPT_DUPS,
    OPT_SNIPPETS,
    OPT_SNIPPET_WIDTH,
    OPT_AFTER,
    OPT_BEFORE,
    OPT_CONTEXT,
    OPT_KWIC,
    OPT_KWIC_SORT,
    OPT_SAMPLE,
    OPT_COLLOCATES,
    OPT_BY_YEAR,
    OPT_TOTAL,
    OPT_EXPLAIN,
    OPT_FACET,
    OPT_COUNT,
    /* and what it may not: */
    OPT_FORMAT,
    OPT_JSON,
    OPT_PATHS,
    OPT_NULL,
    OPT_QUIET,
    OPT_COLOUR,
    OPT_HYPERLINK,
    OPT_TOPICS,
    OPT_TOPICS_AS,
    OPT_SHOW,
    OPT_SIMILAR,
    OPT_ANALYZE,
    OPT_TERMS,
    OPT_ACRONYMS,
    OPT_STATS,
    OPT_BATCH,
    OPT_JOBS,
    OPT_CHANGES,
    OPT_RUN_TAG,
    OPT_TIME,
    OPT_HELP,
    OPT_VERSION
};

extern const struct option option_table[];

/* Whether a request of --batch may have the option, its name the key. */
bool option_of_request(const struct option *t);

#endif
