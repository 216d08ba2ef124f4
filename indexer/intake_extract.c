#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "indexer/intake_work.h"
#include "text/utf8.h"

/* --- files that cannot be read --- */

static enum source_reason reason_of(int rc)
{
    return rc == ERR_FULL      ? REASON_LIMIT
           : rc == ERR_REFUSED ? REASON_ENCRYPTED
                               : REASON_DAMAGED;
}

/* What keeps a file from being read that need not be in the file fails, and is
 * tried each run; the rest is skipped until the file changes. */
int intake_cannot(struct intake *in, struct view path, struct source *old,
                  struct source *row, int rc, const char *what, struct err *err)
{
    struct err why = *err;
    char text[sizeof why.msg + 64];

    err->code = 0;
    err->msg[0] = 0;
    if (rc == ERR_STOPPED)
        return 0;
    snprintf(text, sizeof text, "%s: %s", what, why.msg);
    if (rc == ERR_NOTFOUND || rc == ERR_IO) {
        row->reason = rc == ERR_IO ? REASON_UNREADABLE : REASON_READER;
        return intake_fail(in, path, old, row, text, err);
    }
    row->reason = reason_of(rc);
    return intake_skip(in, path, old, row, text, err);
}

/* Takes the document over from the index that is made anew: 1, 0 where that has
 * none with a text. */
static int keep(struct intake *in, struct view path, struct err *err)
{
    struct documents *docs = NULL;
    struct document d;
    struct source row;
    int rc = in->old ? source_get(in->old, path, &row, err) : 0;

    if (rc <= 0 || !row.docid)
        return rc;
    rc = documents_open(&docs, in->old, err);
    if (rc == 0)
        rc = documents_get(docs, row.docid, &d, err);
    if (rc > 0 && !(d.flags & DOCUMENT_TEXT))
        rc = 0;
    if (rc > 0) {
        rc = intake_stored(in, docs, &d, &row, err);
        rc = rc < 0 ? rc : 1;
    }
    documents_close(docs);
    return rc;
}

int intake_unfiltered(struct intake *in, struct view path, struct source *old,
                      struct source *row, struct err *err)
{
    int rc = keep(in, path, err);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    row->reason = REASON_FILTER;
    return intake_fail(in, path, old, row,
                       "it was indexed through a --filter, and this run has "
                       "none for it",
                       err);
}

/* --- what came out --- */

/* Appends the title as one line. */
static int add_title(struct buf *out, struct view title)
{
    size_t start = out->n, i;

    if (buf_reserve(out, title.n + 1) < 0)
        return ERR_NOMEM;
    for (i = 0; i < title.n; i++) {
        bool blank = title.p[i] <= ' ' || title.p[i] == 0x7f;

        if (!blank)
            out->p[out->n++] = title.p[i];
        else if (out->n > start && out->p[out->n - 1] != ' ')
            out->p[out->n++] = ' ';
    }
    if (out->n > start && out->p[out->n - 1] == ' ')
        out->n--;
    if (out->n > start)
        out->p[out->n++] = '\n';
    return 0;
}

static bool is_blank(struct view v)
{
    size_t i = 0;

    while (i < v.n && (v.p[i] == ' ' || (v.p[i] >= '\t' && v.p[i] <= '\r')))
        i++;
    return i == v.n;
}

int intake_fields(struct intake *in, const struct extract *x)
{
    struct view fields = buf_view(&x->fields);

    while (fields.n) {
        struct view name = view_str((const char *)fields.p);
        struct view value = view_str((const char *)fields.p + name.n + 1);

        if (meta_field(&in->meta, name, value) < 0)
            return ERR_NOMEM;
        fields = view_sub(fields, name.n + value.n + 2, fields.n);
    }
    return 0;
}

/* Puts title and text in place of the bytes, and finds out what is known. */
static int place(struct intake *in, struct view path, size_t text,
                 struct err *err)
{
    const struct extract *x = &in->derived.x;
    struct buf *b = &in->batch.text;
    struct view all;
    size_t title;

