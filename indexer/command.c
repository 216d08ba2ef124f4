#include "indexer/command.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "indexer/intake.h"
#include "indexer/report.h"
#include "indexer/watch.h"

#define VERSION "indexer 0.1.0"

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

static const struct option options[] = {
    {0, 0, "", OPTION_FLAG, NULL, "Where"},
    {OPT_DB, 'd', "db", OPTION_VALUE, "DIR",
     "the index; else $INDEX_DB, else the nearest .index in this folder or one "
     "above it, else a new ./.index"},
    {0, 0, "", OPTION_FLAG, NULL, "What to index"},
    {OPT_FILES_FROM, 0, "files-from", OPTION_VALUE, "FILE",
     "just the files that FILE (-: standard input) names, one a line"},
    {OPT_NULL, '0', "null", OPTION_FLAG, NULL,
     "names end in NUL bytes, in --files-from and --list"},
    {OPT_INPUT, 0, "input", OPTION_VALUE, "FORMAT",
     "the operands (-: standard input) hold records; jsonl: one JSON object a "
     "line with id, title, text, date, lang; other keys are kept as fields; "
     "trec: <DOC><DOCNO>id</DOCNO> ... </DOC>; csv: a header with such keys, "
     "then a row each; mbox: mail, a message each"},
    {OPT_INCLUDE, 0, "include", OPTION_VALUE, "GLOB",
     "take in what fits GLOB, whatever its name and .indexignore say; GLOB as "
     "in .gitignore, from each PATH on; the last --include or --exclude that "
     "fits decides; these five are remembered with a PATH"},
    {OPT_EXCLUDE, 0, "exclude", OPTION_VALUE, "GLOB",
     "leave out what fits GLOB"},
    {OPT_HIDDEN, 0, "hidden", OPTION_FLAG, NULL,
     "take in names that begin with a dot, too (but not .git)"},
    {OPT_FOLLOW, 0, "follow", OPTION_FLAG, NULL, "follow links to folders"},
    {OPT_ONE_FS, 0, "one-file-system", OPTION_FLAG, NULL,
     "leave out folders of other file systems"},
    {OPT_MAX_SIZE, 0, "max-size", OPTION_VALUE, "SIZE",
     "skip larger files and records (a sixteenth of --memory)"},
    {OPT_FILTER, 0, "filter", OPTION_VALUE, "EXT=COMMAND",
     "files whose names end in .EXT are read through COMMAND, run without a "
     "shell: {} in it is the file's path, else the file is its input; its "
     "output is the text, in UTF-8"},
    {OPT_CONVERT_TIME, 0, "convert-time", OPTION_VALUE, "SECS",
     "give up a PDF, archive or --filter that takes longer (60)"},
    {OPT_CONVERT_MEMORY, 0, "convert-memory", OPTION_VALUE, "SIZE",
     "or needs more memory (512M)"},
    {OPT_ENCODING, 0, "encoding", OPTION_VALUE, "GLOB=NAME",
     "what fits GLOB (as of --include) is in the encoding NAME, as latin1, "
     "koi8-r, big5; else one is guessed for what is not UTF-8; the last that "
     "fits decides; all are remembered until others are given, '' for none"},
    {0, 0, "", OPTION_FLAG, NULL, "Update"},
    {OPT_DRY_RUN, 'n', "dry-run", OPTION_FLAG, NULL,
     "print what would be done, and do nothing"},
    {OPT_FORCE, 'f', "force", OPTION_FLAG, NULL,
     "take in what has not changed, too"},
    {OPT_VERIFY, 0, "verify-content", OPTION_FLAG, NULL,
     "read every file: also those whose size and time are as they were"},
    {OPT_RETRY, 0, "retry-failed", OPTION_FLAG, NULL,
     "try again what was skipped, though it looks unchanged"},
    {OPT_MAX_PURGE, 0, "max-purge", OPTION_VALUE, "N%",
     "change nothing if more of a folder's documents have vanished (20%)"},
    {OPT_NO_PURGE, 0, "no-purge", OPTION_FLAG, NULL,
     "keep the documents of files that are gone"},
    {OPT_PURGE, 0, "purge", OPTION_FLAG, NULL,
     "the files named, or the records, are all: remove any others"},
    {0, 0, "", OPTION_FLAG, NULL, "A new index"},
    {OPT_LANG, 0, "lang", OPTION_VALUE, "CODE",
     "the language words are stemmed in: auto, that of each document "
     "(the default), or one for all (german, de), or none"},
    {OPT_NO_TEXT, 0, "no-text", OPTION_FLAG, NULL,
     "store no text: smaller, but query shows no passages"},
    {0, 0, "", OPTION_FLAG, NULL, "Run"},
    {OPT_MEMORY, 0, "memory", OPTION_VALUE, "SIZE",
     "use no more than SIZE of memory (256M)"},
    {OPT_JOBS, 'j', "jobs", OPTION_VALUE, "N",
     "work in N threads (two, or one where there is one processor); no more "
     "than two have something to do; the index is the same"},
    {OPT_WAIT, 0, "wait", OPTION_OPTIONAL, "SECS",
     "wait until another indexer is done, for SECS seconds or however long; "
     "else exit 75 at once"},
    {OPT_NETWORK, 0, "network-filesystem", OPTION_FLAG, NULL,
     "write although the index is on NFS, SMB or the like; no other machine "
     "may open it"},
    {OPT_NICE, 0, "nice", OPTION_FLAG, NULL,
     "work at low priority for processor and disks"},
    {OPT_WATCH, 0, "watch", OPTION_OPTIONAL, "SECS",
     "run again and again, SECS seconds apart (10), until interrupted"},
    {OPT_PROGRESS, 0, "progress", OPTION_VALUE, "WHEN",
     "auto (on a terminal), always, never"},
    {OPT_REPORT, 0, "report", OPTION_VALUE, "FILE",
     "write a line of JSON for each file that changed, and one at the end; -: "
     "to standard output"},
    {OPT_QUIET, 'q', "quiet", OPTION_FLAG, NULL, "say nothing but failures"},
    {OPT_VERBOSE, 'v', "verbose", OPTION_FLAG, NULL,
     "name every file that is taken in, and sum up at the end"},
    {0, 0, "", OPTION_FLAG, NULL, "Instead of indexing"},
    {OPT_REMOVE, 0, "remove", OPTION_FLAG, NULL,
     "remove the documents that the operands name: files, folders, ids of "
     "records"},
    {OPT_WHY, 0, "why", OPTION_FLAG, NULL,
     "say what is known of the files (or records) that the operands name, and "
     "what the next run will do"},
    {OPT_STATS, 0, "stats", OPTION_FLAG, NULL,
     "print numbers of documents, bytes, ages, one a line; -v: more, slower"},
    {OPT_LIST, 0, "list", OPTION_FLAG, NULL,
     "print the paths of all documents; -v: number, date and title too"},
    {OPT_CHECK, 0, "check", OPTION_OPTIONAL, "full",
     "read all of the index and report what is damaged; full: also compare it "
     "with what the stored texts give anew"},
    {OPT_BACKUP, 0, "backup", OPTION_VALUE, "DIR",
     "copy the newest commit into a new folder, also while an indexer runs"},
    {OPT_REBUILD, 0, "rebuild", OPTION_FLAG, NULL,
     "make the index anew of all its sources, with its settings or those given "
     "now; it takes the old one's place when it is whole"},
    {OPT_COMPACT, 0, "compact", OPTION_FLAG, NULL,
     "make the file as small as it can be: one segment, nothing dead"},
    {OPT_HELP, 'h', "help", OPTION_OPTIONAL, "all",
     "print a short help, or this one"},
    {OPT_VERSION, 'V', "version", OPTION_FLAG, NULL, "print the version"},
    {0, 0, NULL, OPTION_FLAG, NULL, NULL},
};

