/*
 * --stats: a line each, a key, blanks and its value; keys are fixed, bytes and
 * seconds whole numbers. The part before -v reads the manifest, what LMDB
 * knows of its tables, and the languages of all documents; -v adds a walk over the records of all paths and one over
 * all terms, and a line a segment.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "index/column.h"
#include "indexer/modes.h"
#include "indexer/report.h"
#include "indexer/selection.h"
#include "indexer/shares.h"

#define SECOND 1000000000u /* in ns */

static void number(const char *key, uint64_t value)
{
    printf("%-20s %" PRIu64 "\n", key, value);
}

static void text(const char *key, const char *value)
{
    printf("%-20s %s\n", key, value);
}

/* A text from outside. */
static int escaped(const char *key, struct view value, struct err *err)
{
    struct buf b = {0};
    int rc = report_escape(value, &b);

    if (rc == 0 && buf_cstr(&b))
        text(key, buf_cstr(&b));
    else
        rc = err_nomem(err);
    buf_release(&b);
    return rc;
}

/* A moment and, as `age_key`, the seconds since then. */
static void moment(const char *key, const char *age_key, uint64_t ns)
{
    time_t t = (time_t)(ns / SECOND), now = time(NULL);
    char at[32] = "?";
    struct tm tm;

    if (ns == 0) {
        text(key, "never");
        return;
    }
    if (gmtime_r(&t, &tm))
        strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &tm);
    text(key, at);
    number(age_key, now > t ? (uint64_t)(now - t) : 0);
}

static void print_manifest(const struct manifest *m)
{
    uint64_t dead = 0, terms = 0, docs = 0;
    char uuid[37];
    uint32_t i;

    for (i = 0; i < m->nsegments; i++) {
        docs += m->segment[i].docs;
        dead += m->segment[i].dead;
        terms += m->segment[i].terms;
    }
    uuid_text(m->uuid, uuid);
    text("uuid", uuid);
    number("generation", m->generation);
    moment("updated", "updated_age", m->updated_ns);
    moment("complete_run", "complete_run_age", m->run_start_ns);
    number("documents", m->live_docs);
    number("dead", dead);
    printf("%-20s %.4f\n", "dead_share",
           docs ? (double)dead / (double)docs : 0.0);
    number("positions", m->live_positions);
    number("segments", m->nsegments);
    number("terms", terms);
}

/* --- sizes --- */

/* A table, or what several have in common, of the whole. */
static int print_bytes(struct index *ix, const char *key, const char *table,
                       uint64_t *sum, struct err *err)
{
    uint64_t bytes;
    int rc = txn_bytes(ix->txn, table, &bytes, err);

    *sum += bytes;
    if (rc == 0)
        number(key, bytes);
    return rc;
}

static int segment_bytes(struct index *ix, char kind, uint64_t *sum,
                         struct err *err)
{
    char name[10];
    uint64_t bytes;
    uint32_t i;
    int rc = 0;

    for (i = 0; i < ix->manifest.nsegments && rc == 0; i++) {
        snprintf(name, sizeof name, "%c%08" PRIx32, kind,
                 ix->manifest.segment[i].number);
        rc = txn_bytes(ix->txn, name, &bytes, err);
        *sum += bytes;
    }
    return rc;
}

static int print_segment_bytes(struct index *ix, const char *key, char kind,
                               uint64_t *sum, struct err *err)
{
    uint64_t all = 0;
    int rc = segment_bytes(ix, kind, &all, err);

    *sum += all;
    if (rc == 0)
        number(key, all);
    return rc;
}

