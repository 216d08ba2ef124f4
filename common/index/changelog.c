#include "index/changelog.h"

#include "index/record.h"

int changelog_get(struct txn *t, uint64_t generation, struct buf *out,
                  struct err *err)
{
    uint8_t key[8];
    store_db db;
    int rc = txn_open_db(t, "log", false, &db, err);

    buf_clear(out);
    put_be64(key, generation);
    return rc > 0 ? record_get(t, db, view_of(key, 8), out, err) : rc;
}

void changelog_begin(struct changelog *c, struct view record,
                     uint32_t next_docid)
{
    memset(c, 0, sizeof *c);
    c->r = rd_of(record);
    c->left = rd_varint(&c->r);
    c->next_docid = next_docid;
}

static bool valid(const struct changelog *c)
{
    if (c->r.bad || c->first == 0 || c->first >= c->next_docid)
        return false;
    switch (c->op) {
    case CHANGELOG_ADDED:
        return c->last >= c->first && c->last < c->next_docid;
    case CHANGELOG_REPLACED:
        return c->last > c->first && c->last < c->next_docid;
    default:
        return true;
    }
}

int changelog_next(struct changelog *c, struct err *err)
{
    c->path = view_of(NULL, 0);
    if (c->left == 0 && !c->r.bad && rd_left(&c->r) == 0)
        return 0;
    c->op = c->left ? rd_u8(&c->r) : 0;
    c->first = c->last = rd_var32(&c->r);
    switch (c->op) {
    case CHANGELOG_ADDED:
    case CHANGELOG_REPLACED:
        c->last = rd_var32(&c->r);
        break;
    case CHANGELOG_REMOVED:
    case CHANGELOG_MOVED:
        c->path = rd_bytes(&c->r, rd_var32(&c->r));
        break;
    default:
        c->r.bad = true;
    }
    if (!valid(c)) {
        c->r.bad = true; /* and so it stays */
        c->path = view_of(NULL, 0);
        return err_set(err, ERR_CORRUPT,
                       "index damaged: a record of the log breaks the format");
    }
    c->left--;
    return 1;
}
