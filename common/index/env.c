#include "index/env.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_TABLES = 200, MAX_READERS = 512 };

/* LMDB's lock file: a slot of 64 bytes a reader, and a page for the rest. */
enum { LOCK_FILE_SIZE = MAX_READERS * 64 + 4096 };

/* A turn to open: the file descriptor to have, if it may be so high, and
 * microseconds to wait for it. */
enum { TURN_FD = 250, TURN_PATIENCE = 1000000 };

/* Bytes of the data file, in whole steps of 64 KB: all kinds of pages. */
static size_t file_size(const struct store *s)
{
    struct stat st;

    if (stat(s->path, &st) < 0)
        return 0;
    return ((size_t)st.st_size + 0xffff) & ~(size_t)0xffff;
}

/* The map to ask for: address space, no memory. 256 GiB, or twice the file. */
static size_t map_size(const struct store *s)
{
    size_t map = sizeof(void *) > 4 ? (size_t)1 << 38 : (size_t)1 << 30;
    size_t file = file_size(s);

    while (map / 2 < file && map <= SIZE_MAX / 4)
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

/* Gives the lock file its blocks: LMDB writes to it through a map, where a full
 * disk is no error but SIGBUS. Its size stays: LMDB tells by that whether the
 * file is a new one. 0 or an errno. */
static int reserve_lock_file(const struct store *s)
{
    struct stat st;
    char *path;
    int fd, rc = 0;

    if (s->mode == STORE_READ && access(s->path, F_OK) < 0)
        return 0; /* no lock file for a data file that is gone */
    if (asprintf(&path, "%s-lock", s->path) < 0)
        return ENOMEM;
    if (stat(path, &st) == 0 && st.st_blocks * 512 >= LOCK_FILE_SIZE)
        goto out;
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 || (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, LOCK_FILE_SIZE) < 0 &&
                   errno != EOPNOTSUPP))
        rc = errno;
    if (fd >= 0)
        close(fd);
out:
    free(path);
    return rc;
}

/* Waits for its turn to open the data file; what it returns is for end_turn.
 *
 * LMDB's lock file is made ready by whoever opens it while nobody else has it
 * open. Who waits for him takes it for ready when he is killed half-way, and
 * reads a commit of the past, or none. So one program opens it at a time: who
 * comes next finds a lock file that nobody has open. */
static int take_turn(const struct store *s)
{
    int fd = open(s->path, O_RDONLY | O_CLOEXEC), last;
    unsigned us = 10, waited = 0;

    if (fd < 0)
        return -1; /* a new file is nobody else's yet */
    /* a killed process closes its files from the lowest number up: this one
     * behind LMDB's own */
    last = fcntl(fd, F_DUPFD_CLOEXEC, TURN_FD);
    if (last >= 0) {
        close(fd);
        fd = last;
    }
    /* whoever may read the file may keep it locked: that must not stop others
     * for ever */
    while (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK &&
           waited < TURN_PATIENCE) {
        usleep(us);
        waited += us;
        us = us < 1000 ? 2 * us : us;
    }
    return fd;
}

static void end_turn(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* Opens the data file with a map of that many bytes. LMDB's code; s->env is
 * NULL unless 0. */
static int open_mapped(struct store *s, unsigned flags, size_t map)
{
    int rc = mdb_env_create(&s->env), turn;

    if (rc == 0) {
        mdb_env_set_maxdbs(s->env, MAX_TABLES);
        mdb_env_set_maxreaders(s->env, MAX_READERS);
        mdb_env_set_mapsize(s->env, map);
        mdb_env_set_assert(s->env, page_broken);
        turn = flags & MDB_NOLOCK ? -1 : take_turn(s);
        rc = mdb_env_open(s->env, s->path, flags, 0666);
        end_turn(turn);
        if (rc == 0)
            return 0;
        mdb_env_close(s->env); /* as its manual asks for after a failure */
    }
    s->env = NULL;
    return rc;
}

/* As open_mapped, with room for a transaction behind the file, and half as
 * much of address space left for everything else. */
static int open_narrow(struct store *s, unsigned flags, size_t room)
{
    void *rest =
        mmap(NULL, room / 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int rc;

    if (rest == MAP_FAILED)
        return ENOMEM;
    rc = open_mapped(s, flags, file_size(s) + room);
    munmap(rest, room / 2);
    return rc;
}

/* Where the large map is not granted, one that fits the file and as much of a
 * transaction as may be. A writer has it enlarged as the file grows. */
static int env_try(struct store *s, unsigned flags)
{
    size_t room;
    int rc;

    if (!(flags & MDB_NOLOCK)) {
        rc = reserve_lock_file(s);
        /* that is for LMDB to report, or to work around */
        if (rc != 0 && rc != EROFS && rc != EACCES && rc != EPERM)
            return rc;
    }
    flags |= MDB_NOSUBDIR | MDB_NOTLS;
    /* a reader touches a page here and there: what the system would read ahead
     * took 70 times as long as that, where nothing was in memory */
    if (s->mode == STORE_READ)
        flags |= MDB_RDONLY | MDB_NORDAHEAD;
    if (s->mode == STORE_BUILD)
        flags |= MDB_NOSYNC;
    rc = open_mapped(s, flags, map_size(s));
    for (room = ENV_MAP_ROOM; room >= 1 << 18; room /= 2) {
        if (rc != ENOMEM && rc != EINVAL) /* valgrind says the latter */
            break;
        rc = open_narrow(s, flags, room);
    }
    return rc;
}

bool env_lock_refused(int rc)
{
    /* EAGAIN: two containers that share the folder and have the same process
     * number; the last three: there is no room for a lock file */
    return rc == EACCES || rc == EPERM || rc == EROFS || rc == EAGAIN ||
           rc == ENOLCK || rc == ENOSPC || rc == EDQUOT || rc == EFBIG;
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
    if (rc != 0 && s->mode == STORE_READ && stat(s->path, &file) == 0 &&
        file.st_size == 0)
        rc = MDB_INVALID;
    if (rc != 0)
        return env_open_fail(s, rc, err);
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

int env_follow(struct store *s)
{
    int rc = mdb_env_set_mapsize(s->env, 0);

    if (rc == 0)
        return 0;
    /* the old map is gone by now: begin anew */
    env_close(s);
    return env_open(s, NULL) < 0 ? rc : 0;
}

int env_make_room(struct store *s)
{
    MDB_envinfo info;
    int rc = mdb_env_info(s->env, &info);

    if (rc != 0)
        return rc;
    if (!s->map_full &&
        info.me_mapsize >= (info.me_last_pgno + 1) * s->page + ENV_MAP_ROOM)
        return 0;
    s->map_full = false;
    env_close(s);
    return env_open(s, NULL) < 0 ? ENOMEM : 0;
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
