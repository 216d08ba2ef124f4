/*
 * --changes-since: what the log says about the commits behind a generation,
 * folded into one line a document.
 *
 * A document is what was at one path, or replaced what was there. It is listed
 * by what it is now: added (there was none then), changed (there was one, and
 * it is another now), renamed (it is at another path now) or removed. What was
 * added and removed in between is not listed; what was removed and came back is
 * changed. A path given as `from` is the one the document had then.
 */
#include <stdlib.h>

#include "base/json_write.h"
#include "index/changelog.h"
#include "index/document.h"
#include "query/ask.h"
#include "query/shown.h"

struct pair {
    uint32_t new;     /* took the place of … */
    uint32_t old;     /* …; for a removal both are the document */
    struct view path; /* of a removal or move */
};

/* The operations since then. Arrays grow in bufs. */
struct history {
    struct buf records;  /* all of them, which paths borrow from */
    struct buf replaced; /* struct pair, by new */
    struct buf removed;  /* struct pair, by path once folded */
    struct buf moved;    /* struct pair, by document, in order of time */
    struct buf gone;     /* uint32_t: documents that are no more, ascending */
    struct buf added;    /* struct pair: ranges old to new */
    uint32_t base;       /* the first document since then */
    uint32_t top;        /* and the last */
};

struct listing {
    struct session *s;
    struct json json; /* of --json and of a line of ndjson */
    size_t n;
    struct buf path; /* as shown */
    struct buf from; /* the one before, as shown */
};

static size_t npairs(const struct buf *b)
{
    return b->n / sizeof(struct pair);
}

static struct pair *pairs(const struct buf *b)
{
    return (struct pair *)(void *)b->p; /* malloc'd, so aligned */
}

static int by_new(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    return x->new != y->new   ? x->new < y->new ? -1 : 1
           : x->old != y->old ? x->old < y->old ? -1 : 1
                              : 0;
}

/* Paths of one document lie in the records, in order of time. */
static int by_time(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    return x->new != y->new        ? x->new < y->new ? -1 : 1
           : x->path.p < y->path.p ? -1
                                   : x->path.p > y->path.p;
}

