#include "index/table_write.h"

#include <stdio.h>

#include "base/hash.h"

int table_open_name(struct table *tb, struct txn *t, const char *name,
                    struct err *err)
{
    struct store *s = txn_store(t);

    if (!tb->page) {
        /* a leaf page holds at least two entries: half of it is one's share */
        tb->page = store_max_value(s);
        tb->entry = tb->page / 2 - store_inline_max(s, 0);
    }
    tb->txn = t;
    return txn_open_db(t, name, true, &tb->db, err);
}

int table_open(struct table *tb, struct txn *t, char kind, uint32_t number,
               struct err *err)
{
    char name[10];
    int rc;

    snprintf(name, sizeof name, "%c%08x", kind, (unsigned)number);
    rc = table_open_name(tb, t, name, err);
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

void table_count(struct table *tb, size_t keylen, size_t n)
{
    bool in_leaf = n <= table_inline_max(tb, keylen);
    /* a value of its own page leaves that page's number in the leaf; entries
     * are of even length */
    size_t size = (tb->entry + keylen + (in_leaf ? n : 8) + 1) & ~(size_t)1;

    if (size > tb->left)
        tb->left = tb->page;
    tb->left -= size;
    tb->bytes += keylen + n;
}

int table_put(struct table *tb, struct view key, struct view val,
              struct err *err)
{
    int rc = txn_append(tb->txn, tb->db, key, val, err);

    if (rc == 0)
        table_count(tb, key.n, val.n);
    return rc;
}

int table_put_sealed(struct table *tb, struct view key, uint8_t *val, size_t n,
                     struct err *err)
{
    put_u32(val + n, checksum32(view_of(val, n)));
    return table_put(tb, key, view_of(val, n + SEAL), err);
}
