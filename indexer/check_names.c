/* Paths by docid: each living document has one, nobody else has. */
#include <inttypes.h>

#include "base/bytes.h"
#include "index/names.h"
#include "index/record.h"
#include "indexer/check_state.h"

struct name_walk {
    store_db db;
    struct buf block; /* the one at hand, */
    struct buf again; /* and as it should be */
    struct buf text;
    uint32_t number; /* of it */
    uint32_t pieces; /* of it that are still to come, */
    uint32_t next;   /* and the first of them */
};

/* Documents with a path that are not alive. */
static void check_dead(struct check *c, const struct name_walk *w,
                       const struct view path[NAMES_DOCS])
{
    uint32_t i;

    for (i = 0; i < NAMES_DOCS; i++) {
        uint64_t docid = (uint64_t)w->number * NAMES_DOCS + i;

        if (path[i].n && (docid == 0 || docid >= c->ix->manifest.next_docid ||
                          norms_code(&c->ix->norms, (uint32_t)docid) == 0))
            check_say(c, "names: document %" PRIu64 " is not alive", docid);
    }
}

/* What is decoded makes the same block again. */
static int check_block(struct check *c, struct name_walk *w)
{
    struct view path[NAMES_DOCS] = {{NULL, 0}};
    struct view block = buf_view(&w->block), part[2];
    bool any = false;
    size_t at = 0;
    unsigned i;
    int rc;

    buf_clear(&w->text);
    /* so that it does not move */
    if (buf_reserve(&w->text, NAMES_DOCS * block.n) < 0)
        return err_nomem(&c->err);
    for (i = 0; i < NAMES_DOCS; i++, at = w->text.n) {
        rc = names_part(block, i, part);
        if (rc < 0)
            break;
        if (rc == 0)
            continue;
        if (buf_add(&w->text, part[0]) < 0 || buf_add(&w->text, part[1]) < 0)
            return err_nomem(&c->err);
        path[i] = view_sub(buf_view(&w->text), at, w->text.n);
        any = true;
    }
    if (names_encode(path, &w->again) < 0)
        return err_nomem(&c->err);
    if (i < NAMES_DOCS || !any || !view_eq(block, buf_view(&w->again)))
        check_say(c, "names: block %" PRIu32 " is wrong", w->number);
    else
        check_dead(c, w, path);
    return 0;
}

/* The first piece of a block: all of it is read. */
static int begin_block(struct check *c, struct name_walk *w, struct view key)
{
    size_t max = store_max_value(c->ix->store) - 4;
    int rc =
        record_get(c->ix->txn, w->db, view_sub(key, 0, 4), &w->block, &c->err);

    if (rc < 0)
        return check_rc(c, rc);
    w->pieces = w->block.n ? (uint32_t)((w->block.n + max - 1) / max) : 1;
    w->next = 0;
    return check_block(c, w);
}

static int check_row(struct check *c, void *arg, struct view key,
                     struct view val)
{
    struct name_walk *w = arg;
    int rc = 0;

    (void)val;
    if (key.n != 8) {
        check_say(c, "names: a key that is no block's");
        return 0;
    }
    if (get_be32(key.p + 4) == 0) {
        w->number = get_be32(key.p);
        w->pieces = w->next = 0;
        rc = begin_block(c, w, key);
    }
    if (rc == 0 &&
        (get_be32(key.p) != w->number || get_be32(key.p + 4) != w->next++ ||
         (w->pieces && w->next > w->pieces)))
        check_say(c, "names: a piece of block %" PRIu32 " too many",
                  get_be32(key.p));
    return rc;
}

int check_names(struct check *c)
{
    struct name_walk w = {.number = UINT32_MAX};
    int rc = txn_open_db(c->ix->txn, "name", false, &w.db, &c->err);

    if (rc > 0)
        rc = check_table(c, "name", check_row, &w);
    buf_release(&w.block);
    buf_release(&w.again);
    buf_release(&w.text);
    return rc;
}

int check_name(struct check *c, uint32_t docid, struct view path)
{
    struct buf name = {0};
    int rc = index_names(c->ix, &c->err);

    if (rc == 0)
        rc = names_get(&c->ix->names, docid, &name, &c->err);
    if (rc >= 0 && (rc == 0 || !view_eq(buf_view(&name), path)))
        check_say(c, "names: that of document %" PRIu32 " is not %.*s", docid,
                  (int)path.n, (const char *)path.p);
    buf_release(&name);
    return rc == ERR_CORRUPT ? 0 : rc < 0 ? rc : 0; /* check_names says why */
}
