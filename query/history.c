#include "query/history.h"

#include <stdlib.h>
#include <string.h>

#include "index/changelog.h"

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
        qsort(b->p, history_n(b), sizeof(struct pair), by);
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
                   store_path(s->index->store), (unsigned long long)generation);
}

static int read_history(struct session *s, struct history *h,
                        uint64_t generation)
{
    const struct manifest *m = &s->index->manifest;
    struct buf record = {0}, ends = {0};
    uint64_t g;
    int rc = 1;

    for (g = generation; g < m->generation && rc > 0; g++) {
        rc = changelog_get(s->index->txn, g + 1, &record, s->err);
        if (rc > 0 &&
            (buf_add(&h->records, buf_view(&record)) < 0 ||
             buf_add(&ends, view_of(&h->records.n, sizeof h->records.n)) < 0))
            rc = err_nomem(s->err);
    }
    if (rc == 0)
        rc = too_old(s, generation);
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
    const struct pair *p = history_pairs(b);
    size_t lo = 0, hi = history_n(b);

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (p[mid].new < d)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < history_n(b) && p[lo].new == d ? &p[lo] : NULL;
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
    struct pair *p = history_pairs(&h->removed);
    size_t i, n = 0;

    for (i = 0; i < history_n(&h->removed); i++) {
        p[i].old = origin(h, p[i].new, &p[i].path);
        if (p[i].old < h->base)
            p[n++] = p[i];
    }
    h->removed.n = n * sizeof *p;
    sort(&h->removed, by_path);
}

bool history_was_there(struct history *h, uint32_t d, struct view *path,
                       uint32_t *old)
{
    struct pair key = {.path = *path}, *p = NULL;

    *old = origin(h, d, path);
    if (*old < h->base)
        return true;
    *path = key.path;
    if (h->removed.n)
        p = bsearch(&key, h->removed.p, history_n(&h->removed), sizeof key,
                    by_path);
    if (!p || p->old == 0)
        return false;
    *old = p->old;
    p->old = 0;
    return true;
}

bool history_gone(const struct history *h, uint32_t d)
{
    return h->gone.n &&
           bsearch(&d, h->gone.p, h->gone.n / sizeof d, sizeof d, by_number);
}

int history_read(struct history *h, struct session *s, uint64_t generation)
{
    int rc;

    memset(h, 0, sizeof *h);
    rc = read_history(s, h, generation);
    if (rc < 0)
        return rc;
    sort(&h->replaced, by_new);
    sort(&h->moved, by_time);
    if (h->gone.n)
        qsort(h->gone.p, h->gone.n / sizeof(uint32_t), sizeof(uint32_t),
              by_number);
    fold_removed(h);
    return 0;
}

void history_release(struct history *h)
{
    buf_release(&h->records);
    buf_release(&h->replaced);
    buf_release(&h->moved);
    buf_release(&h->removed);
    buf_release(&h->gone);
    buf_release(&h->added);
}