static int print_sizes(struct index *ix, struct err *err)
{
    struct store_size size;
    uint64_t sum = 0;
    int rc = store_size(ix->store, &size, err);

    if (rc < 0)
        return rc;
    number("file_bytes", size.file_bytes);
    number("used_bytes", size.used_bytes);
    rc = print_segment_bytes(ix, "postings_bytes", 'p', &sum, err);
    if (rc == 0)
        rc = print_segment_bytes(ix, "positions_bytes", 'x', &sum, err);
    if (rc == 0)
        rc = print_bytes(ix, "documents_bytes", "docs", &sum, err);
    if (rc == 0)
        rc = print_bytes(ix, "paths_bytes", "path", &sum, err);
    if (rc == 0)
        rc = print_bytes(ix, "norms_bytes", "norm", &sum, err);
    if (rc == 0)
        rc = print_bytes(ix, "columns_bytes", "col", &sum, err);
    if (rc == 0)
        rc = print_bytes(ix, "fields_bytes", "field", &sum, err);
    if (rc == 0)
        rc = print_bytes(ix, "names_bytes", "name", &sum, err);
    if (rc == 0)
        rc = print_bytes(ix, "log_bytes", "log", &sum, err);
    if (rc == 0)
        number("other_bytes",
               size.used_bytes > sum ? size.used_bytes - sum : 0);
    return rc;
}

/* --- languages --- */

struct language_docs {
    uint8_t letters[2];
    uint32_t docs;
};

enum { LETTERS = 27 * 27 }; /* two letters, or none, each */

static int by_docs(const void *a, const void *b)
{
    const struct language_docs *x = a, *y = b;

    if (x->docs != y->docs)
        return x->docs < y->docs ? 1 : -1;
    return memcmp(x->letters, y->letters, 2);
}

/* Living documents of each language. */
static int count_languages(struct index *ix, struct language_docs *count,
                           struct err *err)
{
    struct column c;
    const uint8_t *v;
    uint32_t d;
    int rc = column_open(&c, ix->txn, COLUMN_LANGUAGE, err);

    for (d = 1; d < ix->manifest.next_docid && rc == 0; d++) {
        struct language_docs *of = count;

        if (norms_code(&ix->norms, d) == 0)
            continue;
        v = column_get(&c, d);
        if (!v)
            return err->code;
        if (v[0] >= 'a' && v[0] <= 'z' && v[1] >= 'a' && v[1] <= 'z')
            of += (v[0] - 'a' + 1) * 27 + (v[1] - 'a' + 1);
        memcpy(of->letters, v, 2);
        of->docs++;
    }
    return rc;
}

static int print_languages(struct index *ix, struct err *err)
{
    struct language_docs *count = calloc(LETTERS, sizeof *count), *of;
    int rc = count ? count_languages(ix, count, err) : err_nomem(err);

    if (rc == 0) {
        qsort(count, LETTERS, sizeof *count, by_docs);
        for (of = count; of < count + LETTERS && of->docs; of++)
            printf("%-20s %.*s: %" PRIu32 " documents\n", "language",
                   of->letters[0] ? 2 : 4,
                   of->letters[0] ? (const char *)of->letters : "none",
                   of->docs);
    }
    free(count);
    return rc;
}

/* --- settings --- */

static int print_root(const struct root *root, struct err *err)
{
    struct buf b = {0};
    int rc = buf_adds(&b, root->path) < 0 || selection_text(root, &b) < 0
                 ? err_nomem(err)
                 : escaped("root", buf_view(&b), err);

    buf_release(&b);
    return rc;
}

static int print_settings(struct index *ix, struct err *err)
{
    struct view config = buf_view(&ix->config);
    size_t at = 0, end, i;
    int rc = 0;

    for (i = 0; i < ix->roots.n && rc == 0; i++)
        rc = print_root(&ix->roots.root[i], err);
    while (at < config.n && rc == 0) {
        for (end = at; end < config.n && config.p[end] != '\n'; end++)
            ;
        rc = escaped("setting", view_sub(config, at, end), err);
        at = end + 1;
    }
    return rc;
}

/* --- with -v --- */

struct sources_sum {
    uint64_t bytes; /* of sources that have a document */
    uint64_t records, skipped, failed;
};