static const char usage[] = "usage: indexer [-d DIR] [OPTIONS] [PATH...]\n";

static const char examples[] =
    "\n"
    "  indexer articles                index the texts and documents in it\n"
    "  indexer                         bring the index up to date\n"
    "  indexer -d /srv/idx a b         two folders, index in /srv/idx\n"
    "  find . -name '*.md' -mtime -1 -print0 | indexer -0 --files-from=-\n"
    "  zcat docs.jsonl.gz | indexer -d idx --input=jsonl -\n"
    "  indexer --list | wc -l          what is in it; --stats, --check\n"
    "\n"
    "Each folder named is remembered: a run without names looks at all of "
    "them,\n"
    "takes in what is new, replaces what has changed, removes what is gone.\n";

static const char common[] =
    "\n"
    "  -d, --db DIR      the index ($INDEX_DB, the nearest .index, ./.index)\n"
    "      --lang CODE   language of a new index: auto, english, german, none "
    "...\n"
    "  -v, --verbose     say what is done     -q, --quiet  failures only\n"
    "      --help=all    all options and the exit codes\n";

static const char codes[] =
    "\n"
    "Exit codes: 0 the index mirrors the sources, 1 some failed (each is "
    "named),\n"
    "2 usage or fatal, 3 refused by --max-purge, 4 index of another format or\n"
    "settings, 5 index damaged, 75 another indexer is at work, 130 "
    "interrupted.\n";

