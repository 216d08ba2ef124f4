#include "indexer/table_write.h"

#include <stdio.h>

#include "base/hash.h"

int table_open(struct table *tb, struct txn *t, char kind, uint32_t number,
               struct err *err)
{
    struct store *s = txn_store(t);
    char name[10];
    int rc;

    if (!tb->page) {
        /* a leaf page holds at least two entries: half of it is one's share */
        tb->page = store_max_value(s);
        tb->entry = tb->page / 2 - store_inline_max(s, 0);
    }
    tb->txn = t;
    snprintf(name, sizeof name, "%c%08x", kind, (unsigned)number);
    rc = txn_open_db(t, name, true, &tb->db, err);
    return rc < 0 ? rc : 0;
}

size_t table_inline_max(const struct table *tb, size_t keylen)
{
    return tb->page / 2 - tb->entry - keylen;
}

size_t table_room(const struct table *tb, size_t keylen)
{
    size_t need = tb->entry + keylen;
    size_t room = tb->left > need ? tb->left - need : 0;
    size_t max = table_inline_max(tb, keylen);

    return room < max ? room : max;
}

int table_put(struct table *tb, struct view key, struct view val,
              struct err *err)
{
    bool in_leaf = val.n <= table_inline_max(tb, key.n);
    /* a value of its own page leaves that page's number in the leaf; entries
     * are of even length */
    size_t size = (tb->entry + key.n + (in_leaf ? val.n : 8) + 1) & ~(size_t)1;
    int rc = txn_append(tb->txn, tb->db, key, val, err);

    if (rc < 0)
        return rc;
    if (size > tb->left)
        tb->left = tb->page;
    tb->left -= size;
    tb->bytes += key.n + val.n;
    return 0;
}

int table_put_sealed(struct table *tb, struct view key, uint8_t *val, size_t n,
                     struct err *err)
{
    put_u32(val + n, checksum32(view_of(val, n)));
    return table_put(tb, key, view_of(val, n + SEAL), err);
}
