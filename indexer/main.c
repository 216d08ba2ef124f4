/*
 * indexer - turns articles into an index for query(1). Under the name of
 * formats/worker.h it is the process that gets the text out of other formats.
 */
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/crash.h"
#include "index/filesystem.h"
#include "index/index.h"
#include "indexer/backup.h"
#include "indexer/command.h"
#include "indexer/formats/worker.h"
#include "indexer/list.h"
#include "indexer/modes.h"
#include "indexer/nice.h"
#include "indexer/report.h"
#include "indexer/watch.h"
#include "indexer/why.h"

static void stop(int signal)
{
    (void)signal;
    run_stop = 1;
}

static bool writes(enum command_mode mode)
{
    return mode == MODE_RUN || mode == MODE_COMPACT || mode == MODE_BACKUP;
}

/* What writes ends where a commit does. What only reads ends at once, which
 * may be while it waits for somebody to take its output. */
static void catch_signals(enum command_mode mode)
{
    struct sigaction sa = {0};

    sa.sa_handler = stop;
    sa.sa_flags = SA_RESETHAND; /* a second one ends it at once */
    if (writes(mode)) {
        sigaction(SIGINT, &sa, NULL);
        sigaction(SIGTERM, &sa, NULL);
    }
    sa.sa_handler = SIG_IGN; /* a limit on file sizes is an error of write */
    sigaction(SIGXFSZ, &sa, NULL);
}

/* A file opened in place of a closed standard stream would get what is meant
 * for that. Reading ends at once there, writing fails. */
static void fill_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

static void complain(const struct err *err)
{
    struct report report = {0};

    report_error(&report, err);
    report_release(&report);
}

static int write_index(const struct run_options *o, unsigned watch_seconds)
{
    if (o->level == LEVEL_VERBOSE && filesystem_is_fuse(o->dir))
        fprintf(stderr,
                "indexer: warning: the index is on FUSE: make sure that what "
                "serves it is on this machine\n");
    return watch_seconds ? watch(o, watch_seconds) : run(o);
}

static int execute(struct command *c, struct err *err)
{
    struct buf dir = {0};
    bool make = c->mode == MODE_RUN && c->run.noperands > 0;
    int code, rc = index_find(c->db, make, &dir, err);

    if (rc < 0) {
        complain(err);
        buf_release(&dir);
        return EXIT_FATAL;
    }
    c->run.dir = buf_cstr(&dir);
    c->run.store.stop = &run_stop;
    if (c->nice)
        nice_process();
    if (!c->run.dir)
        code = EXIT_FATAL;
    else if (c->mode == MODE_STATS)
        code = mode_stats(c->run.dir, c->run.level == LEVEL_VERBOSE);
    else if (c->mode == MODE_WHY)
        code = mode_why(c->run.dir, c->run.operand, c->run.noperands);
    else if (c->mode == MODE_LIST)
        code =
            mode_list(c->run.dir, c->run.null, c->run.level == LEVEL_VERBOSE);
    else if (c->mode == MODE_CHECK)
        code = mode_check(c->run.dir, c->full, c->run.memory);
    else if (c->mode == MODE_BACKUP)
        code =
            mode_backup(c->run.dir, c->backup, c->run.level == LEVEL_VERBOSE);
    else if (c->mode == MODE_COMPACT)
        code = mode_compact(&c->run);
    else
        code = write_index(&c->run, c->watch);
    buf_release(&dir);
    return code;
}

int main(int argc, char **argv)
{
    struct command c;
    struct err err = {0};
    int code = EXIT_FINE;

    fill_streams();
    if (worker_wanted(argc, argv))
        return worker_main();
    mallopt(M_MMAP_THRESHOLD, 1 << 20); /* large blocks go back when freed */
    crash_guard("indexer: index damaged or disk error: a page of it cannot be "
                "read\n");
    if (command_parse(&c, argc, argv, &err) < 0) {
        complain(&err);
        code = EXIT_FATAL;
    } else if (!c.done) {
        catch_signals(c.mode);
        code = execute(&c, &err);
    }
    command_release(&c);
    return code;
}
