#include "indexer/commit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "index/column.h"
#include "index/index.h"
#include "index/norm.h"
#include "index/record.h"
#include "indexer/samples.h"
#include "indexer/segment_write.h"

enum { LOG_GENERATIONS = 10000 };

/* A commit under way. */
struct work {
    struct commit *c;
    struct batch *b;
    struct invert *v;
    struct manifest m;       /* as it will be */
    uint32_t first;          /* docid of the batch's first document */
    struct documents *old;   /* reads what dies */
    struct buf log;          /* operations */
    uint64_t nlog;
    struct err *err;
};

/* --- transactions --- */

int commit_begin(struct commit *c, struct err *err)
{
    return c->txn ? 0 : txn_begin(&c->txn, c->store, err);
}

void commit_end(struct commit *c)
{
    txn_abort(c->txn);
    c->txn = NULL;
}

int commit_open(struct commit *c, struct store *store, struct err *err)
{
    int rc;

    memset(c, 0, sizeof *c);
    c->store = store;
    rc = document_writer_open(&c->writer, err);
    if (rc == 0)
        rc = commit_begin(c, err);
    if (rc == 0)
        rc = manifest_read(c->txn, &c->manifest, err);
    if (rc >= 0)
        rc = roots_read(c->txn, &c->roots, err);
    commit_end(c);
    return rc < 0 ? rc : 0;
}

void commit_close(struct commit *c)
{
    commit_end(c);
    document_writer_free(c->writer);
    roots_release(&c->roots);
    buf_release(&c->config);
    memset(c, 0, sizeof *c);
}

int commit_source(struct commit *c, struct view id, struct source *out,
                  struct err *err)
{
    int rc = commit_begin(c, err);

    return rc < 0 ? rc : source_get(c->txn, id, out, err);
}

/* Commits what was written so far and goes on in a new transaction. */
static int turn_over(struct work *w)
{
    int rc = txn_commit(w->c->txn, w->err);

    w->c->txn = NULL;
    return rc < 0 ? rc : commit_begin(w->c, w->err);
}

/* --- the segment --- */

static int write_term(struct segment_writer *sw, const struct inverted_term *t,
                      uint32_t first, struct err *err)
{
    const struct occurrence *o = t->occurrence;
    uint32_t i;
    int rc = segment_writer_term(sw, t->term, &t->info, t->form, t->nforms,
                                 err);

    for (i = 0; i < t->info.df && rc == 0; i++) {
        const struct inverted_posting *p = &t->posting[i];

        rc = segment_writer_posting(sw, first + p->doc, p->tf, p->code, o, err);
        o += p->tf;
    }
    return rc < 0 ? rc : segment_writer_end_term(sw, err);
}

static int write_terms(struct work *w, struct segment_writer *sw)
{
    struct inverted_term term;
    int rc = invert_sort(w->v);

    if (rc < 0)
        return err_nomem(w->err);
    while ((rc = invert_next(w->v, &term)) > 0) {
        rc = write_term(sw, &term, w->first, w->err);
        if (rc == 0 && txn_dirty(w->c->txn) > w->c->dirty_max) {
            rc = turn_over(w);
            if (rc == 0)
                rc = segment_writer_move(sw, w->c->txn, w->err);
        }
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? err_nomem(w->err) : 0;
}

static int write_segment(struct work *w)
{
    struct segment_info *s = &w->m.segment[w->m.nsegments];
    struct segment_writer *sw = NULL;
    size_t i;
    int rc;

    if (w->b->ndocs == 0)
        return 0;
    if (w->m.nsegments == MANIFEST_SEGMENTS)
        return err_set(w->err, ERR_FULL, "%s has %d segments already",
                       store_path(w->c->store), MANIFEST_SEGMENTS);
    memset(s, 0, sizeof *s);
    s->number = w->m.next_segment++;
    s->doc_lo = w->first;
    s->doc_hi = w->first + (uint32_t)w->b->ndocs - 1;
    s->docs = (uint32_t)w->b->ndocs;
    for (i = 0; i < w->b->ndocs; i++) {
        s->positions += w->b->doc[i].inverted.length;
        s->dead += w->b->doc[i].replaced_by != 0;
    }
    rc = segment_writer_open(&sw, w->c->txn, s->number, s->doc_lo, w->err);
    if (rc == 0)
        rc = write_terms(w, sw);
    if (rc < 0) {
        segment_writer_free(sw);
        return rc;
    }
    rc = segment_writer_close(sw, s, w->err);
    if (rc < 0)
        return rc;
    w->m.nsegments++;
    if (txn_dirty(w->c->txn) + w->b->text.n > w->c->dirty_max)
        return turn_over(w);
    return 0;
}

/* --- the log --- */

static int log_op(struct work *w, uint8_t kind, uint32_t a)
{
    w->nlog++;
    if (buf_addc(&w->log, kind) < 0 || buf_addvar(&w->log, a) < 0)
        return err_nomem(w->err);
    return 0;
}

static int log_removed(struct work *w, uint32_t docid, struct view path)
{
    int rc = log_op(w, 2, docid);

    if (rc == 0 && (buf_addvar(&w->log, path.n) < 0 ||
                    buf_add(&w->log, path) < 0))
        rc = err_nomem(w->err);
    return rc;
}

static int log_replaced(struct work *w, uint32_t old, uint32_t new)
{
    int rc = log_op(w, 3, old);

    if (rc == 0 && buf_addvar(&w->log, new) < 0)
        rc = err_nomem(w->err);
    return rc;
}

static int write_log(struct work *w)
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
    if (rc == 0 && generation > LOG_GENERATIONS) {
        put_be64(key, generation - LOG_GENERATIONS);
        rc = record_del(w->c->txn, db, view_of(key, 8), w->err);
    }
    buf_release(&record);
    return rc;
}

