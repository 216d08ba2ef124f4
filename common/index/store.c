#include "index/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/env.h"
#include "index/filesystem.h"
#include "index/folder.h"
#include "index/lock.h"

static bool short_file(struct store *s)
{
    uint64_t want, have;

    return env_extent(s, &want, &have) == 0 && have < want;
}

static int too_short(struct store *s, struct err *err)
{
    return err_set(err, ERR_CORRUPT,
                   "the index file %s is shorter than it "
                   "should be",
                   s->path);
}

/* For a reader: pages the file lacks would kill the process. */
static int check_extent(struct store *s, struct err *err)
{
    int tries;

    /* a writer lengthens a file it finds short right behind its commit */
    for (tries = 0; tries < 20; tries++) {
        if (!short_file(s))
            return 0;
        usleep(1000);
    }
    return too_short(s, err);
}

/* For a writer. LMDB writes no page that was both taken and freed within one
 * transaction, so after a crash right behind a commit the file may lack pages
 * at its end that are all free: those are put there, any others are lost. */
static int mend_extent(struct store *s, struct err *err)
{
    uint64_t want, have, n;
    int rc = env_extent(s, &want, &have);

    if (rc != 0)
        return env_fail(s, rc, "measure", err);
    if (have >= want)
        return 0;
    /* with room behind its end, a damaged file gives errors, not SIGBUS */
    rc = env_resize(s, want);
    if (rc == 0)
        rc = env_free_pages(s, have / s->page, &n);
    if (rc == 0 && n == want / s->page - have / s->page)
        return 0;
    env_resize(s, have);
    /* negative: the free list itself was cut off */
    return rc > 0 ? env_fail(s, rc, "lengthen", err) : too_short(s, err);
}

/* --- opening and closing --- */

static int set_number(struct store *s, uint32_t number, struct err *err)
{
    char *path = folder_path(s->dir, number);

    if (!path)
        return err_nomem(err);
    free(s->path);
    s->path = path;
    s->number = number;
    return 0;
}

static int open_reader(struct store *s, struct err *err)
{
    int rc, tries;

    /* a writer may switch CURRENT and remove the file we were about to open:
     * then CURRENT names the next one */
    for (tries = 0; tries < 10; tries++) {
        uint32_t number;

        rc = folder_current(s->dir, &number, err);
        if (rc == 0)
            return err_set(err, ERR_NOTFOUND,
                           "no index in %s (run: indexer -d %s PATH...)",
                           s->dir, s->dir);
        if (rc > 0)
            rc = set_number(s, number, err);
        if (rc == 0)
            rc = env_open(s, err);
        if (rc != ERR_IO || !s->path || access(s->path, F_OK) == 0)
            break;
    }
    return rc < 0 ? rc : check_extent(s, err);
}

/* Makes the first data file, or the one of a build. */
static int make_file(struct store *s, struct err *err)
{
    uint32_t number;
    int rc = folder_next(s->dir, &number, err);

    if (rc == 0)
        rc = set_number(s, number, err);
    if (rc == 0)
        rc = env_open(s, err);
    if (rc == 0 && s->mode == STORE_WRITE) {
        rc = mdb_env_sync(s->env, 1);
        if (rc != 0)
            return env_fail(s, rc, "sync", err);
        rc = folder_switch(s->dir, number, err);
    }
    return rc;
}

/* LMDB would make an empty index of an empty file. */
static int check_there(struct store *s, struct err *err)
{
    struct stat st;

    if (stat(s->path, &st) == 0) {
        if (st.st_size > 0)
            return 0;
    } else if (errno != ENOENT) {
        return err_sys(err, ERR_IO, errno, "cannot look at %s", s->path);
    }
    return err_set(err, ERR_CORRUPT,
                   "%s is missing or empty (make a new "
                   "index: indexer -d NEW PATH...)",
                   s->path);
}

static int open_writer(struct store *s, const struct store_options *o,
                       struct err *err)
{
    uint32_t number;
    int rc = o->network ? 0 : filesystem_check(s->dir, err);

