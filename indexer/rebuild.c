#include "indexer/rebuild.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/bytes.h"
#include "index/index.h"
#include "index/record.h"

enum { PURGE_FLOOR = 20 }; /* as in plan.c */

int rebuild_store(struct store **out, const char *dir,
                  const struct store_options *o, struct err *err)
{
    struct store *s;
    int rc = ERR_NOTFOUND;

    /* a writer mends what a crash right behind a commit left; but an index is
     * not made for that, and one past mending is what a rebuild is for */
    if (store_open(&s, dir, STORE_READ, NULL) != ERR_NOTFOUND) {
        store_close(s);
        rc = store_open_with(&s, dir, STORE_WRITE, o, err);
    }
    store_close(s);
    if (rc == ERR_BUSY || rc == ERR_STOPPED)
        return rc;
    return store_open_with(out, dir, STORE_BUILD, o, err);
}

void rebuild_close(struct rebuild *b)
{
    txn_abort(b->txn);
    store_close(b->store);
    buf_release(&b->config);
    memset(b, 0, sizeof *b);
}

/* --- the records of the old paths --- */

static int count_record(void *arg, struct view key, const struct source *row)
{
    struct rebuild *b = arg;

    (void)key;
    b->records += row->docid && (row->flags & SOURCE_RECORD);
    return 0;
}

/* --- opening --- */

/* *generation is that of the old index, or more. */
static int read_old(struct rebuild *b, struct commit *c, uint64_t *generation,
                    struct err *err)
{
    struct manifest m = {0};
    int rc = txn_begin(&b->txn, b->store, err);

    if (rc == 0)
        rc = manifest_read(b->txn, &m, err);
    if (rc >= 0)
        *generation = m.generation;
    if (rc >= 0)
        b->next_docid = m.next_docid;
    if (rc == ERR_VERSION) /* as many commits nobody makes */
        *generation = (uint64_t)time(NULL);
    if (rc >= 0 || rc == ERR_VERSION)
        rc = config_read(b->txn, &b->config, err);
    if (rc >= 0)
        rc = roots_read(b->txn, &c->roots, err);
    if (rc >= 0)
        rc = encodings_read(b->txn, &c->encodings, err);
    if (rc >= 0)
        rc = source_each(b->txn, count_record, b, err);
    return rc < 0 ? rc : 0;
}

static int no_way(const char *dir, int code, struct err *err)
{
    struct err why = *err;

    return err_set(err, code,
                   "%.300s (to make it anew of folders: indexer -d %s "
                   "--rebuild PATH...)",
                   why.msg, dir);
}

int rebuild_open(struct rebuild *b, const char *dir, bool named,
                 struct commit *c, struct err *err)
{
    uint64_t generation = (uint64_t)time(NULL);
    int rc = store_open(&b->store, dir, STORE_READ, err);

    if (rc == 0)
        rc = read_old(b, c, &generation, err);
    else if (rc == ERR_NOTFOUND)
        generation = 0;
    b->roots = &c->roots;
    if (rc < 0 && rc != ERR_NOMEM && named) {
        rebuild_close(b);
        roots_release(&c->roots);
        encodings_release(&c->encodings);
        b->roots = &c->roots;
        rc = 0;
    }
    if (rc == ERR_CORRUPT || rc == ERR_VERSION)
        return no_way(dir, rc, err);
    if (rc < 0)
        return rc;
    c->roots_changed = c->roots.n > 0;
    c->encodings_changed = c->encodings.n > 0;
    c->manifest.generation = generation ? generation + 1 : 0;
    return 0;
}

/* --- files --- */

struct survey {
    struct rebuild *b;
    struct sources *sources;
    struct documents *docs;
    struct err *err;
};

/* A file that no root has was named, and no walk will find it. */
static int survey_file(void *arg, struct view key, const struct source *row)
{
    struct survey *s = arg;
    struct document d;
    int rc = 1;

    if (row->flags & SOURCE_RECORD)
        return 0;
    if (key.n == SOURCE_KEY_MAX) /* cut: the document knows all of it */
        rc = row->docid ? documents_get(s->docs, row->docid, &d, s->err) : 0;
    if (rc > 0 && key.n == SOURCE_KEY_MAX)
        key = d.path;
    if (rc <= 0 || roots_of(s->b->roots, key))
        return rc;
    return sources_file(s->sources, key) < 0 ? err_nomem(s->err) : 0;
}

int rebuild_sources(struct rebuild *b, struct sources *s, struct err *err)
{
    struct survey survey = {.b = b, .sources = s, .err = err};
    struct view text = config_value(buf_view(&b->config), "text");
    int rc = b->roots->n ? sources_roots(s, b->roots, err) : 0;

    if (rc < 0 || !b->txn)
        return rc;
    if (b->records && view_eq(text, view_str("none")))
        return err_set(err, ERR_REFUSED,
                       "%" PRIu64 " records of --input have no text in the "
                       "index that they could be made anew of; nothing was "
                       "changed (make another index: indexer -d NEW "
                       "--input=jsonl FILE)",
                       b->records);
    rc = documents_open(&survey.docs, b->txn, err);
    if (rc == 0)
        rc = source_each(b->txn, survey_file, &survey, err);
    documents_close(survey.docs);
    return rc;
}