/* --- documents that die --- */

static int kill_document(struct work *w, uint32_t docid, uint32_t successor)
{
    const uint8_t dead = 0;
    struct document d;
    uint32_t i;
    int rc = documents_get(w->old, docid, &d, w->err);

    if (rc == 0)
        return err_set(w->err, ERR_CORRUPT, "index damaged: document %u is "
                       "missing", docid);
    if (rc < 0)
        return rc;
    for (i = 0; i < w->m.nsegments; i++)
        if (docid >= w->m.segment[i].doc_lo && docid <= w->m.segment[i].doc_hi)
            w->m.segment[i].dead++;
    w->m.live_docs--;
    w->m.live_positions -= d.length;
    rc = successor ? log_replaced(w, docid, successor)
                   : log_removed(w, docid, d.path);
    if (rc == 0)
        rc = norms_write(w->c->txn, docid, &dead, 1, w->err);
    return rc < 0 ? rc : document_delete(w->c->txn, docid, w->err);
}

static int kill_documents(struct work *w)
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
    documents_close(w->old);
    return rc;
}

/* --- new documents --- */

static void fill_document(const struct work *w, size_t place,
                          struct document *d, struct field *fields)
{
    const struct batch *b = w->b;
    const struct batch_doc *bd = &b->doc[place];
    struct view text = span_view(&b->text, bd->text);
    size_t i;

