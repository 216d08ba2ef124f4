#include "indexer/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/hash.h"
#include "index/changelog.h"
#include "index/record.h"
#include "indexer/check_state.h"

enum { SAY_MAX = 100 };

void check_say(struct check *c, const char *fmt, ...)
{
    char line[sizeof c->err.msg];
    va_list ap;

    if (c->report->problems++ >= SAY_MAX)
        return;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    c->say(c->arg, line);
}

int check_rc(struct check *c, int rc)
{
    if (rc != ERR_CORRUPT)
        return rc;
    check_say(c, "%s", c->err.msg);
    return 0;
}

int check_table(struct check *c, const char *name,
                int (*fn)(struct check *c, void *arg, struct view key,
                          struct view val),
                void *arg)
{
    struct cursor *cursor;
    struct view key = {NULL, 0}, val;
    store_db db;
    int rc = txn_open_db(c->ix->txn, name, false, &db, &c->err);

    if (rc <= 0)
        return check_rc(c, rc);
    rc = cursor_open(&cursor, c->ix->txn, db, &c->err);
    if (rc < 0)
        return rc;
    for (rc = cursor_first(cursor, &key, &val); rc > 0;
         rc = cursor_next(cursor, &key, &val)) {
        c->report->records++;
        rc = fn(c, arg, key, val);
        if (rc < 0)
            break;
    }
    cursor_close(cursor);
    return check_rc(c, rc);
}

/* --- settings and log --- */

static int check_meta(struct check *c, void *arg, struct view key,
                      struct view val)
{
    struct view content;

    (void)arg;
    if (record_open(val, &content, &c->err, "") < 0)
        check_say(c, "meta: the record \"%.*s\" is damaged", (int)key.n,
                  (const char *)key.p);
    return 0;
}

/* Whether a generation's operations keep to the format. */
static bool log_keeps(const struct check *c, struct view record)
{
    struct changelog log;
    int rc;

    changelog_begin(&log, record, c->ix->manifest.next_docid);
    while ((rc = changelog_next(&log, NULL)) > 0)
        ;
    return rc == 0;
}

/* Pieces follow each other, so that piece 0 stands for all of a record. */
static int check_log(struct check *c, void *arg, struct view key,
                     struct view val)
{
    struct buf *record = arg;
    uint64_t generation = key.n == 12 ? get_be64(key.p) : UINT64_MAX;
    struct view content;
    int rc;

    if (generation > c->ix->manifest.generation) {
        check_say(c, "log: a key that is no generation");
        return 0;
    }
    if (record_open(val, &content, &c->err, "") < 0) {
        check_say(c, "log: generation %" PRIu64 " is damaged", generation);
        return 0;
    }
    if (get_be32(key.p + 8) != 0)
        return 0;
    rc = changelog_get(c->ix->txn, generation, record, &c->err);
    if (rc > 0 && !log_keeps(c, buf_view(record)))
        check_say(c, "log: generation %" PRIu64 " breaks the format",
                  generation);
    return rc < 0 && rc != ERR_CORRUPT ? rc : 0;
}

/* --- */

/* Ranges of docids ascend; counts are possible. */
static void check_manifest(struct check *c)
{
    const struct manifest *m = &c->ix->manifest;
    uint32_t i, k, above = 1;

    for (i = 0; i < m->nsegments; i++) {
        const struct segment_info *s = &m->segment[i];

        if (s->doc_lo < above || s->doc_hi < s->doc_lo ||
            s->doc_hi >= m->next_docid)
            check_say(c, "manifest: docids of segment %08x", s->number);
        if (s->docs > s->doc_hi - s->doc_lo + 1 || s->dead > s->docs)
            check_say(c, "manifest: documents of segment %08x", s->number);
        if (s->number >= m->next_segment)
            check_say(c, "manifest: number of segment %08x", s->number);
        for (k = 0; k < i; k++)
            if (m->segment[k].number == s->number)
                check_say(c, "manifest: segment %08x is there twice",
                          s->number);
        above = s->doc_hi + 1;
    }
}

int check_index(struct index *ix, struct check_report *out,
                void (*say)(void *arg, const char *line), void *arg,
                struct err *err)
{
    struct check c = {.ix = ix, .report = out, .say = say, .arg = arg};
    struct buf record = {0};
    uint32_t i;
    int rc;

    out->records = out->problems = 0;
    check_manifest(&c);
    if (ix->manifest.generation > 0 &&
        hash64(buf_view(&ix->config)) != ix->manifest.config_hash)
        check_say(&c, "meta: the settings are not those of the manifest");
    rc = check_table(&c, "meta", check_meta, NULL);
    if (rc == 0)
        rc = check_table(&c, "log", check_log, &record);
    if (rc == 0)
        rc = check_documents(&c);
    for (i = 0; rc == 0 && i < ix->manifest.nsegments; i++)
        rc = check_segment(&c, &ix->segment[i]);
    buf_release(&record);
    if (rc < 0 && err)
        *err = c.err;
    return rc;
}
