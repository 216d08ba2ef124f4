/*
 * merges split DIR FILE.jsonl SEGMENTS - makes an index of that many segments
 * of about one size, which a run would have merged; prints the megabytes of
 * text in it.
 * merges time DIR - merges all of them into one, as the end of a run does;
 * prints segments, megabytes of their tables, milliseconds of wall and of CPU.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "index/manifest.h"
#include "indexer/merge.h"
#include "indexer/run_work.h"

#define MB (1024.0 * 1024.0)

static double clock_ms(clockid_t which)
{
    struct timespec ts;

    clock_gettime(which, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Takes in all records, a commit each time `part` bytes of them were read. */
static int take(struct run *r, struct records *records, uint64_t part)
{
    const volatile sig_atomic_t never = 0;
    uint64_t text = 0, read = 0;
    struct record rec;
    int rc;

    while ((rc = records_next(records, &rec, &never, r->err)) > 0) {
        text += rec.title.n + rec.text.n;
        read += rec.raw.n;
        rc = intake_record(&r->intake, &rec, r->err);
        if (rc == 0 && read >= part) {
            rc = intake_flush(&r->intake, r->err);
            read = 0;
        }
        if (rc < 0)
            return rc;
    }
    if (rc == 0)
        rc = intake_flush(&r->intake, r->err);
    printf("%.1f\n", (double)text / MB);
    return rc;
}

static int split(char **argv, struct err *err)
{
    struct run_options o = {.dir = argv[0],
                            .input = RUN_RECORDS,
                            .operand = argv + 1,
                            .noperands = 1,
                            .memory = 512 << 20,
                            .level = LEVEL_QUIET};
    struct run r = {.o = &o, .err = err};
    struct records *records = NULL;
    struct stat st;
    int rc;

    report_init(&r.report, o.level, o.progress);
    rc = run_open(&r);
    if (rc == 0)
        rc = intake_open(&r.intake, err);
    if (rc == 0)
        rc = records_open(&records, RECORDS_JSONL, argv[1],
                          (size_t)r.intake.max_size, err);
    if (rc == 0 && stat(argv[1], &st) == 0)
        rc = take(&r, records,
                  (uint64_t)st.st_size / strtoul(argv[2], NULL, 10));
    records_close(records);
    run_close(&r);
    return rc;
}

static int time_merge(const char *dir, struct err *err)
{
    double wall, cpu, bytes = 0;
    struct store *s = NULL;
    struct manifest m;
    struct txn *t;
    uint32_t i, n;
    int rc = store_open(&s, dir, STORE_WRITE, err);

    if (rc == 0)
        rc = txn_begin(&t, s, err);
    if (rc == 0) {
        rc = manifest_read(t, &m, err);
        txn_abort(t);
    }
    if (rc <= 0)
        goto out;
    n = m.nsegments;
    for (i = 0; i < n; i++)
        bytes += (double)m.segment[i].bytes;
    wall = clock_ms(CLOCK_MONOTONIC);
    cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    rc = merge_segments(s, &m, 0, n, 60 << 20, err);
    printf("%u %.1f %.1f %.1f\n", (unsigned)n, bytes / MB,
           clock_ms(CLOCK_MONOTONIC) - wall,
           clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu);
out:
    store_close(s);
    return rc;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    int rc;

    if (argc == 5 && strcmp(argv[1], "split") == 0) {
        rc = split(argv + 2, &err);
    } else if (argc == 3 && strcmp(argv[1], "time") == 0) {
        rc = time_merge(argv[2], &err);
    } else {
        fprintf(stderr, "usage: merges split DIR FILE SEGMENTS\n"
                        "       merges time DIR\n");
        return 2;
    }
    if (rc < 0)
        fprintf(stderr, "merges: %s\n", err.msg);
    return rc < 0 ? 2 : 0;
}