    if (rc == 0)
        rc = lock_take(s->dir, o, &s->lock_fd, err);
    if (rc < 0)
        return rc;
    rc = folder_current(s->dir, &number, err);
    if (rc > 0)
        folder_sweep(s->dir, number);
    /* a build does not mind what is wrong with the index it replaces */
    if (rc == 0 || (s->mode == STORE_BUILD && (rc > 0 || rc == ERR_CORRUPT)))
        return make_file(s, err);
    if (rc > 0)
        rc = set_number(s, number, err);
    if (rc == 0)
        rc = check_there(s, err);
    if (rc == 0)
        rc = env_open(s, err);
    return rc < 0 ? rc : mend_extent(s, err);
}

int store_open(struct store **out, const char *dir, enum store_mode mode,
               struct err *err)
{
    const struct store_options plain = {0};

    return store_open_with(out, dir, mode, &plain, err);
}

int store_open_with(struct store **out, const char *dir, enum store_mode mode,
                    const struct store_options *o, struct err *err)
{
    struct store *s = calloc(1, sizeof *s);
    int rc;

    *out = NULL;
    if (!s)
        return err_nomem(err);
    s->mode = mode;
    s->lock_fd = -1;
    s->txn.store = s;
    s->dir = strdup(dir);
    if (!s->dir)
        rc = err_nomem(err);
    else if (mode == STORE_READ)
        rc = open_reader(s, err);
    else
        rc = open_writer(s, o, err);
    if (rc < 0) {
        store_close(s);
        return rc;
    }
    *out = s;
    return 0;
}

/* Removes what was built and not published. Where CURRENT cannot be read it may
 * name just that; what is left over the next writer removes. */
static void discard_build(const struct store *s)
{
    uint32_t number;
    int rc = folder_current(s->dir, &number, NULL);

    if (rc == 0 || (rc > 0 && number != s->number))
        folder_unlink(s->dir, s->number);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    txn_abort(&s->txn);
    env_close(s);
    if (s->mode == STORE_BUILD && s->path)
        discard_build(s);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    free(s->path);
    free(s->dir);
    free(s);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

size_t store_max_value(const struct store *s)
{
    return s->page - ENV_PAGE_HEADER;
}

size_t store_inline_max(const struct store *s, size_t keylen)
{
    /* LMDB wants two entries in a leaf, each with an offset of 2 bytes */
    size_t node = ((s->page - ENV_PAGE_HEADER) / 2 & ~(size_t)1) - 2;

    return node - ENV_NODE_HEADER - keylen;
}

/* --- going over to another data file --- */

/* Whether s->path is the file that is open: a folder may have been removed
 * and made anew. */
static bool same_file(const struct store *s)
{
    mdb_filehandle_t fd;
    struct stat a, b;

    return mdb_env_get_fd(s->env, &fd) == 0 && fstat(fd, &a) == 0 &&
           stat(s->path, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

int store_refresh(struct store *s, struct err *err)
{
    uint32_t number;
    int rc = folder_current(s->dir, &number, err);

    if (s->env && rc > 0 && number == s->number && same_file(s))
        return 0;
    if (rc < 0)
        return rc;
    env_close(s);
    return open_reader(s, err);
}

/* Makes the data file in use durable and CURRENT, in place of `old`. */
static int publish(struct store *s, struct err *err)
{
    int rc = mdb_env_sync(s->env, 1);

    if (rc != 0)
        return env_fail(s, rc, "sync", err);
    rc = folder_switch(s->dir, s->number, err);
    if (rc == 0)
        folder_sweep(s->dir, s->number);
    return rc;
}

int store_publish(struct store *s, struct err *err)
{
    uint32_t number;
    int rc;

    if (s->mode != STORE_BUILD || s->txn.mdb)
        return err_set(err, ERR_USAGE, "nothing to publish in %s", s->dir);
    rc = publish(s, err);
    /* where the last sync failed CURRENT names the new file all the same, and
     * store_close must not remove it */
    if (rc < 0 &&
        (folder_current(s->dir, &number, NULL) <= 0 || number != s->number))
        return rc;
    mdb_env_set_flags(s->env, MDB_NOSYNC, 0);
    s->mode = STORE_WRITE;
    return rc;
}

int store_size(struct store *s, struct store_size *out, struct err *err)
{
    uint64_t pages, want;
    int rc = env_extent(s, &want, &out->file_bytes);

    if (rc == 0)
        rc = env_free_pages(s, 0, &pages);
    if (rc != 0)
        return env_fail(s, rc, "measure", err);
    out->used_bytes = want > pages * s->page ? want - pages * s->page : 0;
    return 0;
}
