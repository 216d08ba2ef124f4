#include "query/hits.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#include "query/stale.h"
#include "text/utf8.h"

enum { TITLE_BYTES = 300 };

int hits_open(struct hits *h, struct match *m, int what, struct err *err)
{
    memset(h, 0, offsetof(struct hits, extract));
    h->m = m;
    h->what = what;
    h->err = err;
    h->segment = UINT_MAX;
    h->passages = 1;
    h->width = PASSAGE_WIDTH;
    if (what == HITS_PATH)
        return index_names(m->ix, err);
    h->op = calloc(m->plan->nleaves + 1, sizeof *h->op);
    if (!h->op)
        return err_nomem(err);
    return documents_open(&h->documents, m->ix->txn, err);
}

static void close_ops(struct hits *h)
{
    unsigned i;

    for (i = 0; i < h->nops; i++)
        op_release(h->op[i]);
    h->nops = 0;
    h->segment = UINT_MAX;
}

void hits_close(struct hits *h)
{
    if (h->op)
        close_ops(h);
    free(h->op);
    if (h->documents)
        documents_close(h->documents);
    doctext_release(&h->text);
    margins_release(&h->margins);
    free(h->spans.span);
    free(h->found);
    free(h->clear);
    free(h->clear_at);
    free(h->place);
    free(h->part);
    free(h->line);
    buf_release(&h->id);
    buf_release(&h->path);
    memset(h, 0, offsetof(struct hits, extract));
}

/* --- matches --- */

static int open_leaves(struct hits *h, bool faint)
{
    struct plan_query *q = h->m->plan;
    unsigned k;

    for (k = 0; k < q->nleaves; k++) {
        struct leaf *l = q->leaf[k];

        if (l->negative || l->bonus || l->kind == LEAF_DOCS ||
            l->faint != faint)
            continue;
        h->op[h->nops] = op_make_leaf(&h->env, l);
        if (!h->op[h->nops])
            return h->env.rc ? h->env.rc : err_nomem(h->err);
        h->nops++;
    }
    return h->env.rc;
}

/* Opens the leaves in the segment of docid. */
static int open_ops(struct hits *h, uint32_t docid)
{
    const struct manifest *mf = &h->m->ix->manifest;
    unsigned i;
    int rc;

    for (i = 0; i < mf->nsegments && mf->segment[i].doc_hi < docid; i++)
        ;
    if (i == mf->nsegments || (i == h->segment && docid > h->last))
        return 0;
    close_ops(h);
    h->segment = i;
    h->env = match_segment(h->m, i, h->err);
    rc = open_leaves(h, false);
    h->nclear = h->nops;
    return rc < 0 ? rc : open_leaves(h, true);
}

static int find_spans(struct hits *h, uint32_t docid)
{
    unsigned i;
    int rc = open_ops(h, docid);

    h->last = docid;
    h->spans.n = 0;
    for (i = 0; i < h->nops && rc == 0; i++) {
        struct op *op = h->op[i];

        if (i == h->nclear && h->spans.n)
            break;
        if (op_seek(op, docid) == docid && op_confirm(op) && op->class->spans)
            rc = op->class->spans(op, &h->spans);
        if (rc == ERR_NOMEM)
            err_nomem(h->err);
        if (rc == 0)
            rc = h->env.rc;
    }
    if (rc == 0)
        passage_merge(&h->spans);
    return rc;
}

int hits_spans(struct hits *h, uint32_t docid, struct err *err)
{
    h->err = err;
    return find_spans(h, docid);
}

/* --- the record --- */

/* Whether the file is not what it was when it was indexed, and its time, where
 * the document has no date of its own. */
static int check_source(struct hits *h, struct hit *out)
{
    struct source src;
    int rc = source_get(h->m->ix->txn, h->doc.path, &src, h->err);

    out->bytes = h->doc.text_bytes;
    if (rc <= 0)
        return rc;
    out->bytes = src.size;
    if (out->date == DATE_NONE && source_day(&src) != DATE_NONE) {
        out->date = source_day(&src);
        out->date_source = DATE_FROM_MTIME;
    }
    if ((src.flags & SOURCE_RECORD) || (h->doc.flags & DOCUMENT_RECORD))
        return 0;
    rc = stale_check(h->doc.path, &src);
    out->stale = rc > 0;
    return rc < 0 ? err_nomem(h->err) : 0;
}

static int get_title(struct hits *h, struct hit *out)
{
    const struct document *d = &h->doc;
    struct view v = d->title;
    uint32_t end = d->title_start + d->title_len;
    int rc = 0;

    if (d->nframes && d->title_len) {
        rc = doctext_read(&h->text, d->title_start, end, h->err);
        v = doctext_view(&h->text, d->title_start, end);
    }
    if (rc == 0 && v.n)
        rc = margins_title(&h->margins, &h->text, &v);
    if (v.n > TITLE_BYTES)
        v.n = utf8_cut(v, TITLE_BYTES);
    out->title = v;
    return rc < 0 ? rc : 0;
}

static int get_record(struct hits *h, struct hit *out)
{
    int rc;

    out->date = h->doc.date;
    out->date_source = h->doc.date_source;
    rc = check_source(h, out);
    if (rc == 0 && doctext_begin(&h->text, h->documents, &h->doc) < 0)
        rc = err_nomem(h->err);
    margins_begin(&h->margins, h->m->ix->txn, h->documents, &h->doc, h->err);
    if (rc == 0 && h->what != HITS_SPANS)
        rc = get_title(h, out);
    out->paged = h->doc.pages > 1;
    out->in_text = h->doc.flags & (DOCUMENT_DERIVED | DOCUMENT_RECORD);
    return rc;
}

static int show_path(struct hits *h, struct view id, struct hit *out)
{
    buf_clear(&h->path);
    if (roots_show(&h->m->ix->roots, id, &h->path) < 0)
        return err_nomem(h->err);
    out->path = buf_view(&h->path);
    return 1;
}

/* All there is to know where nothing but the path is wanted. */
static int get_name(struct hits *h, struct hit *out)
{
    int rc = names_get(&h->m->ix->names, out->docid, &h->id, h->err);

    return rc > 0 ? show_path(h, buf_view(&h->id), out) : rc;
}

int hits_get(struct hits *h, const struct top_hit *hit, struct hit *out,
             struct err *err)
{
    int rc;

    memset(out, 0, sizeof *out);
    out->score = hit->score;
    out->docid = hit->docid;
    out->part = hit->part;
    h->err = err;
    if (h->what == HITS_PATH)
        return get_name(h, out);
    rc = documents_get(h->documents, hit->docid, &h->doc, err);
    if (rc <= 0)
        return rc;
    rc = show_path(h, h->doc.path, out);
    if (rc < 0)
        return rc;
    if (!(h->doc.flags & DOCUMENT_RECORD))
        out->file = h->doc.path;
    rc = get_record(h, out);
    if (rc == 0)
        rc = find_spans(h, hit->docid);
    out->count = h->spans.n;
    if (rc == 0 && h->doc.nframes && h->what != HITS_SPANS)
        rc = hits_places(h, out);
    if (out->stale)
        out->placed = false;
    return rc < 0 ? rc : 1;
}
