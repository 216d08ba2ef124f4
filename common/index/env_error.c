/* What LMDB's codes mean for who runs the program. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "index/env.h"

static bool disk_nearly_full(const char *path)
{
    struct statvfs fs;

    return statvfs(path, &fs) == 0 && fs.f_bavail <= fs.f_blocks / 100;
}

/* LMDB says EIO of a write that was cut short. Why it was, the next one tells:
 * a page behind the end of the file, which goes again. */
static int reason_of_eio(const struct store *s)
{
    static const char page[4096];
    mdb_filehandle_t fd;
    struct stat st;
    int e = 0;

    if (disk_nearly_full(s->path))
        return ENOSPC;
    if (!s->env || s->mode == STORE_READ || mdb_env_get_fd(s->env, &fd) != 0 ||
        fstat(fd, &st) < 0)
        return EIO;
    if (pwrite(fd, page, sizeof page, st.st_size) < 0)
        e = errno;
    if (ftruncate(fd, st.st_size) < 0)
        return EIO;
    return e ? e : EIO;
}

static int file_too_large(const struct store *s, const char *doing,
                          struct err *err)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_FSIZE, &r) < 0 || r.rlim_cur == RLIM_INFINITY)
        return err_set(err, ERR_FULL,
                       "cannot %s %s: the file system has no larger files",
                       doing, s->path);
    return err_set(err, ERR_FULL,
                   "cannot %s %s: no file may be larger than %" PRIu64
                   " KB here (see ulimit -f)",
                   doing, s->path, (uint64_t)r.rlim_cur >> 10);
}

/* What the system said. */
static int system_fail(const struct store *s, int e, const char *doing,
                       struct err *err)
{
    if (e == EIO)
        e = reason_of_eio(s);
    switch (e) {
    case ENOMEM:
        return err_nomem(err);
    case ENOSPC:
        return err_set(err, ERR_FULL, "cannot %s %s: the disk is full", doing,
                       s->path);
    case EDQUOT:
        return err_set(err, ERR_FULL,
                       "cannot %s %s: the quota of the disk is used up", doing,
                       s->path);
    case EFBIG:
        return file_too_large(s, doing, err);
    case EIO:
        return err_set(err, ERR_IO, "cannot %s %s: the disk has failed (%s)",
                       doing, s->path, strerror(e));
    }
    return err_sys(err, ERR_IO, e, "cannot %s %s", doing, s->path);
}

int env_fail(const struct store *s, int mdb, const char *doing, struct err *err)
{
    switch (mdb) {
    case MDB_MAP_FULL:
        return err_set(err, ERR_FULL,
                       "%s is full: it fills the address space "
                       "it was given (see ulimit -v)",
                       s->path);
    case MDB_TXN_FULL:
    case MDB_DBS_FULL:
        return err_set(err, ERR_FULL, "cannot %s %s: %s", doing, s->path,
                       mdb_strerror(mdb));
    case MDB_READERS_FULL:
        return err_set(err, ERR_IO,
                       "cannot %s %s: too many programs read it at this moment",
                       doing, s->path);
    case MDB_PANIC:
        return env_failed(s, err);
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
    return system_fail(s, mdb, doing, err);
}

int env_failed(const struct store *s, struct err *err)
{
    return err_set(err, ERR_IO,
                   "cannot write %s: an earlier write to it failed", s->path);
}

int env_open_fail(const struct store *s, int mdb, struct err *err)
{
    const char *path = s->path;
    char *lock;
    struct stat st;
    int rc;

    if (mdb != EACCES && mdb != EPERM)
        return env_fail(s, mdb, "open index", err);
    if (asprintf(&lock, "%s-lock", s->path) < 0)
        return err_nomem(err);
    /* LMDB does not say which of its two files it was */
    if (eaccess(path, s->mode == STORE_READ ? R_OK : R_OK | W_OK) == 0)
        path = lock;
    if (stat(path, &st) < 0)
        rc = env_fail(s, mdb, "open index", err);
    else
        rc = err_set(err, ERR_IO,
                     "cannot open index %s: %s (it belongs to user %u)", path,
                     strerror(mdb), (unsigned)st.st_uid);
    free(lock);
    return rc;
}
