/*
 * query - finds passages in an index. What there is to it: settings.h (the
 * command line), ask.h (what it does), answer.h (one query).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "query/ask.h"
#include "query/shown.h"

enum status {
    STATUS_FOUND = 0,
    STATUS_NONE = 1,
    STATUS_USAGE = 2,
    STATUS_NO_INDEX = 3,
    STATUS_VERSION = 4,
    STATUS_DAMAGED = 5
};

/* Exit status for what a mode returned before anything is known of output. */
static int status_of(int rc)
{
    switch (rc) {
    case ERR_NOTFOUND:
    case ERR_IO:
    case ERR_BUSY:
    case ERR_REFUSED:
        return STATUS_NO_INDEX;
    case ERR_VERSION:
        return STATUS_VERSION;
    case ERR_CORRUPT:
        return STATUS_DAMAGED;
    default:
        return rc < 0 ? STATUS_USAGE : rc > 0 ? STATUS_FOUND : STATUS_NONE;
    }
}

static void say(const struct err *err)
{
    struct buf b = {0};

    if (!err->msg[0])
        return;
    if (buf_adds(&b, "query: ") == 0 &&
        shown_safe(&b, view_str(err->msg), false) == 0 &&
        buf_addc(&b, '\n') == 0)
        (void)!write_all(STDERR_FILENO, buf_view(&b));
    else
        (void)!write_all(STDERR_FILENO, view_str("query: out of memory\n"));
    buf_release(&b);
}

/* --help and --version: text alone. */
static int print_text_of(enum mode mode, struct err *err)
{
    struct buf b = {0};
    int rc = mode == MODE_VERSION ? buf_adds(&b, QUERY_VERSION "\n")
                                  : settings_help(mode == MODE_HELP_ALL, &b);

    if (rc < 0)
        rc = err_nomem(err);
    else if (write_all(STDOUT_FILENO, buf_view(&b)) < 0)
        rc = err_sys(err, ERR_USAGE, errno, "cannot write");
    buf_release(&b);
    return rc < 0 ? rc : 1;
}

/* A mode that reads the index once. */
static int read_once(struct session *s, int (*ask)(struct session *))
{
    struct session_mark mark = session_mark(s);
    int rc;

    do
        rc = ask(s);
    while (session_again(s, &mark, &rc));
    return rc;
}

static int run_mode(struct session *s)
{
    switch (s->settings->mode) {
    case MODE_SHOW:
        return read_once(s, ask_show);
    case MODE_SIMILAR:
        return read_once(s, ask_similar);
    case MODE_STATS:
        return read_once(s, ask_stats);
    case MODE_TERMS:
        return read_once(s, ask_terms);
    case MODE_ACRONYMS:
        return read_once(s, ask_acronyms);
    case MODE_BATCH:
        return ask_batch(s);
    case MODE_CHANGES:
        return read_once(s, ask_changes);
    case MODE_ANALYZE:
        return ask_analyze(s);
    default:
        return ask_search(s);
    }
}

static void print_timing(struct session *s)
{
    struct buf b = {0};

    if (timing_print(&s->timing, &b) == 0)
        (void)!write_all(STDERR_FILENO, buf_view(&b));
    buf_release(&b);
}

/* Runs the mode, prints, returns the exit status. What was answered before an
 * error is printed, too. */
static int run(struct settings *settings, struct err *err)
{
    struct err flush_err = {0};
    struct session s;
    int rc = 0, flushed = 0, status;

    session_init(&s, settings, err);
    if (settings->mode != MODE_BATCH) /* there each request is on its own */
        rc = session_open(&s);
    if (rc == ERR_NOTFOUND && settings->mode == MODE_ANALYZE && !settings->ndbs)
        rc = 0;
    if (rc == 0) {
        crash_guard("query: " CRASH_MESSAGE "\n");
        rc = run_mode(&s);
        /* an answer that failed half-way is no answer */
        status = status_of(rc);
        s.err = &flush_err;
        flushed = session_flush(&s);
    } else {
        status = status_of(rc);
    }
    if (rc == ERR_NOMEM)
        err_nomem(err);
    if (rc < 0)
        say(err);
    if (flushed < 0) {
        say(&flush_err);
        status = STATUS_USAGE;
    }
    if (rc >= 0 && settings->time)
        print_timing(&s);
#ifdef __SANITIZE_ADDRESS__
    session_close(&s); /* so that a leak shows; else the system is faster */
#endif
    return status;
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct err err = {0};
    int rc = settings_read(&settings, argc, argv, &err), status;

    if (rc == ERR_NOMEM)
        err_nomem(&err);
    if (rc < 0) {
        say(&err);
        status = STATUS_USAGE;
    } else if (settings.mode >= MODE_HELP) {
        rc = print_text_of(settings.mode, &err);
        if (rc < 0)
            say(&err);
        status = rc < 0 ? STATUS_USAGE : STATUS_FOUND;
    } else {
        status = run(&settings, &err);
    }
#ifdef __SANITIZE_ADDRESS__
    settings_release(&settings);
    return status;
#else
    _exit(status);
#endif
}
