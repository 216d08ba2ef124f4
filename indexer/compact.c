#include "indexer/compact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "index/column.h"
#include "index/index.h"
#include "indexer/merge.h"

enum { NAME = 16 }; /* bytes of a table's name, and a NUL */

/* A compaction under way. */
struct compaction {
    struct index old;
    struct store *new;
    struct txn *txn; /* of new */
    struct manifest manifest;
    const struct compact_limits *limits; /* borrowed, as is err */
    struct err *err;
};

/* --- rows --- */

static bool all_zero(struct view v)
{
    size_t i;

    for (i = 0; i < v.n && v.p[i] == 0; i++)
        ;
    return i == v.n;
}

/* Whether any document on a column's page lives. */
static bool column_lives(struct compaction *c, struct view key)
{
    unsigned width;
    uint64_t d, per_page, end;

    if (key.n != 5 || key.p[0] < COLUMN_DATE || key.p[0] > COLUMN_LAST)
        return true;
    width = column_width((enum column_id)key.p[0]);
    per_page = NORM_DOCS / width;
    d = get_be32(key.p + 1) * per_page;
    end = d + per_page;
    if (end > c->manifest.next_docid)
        end = c->manifest.next_docid;
    while (d < end && norms_code(&c->old.norms, (uint32_t)d) == 0)
        d++;
    return d < end;
}

static bool wanted(struct compaction *c, const char *table, struct view key,
                   struct view val)
{
    if (strcmp(table, "meta") == 0)
        return !view_eq(key, view_str("manifest")); /* comes last */
    if (strcmp(table, "docs") == 0) /* not of a commit that never was */
        return key.n < 4 || get_be32(key.p) < c->manifest.next_docid;
    if (strcmp(table, "norm") == 0)
        return val.n != NORM_PAGE || !all_zero(view_sub(val, 4, NORM_PAGE));
    return strcmp(table, "col") != 0 || column_lives(c, key);
}

/* A commit leaves free pages behind, so there are only those that a
 * transaction's size asks for. */
static int commit(struct compaction *c)
{
    int rc = c->txn ? txn_commit(c->txn, c->err) : 0;

    c->txn = NULL;
    return rc;
}

static int begin(struct compaction *c)
{
    return c->txn ? 0 : txn_begin(&c->txn, c->new, c->err);
}

/* Commits what the transaction holds, if that is much, and begins another: 1
 * where it did, 0 or negative. */
static int turn_over(struct compaction *c)
{
    int rc;

    if (*c->limits->stop)
        return err_set(c->err, ERR_STOPPED, "interrupted");
    if (txn_dirty(c->txn) < c->limits->txn_max)
        return 0;
    rc = commit(c);
    if (rc == 0)
        rc = begin(c);
    return rc < 0 ? rc : 1;
}

static int copy_rows(struct compaction *c, const char *table, struct cursor *in)
{
    struct view key, val;
    store_db out;
    int rc = txn_open_db(c->txn, table, true, &out, c->err);

    if (rc < 0)
        return rc;
    for (rc = cursor_first(in, &key, &val); rc > 0;
         rc = cursor_next(in, &key, &val)) {
        if (!wanted(c, table, key, val))
            continue;
        rc = txn_append(c->txn, out, key, val, c->err);
        if (rc == 0)
            rc = turn_over(c);
        if (rc > 0)
            rc = txn_open_db(c->txn, table, true, &out, c->err);
        if (rc < 0)
            break;
    }
    return rc;
}

static int copy_table(struct compaction *c, const char *table)
{
    struct cursor *in;
    store_db db;
    int rc = txn_open_db(c->old.txn, table, false, &db, c->err);

    if (rc > 0)
        rc = cursor_open(&in, c->old.txn, db, c->err);
    else
        return rc;
    if (rc < 0)
        return rc;
    rc = begin(c);
    if (rc == 0)
        rc = copy_rows(c, table, in);
    cursor_close(in);
    return rc;
}

/* Segments have tables of their own, named by a letter and eight digits. */
static int keep_name(void *arg, struct view name)
{
    struct buf *names = arg;
    char text[NAME] = {0};

    if (name.n >= NAME || name.n == 9)
        return 0;
    memcpy(text, name.p, name.n);
    return buf_add(names, view_of(text, NAME));
}

static int copy_tables(struct compaction *c)
{
    struct buf names = {0};
    size_t at;
    int rc = txn_list_dbs(c->old.txn, keep_name, &names, c->err);

    if (rc == ERR_NOMEM)
        rc = err_nomem(c->err);
    for (at = 0; rc == 0 && at < names.n; at += NAME)
        rc = copy_table(c, (const char *)names.p + at);
    buf_release(&names);
    return rc;
}

/* --- segments --- */

uint32_t compact_group(const uint64_t *living, uint32_t from, uint32_t n,
                       uint64_t most)
{
    uint64_t sum = living[from];
    uint32_t to = from + 1;

    while (to < n && living[to] <= most - sum && sum <= most)
        sum += living[to++];
    return to - from;
}

