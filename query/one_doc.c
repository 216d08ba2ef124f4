#include "query/one_doc.h"

/* The document of a shown path: 1 with docid, 0. */
static int by_path(struct index *ix, struct view name, uint32_t *docid,
                   struct err *err)
{
    struct buf id = {0};
    struct source src = {0};
    int rc = 0;

    if (roots_resolve(&ix->roots, name, &id) < 0)
        rc = err_nomem(err);
    if (rc == 0)
        rc = source_get(ix->txn, buf_view(&id), &src, err);
    if (rc == 0) /* a record's id stands for itself */
        rc = source_get(ix->txn, name, &src, err);
    buf_release(&id);
    if (rc > 0)
        *docid = src.docid;
    return rc < 0 ? rc : rc > 0 && src.docid > 0;
}

/* The living document of a number: 1, 0. */
static int by_number(struct index *ix, struct view name, uint32_t *docid)
{
    uint64_t x = 0;
    size_t i;

    for (i = 0; i < name.n; i++) {
        if (name.p[i] < '0' || name.p[i] > '9' || x > UINT32_MAX)
            return 0;
        x = x * 10 + (uint64_t)(name.p[i] - '0');
    }
    *docid = (uint32_t)x;
    return x > 0 && x < POSTINGS_END && norms_code(&ix->norms, *docid) != 0;
}

int one_doc(struct index *ix, struct view name, uint32_t *docid,
            struct err *err)
{
    int rc;

    if (name.n > 3 && memcmp(name.p, "id:", 3) == 0)
        return by_number(ix, view_sub(name, 3, name.n), docid);
    if (name.n > 5 && memcmp(name.p, "path:", 5) == 0)
        return by_path(ix, view_sub(name, 5, name.n), docid, err);
    rc = by_number(ix, name, docid);
    return rc ? rc : by_path(ix, name, docid, err);
}
