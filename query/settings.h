/*
 * settings.h - what the command line asks for.
 */
#ifndef QUERY_SETTINGS_H
#define QUERY_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json_read.h"
#include "base/options.h"
#include "query/facet.h"
#include "query/filter.h"

#define QUERY_VERSION "query 0.1.0"

/* Indexes that can be searched at once: each takes 256 GiB of address space. */
enum { SETTINGS_DBS = 64 };

enum mode {
    MODE_SEARCH,   /* the queries in `query` or the lines of `file` */
    MODE_TOPICS,   /* the topics in `file` */
    MODE_ANALYZE,  /* `argument`: text */
    MODE_SHOW,     /* `argument`: a document */
    MODE_SIMILAR,  /* `argument`: a document */
    MODE_TERMS,    /* `argument`: how they begin */
    MODE_ACRONYMS, /* `query`: the words of one, if any */
    MODE_STATS,
    MODE_BATCH,
    MODE_CHANGES, /* `since`: a generation */
    MODE_HELP,
    MODE_HELP_ALL,
    MODE_VERSION
};

enum format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_NDJSON,
    FORMAT_TSV,
    FORMAT_TREC,
    FORMAT_PATHS
};

enum sort { SORT_SCORE, SORT_OLDEST, SORT_NEWEST, SORT_PATH };
enum kwic_sort { KWIC_POSITION, KWIC_LEFT, KWIC_RIGHT, KWIC_DATE, KWIC_PATH };

enum {
    KWIC_WIDTH = 40, /* columns, unless asked for */
    KWIC_WIDTH_MAX = 10000,
    SAMPLE_MAX = 1000000,
    CONTEXT_LINES = 1000000,
    COLLOCATES_WINDOW = 5, /* positions, unless asked for */
    COLLOCATES_WINDOW_MAX = 1000
};

enum total { TOTAL_AUTO, TOTAL_EXACT, TOTAL_NONE };

struct settings {
    enum mode mode;
    const char **db; /* -d DIR…; none: look for it */
    size_t ndbs;
    const char **query; /* -e QUERY…, or WORDS */
    size_t nqueries;
    bool words;       /* they are WORDS of one query */
    const char *file; /* of -f and --topics; "-" is stdin */
    const char *argument;
    bool all;
    bool strict;        /* a broken rule of the language is an error */
    bool min_percent;   /* min_match is so many in a hundred */
    uint64_t min_match; /* so many of the words; 0: any */
    uint64_t limit;     /* 0: all */
    uint64_t offset;
    bool show_dups;         /* near-duplicates are hits as any other */
    uint64_t jobs;          /* processes that answer lines */
    uint64_t snippets;      /* passages of a document at most */
    uint64_t snippet_width; /* columns of one */
    uint64_t collocates;    /* positions on either side of a match whose words
                          * are counted; 0: no collocates */
    uint64_t before;        /* lines in front of the matches … */
    uint64_t after;         /* … and behind, with `context` */
    uint64_t kwic;   /* columns of context on either side of a match; 0: no
                    * concordance */
    uint64_t sample; /* so many matches, drawn at random; 0: all */
    uint64_t seed;   /* of the sample */
    double k1;
    double b;
    double title_weight;  /* what a word adds in titles, beside the text */
    struct limits limits; /* which documents; its views live as long as what
                           * they were read from */
    struct facet_names facets; /* these too */
    enum sort sort;
    bool explain;
    bool expand;  /* acronyms and what they stand for find each other */
    bool context; /* whole lines around passages: `before` and `after` */
    bool by_year; /* documents of each year, instead of documents */
    enum kwic_sort kwic_sort;
    enum total total;
    enum format format;
    bool format_set;
    bool count;
    bool quiet;
    bool time; /* how long queries took goes to standard error */
    const char *run_tag;
    uint64_t since;
    bool nul;       /* a NUL ends each path */
    bool colour;    /* of standard output */
    bool hyperlink; /* places are links */
    bool terminal;  /* standard output is one */
    uint64_t
        given; /* a bit for each option that was, by settings.c's numbers */
};

/* Reads the command line. 0; ERR_USAGE with a message; ERR_NOMEM. */
int settings_read(struct settings *s, int argc, char **argv, struct err *err);
void settings_release(struct settings *s);

/* Sets an option as a member of a request of --batch does, its name the key.
 * ERR_NOTFOUND: no option of that name, or none that a request may have;
 * ERR_USAGE: not a value for it. */
int settings_member(struct settings *s, const struct json_member *m,
                    struct err *err);

/* What the options of a search mean together: the last step of settings_read,
 * and of a request once its members are set. 0 or ERR_USAGE. */
int settings_agree(struct settings *s, struct err *err);

/* Appends the help: one screen, or everything. */
int settings_help(bool all, struct buf *out);

#endif
