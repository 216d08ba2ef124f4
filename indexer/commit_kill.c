#include "base/bytes.h"
#include "index/changelog.h"
#include "index/column.h"
#include "index/names.h"
#include "index/norm.h"
#include "index/record.h"
#include "indexer/commit_work.h"

/* --- the log --- */

static int log_op(struct work *w, enum changelog_op op, uint32_t a)
{
    w->nlog++;
    if (buf_addc(&w->log, op) < 0 || buf_addvar(&w->log, a) < 0)
        return err_nomem(w->err);
    return 0;
}

int work_log_added(struct work *w, uint32_t last)
{
    int rc = log_op(w, CHANGELOG_ADDED, w->first);

    return rc == 0 && buf_addvar(&w->log, last) < 0 ? err_nomem(w->err) : rc;
}

/* A removal or a move. */
static int log_path(struct work *w, enum changelog_op op, uint32_t docid,
                    struct view path)
{
    int rc = log_op(w, op, docid);

    if (rc == 0 &&
        (buf_addvar(&w->log, path.n) < 0 || buf_add(&w->log, path) < 0))
        rc = err_nomem(w->err);
    return rc;
}

static int log_replaced(struct work *w, uint32_t old, uint32_t new)
{
    int rc = log_op(w, CHANGELOG_REPLACED, old);

    if (rc == 0 && buf_addvar(&w->log, new) < 0)
        rc = err_nomem(w->err);
    return rc;
}

int work_write_log(struct work *w)
{
    uint64_t generation = w->m.generation;
    struct buf record = {0};
    uint8_t key[8];
    store_db db;
    int rc = txn_open_db(w->c->txn, "log", true, &db, w->err);

    if (rc > 0 && (buf_addvar(&record, w->nlog) < 0 ||
                   buf_add(&record, buf_view(&w->log)) < 0))
        rc = err_nomem(w->err);
    put_be64(key, generation);
    if (rc > 0)
        rc = record_put(w->c->txn, db, view_of(key, 8), buf_view(&record),
                        w->err);
    if (rc == 0 && generation > CHANGELOG_GENERATIONS) {
        put_be64(key, generation - CHANGELOG_GENERATIONS);
        rc = record_del(w->c->txn, db, view_of(key, 8), w->err);
    }
    buf_release(&record);
    return rc;
}

/* --- documents that die --- */

static int get_document(struct work *w, uint32_t docid, struct document *d)
{
    int rc = documents_get(w->old, docid, d, w->err);

    if (rc == 0)
        rc = err_set(w->err, ERR_CORRUPT,
                     "index damaged: document %u is missing", docid);
    return rc < 0 ? rc : 0;
}

static int kill_document(struct work *w, uint32_t docid, uint32_t successor)
{
    const struct view none = {NULL, 0};
    const uint8_t dead = 0;
    struct document d;
    uint32_t i;
    int rc = get_document(w, docid, &d);

    if (rc < 0)
        return rc;
    for (i = 0; i < w->m.nsegments; i++)
        if (docid >= w->m.segment[i].doc_lo && docid <= w->m.segment[i].doc_hi)
            w->m.segment[i].dead++;
    w->m.live_docs--;
    work_count_language(w, d.language, -1);
    w->m.live_positions -= d.length;
    if (fields_keys(&w->keys, docid, d.field, d.nfields) < 0)
        return err_nomem(w->err);
    rc = successor ? log_replaced(w, docid, successor)
                   : log_path(w, CHANGELOG_REMOVED, docid, d.path);
    if (rc == 0)
        rc = norms_write(w->c->txn, docid, &dead, 1, w->err);
    if (rc == 0)
        rc = names_write(w->c->txn, docid, &none, 1, w->err);
    return rc < 0 ? rc : document_delete(w->c->txn, docid, w->err);
}

int work_kill_documents(struct work *w)
{
    const struct batch *b = w->b;
    size_t i;
    int rc = documents_open(&w->old, w->c->txn, w->err);

    for (i = 0; i < b->ndocs && rc == 0; i++) {
        if (b->doc[i].replaces)
            rc = kill_document(w, b->doc[i].replaces, w->first + (uint32_t)i);
        if (rc == 0 && b->doc[i].replaced_by)
            rc = log_replaced(w, w->first + (uint32_t)i,
                              w->first + b->doc[i].replaced_by - 1);
    }
    for (i = 0; i < b->nchanges && rc == 0; i++)
        if (b->change[i].kills)
            rc = kill_document(w, b->change[i].kills, 0);
    if (rc == 0)
        rc = fields_write(w->c->txn, &w->keys, false, w->err);
    fields_keys_clear(&w->keys);
    documents_close(w->old);
    return rc;
}

/* --- dates that change --- */

int32_t work_date(int32_t days, unsigned source, const struct source *row)
{
    if (days == DATE_NONE) {
        days = source_day(row);
        source = DATE_FROM_MTIME;
    }
    return column_date(days, source);
}

/* Sets a document's date, if it is another. */
static int put_date(struct work *w, uint32_t docid, int32_t date)
{
    uint8_t now[4];
    int rc = column_read(w->c->txn, COLUMN_DATE, docid, now, w->err);

    if (rc < 0 || (int32_t)get_u32(now) == date)
        return rc < 0 ? rc : 0;
    put_u32(now, (uint32_t)date);
    return column_write(w->c->txn, COLUMN_DATE, docid, now, 1, w->err);
}

int work_touch(struct work *w, const struct source *row)
{
    uint8_t now[4];
    int rc = column_read(w->c->txn, COLUMN_DATE, row->docid, now, w->err);
    int32_t date = (int32_t)get_u32(now);

    if (rc < 0 ||
        (date != DATE_NONE && column_date_source(date) != DATE_FROM_MTIME))
        return rc < 0 ? rc : 0;
    return put_date(w, row->docid, work_date(DATE_NONE, 0, row));
}

/* --- documents that move --- */

static int move_document(struct work *w, const struct batch_change *c)
{
    struct document d;
    int rc = get_document(w, c->row.docid, &d);

    if (rc == 0)
        rc = log_path(w, CHANGELOG_MOVED, d.docid, d.path);
    if (rc == 0)
        rc = source_del(w->c->txn, d.path, w->err);
    if (rc < 0)
        return rc;
    rc = put_date(w, d.docid, work_date(c->date, c->date_source, &c->row));
    d.path = span_view(&w->b->bytes, c->id);
    if (rc >= 0)
        rc = names_write(w->c->txn, d.docid, &d.path, 1, w->err);
    d.date = c->date;
    d.date_source = c->date_source;
    return rc < 0 ? rc : document_rewrite(w->c->txn, &d, w->err);
}

int work_move_documents(struct work *w)
{
    const struct batch *b = w->b;
    size_t i;
    int rc = documents_open(&w->old, w->c->txn, w->err);

    for (i = 0; i < b->nchanges && rc == 0; i++)
        if (b->change[i].op == BATCH_MOVE)
            rc = move_document(w, &b->change[i]);
    documents_close(w->old);
    return rc;
}
