#include <stdlib.h>

#include "base/bytes.h"
#include "base/date.h"
#include "index/column.h"
#include "index/names.h"
#include "index/norm.h"
#include "indexer/commit_work.h"
#include "indexer/samples.h"

enum { NAMES_CHUNK = 512 }; /* paths handed over at a time */

/* `texts`: where its text is, or NULL. */
static void fill_document(const struct work *w, size_t place,
                          const struct buf *texts, struct document *d,
                          struct field *fields)
{
    const struct batch *b = w->b;
    const struct batch_doc *bd = &b->doc[place];
    struct view text = {NULL, 0};
    size_t i;

    if (texts)
        text = span_view(texts, bd->text);
    memset(d, 0, sizeof *d);
    d->docid = w->first + (uint32_t)place;
    if (bd->row.flags & SOURCE_RECORD)
        d->flags |= DOCUMENT_RECORD | DOCUMENT_DERIVED;
    if (bd->row.flags & SOURCE_DERIVED)
        d->flags |= DOCUMENT_DERIVED;
    if (bd->row.flags & SOURCE_EXTRACTED)
        d->flags |= DOCUMENT_EXTRACTED;
    if (w->c->text)
        d->flags |= DOCUMENT_TEXT;
    else if (texts)
        d->title =
            view_sub(text, bd->title_start, bd->title_start + bd->title_len);
    d->length = bd->inverted.length;
    d->path = span_view(&b->bytes, bd->id);
    d->title_start = bd->title_start;
    d->title_len = bd->title_len;
    d->date = bd->date;
    d->date_source = bd->date_source;
    d->language = span_view(&b->bytes, bd->language);
    if (bd->detected)
        d->flags |= DOCUMENT_DETECTED;
    d->zone = b->zone + bd->zone;
    d->nzones = bd->nzones;
    for (i = 0; i < bd->nfields; i++) {
        const struct batch_field *f = &b->field[bd->field + i];

        fields[i].name = span_view(&b->bytes, f->name);
        fields[i].value = span_view(&b->bytes, f->value);
    }
    d->field = fields;
    d->nfields = bd->nfields;
}

/* Stores record and text of a document, which is in `texts`, if it is not packed
 * already. */
static int store_document(struct work *w, size_t place, const struct buf *texts,
                          const struct checkpoints *checks)
{
    struct batch_doc *bd = &w->b->doc[place];
    struct field fields[META_FIELDS + 2]; /* and the hidden ones */
    struct document d;
    int rc;

    fill_document(w, place, texts, &d, fields);
    rc = document_writer_add(w->c->writer, &d, span_view(texts, bd->text),
                             checks->at + bd->check, bd->nchecks, w->err);
    bd->stored = rc == 0;
    return rc;
}

/* Documents that were handed over, when they are packed. A later one of the
 * same source may be in the batch by now: they are stored nonetheless, as they
 * would have been without another thread. */
static int store_handed(struct work *w)
{
    struct ahead *a = &w->c->ahead;
    size_t i;
    int rc;

    if (a->ndocs == 0)
        return 0;
    rc = ahead_wait(a, w->err);
    for (i = 0; i < a->ndocs && rc == 0; i++)
        rc = store_document(w, a->doc[i].place, &a->text, &a->checks);
    ahead_clear(a);
    return rc;
}

/* The batch's own. */
static int store_own(struct work *w)
{
    struct batch *b = w->b;
    int rc = 0;

    for (; b->nstored < b->ndocs && rc == 0; b->nstored++)
        if (!b->doc[b->nstored].replaced_by)
            rc = store_document(w, b->nstored, &b->text, &b->checks);
    return rc;
}

int work_hand_over(struct work *w)
{
    enum { WORTH = 1 << 20 }; /* bytes of text */
    struct commit *c = w->c;

    if (c->jobs < 2 || !c->text || w->b->tail || w->b->text.n < WORTH ||
        w->b->text.n > 2 * c->text_max)
        return 0;
    return ahead_hand(&c->ahead, c->writer, w->b) < 0 ? err_nomem(w->err) : 0;
}

/* Everything else about a document that is stored. */
static int write_document(struct work *w, size_t place)
{
    const struct batch_doc *bd = &w->b->doc[place];
    struct field fields[META_FIELDS + 2];
    struct source row = bd->row;
    struct document d;

    fill_document(w, place, NULL, &d, fields);
    if (fields_keys(&w->keys, d.docid, d.field, d.nfields) < 0)
        return err_nomem(w->err);
    w->m.live_docs++;
    work_count_language(w, d.language, 1);
    w->m.live_positions += bd->inverted.length;
    row.docid = d.docid;
    return source_put(w->c->txn, d.path, &row, w->err);
}

/* What was handed over comes first, and is committed if it is much: so all is
 * written in the same order however many threads there are. */
