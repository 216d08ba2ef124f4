#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/intake_work.h"
#include "indexer/read.h"

/* --- renamed files --- */

/* Gives the document to the new path, unless under that name something else of
 * its text would be its title: 1, 0. */
static int move(struct intake *in, struct view path, struct source *row,
                const struct document *d, struct err *err)
{
    const struct event e = {.id = path,
                            .verdict = VERDICT_RENAMED,
                            .old = d->path,
                            .docid = d->docid,
                            .bytes = row->size};

    struct source old;
    int rc = commit_source(in->commit, d->path, &old, err);

    if (rc <= 0 || old.charset != row->charset || !meta_agrees(&in->meta, d))
        return rc < 0 ? rc : 0;
    row->docid = d->docid;
    row->verdict = SOURCE_INDEXED;
    report_event(in->report, &e);
    if (!in->dry && batch_move(&in->batch, path, row, &in->meta) < 0)
        return err_nomem(err);
    return 1;
}

int intake_take_over(struct intake *in, struct view path, struct source *row,
                     struct err *err)
{
    struct documents *docs;
    struct document d;
    uint32_t docid;
    int rc;

    if (!renames_take(in->renames, row->size, row->hash, &docid))
        return 0;
    rc = commit_begin(in->commit, err);
    if (rc == 0)
        rc = documents_open(&docs, in->commit->txn, err);
    if (rc < 0)
        return rc;
    rc = documents_get(docs, docid, &d, err);
    if (rc > 0)
        rc = move(in, path, row, &d, err);
    if (rc == 0)
        renames_give(in->renames, row->size, row->hash, docid);
    documents_close(docs);
    return rc;
}

/* --- files --- */

/* Takes the file whose bytes are at the batch's end. */
static int take_text(struct intake *in, struct view path, struct source *old,
                     struct source *row, size_t text, struct err *err)
{
    struct buf *b = &in->batch.text;
    struct view content;
    const char *binary;
    size_t errors;
    int rc;

    extract_clear(&in->derived.x);
    buf_clear(&in->format);
    rc = intake_decode(in, path, text, row, &errors, err);
    if (rc < 0)
        return rc;
    content = view_sub(buf_view(b), text, b->n);
    binary = read_binary(content);
    if (binary) {
        char why[96];

        b->n = text;
        row->reason = REASON_BINARY;
        snprintf(why, sizeof why, "%s (%s)", source_reason_text(row->reason),
                 binary);
        return intake_skip(in, path, old, row, why, err);
    }
    if (meta_of_file(&in->meta, content, path) < 0)
        return err_nomem(err);
    if (!old->docid && !batch_find(&in->batch, path)) {
        rc = intake_take_over(in, path, row, err);
        if (rc != 0) {
            b->n = text;
            return rc < 0 ? rc : intake_flush_if_full(in, err);
        }
    }
    in->derived_now = true;
    rc = intake_add(in, path, old, row, text, errors, err);
    in->derived_now = false;
    return rc;
}

/* Whether the file was read through a filter before, also where that is known to
 * the index alone that is made anew: 1, 0, negative. */
static int was_filtered(struct intake *in, struct view path,
                        const struct source *known, struct err *err)
{
    struct source old = *known;
    int rc =
        !known->docid && in->old ? source_get(in->old, path, &old, err) : 0;

    return rc < 0 ? rc : old.docid && (old.flags & SOURCE_FILTERED);
}

/* Takes the file whose bytes are at the batch's end, by what they are. */
static int take(struct intake *in, struct view path, struct source *old,
                struct source *row, size_t text, struct err *err)
{
    const struct file_filter *filter = filters_find(in->filters, path);
    struct buf *b = &in->batch.text;
    enum format_id format = format_of(view_sub(buf_view(b), text, b->n), path);
    int rc = filter ? 0 : was_filtered(in, path, old, err);

    if (rc < 0)
        return rc;
    if (rc > 0 && !(in->force && format != FORMAT_TEXT)) {
        b->n = text;
        return intake_unfiltered(in, path, old, row, err);
    }
    if (filter || format != FORMAT_TEXT)
        return intake_extract(in, path, old, row, text, filter, err);
    return take_text(in, path, old, row, text, err);
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
    int error, rc = intake_known(in, path, &old, &in_batch, err);

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
        return intake_fail(
            in, path, &old, &row,
            error == EINVAL ? "no regular file" : strerror(error), err);
    if (row.reason == REASON_CHANGING)
        return intake_fail(in, path, &old, &row, "it changes while it is read",
                           err);
    if (row.reason != REASON_NONE)
        return intake_skip(in, path, &old, &row, NULL, err);
    content = view_sub(buf_view(&b->text), text, b->text.n);
    in->report->bytes += content.n;
    row.hash = hash64(content);
    row.charset = encodings_mark(
        encodings_of(&in->commit->encodings, &in->commit->roots, path));
    if (!in->force && old.hash == row.hash && old.size == row.size &&
        old.charset == row.charset && old.docid && !in_batch) {
        b->text.n = text;
        row.docid = old.docid;
        row.flags |=
            old.flags & (SOURCE_DERIVED | SOURCE_EXTRACTED | SOURCE_FILTERED);
        report_verdict(in->report, path, VERDICT_UNCHANGED, NULL);
        return intake_put(in, path, &old, &row, err);
    }
    return take(in, path, &old, &row, text, err);
}