static int by_path(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    return view_cmp(x->path, y->path);
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static void sort(struct buf *b, int (*by)(const void *, const void *))
{
    if (b->n)
        qsort(b->p, npairs(b), sizeof(struct pair), by);
}

/* --- reading --- */

static int add_change(struct history *h, const struct changelog *c)
{
    struct pair p = {.new = c->last, .old = c->first, .path = c->path};
    int rc;

    switch (c->op) {
    case CHANGELOG_ADDED:
        if (c->first <= h->top)
            return ERR_CORRUPT;
        if (!h->added.n)
            h->base = c->first;
        h->top = c->last;
        return buf_add(&h->added, view_of(&p, sizeof p));
    case CHANGELOG_MOVED:
        return buf_add(&h->moved, view_of(&p, sizeof p));
    case CHANGELOG_REMOVED:
        rc = buf_add(&h->removed, view_of(&p, sizeof p));
        break;
    default:
        rc = buf_add(&h->replaced, view_of(&p, sizeof p));
    }
    return rc < 0 ? rc : buf_add(&h->gone, view_of(&p.old, sizeof p.old));
}

/* The operations of all records; *end says where each ends. */
static int read_records(struct history *h, const struct buf *ends,
                        uint32_t next_docid, struct err *err)
{
    size_t n = ends->n / sizeof(size_t), i, from = 0, to;
    struct changelog c;
    int rc;

    h->base = next_docid;
    for (i = 0; i < n; i++, from = to) {
        memcpy(&to, ends->p + i * sizeof to, sizeof to);
        changelog_begin(&c, view_sub(buf_view(&h->records), from, to),
                        next_docid);
        while ((rc = changelog_next(&c, err)) > 0) {
            rc = add_change(h, &c);
            if (rc < 0)
                break;
        }
        if (rc == ERR_NOMEM)
            return err_nomem(err);
        if (rc < 0)
            return err_set(err, ERR_CORRUPT,
                           "index damaged: the log breaks the format");
    }
    return 0;
}

static int too_old(struct session *s, uint64_t generation)
{
    return err_set(s->err, ERR_NOTFOUND,
                   "the log of %s does not reach back to generation %llu: read "
                   "the whole index anew",
                   store_path(s->index.store), (unsigned long long)generation);
}

static int read_history(struct session *s, struct history *h)
{
    const struct manifest *m = &s->index.manifest;
    struct buf record = {0}, ends = {0};
    uint64_t g;
    int rc = 1;

    for (g = s->settings->since; g < m->generation && rc > 0; g++) {
        rc = changelog_get(s->index.txn, g + 1, &record, s->err);
        if (rc > 0 &&
            (buf_add(&h->records, buf_view(&record)) < 0 ||
             buf_add(&ends, view_of(&h->records.n, sizeof h->records.n)) < 0))
            rc = err_nomem(s->err);
    }
    if (rc == 0)
        rc = too_old(s, s->settings->since);
    if (rc > 0)
        rc = read_records(h, &ends, m->next_docid, s->err);
    buf_release(&record);
    buf_release(&ends);
    return rc;
}

/* --- folding --- */

/* The first of the pairs whose `new` is d, or NULL. */
static const struct pair *first_of(const struct buf *b, uint32_t d)
{
    const struct pair *p = pairs(b);
    size_t lo = 0, hi = npairs(b);

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (p[mid].new < d)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < npairs(b) && p[lo].new == d ? &p[lo] : NULL;
}

/* The oldest document that d stands in the place of: d where it is new. Pairs
 * lead to ever smaller numbers, so this ends. *path, where d is, becomes where
 * that one was. */
static uint32_t origin(const struct history *h, uint32_t d, struct view *path)
{
    const struct pair *p;

    for (;;) {
        p = first_of(&h->moved, d);
        if (p)
            *path = p->path;
        p = first_of(&h->replaced, d);
        if (!p)
            return d;
        d = p->old;
    }
}

/* Keeps of the removals those of documents that were there then, where they
 * were then. */
static void fold_removed(struct history *h)
{
    struct pair *p = pairs(&h->removed);
    size_t i, n = 0;

    for (i = 0; i < npairs(&h->removed); i++) {
        p[i].old = origin(h, p[i].new, &p[i].path);
        if (p[i].old < h->base)
            p[n++] = p[i];
    }
    h->removed.n = n * sizeof *p;
    sort(&h->removed, by_path);
}

/* Whether document d, at *path, was there then: its number in *old and *path as
 * it was. A removal of the path is thereby spent. */
static bool was_there(struct history *h, uint32_t d, struct view *path,
                      uint32_t *old)
{
    struct pair key = {.path = *path}, *p = NULL;

    *old = origin(h, d, path);
    if (*old < h->base)
        return true;
    *path = key.path;
    if (h->removed.n)
        p = bsearch(&key, h->removed.p, npairs(&h->removed), sizeof key,
                    by_path);
    if (!p || p->old == 0)
        return false;
    *old = p->old;
    p->old = 0;
    return true;
}

/* --- printing --- */

/* Appends a path as it is shown on a line. */
static int put_path(struct listing *l, struct view path)
{
    struct session *s = l->s;

    return s->settings->terminal ? shown_safe(&s->out, path, false)
                                 : shown_field(&s->out, path);
}

static int show_line(struct listing *l, const char *op, uint32_t id)
{
    struct buf *out = &l->s->out;
    int rc = buf_addf(out, "%-7s  %8u  ", op, id);

    if (rc == 0 && l->from.n)
        rc = put_path(l, buf_view(&l->from));
    if (rc == 0 && l->from.n)
        rc = buf_adds(out, " -> ");
    if (rc == 0)
        rc = put_path(l, buf_view(&l->path));
    return rc < 0 ? rc : buf_addc(out, '\n');
}

static void put_from(struct listing *l)
{
    json_key(&l->json, "from");
    if (l->from.n)
        json_path(&l->json, buf_view(&l->from));
    else
        json_null(&l->json);
}

/* A document that is at `path`; `from` is where it was. */
static int show(struct listing *l, const char *op, uint32_t id, uint32_t old,
                struct view path, struct view from)
{
    struct session *s = l->s;
    enum format f = s->settings->format;
    struct json *j = &l->json;
    int rc;

    l->n++;
    buf_clear(&l->path);
    buf_clear(&l->from);
    rc = roots_show(&s->index.roots, path, &l->path);
    if (rc == 0 && !view_eq(from, path))
        rc = roots_show(&s->index.roots, from, &l->from);
    if (f != FORMAT_JSON && f != FORMAT_NDJSON)
        return rc < 0 ? rc : show_line(l, op, id);
    json_object(j);
    if (f == FORMAT_NDJSON) {
        json_key(j, "type");
        json_cstr(j, "change");
    }
    json_key(j, "op");
    json_cstr(j, op);
    json_key(j, "id");
    json_uint(j, id);
    json_key(j, "old");
    if (old)
        json_uint(j, old);
    else
        json_null(j);
    json_key(j, "path");
    json_path(j, buf_view(&l->path));
    put_from(l);
    json_end(j);
    return rc < 0 || f == FORMAT_JSON ? rc : buf_addc(&s->out, '\n');
}

static bool is_gone(const struct history *h, uint32_t id)
{
    return h->gone.n &&
           bsearch(&id, h->gone.p, h->gone.n / sizeof id, sizeof id, by_number);
}

/* A document the log names, which has to be there. */
static int get(struct listing *l, struct documents *ds, uint32_t id,
               struct document *d)
{
    int rc = documents_get(ds, id, d, l->s->err);

    if (rc == 0)
        rc = err_set(l->s->err, ERR_CORRUPT,
                     "index damaged: document %u is missing", (unsigned)id);
    return rc < 0 ? rc : 0;
}

/* Documents first to last, those that are no more left out. */
static int show_range(struct listing *l, struct history *h,
                      struct documents *ds, uint32_t first, uint32_t last)
{
    struct document d;
    uint32_t id = first, old;
    int rc = 0;

    for (;; id++) {
        if (!is_gone(h, id)) {
            struct view from;

            rc = get(l, ds, id, &d);
            if (rc < 0)
                return rc;
            from = d.path;
            rc = was_there(h, id, &from, &old)
                     ? show(l, "changed", id, old, d.path, from)
                     : show(l, "added", id, 0, d.path, d.path);
            if (rc < 0)
                return err_nomem(l->s->err);
        }
        if (id == last)
            return 0;
    }
}

/* Documents that were there then and are at another path now. */
static int show_moved(struct listing *l, struct history *h,
                      struct documents *ds)
{
    const struct pair *p = pairs(&h->moved);
    struct document d;
    size_t i;
    int rc;

    for (i = 0; i < npairs(&h->moved); i++) {
        if (p[i].new >= h->base || (i > 0 && p[i].new == p[i - 1].new) ||
            is_gone(h, p[i].new))
            continue;
        rc = get(l, ds, p[i].new, &d);
        if (rc < 0)
            return rc;
        if (!view_eq(d.path, p[i].path) &&
            show(l, "renamed", d.docid, d.docid, d.path, p[i].path) < 0)
            return err_nomem(l->s->err);
    }
    return 0;
}

/* Those that are there in order of document, then those removed by path: which
 * of these came back shows only once the others are listed. */
static int show_all(struct listing *l, struct history *h)
{
    struct session *s = l->s;
    struct documents *ds = NULL;
    const struct pair *p = pairs(&h->added);
    size_t i, n = npairs(&h->added);
    int rc = documents_open(&ds, s->index.txn, s->err);

    if (rc == 0)
        rc = show_moved(l, h, ds);
    for (i = 0; i < n && rc == 0; i++)
        rc = show_range(l, h, ds, p[i].old, p[i].new);
    documents_close(ds);
    p = pairs(&h->removed);
    for (i = 0; i < npairs(&h->removed) && rc == 0; i++)
        if (p[i].old &&
            show(l, "removed", p[i].old, 0, p[i].path, p[i].path) < 0)
            rc = err_nomem(s->err);
    return rc;
}

static void add_envelope(struct listing *l)
{
    const struct manifest *m = &l->s->index.manifest;
    struct json *j = &l->json;
    char uuid[37];

    uuid_text(m->uuid, uuid);
    json_key(j, "schema");
    json_uint(j, 1);
    json_key(j, "tool");
    json_cstr(j, QUERY_VERSION);
    json_key(j, "uuid");
    json_cstr(j, uuid);
    json_key(j, "since");
    json_uint(j, l->s->settings->since);
    json_key(j, "generation");
    json_uint(j, m->generation);
}

static int print(struct session *s, struct history *h)
{
    struct listing l = {.s = s, .json = {.out = &s->out}};
    enum format f = s->settings->format;
    struct json *j = &l.json;
    int rc;

    if (f == FORMAT_JSON) {
        json_object(j);
        add_envelope(&l);
        json_key(j, "changes");
        json_array(j);
    }
    rc = show_all(&l, h);
    if (f == FORMAT_JSON) {
        json_end(j);
    } else if (f == FORMAT_NDJSON) {
        json_object(j);
        json_key(j, "type");
        json_cstr(j, "end");
        add_envelope(&l);
    }
    if (f == FORMAT_JSON || f == FORMAT_NDJSON) {
        json_key(j, "count");
        json_uint(j, l.n);
        json_end(j);
        j->failed |= buf_addc(&s->out, '\n') < 0;
    }
    buf_release(&l.path);
    buf_release(&l.from);
    if (rc == 0 && j->failed)
        rc = err_nomem(s->err);
    return rc < 0 ? rc : l.n > 0;
}

int ask_changes(struct session *s)
{
    struct history h = {0};
    uint64_t since = s->settings->since;
    int rc = session_begin(s);

    if (rc == 0 && since > s->index.manifest.generation)
        rc = err_set(s->err, ERR_USAGE,
                     "--changes-since: the index is at generation %llu, which "
                     "is before %llu",
                     (unsigned long long)s->index.manifest.generation,
                     (unsigned long long)since);
    if (rc == 0)
        rc = read_history(s, &h);
    if (rc == 0) {
        sort(&h.replaced, by_new);
        sort(&h.moved, by_time);
        if (h.gone.n)
            qsort(h.gone.p, h.gone.n / sizeof(uint32_t), sizeof(uint32_t),
                  by_number);
        fold_removed(&h);
        rc = print(s, &h);
    }
    if (rc < 0)
        buf_clear(&s->out); /* half a list is none */
    buf_release(&h.records);
    buf_release(&h.replaced);
    buf_release(&h.moved);
    buf_release(&h.removed);
    buf_release(&h.gone);
    buf_release(&h.added);
    return rc;
}