static int print_help(const char *which, struct err *err)
{
    struct buf text = {0};
    int rc = buf_adds(&text, usage);

    if (which && strcmp(which, "all") != 0)
        rc = err_set(err, ERR_USAGE, "--help: '%s' is not all", which);
    else if (rc == 0)
        rc = buf_adds(&text, examples);
    if (rc == 0 && !which)
        rc = buf_adds(&text, common);
    if (rc == 0 && which)
        rc = buf_addc(&text, '\n') < 0 ? ERR_NOMEM
                                       : options_help(options, &text);
    if (rc == 0 && which)
        rc = buf_adds(&text, codes);
    if (rc == 0 &&
        (fwrite(text.p, 1, text.n, stdout) != text.n || fflush(stdout) != 0))
        rc = err_set(err, ERR_IO, "cannot write to standard output");
    buf_release(&text);
    return rc;
}

static int set_purge(const struct options *o, unsigned *out, struct err *err)
{
    char *end;
    unsigned long n = strtoul(o->value, &end, 10);

    if (o->value[0] < '0' || o->value[0] > '9' || n > 100 ||
        (*end && strcmp(end, "%") != 0))
        return err_set(err, ERR_USAGE,
                       "--max-purge: '%s' is not a share such "
                       "as 20%%",
                       o->value);
    *out = (unsigned)n;
    return 0;
}

static int set_memory(const struct options *o, uint64_t *out, struct err *err)
{
    int rc = option_size(o, out, err);

    if (rc == 0 && *out < (uint64_t)MEMORY_LEAST << 20)
        rc = err_set(err, ERR_USAGE, "--%s: less than %dM will not do",
                     o->option->name, MEMORY_LEAST);
    return rc;
}

/* --wait=SECS, or for ever. */
static int set_wait(const struct options *o, long *out, struct err *err)
{
    char *end;

    *out = -1;
    if (!o->value)
        return 0;
    errno = 0;
    *out = strtol(o->value, &end, 10);
    if (o->value[0] < '0' || o->value[0] > '9' || *end || errno)
        return err_set(err, ERR_USAGE,
                       "--wait: '%s' is not a number of seconds", o->value);
    return 0;
}

static int set_input(const struct options *o, struct command *c,
                     struct err *err)
{
    int format, rc = option_choice(o, records_formats, &format, err);

    if (rc == 0) {
        c->run.input = RUN_RECORDS;
        c->run.format = (enum records_format)format;
    }
    return rc;
}

static int set_check(const struct options *o, struct command *c,
                     struct err *err)
{
    if (o->value && strcmp(o->value, "full") != 0)
        return err_set(err, ERR_USAGE, "--check: '%s' is not full", o->value);
    c->mode = MODE_CHECK;
    c->full = o->value != NULL;
    return 0;
}

static int set_progress(const struct options *o, int *out, struct err *err)
{
    static const char *const when[] = {"never", "always", "auto", NULL};

    return option_choice(o, when, out, err);
}

static int set_selection(const struct options *o, struct selection *s,
                         struct err *err)
{
    switch (o->id) {
    case OPT_HIDDEN:
        selection_flag(s, ROOT_HIDDEN);
        return 0;
    case OPT_FOLLOW:
        selection_flag(s, ROOT_FOLLOW);
        return 0;
    case OPT_ONE_FS:
        selection_flag(s, ROOT_ONE_FS);
        return 0;
    default:
        return selection_pattern(s, o->id == OPT_INCLUDE, o->value, err);
    }
}

static int set_seconds(const struct options *o, unsigned *out, struct err *err)
{
    unsigned long n;
    char *end;

    n = strtoul(o->value, &end, 10);
    if (o->value[0] < '0' || o->value[0] > '9' || *end || n < 1 || n > 86400)
        return err_set(err, ERR_USAGE,
                       "--%s: '%s' is not a number of seconds from 1 to 86400",
                       o->option->name, o->value);
    *out = (unsigned)n;
    return 0;
}

static int set_watch(const struct options *o, struct command *c,
                     struct err *err)
{
    c->watch = WATCH_SECONDS;
    return o->value ? set_seconds(o, &c->watch, err) : 0;
}

static int set_jobs(const struct options *o, unsigned *out, struct err *err)
{
    unsigned long n;
    char *end;

    n = strtoul(o->value, &end, 10);
    if (o->value[0] < '0' || o->value[0] > '9' || *end || n < 1 || n > 1024)
        return err_set(err, ERR_USAGE,
                       "--jobs: '%s' is not a number from 1 to 1024", o->value);
    *out = (unsigned)n;
    return 0;
}

/* Processors that this process may use, at most two. */
static unsigned default_jobs(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) < 2
               ? 1
               : 2;
}

