/* The transactions, tables and cursors of store.h. */
#include <errno.h>
#include <stdlib.h>

#include "index/env.h"

static int begin(struct store *s)
{
    unsigned flags = s->mode == STORE_READ ? MDB_RDONLY : 0;
    int dead, rc = 0;

    if (s->mode != STORE_READ) {
        /* a reader that was killed holds on to its pages until somebody
         * looks */
        mdb_reader_check(s->env, &dead);
        rc = env_make_room(s);
    }
    if (rc == 0)
        rc = mdb_txn_begin(s->env, NULL, flags, &s->txn.mdb);
    if (rc == MDB_MAP_RESIZED) {
        rc = env_follow(s);
        if (rc == 0)
            rc = mdb_txn_begin(s->env, NULL, flags, &s->txn.mdb);
    }
    if (rc == MDB_READERS_FULL) {
        mdb_reader_check(s->env, &dead);
        rc = mdb_txn_begin(s->env, NULL, flags, &s->txn.mdb);
    }
    return rc;
}

int txn_begin(struct txn **out, struct store *s, struct err *err)
{
    int rc;

    *out = NULL;
    if (s->txn.mdb)
        return err_set(err, ERR_USAGE, "%s has a transaction already", s->path);
    if (!s->env) /* going over to another file failed before */
        return err_set(err, ERR_IO, "%s is not open", s->path);
    if (s->failed)
        return env_failed(s, err);
    rc = begin(s);
    if (s->mode == STORE_READ && !s->slotless &&
        (env_lock_refused(rc) || rc == MDB_READERS_FULL)) {
        env_close(s);
        s->slotless = true;
        rc = env_open(s, err);
        if (rc < 0)
            return rc;
        rc = begin(s);
    }
    if (rc != 0) {
        s->txn.mdb = NULL;
        return env_fail(s, rc, "begin to use", err);
    }
    s->txn.dirty = 0;
    *out = &s->txn;
    return 0;
}

int txn_commit(struct txn *t, struct err *err)
{
    struct store *s = t->store;
    MDB_txn *mdb = t->mdb;
    uint64_t want, have;
    int rc;

    t->mdb = NULL; /* LMDB frees it in any case */
    rc = mdb_txn_commit(mdb);
    if (rc == MDB_MAP_FULL)
        s->map_full = true;
    else if (rc > 0 && rc != ENOMEM)
        s->failed = true; /* what is on the disk now is not known: a second
                           * fsync would not say */
    if (rc != 0)
        return env_fail(s, rc, "write", err);
    if (s->mode == STORE_READ)
        return 0;
    /* LMDB writes no page that was both taken and freed within a transaction:
     * where that was the last one, the file ends before it should */
    rc = env_extent(s, &want, &have);
    if (rc == 0 && have < want)
        rc = env_resize(s, want);
    s->failed = rc != 0;
    return rc ? env_fail(s, rc, "write", err) : 0;
}

void txn_abort(struct txn *t)
{
    if (!t || !t->mdb)
        return;
    mdb_txn_abort(t->mdb);
    t->mdb = NULL;
}

bool txn_intact(const struct txn *t)
{
    MDB_envinfo info;

    if (mdb_env_info(t->store->env, &info) != 0)
        return false;
    /* no readers: LMDB found a read-only file system and made no lock file */
    if (!t->store->slotless && info.me_numreaders > 0)
        return true;
    /* pages a commit frees are taken again by the second one after it */
    return info.me_last_txnid < mdb_txn_id(t->mdb) + 2;
}

uint64_t txn_commit_number(const struct txn *t)
{
    size_t id = mdb_txn_id(t->mdb);

    /* a writer's is that of the commit to come */
    return t->store->mode == STORE_READ ? id : id - 1;
}

struct store *txn_store(const struct txn *t)
{
    return t->store;
}

bool txn_reads(const struct txn *t)
{
    return t->store->mode == STORE_READ;
}

size_t txn_dirty(const struct txn *t)
{
    return t->dirty;
}

