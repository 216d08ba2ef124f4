#include "indexer/modes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "index/index.h"
#include "indexer/check.h"
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

static int open_index(struct index *ix, const char *dir, struct err *err)
{
    int rc = index_open(ix, dir, err);

    setvbuf(stdout, output, _IOFBF, sizeof output);
    return rc < 0 ? rc : index_begin(ix, err);
}

/* --- stats --- */

/* Bytes of all sources that have a document, as of their records. */
static int source_bytes(struct index *ix, uint64_t *bytes, uint64_t *without,
                        struct err *err)
{
    struct view key, val;
    struct source row;
    struct cursor *c;
    store_db path;
    int rc = txn_open_db(ix->txn, "path", false, &path, err);

    *bytes = *without = 0;
    if (rc > 0)
        rc = cursor_open(&c, ix->txn, path, err);
    else
        return rc;
    if (rc < 0)
        return rc;
    for (rc = cursor_first(c, &key, &val); rc > 0;
         rc = cursor_next(c, &key, &val)) {
        rc = source_decode(val, &row, err);
        if (rc < 0)
            break;
        if (row.docid)
            *bytes += row.size;
        else
            ++*without;
    }
    cursor_close(c);
    return rc;
}

static void print_time(uint64_t ns)
{
    time_t t = (time_t)(ns / 1000000000u);
    char text[32] = "?";
    struct tm tm;

    if (gmtime_r(&t, &tm))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    puts(text);
}

static void print_segments(const struct manifest *m)
{
    uint32_t i;

    printf("segments     %u\n", m->nsegments);
    for (i = 0; i < m->nsegments; i++) {
        const struct segment_info *s = &m->segment[i];

        printf("  %08x   %u documents, %u dead, %u terms, %.1f MB\n", s->number,
               s->docs, s->dead, s->terms, (double)s->bytes / 1e6);
    }
}

static void print_manifest(const struct manifest *m)
{
    uint32_t i, dead = 0;
    char uuid[37];

    for (i = 0; i < m->nsegments; i++)
        dead += m->segment[i].dead;
    uuid_text(m->uuid, uuid);
    printf("uuid         %s\n", uuid);
    printf("generation   %" PRIu64 "\n", m->generation);
    printf("updated      ");
    print_time(m->updated_ns);
    printf("documents    %u, and %u dead ones to be purged\n", m->live_docs,
           dead);
    printf("positions    %" PRIu64 "\n", m->live_positions);
    print_segments(m);
}

static int print_stats(struct index *ix, struct err *err)
{
    uint64_t bytes, without;
    struct store_size size;
    size_t i;
    int rc = source_bytes(ix, &bytes, &without, err);

    if (rc == 0)
        rc = store_size(ix->store, &size, err);
    if (rc < 0)
        return rc;
    printf("index        %s\n", store_path(ix->store));
    print_manifest(&ix->manifest);
    printf("sources      %.1f MB, and %" PRIu64 " skipped or failed\n",
           (double)bytes / 1e6, without);
    printf("file         %.1f MB, of which %.1f MB in use",
           (double)size.file_bytes / 1e6, (double)size.used_bytes / 1e6);
    if (bytes)
        printf(" (%.0f %% of the sources)",
               100 * (double)size.used_bytes / (double)bytes);
    putchar('\n');
    for (i = 0; i < ix->roots.n; i++) {
        struct buf raw = {0}, line = {0};

        if (buf_adds(&raw, ix->roots.root[i].path) == 0 &&
            selection_text(&ix->roots.root[i], &raw) == 0 &&
            report_escape(buf_view(&raw), &line) == 0 && buf_cstr(&line))
            printf("root         %s\n", buf_cstr(&line));
        buf_release(&raw);
        buf_release(&line);
    }
    fwrite("settings     ", 1, 13, stdout);
    for (i = 0; i < ix->config.n; i++) {
        putchar(ix->config.p[i]);
        if (ix->config.p[i] == '\n' && i + 1 < ix->config.n)
            fwrite("             ", 1, 13, stdout);
    }
    return 0;
}

int mode_stats(const char *dir)
{
    struct err err = {0};
    struct index ix;
    int rc = open_index(&ix, dir, &err);

    if (rc == 0)
        rc = print_stats(&ix, &err);
    index_end(&ix); /* nothing is held while stdout is waited for */
    rc = mode_end(rc, &err);
    index_close(&ix);
    return rc;
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
