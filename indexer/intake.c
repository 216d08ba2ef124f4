#include "indexer/intake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/merge.h"
#include "indexer/read.h"
#include "text/utf16.h"
#include "text/utf8.h"

#define MB ((uint64_t)1 << 20)

enum {
    MERGE_AT = 40,       /* segments: then a run does not wait for its end */
    BATCH_DOCS = 100000, /* documents and changes of a batch at most */
    BATCH_KILLS = 20000
};

static uint64_t at_most(uint64_t x, uint64_t limit)
{
    return x < limit ? x : limit;
}

void memory_divide(struct memory *m, uint64_t total)
{
    uint64_t fixed = 16 * MB; /* program, zstd, LMDB's tables */

    m->total = total;
    m->dirty_max = (size_t)at_most(total / 16 * 3, 64 * MB);
    /* as much again for a large record while it is parsed */
    m->budget = (size_t)(total - fixed - total / 8 * 3);
    m->text_max = (size_t)at_most(total / 12, 64 * MB);
    /* every second byte a token: 7 bytes a byte */
    m->size_max = at_most(m->budget / 8, 256 * MB);
}

int intake_open(struct intake *in, struct err *err)
{
    if (invert_open(&in->invert, in->lexer, in->memory.budget) < 0)
        return err_nomem(err);
    return 0;
}

void intake_close(struct intake *in)
{
    invert_free(in->invert);
    batch_release(&in->batch);
    meta_release(&in->meta);
    memset(in, 0, sizeof *in);
}

/* --- committing --- */

/* Merges the segments from `from` on. The batch gives its memory back for it,
 * unless there is a text in it. */
static int merge_from(struct intake *in, uint32_t from, struct err *err)
{
    struct manifest *m = &in->commit->manifest;

    if (in->batch.text.n == 0)
        batch_release(&in->batch);
    invert_clear(in->invert, true);
    return merge_segments_by(in->commit->store, m, from, m->nsegments,
                             in->memory.dirty_max, err);
}

static int merge_many(struct intake *in, struct err *err)
{
    const struct manifest *m = &in->commit->manifest;
    uint32_t from;

    if (m->nsegments < MERGE_AT)
        return 0;
    return merge_from(in, merge_wanted(m, &from) ? from : 0, err);
}

int intake_merge(struct intake *in, struct err *err)
{
    uint32_t from;

    if (!merge_wanted(&in->commit->manifest, &from))
        return 0;
    return merge_from(in, from, err);
}

/* Commits the batch. After an unusual one its memory is given back, or the next
 * one's would come on top of it. */
static int commit_now(struct intake *in, struct err *err)
{
    int rc = commit_batch(in->commit, &in->batch, in->invert, err);

    in->commits++;
    if (invert_held(in->invert) > in->memory.budget / 2)
        invert_clear(in->invert, true);
    return rc;
}

int intake_flush(struct intake *in, struct err *err)
{
    int rc;

    if (batch_empty(&in->batch)) {
        commit_end(in->commit);
        return 0;
    }
    rc = commit_now(in, err);
    if (rc < 0)
        return rc;
    if (in->batch.text.cap > in->memory.text_max * 2)
        batch_release(&in->batch);
    return merge_many(in, err);
}

static int flush_if_full(struct intake *in, struct err *err)
{
    const struct batch *b = &in->batch;

    if (b->text.n < in->memory.text_max && b->ndocs < BATCH_DOCS &&
        b->nchanges < BATCH_DOCS && batch_bytes(b) < in->memory.budget / 8 &&
        invert_bytes(in->invert) < in->memory.budget / 8 * 7)
        return 0;
    return intake_flush(in, err);
}

/* --- the source as it is known --- */

/* What is known of a source, in the index or in the batch. `in_batch`: its
 * document there, or NULL. */
static int look_up(struct intake *in, struct view id, struct source *row,
                   struct batch_doc **in_batch, struct err *err)
{
    struct batch_doc *d = batch_find(&in->batch, id);
    int rc;

    *in_batch = d;
    if (d) {
        *row = d->row;
        return 1;
    }
    memset(row, 0, sizeof *row);
    rc = commit_source(in->commit, id, row, err);
    return rc < 0 ? rc : 0;
}

static bool same_row(const struct source *a, const struct source *b)
{
    return a->verdict == b->verdict && a->reason == b->reason &&
           a->flags == b->flags && a->mtime_ns == b->mtime_ns &&
           a->size == b->size && a->hash == b->hash && a->inode == b->inode &&
           a->device == b->device;
}

/* Writes a record without a document, if it differs from the one there. */
static int put_row(struct intake *in, struct view id, const struct source *old,
                   struct source *row, struct err *err)
{
    if (old->docid == row->docid && same_row(old, row))
        return 0;
    if (batch_change(&in->batch, BATCH_PUT, id, row->docid ? 0 : old->docid,
                     row) < 0)
        return err_nomem(err);
    return flush_if_full(in, err);
}

/* --- verdicts without a document --- */

