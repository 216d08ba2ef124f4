#include "indexer/command.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/intake.h"
#include "indexer/option_table.h"
#include "indexer/report.h"
#include "indexer/watch.h"

#define VERSION "indexer 0.1.0"

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

/* A number from 1 to max, of what `kind` says. */
static int set_number(const struct options *o, unsigned max, const char *kind,
                      unsigned *out, struct err *err)
{
    unsigned long n;
    char *end;

    n = strtoul(o->value, &end, 10);
    if (o->value[0] < '0' || o->value[0] > '9' || *end || n < 1 || n > max)
        return err_set(err, ERR_USAGE, "--%s: '%s' is not a %s from 1 to %u",
                       o->option->name, o->value, kind, max);
    *out = (unsigned)n;
    return 0;
}

static int set_seconds(const struct options *o, unsigned *out, struct err *err)
{
    return set_number(o, 86400, "number of seconds", out, err);
}

static int set_watch(const struct options *o, struct command *c,
                     struct err *err)
{
    c->watch = WATCH_SECONDS;
    return o->value ? set_seconds(o, &c->watch, err) : 0;
}

/* Processors that this process may use, at most two. */
static unsigned default_jobs(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) < 2
               ? 1
               : 2;
}

/* The member that an option without a value sets; NULL of any other. */
static bool *flag_of(struct command *c, int id)
{
    switch (id) {
    case OPT_NULL:
        return &c->run.null;
    case OPT_NO_TEXT:
        return &c->run.no_text;
    case OPT_NETWORK:
        return &c->run.store.network;
    case OPT_DRY_RUN:
        return &c->run.dry;
    case OPT_FORCE:
        return &c->run.force;
    case OPT_VERIFY:
        return &c->run.verify;
    case OPT_RETRY:
        return &c->run.retry;
    case OPT_PURGE:
        return &c->run.purge;
    case OPT_NO_PURGE:
        return &c->run.no_purge;
    case OPT_REMOVE:
        return &c->remove;
    case OPT_NICE:
        return &c->nice;
    case OPT_REBUILD:
        return &c->run.rebuild;
    default:
        return NULL;
    }
}

/* The member that keeps an option's value as it is; NULL of any other. */
static const char **word_of(struct command *c, int id)
{
    switch (id) {
    case OPT_DB:
        return &c->db;
    case OPT_FILES_FROM:
        return &c->files_from;
    case OPT_LANG:
        return &c->run.language;
    case OPT_REPORT:
        return &c->run.report;
    default:
        return NULL;
    }
}

/* What to do instead of indexing, and how much to say. */
static int take_mode(struct command *c, const struct options *o,
                     struct err *err)
{
    switch (o->id) {
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
    case OPT_COMPACT:
        c->mode = MODE_COMPACT;
        return 0;
    case OPT_QUIET:
        c->run.level = LEVEL_QUIET;
        return 0;
    case OPT_VERBOSE:
        c->run.level = LEVEL_VERBOSE;
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

/* Options with a value of their own kind. */
static int take_value(struct command *c, const struct options *o,
                      struct err *err)
{
    switch (o->id) {
    case OPT_INPUT:
        return set_input(o, c, err);
    case OPT_MEMORY:
        return set_memory(o, &c->run.memory, err);
    case OPT_JOBS:
        return set_number(o, 1024, "number", &c->run.jobs, err);
    case OPT_WAIT:
        return set_wait(o, &c->run.store.wait, err);
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
    case OPT_MAX_PURGE:
        return set_purge(o, &c->run.max_purge, err);
    case OPT_PROGRESS:
        return set_progress(o, &c->run.progress, err);
    case OPT_WATCH:
        return set_watch(o, c, err);
    default:
        return take_mode(c, o, err);
    }
}

static int take(struct command *c, const struct options *o, struct err *err)
{
    bool *flag = flag_of(c, o->id);
    const char **word = word_of(c, o->id);

    if (o->id == OPTION_OPERAND) {
        c->run.operand[c->run.noperands++] = (char *)(uintptr_t)o->value;
        return 0;
    }
    if (flag) {
        *flag = true;
        return 0;
    }
    if (word) {
        *word = o->value;
        return 0;
    }
    return take_value(c, o, err);
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
    options_init(&o, option_table, argc, argv);
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