static int copy_segment(struct compaction *c, const struct segment_info *s)
{
    char name[NAME];
    int rc;

    snprintf(name, sizeof name, "p%08x", (unsigned)s->number);
    rc = copy_table(c, name);
    name[0] = 'x';
    return rc < 0 ? rc : copy_table(c, name);
}

/* The living positions of each segment. They are counted only where they
 * matter: where not all segments may become one. */
static int count_living(struct compaction *c, uint64_t *living)
{
    const struct manifest *m = &c->old.manifest;
    uint32_t i;
    int rc = 0;

    memset(living, 0, MANIFEST_SEGMENTS * sizeof *living);
    if (m->live_positions <= c->limits->positions)
        return 0;
    for (i = 0; i < m->nsegments && rc == 0; i++)
        if (m->segment[i].dead)
            rc = merge_living(c->old.txn, &c->old.norms, &m->segment[i],
                              &living[i], c->err);
        else
            living[i] = m->segment[i].positions;
    return rc;
}

static int copy_segments(struct compaction *c)
{
    const struct manifest *m = &c->old.manifest;
    struct merge_part part = {.txn_max = c->limits->txn_max,
                              .stop = c->limits->stop};
    uint64_t living[MANIFEST_SEGMENTS];
    uint32_t from, n;
    int rc = count_living(c, living);

    c->manifest.nsegments = 0;
    for (from = 0; rc == 0 && from < m->nsegments; from += n) {
        struct segment_info *to = &c->manifest.segment[c->manifest.nsegments];

        n = compact_group(living, from, m->nsegments, c->limits->positions);
        if (n == 1 && m->segment[from].dead == 0) {
            *to = m->segment[from];
            rc = copy_segment(c, to);
        } else {
            part.from = from;
            part.to = from + n;
            part.number = c->manifest.next_segment++;
            rc = begin(c);
            if (rc == 0)
                rc = merge_into(&c->txn, c->old.txn, m, &part, to, c->err);
        }
        c->manifest.nsegments += to->docs > 0;
    }
    return rc;
}

/* --- the whole --- */

/* A damaged page of norms must not cost documents. */
static int check_living(struct compaction *c)
{
    uint32_t d, living = 0;

    for (d = 1; d < c->manifest.next_docid; d++)
        living += norms_code(&c->old.norms, d) != 0;
    if (living == c->manifest.live_docs)
        return 0;
    return err_set(c->err, ERR_CORRUPT,
                   "index damaged: %u documents are alive, not %u",
                   (unsigned)living, (unsigned)c->manifest.live_docs);
}

static int write_manifest(struct compaction *c)
{
    int rc = begin(c);

    if (rc == 0)
        rc = manifest_write(c->txn, &c->manifest, c->err);
    return rc < 0 ? rc : commit(c);
}

/* Opens the old file and, as the only writer, a new one. */
static int open_both(struct compaction *c, const char *dir)
{
    struct store *s;
    int rc = index_open(&c->old, dir, c->err); /* is there one at all? */

    if (rc == ERR_NOTFOUND)
        return rc;
    index_close(&c->old);
    /* a writer mends what a crash right behind a commit left */
    rc = store_open_with(&s, dir, STORE_WRITE, &c->limits->store, c->err);
    store_close(s);
    if (rc == 0)
        rc = store_open_with(&c->new, dir, STORE_BUILD, &c->limits->store,
                             c->err);
    if (rc == 0)
        rc = index_open(&c->old, dir, c->err);
    if (rc == 0)
        rc = index_begin(&c->old, c->err);
    c->manifest = c->old.manifest;
    return rc;
}

static void tell(const struct compaction *c, struct compacted *out)
{
    uint32_t i;

    out->segments_before = c->old.manifest.nsegments;
    out->segments_after = c->manifest.nsegments;
    for (i = 0; i < c->old.manifest.nsegments; i++)
        out->dead += c->old.manifest.segment[i].dead;
}

static int file_bytes(struct store *s, uint64_t *out, struct err *err)
{
    struct store_size size;
    int rc = store_size(s, &size, err);

    *out = size.file_bytes;
    return rc;
}

int compact(const char *dir, const struct compact_limits *limits,
            struct compacted *out, struct err *err)
{
    struct compaction c = {.limits = limits, .err = err};
    int rc = open_both(&c, dir);

    memset(out, 0, sizeof *out);
    if (rc == 0)
        rc = check_living(&c);
    if (rc == 0)
        rc = copy_tables(&c);
    if (rc == 0)
        rc = copy_segments(&c);
    if (rc == 0)
        rc = c.manifest.generation > 0 ? write_manifest(&c) : commit(&c);
    if (rc == 0)
        rc = file_bytes(c.old.store, &out->bytes_before, err);
    if (rc == 0)
        rc = file_bytes(c.new, &out->bytes_after, err);
    if (rc == 0) {
        tell(&c, out);
        rc = store_publish(c.new, err);
    }
    txn_abort(c.txn);
    index_close(&c.old);
    store_close(c.new);
    return rc;
}
