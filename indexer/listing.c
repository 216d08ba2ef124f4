#include "indexer/listing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "indexer/formats/format.h"
#include "indexer/ignore.h"
#include "indexer/vec.h"

bool listing_takes(const char *name, const struct filters *filters)
{
    return format_named(name) || filters_find(filters, view_str(name));
}

enum kind { OTHER, FILE_LIKE, FOLDER };

static enum kind kind_of_mode(mode_t mode)
{
    if (S_ISDIR(mode))
        return FOLDER;
    return S_ISREG(mode) || S_ISLNK(mode) ? FILE_LIKE : OTHER;
}

/* What a name is; where links are not followed, stat tells later what one
 * leads to. */
static enum kind kind_of(int fd, const struct dirent *d, bool follow)
{
    struct stat st;

    if (d->d_type == DT_REG || (d->d_type == DT_LNK && !follow))
        return FILE_LIKE;
    if (d->d_type == DT_DIR)
        return FOLDER;
    if (d->d_type != DT_LNK && d->d_type != DT_UNKNOWN)
        return OTHER;
    if (fstatat(fd, d->d_name, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
        return FILE_LIKE;
    return kind_of_mode(st.st_mode);
}

static int add_name(struct listing *l, const char *name, bool folder)
{
    uint32_t *more = vec_grow(l->name, &l->cap, l->n + 1, sizeof *more);

    if (!more)
        return ERR_NOMEM;
    l->name = more;
    if (l->names.n > UINT32_MAX / 2)
        return ERR_NOMEM;
    l->name[l->n++] = (uint32_t)l->names.n;
    if (buf_adds(&l->names, name) < 0 ||
        (folder && buf_addc(&l->names, '/') < 0))
        return ERR_NOMEM;
    return buf_addc(&l->names, 0);
}

/* Whether the name need not be looked at any further. */
static bool unwanted(const struct dirent *d, const struct listing_options *o)
{
    const char *name = d->d_name;

    if (name[0] == '.' &&
        (!o->hidden || !name[1] || (name[1] == '.' && !name[2])))
        return true;
    if (o->all || d->d_type == DT_DIR || d->d_type == DT_UNKNOWN ||
        (d->d_type == DT_LNK && o->follow))
        return false;
    return !listing_takes(name, o->filters);
}

static int read_names(struct listing *l, DIR *dir,
                      const struct listing_options *o)
{
    bool current = false, lock = false;
    struct dirent *d;
    int rc = 0;

    for (errno = 0; rc == 0 && (d = readdir(dir)); errno = 0) {
        enum kind kind;

        current = current || strcmp(d->d_name, "CURRENT") == 0;
        lock = lock || strcmp(d->d_name, "writer.lock") == 0;
        l->rules = l->rules || strcmp(d->d_name, IGNORE_FILE) == 0;
        if (unwanted(d, o))
            continue;
        kind = kind_of(dirfd(dir), d, o->follow);
        if (kind == FOLDER ||
            (kind == FILE_LIKE &&
             (o->all || listing_takes(d->d_name, o->filters))))
            rc = add_name(l, d->d_name, kind == FOLDER);
    }
    if (rc == 0 && errno)
        return errno;
    if (current && lock)
        l->n = 0;
    return rc;
}

static int compare(const void *a, const void *b, void *names)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return strcmp((const char *)names + x, (const char *)names + y);
}

int listing_read(struct listing *l, DIR *dir, const struct listing_options *o)
{
    int rc = read_names(l, dir, o);

    if (rc == 0 && l->n)
        qsort_r(l->name, l->n, sizeof *l->name, compare, l->names.p);
    return rc;
}

void listing_release(struct listing *l)
{
    buf_release(&l->names);
    free(l->name);
    memset(l, 0, sizeof *l);
}