int work_begin_documents(struct work *w)
{
    struct commit *c = w->c;
    int rc = document_writer_begin(c->writer, c->txn, w->err);

    if (rc == 0)
        rc = store_handed(w);
    if (rc == 0 && txn_dirty(c->txn) > c->dirty_max) {
        rc = work_turn_over(w);
        if (rc == 0)
            rc = document_writer_begin(c->writer, c->txn, w->err);
    }
    document_writer_drop(c->writer);
    if (rc == 0 && c->text && !c->trained && w->b->ndocs > 0)
        rc = samples_train(c->writer, w->b, &c->trained, w->err);
    return rc;
}

static int write_documents(struct work *w)
{
    size_t i;
    int rc = document_writer_begin(w->c->writer, w->c->txn, w->err);

    if (rc == 0)
        rc = store_handed(w);
    if (rc == 0)
        rc = store_own(w);
    for (i = 0; i < w->b->ndocs && rc == 0; i++)
        if (!w->b->doc[i].replaced_by)
            rc = write_document(w, i);
        else if (w->b->doc[i].stored)
            rc = document_delete(w->c->txn, w->first + (uint32_t)i, w->err);
    return rc;
}

int commit_texts(struct commit *c, struct batch *b, struct err *err)
{
    struct work w = {
        .c = c, .b = b, .first = c->manifest.next_docid, .err = err};
    int rc = commit_begin(c, err);

    if (rc == 0)
        rc = work_begin_documents(&w);
    if (rc == 0)
        rc = work_hand_over(&w);
    if (rc == 0)
        rc = store_own(&w);
    if (rc == 0 && txn_dirty(c->txn) > c->dirty_max)
        rc = work_turn_over(&w);
    batch_stored(b);
    return rc;
}

int commit_sweep(struct commit *c, struct err *err)
{
    int rc;

    do {
        rc = commit_begin(c, err);
        if (rc == 0)
            rc = documents_sweep(c->txn, c->manifest.next_docid, c->dirty_max,
                                 err);
        if (rc > 0) {
            rc = txn_commit(c->txn, err);
            c->txn = NULL;
            rc = rc < 0 ? rc : 1;
        }
    } while (rc > 0);
    commit_end(c);
    return rc;
}

static int write_norms(struct work *w)
{
    size_t n = w->b->ndocs, i;
    uint8_t *code = malloc(n);
    int rc;

    if (!code)
        return err_nomem(w->err);
    for (i = 0; i < n; i++) {
        const struct batch_doc *d = &w->b->doc[i];

        code[i] = d->replaced_by ? 0 : norm_encode(d->inverted.length);
    }
    rc = norms_write(w->c->txn, w->first, code, (uint32_t)n, w->err);
    free(code);
    return rc;
}

static int write_column(struct work *w, enum column_id id)
{
    size_t n = w->b->ndocs, width = column_width(id), i;
    uint8_t *value = malloc(n * width);
    bool any = false;
    int32_t date;
    int rc = 0;

    if (!value)
        return err_nomem(w->err);
    for (i = 0; i < n; i++) {
        const struct batch_doc *d = &w->b->doc[i];

        if (id == COLUMN_DATE) {
            date = work_date(d->date, d->date_source, &d->row);
            put_u32(value + i * width, (uint32_t)date);
            any = any || date != DATE_NONE;
        } else if (id == COLUMN_LANGUAGE) {
            any |= column_language(span_view(&w->b->bytes, d->language),
                                   value + i * width);
        } else {
            memcpy(value + i * width, d->inverted.sketch, width);
            any = true;
        }
    }
    if (any)
        rc = column_write(w->c->txn, id, w->first, value, (uint32_t)n, w->err);
    free(value);
    return rc;
}

static int write_names(struct work *w)
{
    struct view path[NAMES_CHUNK];
    size_t i, n = 0;
    int rc = 0;

    for (i = 0; i < w->b->ndocs && rc == 0; i++) {
        const struct batch_doc *d = &w->b->doc[i];

        path[n++] =
            d->replaced_by ? view_of(NULL, 0) : span_view(&w->b->bytes, d->id);
        if (n == NAMES_CHUNK || i + 1 == w->b->ndocs) {
            rc = names_write(w->c->txn, w->first + (uint32_t)(i + 1 - n), path,
                             (uint32_t)n, w->err);
            n = 0;
        }
    }
    return rc;
}

int work_add_documents(struct work *w)
{
    int rc;

    if (w->b->ndocs == 0)
        return 0;
    rc = work_log_added(w, w->first + (uint32_t)w->b->ndocs - 1);
    if (rc == 0)
        rc = write_documents(w);
    if (rc == 0)
        rc = write_names(w);
    if (rc == 0)
        rc = write_norms(w);
    if (rc == 0)
        rc = write_column(w, COLUMN_DATE);
    if (rc == 0)
        rc = write_column(w, COLUMN_LANGUAGE);
    if (rc == 0)
        rc = write_column(w, COLUMN_SKETCH);
    if (rc == 0)
        rc = fields_write(w->c->txn, &w->keys, true, w->err);
    w->m.next_docid += (uint32_t)w->b->ndocs;
    return rc;
}
