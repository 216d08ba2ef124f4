/* store_backup: a copy of an index that is in use. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/env.h"
#include "index/folder.h"
#include "index/lock.h"

enum { COPY_NUMBER = 1, COPY_TRIES = 3 };

/* The new folder. */
struct copy {
    const char *dir;
    char *path; /* of its data file */
    bool made;  /* the folder was not there before */
    int lock_fd;
};

static int open_copy(struct copy *c, const char *dir, struct err *err)
{
    const struct store_options plain = {0};
    uint32_t number;
    struct stat st;
    int rc;

    c->dir = dir;
    c->lock_fd = -1;
    c->made = stat(dir, &st) < 0;
    c->path = folder_path(dir, COPY_NUMBER);
    if (!c->path)
        return err_nomem(err);
    rc = lock_take(dir, &plain, &c->lock_fd, err);
    if (rc == 0)
        rc = folder_current(dir, &number, err);
    if (rc > 0 || rc == ERR_CORRUPT)
        return err_set(err, ERR_USAGE,
                       "%s holds an index already (name a new folder)", dir);
    return rc;
}

/* Leaves nothing of a copy that failed. The lock goes last: until then nobody
 * else can have begun one. */
static void remove_copy(struct copy *c)
{
    static const char *const names[] = {"CURRENT", "CURRENT.tmp",
                                        "writer.lock"};
    int dir = open(c->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    size_t i;

    if (dir < 0)
        return;
    folder_unlink(c->dir, COPY_NUMBER);
    for (i = 0; i < sizeof names / sizeof *names; i++)
        unlinkat(dir, names[i], 0);
    close(dir);
    if (c->made)
        rmdir(c->dir);
}

static int copy_fail(const struct copy *c, int rc, struct err *err)
{
    if (rc < 0)
        return err_set(err, ERR_CORRUPT, "cannot copy: index damaged (%s)",
                       mdb_strerror(rc));
    return err_sys(
        err, rc == ENOSPC || rc == EDQUOT || rc == EFBIG ? ERR_FULL : ERR_IO,
        rc, "cannot write %s", c->path);
}

/* The data file, durably; LMDB's code. A file of our own and not LMDB's: that
 * one is written without the page cache, which not every file system takes,
 * and is not synced. */
static int write_data(struct store *s, struct copy *c, uint64_t *bytes)
{
    int fd = open(c->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    struct stat st = {0};
    int rc;

    if (fd < 0)
        return errno;
    rc = mdb_env_copyfd2(s->env, fd, MDB_CP_COMPACT);
    if (rc == 0 && (fsync(fd) < 0 || fstat(fd, &st) < 0))
        rc = errno;
    if (close(fd) < 0 && rc == 0)
        rc = errno;
    *bytes = (uint64_t)st.st_size;
    return rc;
}

/* The same, of pages that no writer has overwritten meanwhile. */
static int write_intact(struct store *s, struct copy *c, uint64_t *bytes,
                        struct err *err)
{
    struct txn *t;
    int tries, rc;

    for (tries = 0; tries < COPY_TRIES; tries++) {
        bool intact;

        /* LMDB begins its own, which is no older; where that outgrew the map
         * in between, the next try has a larger one */
        rc = txn_begin(&t, s, err);
        if (rc < 0)
            return rc;
        rc = write_data(s, c, bytes);
        intact = txn_intact(t);
        txn_abort(t);
        if (intact && rc != MDB_MAP_RESIZED)
            return rc == 0 ? 0 : copy_fail(c, rc, err);
    }
    return err_set(err, ERR_BUSY,
                   "%s changes faster than it can be copied without a slot in "
                   "%s-lock, which cannot be written",
                   s->path, s->path);
}

int store_backup(struct store *s, const char *to, uint64_t *bytes,
                 struct err *err)
{
    struct copy c = {0};
    int rc = open_copy(&c, to, err);

    if (rc == 0) {
        rc = write_intact(s, &c, bytes, err);
        if (rc == 0)
            rc = folder_switch(to, COPY_NUMBER, err);
        if (rc < 0)
            remove_copy(&c);
    }
    if (c.lock_fd >= 0)
        close(c.lock_fd);
    free(c.path);
    return rc;
}