/* --- tables --- */

int txn_open_db(struct txn *t, const char *name, bool create, store_db *out,
                struct err *err)
{
    MDB_dbi dbi;
    int rc = mdb_dbi_open(t->mdb, name, create ? MDB_CREATE : 0, &dbi);

    if (rc == MDB_NOTFOUND)
        return 0;
    if (rc != 0)
        return env_fail(t->store, rc, "open a table of", err);
    *out = dbi;
    return 1;
}

int txn_list_dbs(struct txn *t, int (*fn)(void *arg, struct view name),
                 void *arg, struct err *err)
{
    struct cursor *c;
    struct view key, val;
    int rc = cursor_open(&c, t, ENV_MAIN_TABLE, err);

    if (rc < 0)
        return rc;
    for (rc = cursor_first(c, &key, &val); rc > 0;
         rc = cursor_next(c, &key, &val)) {
        int stop = fn(arg, key);

        if (stop != 0) {
            rc = stop;
            break;
        }
    }
    cursor_close(c);
    return rc;
}

static MDB_val val_of(struct view v)
{
    MDB_val m = {v.n, (void *)v.p};

    return m;
}

static struct view view_val(const MDB_val *m)
{
    return view_of(m->mv_data, m->mv_size);
}

static bool key_fits(struct view key)
{
    return key.n >= 1 && key.n <= STORE_KEY_MAX;
}

int txn_get(struct txn *t, store_db db, struct view key, struct view *val,
            struct err *err)
{
    MDB_val k = val_of(key), v;
    int rc;

    if (!key_fits(key))
        return 0; /* no such key can be stored */
    rc = mdb_get(t->mdb, db, &k, &v);
    if (rc == MDB_NOTFOUND)
        return 0;
    if (rc != 0)
        return env_fail(t->store, rc, "read", err);
    *val = view_val(&v);
    return 1;
}

/* Adds what a put changes: its own bytes where it goes behind the last key,
 * else, as a mean of scattered and neighbouring keys, half a page. */
static void count_dirty(struct txn *t, size_t keylen, size_t vallen,
                        bool append)
{
    struct store *s = t->store;

    if (vallen > store_inline_max(s, keylen))
        t->dirty += s->page + ENV_NODE_HEADER + keylen + 8;
    else
        t->dirty += ENV_NODE_HEADER + keylen + vallen + 2;
    if (!append)
        t->dirty += s->page / 2;
}

static int put(struct txn *t, store_db db, struct view key, MDB_val *v,
               unsigned flags, struct err *err)
{
    struct store *s = t->store;
    MDB_val k = val_of(key);
    int rc;

    if (!key_fits(key) || v->mv_size > store_max_value(s))
        return err_set(err, ERR_USAGE,
                       "cannot write %s: a key of %zu bytes "
                       "or a value of %zu is out of bounds",
                       s->path, key.n, v->mv_size);
    count_dirty(t, key.n, v->mv_size, flags & MDB_APPEND);
    rc = mdb_put(t->mdb, db, &k, v, flags);
    if (rc == 0)
        return 0;
    if (rc == MDB_MAP_FULL)
        s->map_full = true;
    if (rc == MDB_KEYEXIST)
        return err_set(err, ERR_CORRUPT,
                       "cannot write %s: index damaged "
                       "(an entry is where the next one belongs)",
                       s->path);
    return env_fail(s, rc, "write", err);
}

int txn_put(struct txn *t, store_db db, struct view key, struct view val,
            struct err *err)
{
    MDB_val v = val_of(val);

    return put(t, db, key, &v, 0, err);
}

int txn_append(struct txn *t, store_db db, struct view key, struct view val,
               struct err *err)
{
    MDB_val v = val_of(val);

    return put(t, db, key, &v, MDB_APPEND, err);
}

int txn_append_reserve(struct txn *t, store_db db, struct view key, size_t n,
                       uint8_t **val, struct err *err)
{
    MDB_val v = {n, NULL};
    int rc = put(t, db, key, &v, MDB_APPEND | MDB_RESERVE, err);

    *val = rc == 0 ? v.mv_data : NULL;
    return rc;
}

