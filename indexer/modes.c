#include "indexer/modes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "index/index.h"
#include "indexer/check.h"
#include "indexer/compact.h"
#include "indexer/intake.h"
#include "indexer/report.h"
#include "indexer/run.h"

int mode_end(int rc, const struct err *err)
{
    struct report report = {0};

    if (rc < 0) {
        report_error(&report, err);
        report_release(&report);
        return exit_code(rc);
    }
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_FINE;
    if (errno != EPIPE)
        fprintf(stderr, "indexer: cannot write to standard output: %s\n",
                strerror(errno));
    return EXIT_FATAL;
}

/* What is printed while the index is held stays in here. */
static char output[1 << 18];

int mode_open(struct index *ix, const char *dir, struct err *err)
{
    int rc = index_open(ix, dir, err);

    setvbuf(stdout, output, _IOFBF, sizeof output);
    return rc < 0 ? rc : index_begin(ix, err);
}

/* --- check --- */

static void say(void *arg, const char *line)
{
    (void)arg;
    puts(line);
}

static void print_verdict(const struct check_report *r, const struct index *ix)
{
    if (r->textless > 0)
        printf("%" PRIu64 " documents have no stored text: their postings were "
               "not compared with it\n",
               r->textless);
    if (r->problems == 0)
        printf("ok: %" PRIu64 " records of %u documents in %u segments\n",
               r->records, ix->manifest.live_docs, ix->manifest.nsegments);
    else if (r->records == 0) /* it ended with the pages */
        printf("damaged: %" PRIu64 " problems in %" PRIu64 " pages\n",
               r->problems, r->pages);
    else
        printf("damaged: %" PRIu64 " problems in %" PRIu64 " records\n",
               r->problems, r->records);
}

/* All checks that make sense. */
static int check(struct index *ix, const char *dir, bool full, uint64_t memory,
                 struct check_report *report, struct err *err)
{
    int rc = check_open(ix, dir, report, say, NULL, err);

    if (rc == 0 && report->problems == 0)
        rc = index_begin(ix, err);
    if (rc == 0 && report->problems == 0)
        rc = check_index(ix, report, say, NULL, err);
    if (rc == 0 && report->problems == 0 && full)
        rc = check_texts(ix, memory, report, say, NULL, err);
    return rc;
}

int mode_check(const char *dir, bool full, uint64_t memory)
{
    struct check_report report;
    struct err err = {0};
    struct index ix;
    int rc = check(&ix, dir, full, memory, &report, &err);

    if (rc == 0)
        print_verdict(&report, &ix);
    index_end(&ix); /* nothing is held while stdout is waited for */
    rc = mode_end(rc, &err);
    if (rc == EXIT_FINE && report.problems)
        rc = EXIT_DAMAGED;
    index_close(&ix);
    return rc;
}

/* --- compact --- */

int mode_compact(const struct run_options *o)
{
    struct compact_limits limits = {.positions = UINT32_MAX, .stop = &run_stop};
    struct compacted done;
    struct memory m;
    struct err err = {0};
    int rc;

    memory_divide(&m, o->memory);
    limits.store = o->store;
    limits.txn_max = m.dirty_max;
    rc = compact(o->dir, &limits, &done, &err);
    if (rc == 0 && o->level == LEVEL_VERBOSE)
        fprintf(
            stderr,
            "indexer: %.1f MB became %.1f MB; %u segments became %u; %u dead "
            "documents are gone\n",
            (double)done.bytes_before / 1e6, (double)done.bytes_after / 1e6,
            done.segments_before, done.segments_after, done.dead);
    if (rc == ERR_STOPPED)
        err_set(&err, rc, "interrupted; the index is as it was");
    return mode_end(rc, &err);
}
