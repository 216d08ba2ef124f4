#include <stdlib.h>

#include "base/hash.h"
#include "indexer/plan_work.h"

/* Whether the key is that of a file of the list. */
static bool listed(const char *names, const size_t *file, size_t n,
                   struct view key)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = view_cmp(key, view_str(names + file[mid]));

        if (c == 0)
            return true;
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

/* Puts aside the keys of the list's long names, sorted. */
static int keep_long(struct plan *p, const char *names, const size_t *file,
                     size_t n)
{
    uint8_t key[SOURCE_KEY_MAX];
    size_t i;

    p->nseen = 0;
    for (i = 0; i < n; i++) {
        struct view name = view_str(names + file[i]);

        if (name.n < LONG_KEY)
            continue;
        source_key(name, key);
        if (plan_keep_seen(p, view_of(key, LONG_KEY)) < 0)
            return ERR_NOMEM;
    }
    plan_sort_seen(p);
    return 0;
}

/* A list that is complete: names of files, or hashes of records' ids. */
struct list {
    const char *names;
    const size_t *file;
    const uint64_t *id;
    size_t n;
};

static int compare_ids(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Whether the source of p->row, whose key is p->key, is one the list is about
 * (1), and not on it (2). */
static int missing(const struct plan *p, const struct list *l)
{
    bool on;

    if (l->id) {
        uint64_t id = hash64(p->key);

        if (!(p->row.flags & SOURCE_RECORD))
            return 0;
        on = l->n && bsearch(&id, l->id, l->n, sizeof id, compare_ids);
    } else {
        if ((p->row.flags & SOURCE_RECORD) || !(p->row.flags & SOURCE_NAMED))
            return 0;
        on = plan_is_long(p->key) ? plan_was_seen(p, p->key)
                                  : listed(l->names, l->file, l->n, p->key);
    }
    return on ? 1 : 2;
}

static int remove_missing(struct plan *p, const struct list *l)
{
    struct tally *t = &p->tally[p->ntallies - 1];
    struct view val;
    int rc;

    if (!p->cursor)
        return 0;
    for (rc = cursor_first(p->cursor, &p->key, &val); rc > 0;
         rc = cursor_next(p->cursor, &p->key, &val)) {
        int is;

        rc = source_decode(val, &p->row, p->err);
        if (rc < 0)
            break;
        is = missing(p, l);
        t->live += is > 0 && p->row.docid;
        rc = is == 2 ? plan_vanished(p, p->key) : 0;
        if (rc < 0)
            break;
    }
    return rc;
}

int plan_complete(struct plan *p, const char *names, const size_t *file,
                  size_t n, struct err *err)
{
    const struct list l = {.names = names, .file = file, .n = n};

    if (plan_tally(p, NULL) < 0 || keep_long(p, names, file, n) < 0)
        return err_nomem(err);
    return remove_missing(p, &l);
}

int plan_records(struct plan *p, uint64_t *id, size_t n, struct err *err)
{
    const uint64_t none = 0;
    const struct list l = {.id = id ? id : &none, .n = n};

    if (n)
        qsort(id, n, sizeof *id, compare_ids);
    if (plan_tally(p, NULL) < 0)
        return err_nomem(err);
    return remove_missing(p, &l);
}