static int take(struct command *c, const struct options *o, struct err *err)
{
    switch (o->id) {
    case OPTION_OPERAND:
        c->run.operand[c->run.noperands++] = (char *)(uintptr_t)o->value;
        return 0;
    case OPT_DB:
        c->db = o->value;
        return 0;
    case OPT_INPUT:
        return set_input(o, c, err);
    case OPT_FILES_FROM:
        c->files_from = o->value;
        return 0;
    case OPT_NULL:
        c->run.null = true;
        return 0;
    case OPT_LANG:
        c->run.language = o->value;
        return 0;
    case OPT_NO_TEXT:
        c->run.no_text = true;
        return 0;
    case OPT_MEMORY:
        return set_memory(o, &c->run.memory, err);
    case OPT_JOBS:
        return set_jobs(o, &c->run.jobs, err);
    case OPT_WAIT:
        return set_wait(o, &c->run.store.wait, err);
    case OPT_NETWORK:
        c->run.store.network = true;
        return 0;
    case OPT_INCLUDE:
    case OPT_EXCLUDE:
    case OPT_HIDDEN:
    case OPT_FOLLOW:
    case OPT_ONE_FS:
        return set_selection(o, &c->run.select, err);
    case OPT_MAX_SIZE:
        return option_size(o, &c->run.max_size, err);
    case OPT_FILTER:
        return filters_add(&c->run.filters, o->value, err);
    case OPT_CONVERT_TIME:
        return set_seconds(o, &c->run.convert_time, err);
    case OPT_CONVERT_MEMORY:
        return set_memory(o, &c->run.convert_memory, err);
    case OPT_ENCODING:
        return encodings_add(&c->run.encodings, o->value, err);
    case OPT_DRY_RUN:
        c->run.dry = true;
        return 0;
    case OPT_FORCE:
        c->run.force = true;
        return 0;
    case OPT_VERIFY:
        c->run.verify = true;
        return 0;
    case OPT_RETRY:
        c->run.retry = true;
        return 0;
    case OPT_PURGE:
        c->run.purge = true;
        return 0;
    case OPT_NO_PURGE:
        c->run.no_purge = true;
        return 0;
    case OPT_REMOVE:
        c->remove = true;
        return 0;
    case OPT_REPORT:
        c->run.report = o->value;
        return 0;
    case OPT_MAX_PURGE:
        return set_purge(o, &c->run.max_purge, err);
    case OPT_QUIET:
        c->run.level = LEVEL_QUIET;
        return 0;
    case OPT_VERBOSE:
        c->run.level = LEVEL_VERBOSE;
        return 0;
    case OPT_PROGRESS:
        return set_progress(o, &c->run.progress, err);
    case OPT_NICE:
        c->nice = true;
        return 0;
    case OPT_WATCH:
        return set_watch(o, c, err);
    case OPT_WHY:
        c->mode = MODE_WHY;
        return 0;
    case OPT_STATS:
        c->mode = MODE_STATS;
        return 0;
    case OPT_LIST:
        c->mode = MODE_LIST;
        return 0;
    case OPT_CHECK:
        return set_check(o, c, err);
    case OPT_BACKUP:
        c->mode = MODE_BACKUP;
        c->backup = o->value;
        return 0;
    case OPT_REBUILD:
        c->run.rebuild = true;
        return 0;
    case OPT_COMPACT:
        c->mode = MODE_COMPACT;
        return 0;
    case OPT_HELP:
        c->done = true;
        return print_help(o->value, err);
    default:
        c->done = true;
        return puts(VERSION) < 0 || fflush(stdout) != 0
                   ? err_set(err, ERR_IO, "cannot write to standard output")
                   : 0;
    }
}

int command_parse(struct command *c, int argc, char **argv, struct err *err)
{
    struct options o;
    int rc;

    memset(c, 0, sizeof *c);
    c->run.memory = (uint64_t)256 << 20;
    c->run.jobs = default_jobs();
    c->run.convert_time = 60;
    c->run.convert_memory = (uint64_t)512 << 20;
    c->run.max_purge = 20;
    c->run.progress = 2;
    c->run.operand = calloc((size_t)argc + 1, sizeof *c->run.operand);
    if (!c->run.operand)
        return err_nomem(err);
    options_init(&o, options, argc, argv);
    while (!c->done && (rc = options_next(&o, err)) != 0) {
        if (rc > 0)
            rc = take(c, &o, err);
        if (rc < 0)
            return rc;
    }
    return c->done ? 0 : command_agree(c, err);
}

void command_release(struct command *c)
{
    free(c->run.operand);
    selection_release(&c->run.select);
    filters_release(&c->run.filters);
    encodings_release(&c->run.encodings);
}
