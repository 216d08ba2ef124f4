/*
 * temp_store.h - a folder a test, made before it and removed after it, and
 * stores in it.
 */
#ifndef TESTS_TEMP_STORE_H
#define TESTS_TEMP_STORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "index/store.h"

/* Setup: *state is the path of a new folder. */
static inline int make_dir(void **state)
{
    const char *tmp = getenv("TMPDIR");
    char *dir;

    if (asprintf(&dir, "%s/test-store-XXXXXX", tmp ? tmp : "/tmp") < 0 ||
        !mkdtemp(dir))
        return -1;
    *state = dir;
    return 0;
}

static inline int remove_dir(void **state)
{
    char *cmd;
    int rc = asprintf(&cmd, "rm -rf '%s'", (char *)*state);

    if (rc >= 0)
        rc = system(cmd);
    free(cmd);
    free(*state);
    return rc;
}

#define in_dir(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

static inline struct store *open_store(const char *dir, enum store_mode mode)
{
    struct err err = {0};
    struct store *s = NULL;

    if (store_open(&s, dir, mode, &err) < 0)
        fail_msg("%s", err.msg);
    return s;
}

static inline struct txn *begin(struct store *s)
{
    struct err err = {0};
    struct txn *t = NULL;

    if (txn_begin(&t, s, &err) < 0)
        fail_msg("%s", err.msg);
    return t;
}

static inline void commit(struct txn *t)
{
    struct err err = {0};

    if (txn_commit(t, &err) != 0)
        fail_msg("%s", err.msg);
}

/* The table's handle; made if it is missing. */
static inline store_db table(struct txn *t, const char *name)
{
    struct err err = {0};
    store_db db = 0;

    if (txn_open_db(t, name, true, &db, &err) != 1)
        fail_msg("%s", err.msg);
    return db;
}

static inline void put(struct txn *t, store_db db, struct view k, struct view v)
{
    struct err err = {0};

    if (txn_put(t, db, k, v, &err) != 0)
        fail_msg("%s", err.msg);
}

/* Overwrites one byte of a value. */
static inline void damage(struct txn *t, store_db db, struct view key,
                          size_t at)
{
    struct err err = {0};
    struct buf b = {0};
    struct view val;

    assert_int_equal(txn_get(t, db, key, &val, &err), 1);
    assert_true(at < val.n);
    assert_int_equal(buf_add(&b, val), 0);
    b.p[at] ^= 1;
    put(t, db, key, buf_view(&b));
    buf_release(&b);
}

static inline void put_str(struct txn *t, store_db db, const char *k,
                           const char *v)
{
    put(t, db, view_str(k), view_str(v));
}

/* One entry in one commit. */
static inline void commit_entry(struct store *s, const char *name,
                                const char *k, const char *v)
{
    struct txn *t = begin(s);

    put_str(t, table(t, name), k, v);
    commit(t);
}

/* What a transaction finds, as a string, or NULL. */
static inline const char *found(struct txn *t, const char *name, const char *k,
                                char out[32])
{
    struct err err = {0};
    struct view val;
    store_db db;
    int rc = txn_open_db(t, name, false, &db, &err);

    assert_true(rc >= 0);
    if (rc == 0 || (rc = txn_get(t, db, view_str(k), &val, &err)) == 0)
        return NULL;
    assert_int_equal(rc, 1);
    assert_true(val.n < 32);
    memcpy(out, val.p, val.n);
    out[val.n] = 0;
    return out;
}

#endif
