/*
 * env.h - LMDB behind the store: the only file that includes lmdb.h, and only
 * the files of the store (env*.c, store.c, txn.c, backup.c) include it.
 */
#ifndef INDEX_ENV_H
#define INDEX_ENV_H

#include <lmdb.h>

#include "index/store.h"

enum {
    ENV_PAGE_HEADER = 16,    /* of an LMDB page */
    ENV_NODE_HEADER = 8,     /* of an entry in a page */
    ENV_FREE_TABLE = 0,      /* LMDB's list of free pages */
    ENV_MAIN_TABLE = 1,      /* and its table of tables */
    ENV_MAP_ROOM = 128 << 20 /* bytes: twice what a transaction may take */
};

struct txn {
    struct store *store;
    MDB_txn *mdb; /* NULL while none runs */
    size_t dirty; /* see txn_dirty */
};

struct store {
    char *dir;
    char *path;      /* of the data file */
    uint32_t number; /* of the data file */
    enum store_mode mode;
    int lock_fd; /* writer.lock, -1 for a reader */
    MDB_env *env;
    size_t page;    /* bytes of a page */
    bool slotless;  /* reading without a reader slot */
    bool map_full;  /* the last transaction outgrew the map */
    bool failed;    /* a commit could not be written */
    struct txn txn; /* the one that runs */
};

struct cursor {
    MDB_cursor *mdb;
    struct store *store; /* borrowed, as is err */
    struct err *err;
};

/* The code and message of LMDB's code `mdb`, which is not 0 or NOTFOUND.
 * `doing` makes "cannot <doing> <path of the data file>: why". */
int env_fail(const struct store *s, int mdb, const char *doing,
             struct err *err);

/* The message of a store whose `failed` is set. ERR_IO. */
int env_failed(const struct store *s, struct err *err);

/* As env_fail, for a failure to open the files. */
int env_open_fail(const struct store *s, int mdb, struct err *err);

/* Opens s->path in s->mode. 0 or negative with s->env NULL. */
int env_open(struct store *s, struct err *err);
void env_close(struct store *s);

/* For a reader between transactions: maps as much as the last writer had, or
 * what is granted. LMDB's code; unless 0, s->env may be NULL. */
int env_follow(struct store *s);

/* For a writer between transactions: where the map has not room for one more,
 * asks for a larger one. LMDB's code; unless 0, s->env is NULL. */
int env_make_room(struct store *s);

/* Whether LMDB's code says that a reader cannot use the lock file: then it
 * can do without. */
bool env_lock_refused(int mdb);

/* How many bytes the last commit says the file has, and how many it has.
 * LMDB's code. */
int env_extent(struct store *s, uint64_t *want, uint64_t *have);

/* Makes the data file `size` bytes long, durably. LMDB's code. */
int env_resize(struct store *s, uint64_t size);

/* Counts the pages, from page `from` on, that are on the list of free ones as
 * of the last commit. LMDB's code. */
int env_free_pages(struct store *s, uint64_t from, uint64_t *out);

#endif