/* A skipped source: its document, if it had one, is one no more. */
static int skip(struct intake *in, struct view id, struct source *old,
                struct source *row, const char *why, struct err *err)
{
    int rc = 0;

    if (batch_find(&in->batch, id)) { /* of a record: a document of the batch */
        rc = intake_flush(in, err);
        if (rc == 0)
            rc = commit_source(in->commit, id, old, err);
    }
    if (rc < 0)
        return rc;
    row->docid = 0;
    row->verdict = SOURCE_SKIPPED;
    in->report->removed += old->docid != 0;
    report_verdict(in->report, id, VERDICT_SKIPPED,
                   why ? why : source_reason_text(row->reason));
    return put_row(in, id, old, row, err);
}

/* A failed source: its document, if it has one, stays. */
static int fail(struct intake *in, struct view id, const struct source *old,
                struct source *row, const char *why, struct err *err)
{
    report_verdict(in->report, id, VERDICT_FAILED, why);
    if (old->docid || row->mtime_ns == 0) /* or the file is not there at all */
        return 0;
    row->verdict = SOURCE_FAILED;
    return put_row(in, id, old, row, err);
}

/* --- documents --- */

/* Commits what is before the text at the batch's end, which becomes the first
 * of the next. */
static int flush_before(struct intake *in, size_t *text, struct err *err)
{
    struct buf *b = &in->batch.text;
    size_t n = b->n - *text;
    int rc;

    b->n = *text; /* the bytes stay where they are */
    rc = commit_now(in, err);
    if (rc < 0)
        return rc;
    memmove(b->p, b->p + *text, n);
    b->n = n;
    *text = 0;
    return merge_many(in, err);
}

/* Inverts the text at the batch's end, from byte *text on, in a batch of its
 * own if need be. 1, 0 where it fits not even that, negative. */
static int invert_text(struct intake *in, size_t *text, size_t *check,
                       struct inverted *out, struct err *err)
{
    struct batch *b = &in->batch;
    struct checkpoints *checks = in->commit->text ? &b->checks : NULL;
    int rc;

    for (;;) {
        bool fresh = invert_bytes(in->invert) == 0;

        *check = b->checks.n;
        rc = invert_add(in->invert,
                        view_sub(buf_view(&b->text), *text, b->text.n),
                        in->meta.zone, in->meta.nzones, checks, out);
        if (rc == 0)
            return 1;
        if (rc != ERR_FULL)
            return err_nomem(err);
        if (fresh)
            return 0;
        if (b->ndocs > 0) {
            rc = flush_before(in, text, err);
            if (rc < 0)
                return rc;
        }
        invert_clear(in->invert, true);
    }
}

static void warn(struct intake *in, struct view id, size_t errors,
                 const struct source *row, const struct inverted *doc)
{
    if (errors)
        report_warning(in->report, id, "%zu invalid UTF-%s sequence%s", errors,
                       row->flags & SOURCE_DERIVED ? "16" : "8",
                       errors == 1 ? "" : "s");
    if (doc->cut && in->report->level >= LEVEL_VERBOSE)
        report_warning(in->report, id, "%u word%s cut at %d bytes", doc->cut,
                       doc->cut == 1 ? "" : "s", LEXEME_MAX);
}

/* Makes a document of the text at the batch's end, which in->meta describes. */
static int add(struct intake *in, struct view id, struct source *old,
               struct source *row, size_t text, size_t errors, struct err *err)
{
    struct inverted doc;
    bool known = old->docid || batch_find(&in->batch, id), fits;
    uint64_t bytes = in->batch.text.n - text, commits = in->commits;
    char why[96];
    size_t check;
    int rc = invert_text(in, &text, &check, &doc, err);

    fits = rc > 0;
    if (rc >= 0 && in->commits != commits) /* then what is known is more */
        rc = commit_source(in->commit, id, old, err);
    if (rc < 0)
        return rc;
    if (!fits) {
        in->batch.text.n = text;
        row->reason = REASON_TOO_LARGE;
        snprintf(why, sizeof why, "too many different words for --memory=%uM",
                 (unsigned)(in->memory.total >> 20));
        return skip(in, id, old, row, why, err);
    }
    row->verdict = SOURCE_INDEXED;
    row->reason = REASON_NONE;
    if (batch_add(&in->batch, id, row, old->docid, text, check, &in->meta,
                  &doc) < 0)
        return err_nomem(err);
    in->report->bytes += bytes;
    report_verdict(in->report, id, known ? VERDICT_UPDATED : VERDICT_ADDED,
                   NULL);
    warn(in, id, errors, row, &doc);
    return flush_if_full(in, err);
}

/* --- sources --- */

/* Makes UTF-8 of the UTF-16 at the batch's end. */
static int convert(struct buf *b, size_t text, size_t *errors)
{
    struct buf utf8 = {0};
    int rc = utf16_decode(view_sub(buf_view(b), text, b->n), &utf8, errors);

    b->n = text;
    if (rc == 0)
        rc = buf_add(b, buf_view(&utf8));
    buf_release(&utf8);
    return rc;
}

