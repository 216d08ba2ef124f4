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

/* What goes through the path table. */
struct walk {
    struct keyed *all; /* by docid, as they were offered */
    size_t n;
    uint32_t place; /* of the entry in the table */
};

static int visit(void *arg, struct view id, const struct source *row)
{
    struct walk *w = arg;
    struct keyed key = {.hit.docid = row->docid}, *found;

    (void)id;
    w->place++;
    found =
        row->docid ? bsearch(&key, w->all, w->n, sizeof key, by_docid) : NULL;
    if (found)
        found->key = w->place;
    return 0;
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

int order_best(struct top *t, struct index *ix, enum sort by, size_t k,
               struct err *err)
{
    struct keyed *all = calloc(t->n + 1, sizeof *all);
    struct walk w = {.all = all, .n = t->n};
    size_t i;
    int rc;

    if (!all)
        return err_nomem(err);
    for (i = 0; i < t->n; i++)
        all[i].hit = t->hit[i];
    rc = by == SORT_PATH ? source_each(ix->txn, visit, &w, err)
                         : date_keys(all, t->n, ix, by == SORT_NEWEST, err);
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