    memset(d, 0, sizeof *d);
    d->docid = w->first + (uint32_t)place;
    if (bd->row.flags & SOURCE_RECORD)
        d->flags |= DOCUMENT_RECORD | DOCUMENT_DERIVED;
    if (w->c->text)
        d->flags |= DOCUMENT_TEXT;
    else
        d->title = view_sub(text, bd->title_start,
                            bd->title_start + bd->title_len);
    d->length = bd->inverted.length;
    d->path = span_view(&b->bytes, bd->id);
    d->title_start = bd->title_start;
    d->title_len = bd->title_len;
    d->date = bd->date;
    d->date_source = bd->date_source;
    d->language = span_view(&b->bytes, bd->language);
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

static int write_document(struct work *w, size_t place)
{
    const struct batch_doc *bd = &w->b->doc[place];
    struct field fields[META_FIELDS];
    struct source row = bd->row;
    struct document d;
    int rc;

    fill_document(w, place, &d, fields);
    rc = document_writer_add(w->c->writer, &d,
                             span_view(&w->b->text, bd->text),
                             w->b->checks.at + bd->check, bd->nchecks, w->err);
    if (rc < 0)
        return rc;
    w->m.live_docs++;
    w->m.live_positions += bd->inverted.length;
    row.docid = d.docid;
    return source_put(w->c->txn, d.path, &row, w->err);
}

static int write_documents(struct work *w)
{
    size_t i;
    int rc = document_writer_begin(w->c->writer, w->c->txn, w->err);

    if (rc == 0 && w->c->text && !w->c->trained)
        rc = samples_train(w->c->writer, w->b, &w->c->trained, w->err);
    for (i = 0; i < w->b->ndocs && rc == 0; i++)
        if (!w->b->doc[i].replaced_by)
            rc = write_document(w, i);
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
    char language[META_LANGUAGE];
    bool any = false;
    int rc = 0;

    if (!value)
        return err_nomem(w->err);
    for (i = 0; i < n; i++) {
        const struct batch_doc *d = &w->b->doc[i];

        if (id == COLUMN_DATE) {
            put_u32(value + i * width, (uint32_t)d->date);
            any = any || d->date != DATE_NONE;
        } else {
            snprintf(language, sizeof language, "%.*s", (int)d->language.n,
                     (const char *)w->b->bytes.p + d->language.at);
            meta_language(language, value + i * width);
            any = any || value[i * width];
        }
    }
    if (any)
        rc = column_write(w->c->txn, id, w->first, value, (uint32_t)n, w->err);
    free(value);
    return rc;
}

static int add_documents(struct work *w)
{
    int rc;

    if (w->b->ndocs == 0)
        return 0;
    rc = log_op(w, 1, w->first);
    if (rc == 0 &&
        buf_addvar(&w->log, w->first + (uint32_t)w->b->ndocs - 1) < 0)
        rc = err_nomem(w->err);
    if (rc == 0)
        rc = write_documents(w);
    if (rc == 0)
        rc = write_norms(w);
    if (rc == 0)
        rc = write_column(w, COLUMN_DATE);
    if (rc == 0)
        rc = write_column(w, COLUMN_LANGUAGE);
    w->m.next_docid += (uint32_t)w->b->ndocs;
    return rc;
}

/* --- everything else --- */

static int write_changes(struct work *w)
{
    store_db path;
    size_t i;
    int rc = txn_open_db(w->c->txn, "path", true, &path, w->err);

    rc = rc < 0 ? rc : 0;
    for (i = 0; i < w->b->nchanges && rc == 0; i++) {
        const struct batch_change *c = &w->b->change[i];
        struct view id = span_view(&w->b->bytes, c->id);

        if (c->op == BATCH_PUT)
            rc = source_put(w->c->txn, id, &c->row, w->err);
        else
            rc = txn_del(w->c->txn, path, id, w->err);
        rc = rc < 0 ? rc : 0;
    }
    return rc;
}

static uint64_t now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static int write_meta(struct work *w)
{
    struct commit *c = w->c;
    struct manifest *m = &w->m;
    int rc = 0;

    m->generation++;
    m->updated_ns = now_ns();
    if (c->run_start_ns)
        m->run_start_ns = c->run_start_ns;
    if (m->generation == 1) {
        if (getrandom(m->uuid, sizeof m->uuid, 0) != sizeof m->uuid)
            return err_set(w->err, ERR_IO, "the system gives no random bytes");
        m->uuid[6] = (uint8_t)((m->uuid[6] & 0x0f) | 0x40); /* RFC 4122, 4.4 */
        m->uuid[8] = (uint8_t)((m->uuid[8] & 0x3f) | 0x80);
        m->config_hash = hash64(buf_view(&c->config));
        rc = config_write(c->txn, buf_view(&c->config), w->err);
    }
    if (rc >= 0 && c->roots_changed)
        rc = roots_write(c->txn, &c->roots, w->err);
    if (rc >= 0)
        rc = write_log(w);
    return rc < 0 ? rc : manifest_write(c->txn, m, w->err);
}

int commit_batch(struct commit *c, struct batch *b, struct invert *v,
                 struct err *err)
{
    struct work w = {.c = c, .b = b, .v = v, .m = c->manifest,
                     .first = c->manifest.next_docid, .err = err};
    int rc = commit_begin(c, err);

    if (rc == 0 && b->ndocs > (size_t)(UINT32_MAX - 1 - w.first))
        rc = err_set(err, ERR_FULL, "the index has no more document numbers");
    if (rc == 0)
        rc = write_segment(&w);
    if (rc == 0)
        rc = kill_documents(&w);
    if (rc == 0)
        rc = add_documents(&w);
    if (rc == 0)
        rc = write_changes(&w);
    if (rc == 0)
        rc = write_meta(&w);
    if (rc == 0) {
        rc = txn_commit(c->txn, err);
        c->txn = NULL;
    }
    commit_end(c);
    buf_release(&w.log);
    if (rc < 0)
        return rc;
    c->manifest = w.m;
    c->roots_changed = false;
    batch_clear(b);
    if (v)
        invert_clear(v, false);
    return 0;
}