int txn_del(struct txn *t, store_db db, struct view key, struct err *err)
{
    MDB_val k = val_of(key);
    int rc;

    if (!key_fits(key))
        return 0;
    rc = mdb_del(t->mdb, db, &k, NULL);
    if (rc == MDB_NOTFOUND)
        return 0;
    if (rc == MDB_MAP_FULL)
        t->store->map_full = true;
    if (rc != 0)
        return env_fail(t->store, rc, "write", err);
    count_dirty(t, 0, 0, false);
    return 1;
}

int txn_drop_db(struct txn *t, const char *name, struct err *err)
{
    store_db db = 0;
    int rc = txn_open_db(t, name, false, &db, err);

    if (rc <= 0)
        return rc;
    rc = mdb_drop(t->mdb, db, 1);
    if (rc != 0)
        return env_fail(t->store, rc, "drop a table of", err);
    return 1;
}

int txn_count(struct txn *t, store_db db, uint64_t *entries, struct err *err)
{
    MDB_stat st;
    int rc = mdb_stat(t->mdb, db, &st);

    if (rc != 0)
        return env_fail(t->store, rc, "read", err);
    *entries = st.ms_entries;
    return 0;
}

int txn_bytes(struct txn *t, const char *name, uint64_t *bytes, struct err *err)
{
    MDB_stat st;
    store_db db = 0;
    int rc = txn_open_db(t, name, false, &db, err);

    *bytes = 0;
    if (rc <= 0)
        return rc;
    rc = mdb_stat(t->mdb, db, &st);
    if (rc != 0)
        return env_fail(t->store, rc, "read", err);
    *bytes = (uint64_t)(st.ms_branch_pages + st.ms_leaf_pages +
                        st.ms_overflow_pages) *
             t->store->page;
    return 0;
}

/* --- cursors --- */

int cursor_open(struct cursor **out, struct txn *t, store_db db,
                struct err *err)
{
    struct cursor *c = calloc(1, sizeof *c);
    int rc;

    *out = NULL;
    if (!c)
        return err_nomem(err);
    c->store = t->store;
    c->err = err;
    rc = mdb_cursor_open(t->mdb, db, &c->mdb);
    if (rc != 0) {
        free(c);
        return env_fail(t->store, rc, "read", err);
    }
    *out = c;
    return 0;
}

static int move(struct cursor *c, MDB_cursor_op op, struct view *key,
                struct view *val)
{
    MDB_val k = {0, NULL}, v;
    int rc;

    if (op == MDB_SET_RANGE)
        k = val_of(*key);
    rc = mdb_cursor_get(c->mdb, &k, &v, op);
    if (rc == MDB_NOTFOUND)
        return 0;
    if (rc != 0)
        return env_fail(c->store, rc, "read", c->err);
    *key = view_val(&k);
    *val = view_val(&v);
    return 1;
}

int cursor_first(struct cursor *c, struct view *key, struct view *val)
{
    return move(c, MDB_FIRST, key, val);
}

int cursor_last(struct cursor *c, struct view *key, struct view *val)
{
    return move(c, MDB_LAST, key, val);
}

int cursor_next(struct cursor *c, struct view *key, struct view *val)
{
    return move(c, MDB_NEXT, key, val);
}

int cursor_prev(struct cursor *c, struct view *key, struct view *val)
{
    return move(c, MDB_PREV, key, val);
}

int cursor_seek(struct cursor *c, struct view at, struct view *key,
                struct view *val)
{
    struct view k = at;
    int rc;

    if (at.n == 0)
        return cursor_first(c, key, val);
    rc = move(c, MDB_SET_RANGE, &k, val);
    if (rc > 0)
        *key = k;
    return rc;
}

void cursor_close(struct cursor *c)
{
    if (!c)
        return;
    mdb_cursor_close(c->mdb);
    free(c);
}
