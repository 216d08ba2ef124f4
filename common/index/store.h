/*
 * store.h - ordered tables in one memory-mapped file (LMDB, which nothing else
 * calls; pages.h checks its files without it).
 *
 * A store is the index folder: CURRENT names the data file, which is an LMDB
 * environment. Any number of processes read; one writes. A read transaction
 * is one moment of the index, whatever is committed meanwhile; views into the
 * map live until their transaction ends. Writers use LMDB's default
 * durability: a commit that returned 0 survives power loss.
 *
 * Values over store_max_value() bytes are refused: one page each keeps
 * allocation O(1) and free space unfragmented (ARCHITECTURE.md, "Store").
 *
 *     struct store *s;
 *     struct txn *t;
 *     if (store_open(&s, dir, STORE_READ, &err) < 0) ...
 *     if (txn_begin(&t, s, &err) < 0) ...
 *     if ((rc = txn_get(t, db, key, &val, &err)) > 0) use(val);
 *     txn_abort(t);
 *     store_close(s);
 */
#ifndef INDEX_STORE_H
#define INDEX_STORE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct store;
struct txn;
struct cursor;

/* A table's handle. It ends with the transaction it was opened in: open again
 * in the next one, it is a look-up by name. */
typedef unsigned store_db;

enum { STORE_KEY_MAX = 511 }; /* bytes of the longest key */

enum store_mode {
    STORE_READ,  /* never changes the folder but LMDB's reader slots */
    STORE_WRITE, /* takes writer.lock; makes folder and data file if missing */
    STORE_BUILD  /* as STORE_WRITE, into a new, empty data file that nobody
                  * sees before store_publish; commits are not durable until
                  * then, and so a good deal faster */
};

/* Opens the index in folder `dir`. ERR_NOTFOUND: no such index (READ);
 * ERR_BUSY: another writer; ERR_CORRUPT: shorter than its last page or no
 * LMDB file; ERR_IO, ERR_NOMEM. A read-only folder or lock file is read
 * without a reader slot. */
int store_open(struct store **out, const char *dir, enum store_mode mode,
               struct err *err);

/* What a writer may be told. Zeroed: as store_open. */
struct store_options {
    long wait;    /* seconds to wait for another writer to end, < 0: for ever */
    bool network; /* write on a network file system, too */
    const volatile sig_atomic_t *stop; /* ends the waiting once it is not 0;
                                        * NULL: nothing does */
};

/* As store_open with options. ERR_BUSY: after the time to wait; ERR_STOPPED:
 * told to stop while it waited; ERR_IO: on a network file system, as well. */
int store_open_with(struct store **out, const char *dir, enum store_mode mode,
                    const struct store_options *o, struct err *err);

/* Ends it; NULL is allowed. What was built but not published is removed. */
void store_close(struct store *s);

/* Reading, between transactions: goes over to the data file that CURRENT
 * names now, if it is another one. 0 or negative as store_open. */
int store_refresh(struct store *s, struct err *err);

/* STORE_BUILD, between transactions: makes the new data file durable and
 * CURRENT, removes the old one, and goes on as STORE_WRITE. */
int store_publish(struct store *s, struct err *err);

/* Between transactions: copies the newest commit, free pages left out, into
 * folder `to`, as an index of its own with the same uuid and generation. Takes
 * no lock of the source and waits for no writer; `to` is made if it is missing.
 * What was copied survives power loss; on failure nothing is left in `to` that
 * opens as an index. ERR_USAGE: `to` holds an index; ERR_BUSY: somebody else is
 * writing there, or the source changed too fast to be copied without a reader
 * slot; ERR_FULL, ERR_IO, ERR_CORRUPT. *bytes: of the new data file. */
int store_backup(struct store *s, const char *to, uint64_t *bytes,
                 struct err *err);

/* The name of the data file, for messages. Lives until the store goes over to
 * another. */
const char *store_path(const struct store *s);

