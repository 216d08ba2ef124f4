#include "query/hits.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "text/normal.h"
#include "text/utf8.h"

enum { TITLE_BYTES = 300, AROUND = 80 /* positions around a window */ };

int hits_open(struct hits *h, struct match *m, int what, struct err *err)
{
    memset(h, 0, sizeof *h);
    h->m = m;
    h->what = what;
    h->err = err;
    h->segment = UINT_MAX;
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
    free(h->spans.span);
    free(h->found);
    free(h->place);
    free(h->part);
    buf_release(&h->path);
    memset(h, 0, sizeof *h);
}

/* --- matches by position --- */

/* Opens the leaves in the segment of docid. */
static int open_ops(struct hits *h, uint32_t docid)
{
    const struct manifest *mf = &h->m->ix->manifest;
    struct plan_query *q = h->m->plan;
    unsigned i, k;

    for (i = 0; i < mf->nsegments && mf->segment[i].doc_hi < docid; i++)
        ;
    if (i == mf->nsegments || (i == h->segment && docid > h->last))
        return 0;
    close_ops(h);
    h->segment = i;
    h->env = match_segment(h->m, i, h->err);
    for (k = 0; k < q->nleaves; k++) {
        struct leaf *l = q->leaf[k];

        if (l->negative || l->kind == LEAF_DOCS)
            continue;
        h->op[h->nops] = op_make_leaf(&h->env, l);
        if (!h->op[h->nops])
            return h->env.rc ? h->env.rc : err_nomem(h->err);
        h->nops++;
    }
    return h->env.rc;
}

