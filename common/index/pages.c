#include "index/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/pages_state.h"

int pages_read(struct pages *p, uint64_t at, uint8_t *out, size_t n,
               struct err *err)
{
    while (n > 0) {
        ssize_t got = pread(p->fd, out, n, (off_t)at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_sys(err, ERR_IO, errno, "cannot read %s", p->path);
        if (got == 0)
            return err_set(err, ERR_CORRUPT, "%s is cut short", p->path);
        out += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return 0;
}

/* Both meta pages as they are now: the second lies one page behind the
 * first, which says how long a page is. */
static int read_metas(struct pages *p, struct page_meta meta[PAGE_METAS],
                      struct err *err)
{
    uint8_t page[PAGE_META_END];
    uint64_t i, size = 0;

    for (i = 0; i < PAGE_METAS; i++) {
        const char *what;
        int rc = pages_read(p, i * size, page, sizeof page, err);

        if (rc < 0)
            return rc;
        what = page_meta(page, i, &meta[i]);
        if (!what && i > 0 && meta[i].psize != size)
            what = "its pages are of another size";
        if (what)
            return err_set(err, ERR_CORRUPT, "page %" PRIu64 " of %s: %s", i,
                           p->path, what);
        size = meta[i].psize;
    }
    return 0;
}

static bool adjacent(const struct page_meta meta[PAGE_METAS])
{
    return meta[0].commit <= meta[1].commit + 1 &&
           meta[1].commit <= meta[0].commit + 1;
}

/* The same, not amidst a commit's writing of one. */
static int read_steady(struct pages *p, struct err *err)
{
    struct page_meta again[PAGE_METAS];
    struct stat st;
    int tries, rc = 0;

    for (tries = 0; tries < 100; tries++) {
        rc = read_metas(p, p->meta, err);
        if (rc == 0)
            rc = read_metas(p, again, err);
        if (rc == ERR_IO)
            return rc;
        if (rc == 0 && memcmp(again, p->meta, sizeof again) == 0)
            break;
    }
    if (rc < 0)
        return rc;
    if (!adjacent(p->meta))
        return err_set(err, ERR_CORRUPT,
                       "the meta pages of %s are not of adjacent commits",
                       p->path);
    if (fstat(p->fd, &st) < 0)
        return err_sys(err, ERR_IO, errno, "cannot read %s", p->path);
    p->size = p->meta[0].psize;
    p->have = (uint64_t)st.st_size / p->size;
    return 0;
}

static int open_file(struct pages *p, const char *path, struct err *err)
{
    struct stat st;

    p->path = strdup(path);
    if (!p->path)
        return err_nomem(err);
    /* a named pipe would make it wait */
    p->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (p->fd < 0)
        return err_sys(err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, errno,
                       "cannot open %s", path);
    if (fstat(p->fd, &st) < 0)
        return err_sys(err, ERR_IO, errno, "cannot read %s", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_CORRUPT, "%s is no regular file", path);
    return read_steady(p, err);
}

int pages_open(struct pages **out, const char *path, struct err *err)
{
    struct pages *p = calloc(1, sizeof *p);
    int rc;

    *out = NULL;
    if (!p)
        return err_nomem(err);
    p->fd = -1;
    rc = open_file(p, path, err);
    if (rc < 0)
        pages_close(p);
    else
        *out = p;
    return rc;
}

void pages_close(struct pages *p)
{
    if (!p)
        return;
    if (p->fd >= 0)
        close(p->fd);
    free(p->path);
    free(p);
}

/* The meta page of a commit, or NULL. */
static const struct page_meta *find(const struct pages *p, uint64_t commit)
{
    const struct page_meta *m = p->meta;

    if (commit == PAGES_NEWEST)
        return &m[m[0].commit < m[1].commit];
    return m[commit % PAGE_METAS].commit == commit ? &m[commit % PAGE_METAS]
                                                   : NULL;
}

int pages_walk(struct pages *p, uint64_t commit, struct pages_report *out,
               void (*say)(void *arg, const char *line), void *arg,
               struct err *err)
{
    const struct page_meta *meta;
    int rc = read_steady(p, err);

    memset(out, 0, sizeof *out);
    if (rc < 0)
        return rc;
    meta = find(p, commit);
    if (!meta)
        return 0;
    rc = pages_walk_from(p, meta, out, say, arg, err);
    return rc < 0 ? rc : 1;
}