static int add_source(void *arg, struct view key, const struct source *row)
{
    struct sources_sum *sum = arg;

    (void)key;
    if (row->docid)
        sum->bytes += row->size;
    sum->records += row->docid && (row->flags & SOURCE_RECORD);
    sum->skipped += row->verdict == SOURCE_SKIPPED;
    sum->failed += row->verdict == SOURCE_FAILED;
    return 0;
}

static void print_part(const char *name, uint64_t bytes, uint64_t text)
{
    printf("%-20s %s: %" PRIu64 " bytes, %.4f of the text\n", "part", name,
           bytes, text ? (double)bytes / (double)text : 0.0);
}

/* Part of the pages of a table, as that many bytes are of all in it. */
static uint64_t part_of(uint64_t pages, uint64_t bytes, uint64_t all)
{
    return all ? (uint64_t)((double)pages * ((double)bytes / (double)all)) : 0;
}

/* What the index is made of: room in pages that nothing fills counts for what
 * fills the rest. */
static int print_parts(struct index *ix, uint64_t text, struct err *err)
{
    uint64_t p = 0, x = 0, docs = 0, paths = 0, in_p, rest, forms, positions;
    struct store_size size;
    struct shares s;
    int rc = shares_sum(ix, &s, err);

    if (rc == 0)
        rc = store_size(ix->store, &size, err);
    if (rc == 0)
        rc = segment_bytes(ix, 'p', &p, err);
    if (rc == 0)
        rc = segment_bytes(ix, 'x', &x, err);
    if (rc == 0)
        rc = txn_bytes(ix->txn, "docs", &docs, err);
    if (rc == 0)
        rc = txn_bytes(ix->txn, "path", &paths, err);
    if (rc < 0)
        return rc;
    in_p = part_of(p, s.terms, s.in_p) + part_of(p, s.postings, s.in_p);
    forms = part_of(p, s.forms_p, s.in_p) + part_of(x, s.forms_x, s.in_x);
    positions = p + x - in_p - forms;
    rest = size.used_bytes - p - x - docs - paths;
    number("postings", s.df);
    print_part("terms", part_of(p, s.terms, s.in_p), text);
    print_part("postings", part_of(p, s.postings, s.in_p), text);
    print_part("positions", positions, text);
    print_part("forms", forms, text);
    print_part("documents", docs, text);
    print_part("paths", paths, text);
    print_part("rest", rest, text);
    return 0;
}

static int print_details(struct index *ix, struct err *err)
{
    const struct manifest *m = &ix->manifest;
    struct sources_sum sum = {0};
    uint32_t i;
    int rc = source_each(ix->txn, add_source, &sum, err);

    if (rc < 0)
        return rc;
    number("source_bytes", sum.bytes);
    number("records", sum.records);
    number("skipped", sum.skipped);
    number("failed", sum.failed);
    rc = print_parts(ix, sum.bytes, err);
    for (i = 0; i < m->nsegments && rc == 0; i++) {
        const struct segment_info *s = &m->segment[i];

        printf("%-20s %08x: %u documents, %u dead, %u terms, %" PRIu64
               " bytes\n",
               "segment", s->number, s->docs, s->dead, s->terms, s->bytes);
    }
    return rc;
}

/* --- */

int mode_stats(const char *dir, bool verbose)
{
    struct err err = {0};
    struct index ix;
    int rc = mode_open(&ix, dir, &err);

    if (rc == 0)
        rc = escaped("index", view_str(store_path(ix.store)), &err);
    if (rc == 0) {
        print_manifest(&ix.manifest);
        rc = print_sizes(&ix, &err);
    }
    if (rc == 0)
        rc = print_languages(&ix, &err);
    if (rc == 0)
        rc = print_settings(&ix, &err);
    if (rc == 0 && verbose)
        rc = print_details(&ix, &err);
    index_end(&ix); /* nothing is held while stdout is waited for */
    rc = mode_end(rc, &err);
    index_close(&ix);
    return rc;
}