/* Takes the file whose bytes are at the batch's end. */
static int take_text(struct intake *in, struct view path, struct source *old,
                     struct source *row, size_t text, struct err *err)
{
    struct buf *b = &in->batch.text;
    struct view content = view_sub(buf_view(b), text, b->n);
    const char *binary;
    size_t errors;

    if (utf16_marked(content)) {
        if (convert(b, text, &errors) < 0)
            return err_nomem(err);
        row->flags |= SOURCE_DERIVED;
        content = view_sub(buf_view(b), text, b->n);
    } else {
        errors = utf8_errors(content);
    }
    binary = read_binary(content);
    if (binary) {
        char why[96];

        b->n = text;
        row->reason = REASON_BINARY;
        snprintf(why, sizeof why, "%s (%s)", source_reason_text(row->reason),
                 binary);
        return skip(in, path, old, row, why, err);
    }
    if (meta_of_file(&in->meta, content, path) < 0)
        return err_nomem(err);
    return add(in, path, old, row, text, errors, err);
}

int intake_file(struct intake *in, struct view path, bool named,
                struct err *err)
{
    struct batch *b = &in->batch;
    struct source old, row = {0};
    struct batch_doc *in_batch;
    size_t text = b->text.n;
    struct view content;
    struct stat st;
    int error, rc = look_up(in, path, &old, &in_batch, err);

    if (rc < 0)
        return rc;
    if (named && (rc == 0 || (old.flags & SOURCE_NAMED)))
        row.flags = SOURCE_NAMED; /* else a walk knows it */
    row.reason =
        read_file((const char *)path.p, in->max_size, &b->text, &st, &error);
    read_stat(&row, &st);
    if (error == ENOMEM)
        return err_nomem(err);
    if (row.reason == REASON_UNREADABLE)
        return fail(in, path, &old, &row,
                    error == EINVAL ? "no regular file" : strerror(error), err);
    if (row.reason == REASON_CHANGING)
        return fail(in, path, &old, &row, "it changes while it is read", err);
    if (row.reason != REASON_NONE)
        return skip(in, path, &old, &row, NULL, err);
    content = view_sub(buf_view(&b->text), text, b->text.n);
    row.hash = hash64(content);
    if (old.hash == row.hash && old.size == row.size && old.docid &&
        !in_batch) {
        b->text.n = text;
        row.docid = old.docid;
        row.flags |= old.flags & SOURCE_DERIVED;
        report_verdict(in->report, path, VERDICT_UNCHANGED, NULL);
        return put_row(in, path, &old, &row, err);
    }
    return take_text(in, path, &old, &row, text, err);
}

/* Appends title, line end and text. */
static int append_record(struct buf *out, const struct record *rec)
{
    if (buf_reserve(out, rec->title.n + rec->text.n + 1) < 0 ||
        buf_add(out, rec->title) < 0 ||
        (rec->title.n && buf_addc(out, '\n') < 0))
        return ERR_NOMEM;
    return buf_add(out, rec->text);
}

int intake_record(struct intake *in, const struct record *rec, struct err *err)
{
    struct batch *b = &in->batch;
    struct source old, row = {.flags = SOURCE_RECORD, .size = rec->raw.n};
    struct batch_doc *in_batch;
    size_t text = b->text.n, i;
    int rc = look_up(in, rec->id, &old, &in_batch, err);

    if (rc < 0)
        return rc;
    row.hash = hash64(rec->raw);
    if (old.hash == row.hash && old.size == row.size &&
        (old.docid || in_batch) && (old.flags & SOURCE_RECORD)) {
        report_verdict(in->report, rec->id, VERDICT_UNCHANGED, NULL);
        return 0;
    }
    if (rec->title.n == 0 && rec->text.n == 0) {
        row.reason = REASON_EMPTY;
        return skip(in, rec->id, &old, &row, NULL, err);
    }
    if (append_record(&b->text, rec) < 0 ||
        meta_of_record(&in->meta, view_sub(buf_view(&b->text), text, b->text.n),
                       rec->title.n, rec->date, rec->language) < 0)
        return err_nomem(err);
    for (i = 0; i < rec->nfields; i++)
        if (meta_field(&in->meta, rec->field[i].name, rec->field[i].value) < 0)
            return err_nomem(err);
    return add(in, rec->id, &old, &row, text, rec->replaced, err);
}

int intake_remove(struct intake *in, struct view key, struct err *err)
{
    struct source row;
    store_db path;
    struct view val = {NULL, 0};
    int rc = commit_begin(in->commit, err);

    if (rc == 0)
        rc = txn_open_db(in->commit->txn, "path", false, &path, err);
    if (rc > 0)
        rc = txn_get(in->commit->txn, path, key, &val, err);
    if (rc > 0)
        rc = source_decode(val, &row, err);
    if (rc <= 0)
        return rc;
    in->report->removed += row.docid != 0;
    if (batch_change(&in->batch, BATCH_DEL, key, row.docid, NULL) < 0)
        return err_nomem(err);
    if (in->batch.nchanges >= BATCH_KILLS)
        return intake_flush(in, err);
    return flush_if_full(in, err);
}