static int find_spans(struct hits *h, uint32_t docid)
{
    unsigned i;
    int rc = open_ops(h, docid);

    h->last = docid;
    h->spans.n = 0;
    for (i = 0; i < h->nops && rc == 0; i++) {
        struct op *op = h->op[i];

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

/* --- and by byte --- */

static int by_pos(const void *a, const void *b)
{
    const struct place_of *x = a, *y = b;

    return x->pos < y->pos ? -1 : x->pos > y->pos;
}

static const struct place_of *look_up(const struct place_of *p, size_t n,
                                      uint32_t pos)
{
    struct place_of key = {.pos = pos};

    return bsearch(&key, p, n, sizeof *p, by_pos);
}

/* Where a match ends whose last token is `last`: a cluster was found as the
 * first half of a bigram. */
static uint32_t match_end(struct hits *h, const struct leaf *l,
                          const struct place_of *last)
{
    if (!l->slot[l->nslots - 1].cluster)
        return last->end;
    return last->start + (uint32_t)normal_cluster(
                             doctext_view(&h->text, last->start, last->end));
}

/* Locates spans [from, to) and adds them behind h->found. */
static int locate(struct hits *h, size_t from, size_t to)
{
    size_t i, n = 2 * (to - from);
    struct place_of *p;
    struct found *f;
    int rc;

    if (n > h->place_cap) {
        p = realloc(h->place, n * sizeof *p);
        if (!p)
            return err_nomem(h->err);
        h->place = p;
        h->place_cap = n;
    }
    if (h->nfound + n > h->cap) {
        f = realloc(h->found, (h->nfound + n) * sizeof *f);
        if (!f)
            return err_nomem(h->err);
        h->found = f;
        h->cap = h->nfound + n;
    }
    memset(h->place, 0, n * sizeof *h->place);
    for (i = from; i < to; i++) {
        h->place[2 * (i - from)].pos = h->spans.span[i].from;
        h->place[2 * (i - from) + 1].pos = h->spans.span[i].to - 1;
    }
    qsort(h->place, n, sizeof *h->place, by_pos);
    rc = doctext_find(&h->text, h->place, n, h->err);
    for (i = from; i < to && rc == 0; i++) {
        const struct span *s = &h->spans.span[i];
        const struct place_of *a = look_up(h->place, n, s->from);
        const struct place_of *b = look_up(h->place, n, s->to - 1);

        f = &h->found[h->nfound++];
        memset(f, 0, sizeof *f);
        f->span = *s;
        if (!a->end || !b->end)
            continue;
        f->start = a->start;
        f->end = match_end(h, s->leaf, b);
        if (f->end <= f->start)
            f->end = 0; /* the index lies about this document */
    }
    return rc;
}

static int set_match(struct hits *h, const struct found *f, struct hit_match *m)
{
    m->byte = f->start;
    m->len = f->end - f->start;
    m->term = f->span.leaf->text;
    return doctext_line(&h->text, f->start, &m->line, &m->col, h->err);
}

/* The first matches of the document, with their places. */
static int first_matches(struct hits *h, struct hit *out)
{
    size_t i, n = h->spans.n < HITS_SHOWN ? h->spans.n : HITS_SHOWN;
    int rc;

    rc = locate(h, 0, n);
    for (i = 0; i < n && rc == 0; i++)
        if (h->found[i].end)
            rc = set_match(h, &h->found[i], &h->match[out->nmatches++]);
    out->match = h->match;
    return rc;
}

/* --- the passage --- */

static int add_part(struct hits *h, struct hit *out, uint32_t from, uint32_t to,
                    bool match)
{
    struct hit_part *more;

    if (from >= to)
        return 0;
    if (out->nparts == h->part_cap) {
        size_t cap = h->part_cap ? h->part_cap * 2 : 32;

        more = realloc(h->part, cap * sizeof *more);
        if (!more)
            return err_nomem(h->err);
        h->part = more;
        h->part_cap = cap;
    }
    h->part[out->nparts].text = doctext_view(&h->text, from, to);
    h->part[out->nparts++].match = match;
    return 0;
}

/* The zone that a byte lies in; the whole text if none does. */
static struct zone zone_of(const struct document *d, uint32_t byte)
{
    struct zone whole = {0, d->text_bytes, false};
    size_t i;

    for (i = 0; i < d->nzones; i++)
        if (byte >= d->zone[i].start && byte < d->zone[i].end)
            return d->zone[i];
    return whole;
}

/* Cuts the passage around bytes [from, to) and divides it at the matches
 * number [first, last) of h->found. */
static int cut_passage(struct hits *h, struct hit *out, uint32_t from,
                       uint32_t to, size_t first, size_t last)
{
    struct zone z = zone_of(&h->doc, from);
    uint32_t start, end, at, col, lo = z.start, hi = z.end;
    size_t i;
    int rc;

    if (to > hi)
        to = hi;
    if (from - lo > PASSAGE_BYTES + 4)
        lo = from - PASSAGE_BYTES - 4;
    if (hi - to > PASSAGE_BYTES + 4)
        hi = to + PASSAGE_BYTES + 4;
    rc = doctext_read(&h->text, lo, hi, h->err);
    if (rc < 0)
        return rc;
    passage_cut(view_of(h->text.text.p, hi), lo, hi, from, to, &start, &end);
    if (start >= end)
        return 0;
    out->passage = true;
    out->byte = at = start;
    out->end = end;
    out->cut_start = start > z.start + 8;
    out->cut_end = end + 8 < z.end;
    for (i = first; i < last && rc == 0; i++) {
        const struct found *f = &h->found[i];

        if (!f->end || f->end <= at || f->start >= end)
            continue;
        from = f->start > at ? f->start : at;
        rc = add_part(h, out, at, from, false);
        at = f->end < end ? f->end : end;
        if (rc == 0)
            rc = add_part(h, out, from, at, true);
    }
    if (rc == 0)
        rc = add_part(h, out, at, end, false);
    out->part = h->part;
    return rc < 0 ? rc
                  : doctext_line(&h->text, start, &out->line, &col, h->err);
}

/* The passage for a document in which nothing matched: its beginning. */
static int beginning(struct hits *h, struct hit *out)
{
    const struct document *d = &h->doc;
    size_t i = doctext_body(d);
    uint32_t at = i < d->nzones ? d->zone[i].start : 0;

    return at < d->text_bytes ? cut_passage(h, out, at, at, 0, 0) : 0;
}

static int best_passage(struct hits *h, struct hit *out)
{
    const struct span *s = h->spans.span;
    size_t n = h->spans.n, body, from = 0, to = 0, i, lo, hi, at;
    uint32_t below, end = 0;
    const struct found *first = NULL;
    int rc = doctext_body_position(&h->text, &below, h->err);

    if (rc < 0)
        return rc;
    /* the title is shown anyway: rather a passage of what stands below it */
    for (body = 0; body < n && s[body].from < below; body++)
        ;
    if (body == n)
        body = 0;
    passage_window(s + body, n - body, &from, &to);
    from += body;
    to += body;
    for (lo = from; lo > body && s[lo - 1].from + AROUND > s[from].from; lo--)
        ;
    for (hi = to; hi < n && s[hi].from < s[to - 1].to + AROUND; hi++)
        ;
    at = hi <= h->nfound ? lo : h->nfound; /* where they are in h->found */
    if (hi > h->nfound)
        rc = locate(h, lo, hi);
    for (i = at + from - lo; i < at + to - lo && rc == 0; i++) {
        if (!h->found[i].end)
            continue;
        if (!first)
            first = &h->found[i];
        if (h->found[i].end > end)
            end = h->found[i].end;
    }
    if (rc < 0 || !first)
        return rc < 0 ? rc : beginning(h, out);
    out->placed = true;
    rc = set_match(h, first, &out->place);
    return rc < 0 ? rc
                  : cut_passage(h, out, first->start, end, at, at + hi - lo);
}

/* --- the record --- */

/* Whether the file is not what it was when it was indexed. */
static int check_source(struct hits *h, struct hit *out)
{
    struct buf name = {0};
    struct source src;
    struct stat st;
    uint64_t mtime;
    int rc = source_get(h->m->ix->txn, h->doc.path, &src, h->err);

    out->bytes = h->doc.text_bytes;
    if (rc <= 0)
        return rc;
    out->bytes = src.size;
    if ((src.flags & SOURCE_RECORD) || (h->doc.flags & DOCUMENT_RECORD))
        return 0;
    if (buf_add(&name, h->doc.path) < 0 || !buf_cstr(&name)) {
        buf_release(&name);
        return err_nomem(h->err);
    }
    out->stale = stat(buf_cstr(&name), &st) < 0;
    if (!out->stale) {
        mtime = (uint64_t)st.st_mtim.tv_sec * 1000000000u +
                (uint64_t)st.st_mtim.tv_nsec;
        out->stale = (uint64_t)st.st_size != src.size || mtime != src.mtime_ns;
    }
    buf_release(&name);
    return 0;
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
    if (v.n > TITLE_BYTES)
        v.n = utf8_cut(v, TITLE_BYTES);
    out->title = v;
    return rc;
}

static int get_record(struct hits *h, struct hit *out)
{
    int rc = check_source(h, out);

    if (rc == 0 && doctext_begin(&h->text, h->documents, &h->doc) < 0)
        rc = err_nomem(h->err);
    if (rc == 0)
        rc = get_title(h, out);
    out->date = h->doc.date;
    out->date_source = h->doc.date_source;
    out->in_text = h->doc.flags & (DOCUMENT_DERIVED | DOCUMENT_RECORD);
    return rc;
}

int hits_get(struct hits *h, const struct top_hit *hit, struct hit *out,
             struct err *err)
{
    int rc;

    memset(out, 0, sizeof *out);
    out->score = hit->score;
    out->docid = hit->docid;
    h->err = err;
    rc = documents_get(h->documents, hit->docid, &h->doc, err);
    if (rc <= 0)
        return rc;
    buf_clear(&h->path);
    if (roots_show(&h->m->ix->roots, h->doc.path, &h->path) < 0)
        return err_nomem(err);
    out->path = buf_view(&h->path);
    if (h->what == HITS_PATH)
        return 1;
    rc = get_record(h, out);
    if (rc == 0)
        rc = find_spans(h, hit->docid);
    out->count = h->spans.n;
    h->nfound = 0;
    if (rc < 0 || h->doc.nframes == 0)
        return rc < 0 ? rc : 1;
    if (h->what == HITS_MATCHES && !out->stale)
        rc = first_matches(h, out);
    if (rc == 0)
        rc = h->spans.n ? best_passage(h, out) : beginning(h, out);
    if (out->stale)
        out->placed = false;
    return rc < 0 ? rc : 1;
}