    b->n = text;
    if (add_title(b, buf_view(&x->title)) < 0)
        return err_nomem(err);
    title = b->n > text ? b->n - text - 1 : 0;
    if (buf_add(b, buf_view(&x->text)) < 0)
        return err_nomem(err);
    all = view_sub(buf_view(b), text, b->n);
    if (meta_of_extract(&in->meta, all, title, path, buf_view(&x->date),
                        buf_view(&x->language)) < 0 ||
        intake_fields(in, x) < 0)
        return err_nomem(err);
    return 0;
}

/* The same of plain text that was compressed. */
static int place_plain(struct intake *in, struct view path, size_t text,
                       struct source *row, size_t *errors, struct err *err)
{
    struct buf *b = &in->batch.text;
    int rc;

    b->n = text;
    if (buf_add(b, buf_view(&in->derived.x.text)) < 0)
        return err_nomem(err);
    rc = intake_decode(in, path, text, row, errors, err);
    if (rc == 0 && meta_of_file(&in->meta, view_sub(buf_view(b), text, b->n),
                                in->derived.name) < 0)
        rc = err_nomem(err);
    return rc;
}

/* Characters that were ill-formed: an extractor has put U+FFFD for them. */
size_t intake_replaced(struct view v)
{
    static const char mark[] = "\xEF\xBF\xBD";
    const uint8_t *at;
    size_t n = 0;

    while (v.n && (at = memmem(v.p, v.n, mark, 3)) != NULL) {
        v = view_sub(v, (size_t)(at - v.p) + 3, v.n);
        n++;
    }
    return n;
}

static int take(struct intake *in, struct view path, struct source *old,
                struct source *row, size_t text, bool filtered, struct err *err)
{
    const struct derived *d = &in->derived;
    const struct format *f = format_row(d->format);
    bool plain = !f && !filtered;
    size_t errors = 0;
    int rc;

    if (is_blank(buf_view(&d->x.text)) && is_blank(buf_view(&d->x.title))) {
        in->batch.text.n = text;
        row->reason = REASON_NO_TEXT;
        return intake_skip(in, path, old, row,
                           f && f->empty ? f->empty : "there is no text in it",
                           err);
    }
    if (d->format == FORMAT_PDF && is_blank(buf_view(&d->x.text)))
        in->bare = f->empty;
    row->flags |= SOURCE_DERIVED | SOURCE_EXTRACTED;
    if (filtered)
        row->flags |= SOURCE_FILTERED;
    rc = plain ? place_plain(in, path, text, row, &errors, err)
               : place(in, path, text, err);
    if (rc < 0)
        return rc;
    if (!old->docid && !batch_find(&in->batch, path)) {
        rc = intake_take_over(in, path, row, err);
        if (rc != 0) {
            in->batch.text.n = text;
            return rc < 0 ? rc : intake_flush_if_full(in, err);
        }
    }
    if (!plain)
        errors = utf8_errors(
            view_sub(buf_view(&in->batch.text), text, in->batch.text.n));
    if (d->format == FORMAT_HTML || d->format == FORMAT_EML ||
        d->format == FORMAT_MBOX)
        errors += intake_replaced(buf_view(&d->x.text));
    buf_clear(&in->format);
    if (filtered ? buf_adds(&in->format, "filter")
                 : format_text(d->format, d->packed, &in->format))
        return err_nomem(err);
    in->derived_now = true;
    rc = intake_add(in, path, old, row, text, errors, err);
    in->derived_now = false;
    in->bare = NULL;
    return rc;
}

int intake_extract(struct intake *in, struct view path, struct source *old,
                   struct source *row, size_t text,
                   const struct file_filter *filter, struct err *err)
{
    struct buf *b = &in->batch.text;
    struct view content = view_sub(buf_view(b), text, b->n);
    struct request r = {
        .bytes = content, .path = path, .text_max = in->max_size};
    const struct format *f = format_row(format_of(content, path));
    const char *given =
        encodings_of(&in->commit->encodings, &in->commit->roots, path);
    int rc;

    if (given)
        r.charset = view_str(*given ? given : "utf-8");
    if (filter)
        r.filter = buf_view(&filter->words);
    rc = worker_extract(in->worker, &r, &in->derived, err);
    if (rc < 0) {
        b->n = text;
        return intake_cannot(in, path, old, row, rc,
                             filter ? "--filter"
                             : f    ? f->name
                                    : "text",
                             err);
    }
    in->slow += in->derived.x.text.n;
    return take(in, path, old, row, text, filter != NULL, err);
}