size_t store_max_value(const struct store *s); /* OV of FORMAT.md */

/* The largest value that stays inside a leaf page beside a key of keylen. */
size_t store_inline_max(const struct store *s, size_t keylen);

struct store_size {
    uint64_t file_bytes; /* of the data file */
    uint64_t used_bytes; /* pages in use, free ones left out */
};
int store_size(struct store *s, struct store_size *out, struct err *err);

/* A transaction of the store's mode. One at a time for each store. After a
 * commit that the system failed to write there is none for writing any more:
 * what reached the disk is not known. */
int txn_begin(struct txn **out, struct store *s, struct err *err);
int txn_commit(struct txn *t, struct err *err); /* ends t, also on error */
void txn_abort(struct txn *t);                  /* NULL is allowed */

/* False where the reader holds no slot (a read-only folder) and a writer has
 * since been free to reuse its pages: what was read must be read again. */
bool txn_intact(const struct txn *t);

/* The number of the commit that t sees. */
uint64_t txn_commit_number(const struct txn *t);

/* The store t belongs to. */
struct store *txn_store(const struct txn *t);

/* Whether it only reads: nothing moves under a cursor then. */
bool txn_reads(const struct txn *t);

/* Handle of table `name`; 1, 0 if it is not there (and create is false). */
int txn_open_db(struct txn *t, const char *name, bool create, store_db *out,
                struct err *err);

/* Calls fn for the name of every table, in order; stops when it is not 0 and
 * returns that. fn must not make or drop tables. */
int txn_list_dbs(struct txn *t, int (*fn)(void *arg, struct view name),
                 void *arg, struct err *err);

/* 1 found, 0 not. *val is borrowed until the transaction ends, and in a
 * write transaction until the next write. */
int txn_get(struct txn *t, store_db db, struct view key, struct view *val,
            struct err *err);

/* Stores or replaces. ERR_USAGE: an empty key, one over STORE_KEY_MAX, a
 * value over store_max_value. ERR_FULL: no space left; abort. */
int txn_put(struct txn *t, store_db db, struct view key, struct view val,
            struct err *err);

/* Stores behind the last key: much cheaper; ERR_CORRUPT if key is not
 * larger than every key there is. */
int txn_append(struct txn *t, store_db db, struct view key, struct view val,
               struct err *err);

/* As txn_append, with n bytes for the caller to fill before the next call. */
int txn_append_reserve(struct txn *t, store_db db, struct view key, size_t n,
                       uint8_t **val, struct err *err);

int txn_del(struct txn *t, store_db db, struct view key,
            struct err *err); /* 1 deleted, 0 was not there */
int txn_drop_db(struct txn *t, const char *name,
                struct err *err); /* 1 dropped, 0 was not there */
int txn_count(struct txn *t, store_db db, uint64_t *entries, struct err *err);

/* Bytes of the pages that table `name` takes; 0 where there is none. Known
 * without reading it. */
int txn_bytes(struct txn *t, const char *name, uint64_t *bytes,
              struct err *err);

/* Bytes of changed pages the transaction holds, estimated from its puts:
 * commit before they pass 64 MB. */
size_t txn_dirty(const struct txn *t);

/* A cursor over one table. Each move: 1 with the entry, 0 past the end,
 * negative with the message in the err of cursor_open, which must live as
 * long as the cursor. */
int cursor_open(struct cursor **out, struct txn *t, store_db db,
                struct err *err);
int cursor_first(struct cursor *c, struct view *key, struct view *val);
int cursor_last(struct cursor *c, struct view *key, struct view *val);
int cursor_next(struct cursor *c, struct view *key, struct view *val);
int cursor_prev(struct cursor *c, struct view *key, struct view *val);
/* The first entry whose key is not below `at`. */
int cursor_seek(struct cursor *c, struct view at, struct view *key,
                struct view *val);
/* NULL is allowed. Before its transaction ends. */
void cursor_close(struct cursor *c);

#endif
