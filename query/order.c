#include "query/order.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "index/column.h"

/* A hit and what it is ordered by: the lower the key, the nearer the start. */
struct keyed {
    uint32_t key;
    struct top_hit hit;
};

static bool before(const struct keyed *a, const struct keyed *b)
{
    if (a->key != b->key)
        return a->key < b->key;
    if (a->hit.score < b->hit.score || a->hit.score > b->hit.score)
        return a->hit.score > b->hit.score;
    if (a->hit.part != b->hit.part)
        return a->hit.part < b->hit.part;
    return a->hit.docid < b->hit.docid;
}

static int compare(const void *a, const void *b)
{
    return before(a, b) ? -1 : before(b, a);
}

/* --- keys --- */

static int by_docid(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;

    return x->hit.docid < y->hit.docid ? -1 : x->hit.docid > y->hit.docid;
}

static int date_keys(struct keyed *all, size_t n, struct index *ix, bool newest,
                     struct err *err)
{
    struct column c;
    size_t i;
    int rc = column_open(&c, ix->txn, COLUMN_DATE, err);

    for (i = 0; i < n && rc == 0; i++) {
        const uint8_t *v = column_get(&c, all[i].hit.docid);
        int32_t days;

        if (!v)
            return ERR_CORRUPT;
        days = column_date_days((int32_t)get_u32(v));
        all[i].key = UINT32_MAX;
        if (days != DATE_NONE)
            all[i].key =
                (uint32_t)INT32_MAX + (uint32_t)(newest ? -days : days);
    }
    return rc;
}

/* The source id of a hit. */
struct name {
    struct keyed *of;
    size_t start; /* in the walk's ids */
    size_t end;
    const struct buf *ids;
};

/* What goes through the path table. */
struct walk {
    struct keyed *all; /* by docid, as they were offered */
    size_t n;
    uint32_t place;    /* of the entry in the table */
    struct name *name; /* of hits of several indexes: theirs are */
    size_t nnames;     /* compared, as places in different tables cannot be */
    struct buf ids;
};

static int visit(void *arg, struct view id, const struct source *row)
{
    struct walk *w = arg;
    struct keyed key = {.hit.docid = row->docid}, *found;

    w->place++;
    found = row->docid && w->n
                ? bsearch(&key, w->all, w->n, sizeof key, by_docid)
                : NULL;
    if (found && w->name) {
        struct name *n = &w->name[w->nnames++];

        *n = (struct name){found, w->ids.n, w->ids.n + id.n, &w->ids};
        return buf_add(&w->ids, id);
    }
    if (found)
        found->key = w->place;
    return 0;
}

static struct view id_of(const struct name *n)
{
    return view_sub(buf_view(n->ids), n->start, n->end);
}

static int by_id(const void *a, const void *b)
{
    return view_cmp(id_of(a), id_of(b));
}

/* Keys by the order of all names: equal ones have the same. */
static void name_keys(struct walk *w)
{
    uint32_t place = 1;
    size_t i;

    if (w->nnames)
        qsort(w->name, w->nnames, sizeof *w->name, by_id);
    for (i = 0; i < w->nnames; i++) {
        place += i && by_id(&w->name[i - 1], &w->name[i]) != 0;
        w->name[i].of->key = place;
    }
}

/* Hits of the same index as the first of n. */
static size_t of_one_index(const struct keyed *all, size_t n)
{
    size_t i = 0;

    while (i < n && all[i].hit.part == all->hit.part)
        i++;
    return i;
}

static int find_keys(struct keyed *all, size_t n, struct index *ix,
                     unsigned nindexes, enum sort by, struct err *err)
{
    struct walk w = {.all = all};
    size_t i;
    int rc = 0;

    if (by == SORT_PATH && nindexes > 1 &&
        !(w.name = calloc(n + 1, sizeof *w.name)))
        return err_nomem(err);
    for (i = 0; i < n && rc == 0; i += w.n) {
        struct index *of = &ix[all[i].hit.part];

        w.all = all + i;
        w.n = of_one_index(w.all, n - i);
        rc = by == SORT_PATH
                 ? source_each(of->txn, visit, &w, err)
                 : date_keys(w.all, w.n, of, by == SORT_NEWEST, err);
    }
    if (rc == ERR_NOMEM)
        err_nomem(err);
    if (rc == 0 && w.name)
        name_keys(&w);
    free(w.name);
    buf_release(&w.ids);
    return rc;
}

/* --- the first k --- */

static void sift_down(struct keyed *heap, size_t n, size_t i)
{
    struct keyed moved = heap[i];
    size_t child;

    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && before(&heap[child], &heap[child + 1]))
            child++;
        if (!before(&moved, &heap[child]))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = moved;
}

/* Puts the first k of n at the front, in order: a heap of k whose root is the
 * last of them. */
static void select_first(struct keyed *all, size_t n, size_t k)
{
    size_t i;

    if (k < n) {
        for (i = k / 2; i-- > 0;)
            sift_down(all, k, i);
        for (i = k; i < n && k > 0; i++)
            if (before(&all[i], &all[0])) {
                all[0] = all[i];
                sift_down(all, k, 0);
            }
        n = k;
    }
    if (n > 1)
        qsort(all, n, sizeof *all, compare);
}

int order_best(struct top *t, struct index *ix, unsigned n, enum sort by,
               size_t k, struct err *err)
{
    struct keyed *all = calloc(t->n + 1, sizeof *all);
    size_t i;
    int rc;

    if (!all)
        return err_nomem(err);
    for (i = 0; i < t->n; i++)
        all[i].hit = t->hit[i];
    rc = find_keys(all, t->n, ix, n, by, err);
    if (rc == 0) {
        select_first(all, t->n, k);
        if (t->n > k)
            t->n = k;
        for (i = 0; i < t->n; i++)
            t->hit[i] = all[i].hit;
    }
    free(all);
    return rc;
}
