#include "index/env.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { MAX_TABLES = 200, MAX_READERS = 512 };

static bool disk_nearly_full(const char *path)
{
    struct statvfs fs;

    return statvfs(path, &fs) == 0 && fs.f_bavail <= fs.f_blocks / 100;
}

int env_fail(const struct store *s, int mdb, const char *doing, struct err *err)
{
    switch (mdb) {
    case ENOMEM:
        return err_nomem(err);
    case EIO:
        /* LMDB says EIO where a write was cut short, as on a full disk */
        if (!disk_nearly_full(s->path))
            break;
        /* fall through */
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return err_set(err, ERR_FULL, "cannot %s %s: the disk is full", doing,
                       s->path);
    case MDB_MAP_FULL:
        return err_set(err, ERR_FULL,
                       "%s is full: it fills the address space "
                       "it was given (see ulimit -v)",
                       s->path);
    case MDB_TXN_FULL:
    case MDB_DBS_FULL:
        return err_set(err, ERR_FULL, "cannot %s %s: %s", doing, s->path,
                       mdb_strerror(mdb));
    case MDB_VERSION_MISMATCH:
        return err_set(err, ERR_VERSION,
                       "%s was written by another version "
                       "of LMDB",
                       s->path);
    case MDB_BAD_VALSIZE:
        return err_set(err, ERR_USAGE,
                       "cannot %s %s: key or value of a wrong "
                       "size",
                       doing, s->path);
    case MDB_INVALID:
        return err_set(err, ERR_CORRUPT, "%s is no index file", s->path);
    }
    if (mdb < 0)
        return err_set(err, ERR_CORRUPT, "cannot %s %s: index damaged (%s)",
                       doing, s->path, mdb_strerror(mdb));
    return err_sys(err, ERR_IO, mdb, "cannot %s %s", doing, s->path);
}

/* The map to ask for: address space, no memory. 256 GiB, or twice the file. */
static size_t map_size(const struct store *s)
{
    size_t map = sizeof(void *) > 4 ? (size_t)1 << 38 : (size_t)1 << 30;
    struct stat st;

    if (stat(s->path, &st) == 0)
        while (map / 2 < (uint64_t)st.st_size && map <= SIZE_MAX / 4)
            map *= 2;
    return map;
}

/* LMDB found a page that is not what it should be, and would abort. */
static void page_broken(MDB_env *env, const char *message)
{
    (void)env;
    (void)message;
    raise(SIGBUS); /* as if the page could not be read: see base/crash.h */
}

/* Opens the data file with the largest map that the system grants. Returns
 * LMDB's code; s->env is NULL unless 0. */
static int env_try(struct store *s, unsigned flags)
{
    size_t map = map_size(s);
    int rc;

    flags |= MDB_NOSUBDIR | MDB_NOTLS;
    if (s->mode == STORE_READ)
        flags |= MDB_RDONLY;
    if (s->mode == STORE_BUILD)
        flags |= MDB_NOSYNC;
    do {
        rc = mdb_env_create(&s->env);
        if (rc != 0)
            break;
        mdb_env_set_maxdbs(s->env, MAX_TABLES);
        mdb_env_set_maxreaders(s->env, MAX_READERS);
        mdb_env_set_mapsize(s->env, map);
        mdb_env_set_assert(s->env, page_broken);
        rc = mdb_env_open(s->env, s->path, flags, 0666);
        if (rc == 0)
            return 0;
        mdb_env_close(s->env); /* as its manual asks for after a failure */
        map /= 2;
    } while ((rc == ENOMEM || rc == EINVAL) && /* valgrind says the latter */
             map >= 1 << 20);
    s->env = NULL;
    return rc;
}

bool env_lock_refused(int rc)
{
    /* EAGAIN: two containers that share the folder and have the same process
     * number */
    return rc == EACCES || rc == EPERM || rc == EROFS || rc == EAGAIN ||
           rc == ENOLCK;
}

int env_open(struct store *s, struct err *err)
{
    struct stat file;
    MDB_stat st;
    int rc = env_try(s, s->slotless ? MDB_NOLOCK : 0);

    if (s->mode == STORE_READ && !s->slotless && env_lock_refused(rc)) {
        s->slotless = true;
        rc = env_try(s, MDB_NOLOCK);
    }
    /* an empty file gives other errors, none that helps */
    if (rc != 0 && stat(s->path, &file) == 0 && file.st_size == 0)
        rc = MDB_INVALID;
    if (rc != 0)
        return env_fail(s, rc, "open index", err);
    mdb_env_stat(s->env, &st);
    s->page = st.ms_psize;
    return 0;
}

void env_close(struct store *s)
{
    if (s->env)
        mdb_env_close(s->env);
    s->env = NULL;
}

int env_remap(struct store *s, size_t size)
{
    int rc = mdb_env_set_mapsize(s->env, size);

    if (rc == 0)
        return 0;
    /* the old map is gone by now: begin anew */
    env_close(s);
    return env_open(s, NULL) < 0 ? rc : 0;
}

int env_extent(struct store *s, uint64_t *want, uint64_t *have)
{
    MDB_envinfo info;
    mdb_filehandle_t fd;
    struct stat st;
    int rc = mdb_env_info(s->env, &info);

    if (rc == 0)
        rc = mdb_env_get_fd(s->env, &fd);
    if (rc == 0 && fstat(fd, &st) < 0)
        rc = errno;
    if (rc == 0) {
        *want = ((uint64_t)info.me_last_pgno + 1) * s->page;
        *have = (uint64_t)st.st_size;
    }
    return rc;
}

int env_resize(struct store *s, uint64_t size)
{
    mdb_filehandle_t fd;
    int rc = mdb_env_get_fd(s->env, &fd);

    if (rc == 0 && (ftruncate(fd, (off_t)size) < 0 || fsync(fd) < 0))
        rc = errno;
    return rc;
}

/* Adds to *out how many page numbers of one entry of the free list are at
 * least `from`. The entry is a count, then so many numbers. */
static int count_free(const MDB_val *val, size_t from, uint64_t *out)
{
    const uint8_t *p = val->mv_data;
    size_t i, n = 0, page;

    if (val->mv_size >= sizeof n)
        memcpy(&n, p, sizeof n);
    if (val->mv_size < sizeof n || n > val->mv_size / sizeof n - 1)
        return MDB_CORRUPTED;
    if (from == 0) {
        *out += n;
        return 0;
    }
    for (i = 1; i <= n; i++) {
        memcpy(&page, p + i * sizeof n, sizeof page);
        *out += page >= from;
    }
    return 0;
}

int env_free_pages(struct store *s, uint64_t from, uint64_t *out)
{
    MDB_txn *t;
    MDB_cursor *c;
    MDB_val key, val;
    int rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &t);

    *out = 0;
    if (rc != 0)
        return rc;
    rc = mdb_cursor_open(t, ENV_FREE_TABLE, &c);
    if (rc == 0) {
        while (rc == 0 && (rc = mdb_cursor_get(c, &key, &val, MDB_NEXT)) == 0)
            rc = count_free(&val, from, out);
        mdb_cursor_close(c);
    }
    mdb_txn_abort(t);
    return rc == MDB_NOTFOUND ? 0 : rc;
}