/* --- records --- */

static int take_record(struct rebuild *b, struct intake *in,
                       struct documents *docs, uint32_t docid, struct err *err)
{
    struct document d;
    struct source row;
    int rc = documents_get(docs, docid, &d, err);

    if (rc > 0 && !(d.flags & DOCUMENT_RECORD))
        return 0;
    if (rc > 0)
        rc = source_get(b->txn, d.path, &row, err);
    if (rc == 0 || (rc > 0 && row.docid != docid))
        return err_set(err, ERR_CORRUPT,
                       "index damaged: document %u is at no path",
                       (unsigned)docid);
    return rc < 0 ? rc : intake_stored(in, docs, &d, &row, err);
}

/* In order of document, which is the order on disk. */
int rebuild_records(struct rebuild *b, struct intake *in,
                    const volatile sig_atomic_t *stop, struct err *err)
{
    struct documents *docs;
    struct cursor *c = NULL;
    struct view key, val;
    uint8_t at[4] = {0};
    store_db db;
    int rc;

    if (b->records == 0)
        return 0;
    rc = documents_open(&docs, b->txn, err);
    if (rc == 0)
        rc = txn_open_db(b->txn, "docs", false, &db, err);
    if (rc > 0)
        rc = cursor_open(&c, b->txn, db, err);
    while (rc == 0 && !*stop &&
           (rc = cursor_seek(c, view_of(at, 4), &key, &val)) > 0) {
        uint32_t docid = key.n == 8 ? get_be32(key.p) : 0;

        rc = 0;
        if (b->next_docid && docid >= b->next_docid)
            break; /* of a commit that never was */
        rc = take_record(b, in, docs, docid, err);
        report_progress(in->report);
        if (docid == UINT32_MAX)
            break;
        put_be32(at, docid + 1);
    }
    cursor_close(c);
    documents_close(docs);
    return rc;
}

/* --- the end --- */

/* What became of the old documents. */
struct loss {
    struct rebuild *b;
    struct commit *c;
    uint64_t live, lost;
    struct {
        uint64_t live, lost;
    } * root; /* of each root */
    struct err *err;
};

static int count_loss(void *arg, struct view key, const struct source *row)
{
    struct loss *l = arg;
    const struct root *root = roots_of(l->b->roots, key);
    struct view val;
    struct source now = {0};
    store_db path;
    int rc;

    if (row->docid == 0)
        return 0;
    rc = txn_open_db(l->c->txn, "path", false, &path, l->err);
    if (rc > 0)
        rc = txn_get(l->c->txn, path, key, &val, l->err);
    if (rc > 0)
        rc = source_decode(val, &now, l->err);
    if (rc < 0)
        return rc;
    l->live++;
    l->lost += now.docid == 0;
    if (root && !(row->flags & SOURCE_RECORD)) {
        l->root[root - l->b->roots->root].live++;
        l->root[root - l->b->roots->root].lost += now.docid == 0;
    }
    return 0;
}

static int judge(const struct loss *l, uint64_t failed, unsigned max_purge,
                 struct err *err)
{
    size_t i;

    if (failed && l->lost)
        return err_set(err, ERR_REFUSED,
                       "%" PRIu64 " failed, and %" PRIu64
                       " documents would be lost; the index is as it was (to "
                       "allow it: --max-purge=100%%)",
                       failed, l->lost);
    for (i = 0; i < l->b->roots->n; i++)
        if (l->root[i].lost && l->root[i].lost == l->root[i].live)
            return err_set(err, ERR_REFUSED,
                           "all %" PRIu64 " documents of %s would be lost; "
                           "the index is as it was (if they shall go: "
                           "--max-purge=100%%)",
                           l->root[i].live, l->b->roots->root[i].path);
    if (l->lost > PURGE_FLOOR && l->lost * 100 > l->live * max_purge)
        return err_set(err, ERR_REFUSED,
                       "%" PRIu64 " of %" PRIu64 " documents would be lost, "
                       "more than %u %%; the index is as it was (to allow it: "
                       "--max-purge=100%%)",
                       l->lost, l->live, max_purge);
    return 0;
}

static int guard(struct rebuild *b, struct commit *c, uint64_t failed,
                 unsigned max_purge, struct err *err)
{
    struct loss l = {.b = b, .c = c, .err = err};
    int rc;

    if (!b->txn || max_purge >= 100)
        return 0;
    l.root = calloc(b->roots->n + 1, sizeof *l.root);
    rc = l.root ? commit_begin(c, err) : err_nomem(err);
    if (rc == 0)
        rc = source_each(b->txn, count_loss, &l, err);
    if (rc == 0)
        rc = judge(&l, failed, max_purge, err);
    commit_end(c);
    free(l.root);
    return rc;
}

int rebuild_publish(struct rebuild *b, struct commit *c, uint64_t failed,
                    unsigned max_purge, struct err *err)
{
    int rc = guard(b, c, failed, max_purge, err);

    return rc < 0 ? rc : store_publish(c->store, err);
}
