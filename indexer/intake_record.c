#include "base/hash.h"
#include "indexer/intake_work.h"

/* Appends title, line end and text. */
static int append_record(struct buf *out, const struct record *rec)
{
    if (buf_reserve(out, rec->title.n + rec->text.n + 1) < 0 ||
        buf_add(out, rec->title) < 0 ||
        (rec->title.n && buf_addc(out, '\n') < 0))
        return ERR_NOMEM;
    return buf_add(out, rec->text);
}

/* Gets what a message says, into in->derived and what *rec borrows of it: 1; 0
 * where that cannot be got, which is told; negative. */
static int read_message(struct intake *in, struct record *rec,
                        struct source *old, struct source *row, struct err *err)
{
    struct request r = {.bytes = rec->message,
                        .path = view_str("message.eml"),
                        .charset = rec->charset,
                        .text_max = in->max_size};
    const struct extract *x = &in->derived.x;
    int rc = worker_extract(in->worker, &r, &in->derived, err);

    if (rc < 0) {
        rc = intake_cannot(in, rec->id, old, row, rc, "message", err);
        return rc < 0 ? rc : 0;
    }
    rec->title = buf_view(&x->title);
    rec->text = buf_view(&x->text);
    rec->date = buf_view(&x->date);
    rec->language = buf_view(&x->language);
    rec->replaced = intake_replaced(rec->text);
    in->slow += rec->text.n;
    return 1;
}

int intake_record(struct intake *in, const struct record *record,
                  struct err *err)
{
    struct record copy = *record, *rec = &copy;
    struct batch *b = &in->batch;
    struct source old, row = {.flags = SOURCE_RECORD, .size = rec->raw.n};
    struct batch_doc *in_batch;
    size_t text = b->text.n, i;
    int rc = intake_known(in, rec->id, &old, &in_batch, err);

    if (rc < 0)
        return rc;
    row.hash = hash64(rec->raw) ^ rec->context;
    in->report->bytes += rec->raw.n;
    if (!in->force && old.hash == row.hash && old.size == row.size &&
        (old.docid || in_batch) && (old.flags & SOURCE_RECORD)) {
        report_verdict(in->report, rec->id, VERDICT_UNCHANGED, NULL);
        return 0;
    }
    if (rec->message.n) {
        rc = read_message(in, rec, &old, &row, err);
        if (rc <= 0)
            return rc;
    }
    if (rec->title.n == 0 && rec->text.n == 0) {
        row.reason = REASON_EMPTY;
        return intake_skip(in, rec->id, &old, &row, NULL, err);
    }
    if (append_record(&b->text, rec) < 0 ||
        meta_of_record(&in->meta, view_sub(buf_view(&b->text), text, b->text.n),
                       rec->title.n, rec->date, rec->language) < 0)
        return err_nomem(err);
    for (i = 0; i < rec->nfields; i++)
        if (meta_field(&in->meta, rec->field[i].name, rec->field[i].value) < 0)
            return err_nomem(err);
    if (rec->message.n && intake_fields(in, &in->derived.x) < 0)
        return err_nomem(err);
    return intake_add(in, rec->id, &old, &row, text, rec->replaced, err);
}

int intake_stored(struct intake *in, struct documents *ds,
                  const struct document *d, const struct source *row,
                  struct err *err)
{
    size_t text = in->batch.text.n;
    struct source old = {0}, new = *row;
    int rc = documents_text(ds, d, 0, d->nframes, &in->batch.text, err);

    new.docid = 0;
    if (rc == 0 && meta_of_document(&in->meta, d) < 0)
        rc = err_nomem(err);
    return rc < 0 ? rc : intake_add(in, d->path, &old, &new, text, 0, err);
}

int intake_remove(struct intake *in, struct view key, struct err *err)
{
    struct event e = {.id = key, .removed = true};
    struct documents *docs = NULL;
    struct document d;
    struct source row;
    store_db path;
    struct view val = {NULL, 0};
    int rc = commit_begin(in->commit, err);

    if (rc == 0 && in->commit->txn)
        rc = txn_open_db(in->commit->txn, "path", false, &path, err);
    if (rc > 0)
        rc = txn_get(in->commit->txn, path, key, &val, err);
    if (rc > 0)
        rc = source_decode(val, &row, err);
    if (rc <= 0 || (row.docid && renames_taken(in->renames, row.docid)))
        return rc < 0 ? rc : 0;
    if (row.docid) {
        rc = documents_open(&docs, in->commit->txn, err);
        /* its key may be cut: the document knows the whole id */
        if (rc == 0 && documents_get(docs, row.docid, &d, err) > 0)
            e.id = d.path;
        e.docid = row.docid;
        if (rc == 0)
            report_event(in->report, &e);
        documents_close(docs);
    }
    if (rc < 0 || in->dry)
        return rc < 0 ? rc : 0;
    if (batch_change(&in->batch, BATCH_DEL, key, row.docid, NULL) < 0)
        return err_nomem(err);
    return intake_flush_if_full(in, err);
}
