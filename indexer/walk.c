#include "indexer/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/ignore.h"
#include "indexer/vec.h"

enum {
    OPEN_LEVELS = 64,      /* folders kept open; deeper ones by whole path */
    IGNORE_BYTES = 1 << 20 /* of an .indexignore that are read */
};

/* A folder that is being walked. */
struct level {
    int fd;           /* -1 beyond OPEN_LEVELS */
    size_t path;      /* length of its path, with the slash */
    struct buf names; /* NUL behind each; folders with a slash */
    uint32_t *name;   /* places in `names`, sorted */
    size_t n, cap;
    size_t at; /* next */
};

struct walk {
    struct buf path; /* of the entry at hand, NUL behind it */
    struct level *level;
    size_t depth, cap;
    struct ignore ignore; /* a level of it for each of `level` */
    bool started;
};

bool walk_wanted(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && (!strcasecmp(dot, ".txt") || !strcasecmp(dot, ".text") ||
                   !strcasecmp(dot, ".md"));
}

int walk_open(struct walk **out, const char *root)
{
    struct walk *w = calloc(1, sizeof *w);

    *out = w;
    if (w && buf_adds(&w->path, root) == 0 && buf_cstr(&w->path))
        return 0;
    walk_close(w);
    *out = NULL;
    return ERR_NOMEM;
}

static void level_release(struct level *l)
{
    if (l->fd >= 0)
        close(l->fd);
    buf_release(&l->names);
    free(l->name);
}

void walk_close(struct walk *w)
{
    if (!w)
        return;
    while (w->depth > 0)
        level_release(&w->level[--w->depth]);
    free(w->level);
    ignore_release(&w->ignore);
    buf_release(&w->path);
    free(w);
}

/* --- reading a folder --- */

enum kind { OTHER, FILE_LIKE, FOLDER };

static enum kind kind_of(int fd, const struct dirent *d)
{
    struct stat st;

    switch (d->d_type) {
    case DT_REG:
    case DT_LNK: /* stat tells later what it leads to */
        return FILE_LIKE;
    case DT_DIR:
        return FOLDER;
    case DT_UNKNOWN: /* a file system that does not say */
        if (fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            return FILE_LIKE;
        if (S_ISDIR(st.st_mode))
            return FOLDER;
        return S_ISREG(st.st_mode) || S_ISLNK(st.st_mode) ? FILE_LIKE : OTHER;
    default:
        return OTHER;
    }
}

static int add_name(struct level *l, const char *name, bool folder)
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

/* Takes the names that are wanted; an index folder has none. *rules: whether
 * there is a file of rules. */
static int read_names(struct level *l, DIR *dir, bool *rules)
{
    bool current = false, lock = false;
    struct dirent *d;
    int rc = 0;

    for (errno = 0; rc == 0 && (d = readdir(dir)); errno = 0) {
        enum kind kind;

        current = current || strcmp(d->d_name, "CURRENT") == 0;
        lock = lock || strcmp(d->d_name, "writer.lock") == 0;
        *rules = *rules || strcmp(d->d_name, IGNORE_FILE) == 0;
        if (d->d_name[0] == '.')
            continue;
        if (d->d_type != DT_DIR && d->d_type != DT_UNKNOWN &&
            !walk_wanted(d->d_name))
            continue;
        kind = kind_of(dirfd(dir), d);
        if (kind == FOLDER || (kind == FILE_LIKE && walk_wanted(d->d_name)))
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

/* Enters the rules of the folder `fd`, which has some. A rule file that cannot be read fails
 * the folder: what it would leave out must not get in. 0, ERR_NOMEM, errno. */
static int read_rules(struct walk *w, int fd)
{
    struct buf b = {0};
    struct stat st;
    ssize_t n = 0;
    int rc = 0, file;

    file = openat(fd, IGNORE_FILE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return errno;
    if (fstat(file, &st) == 0 && S_ISREG(st.st_mode)) {
        do {
            rc = buf_reserve(&b, 4096);
            n = rc == 0 ? read(file, b.p + b.n, 4096) : 0;
            b.n += n > 0 ? (size_t)n : 0;
        } while (n > 0 && b.n < IGNORE_BYTES);
        if (n < 0)
            rc = errno;
    }
    close(file);
    if (rc == 0)
        rc = ignore_enter(&w->ignore, w->path.n, buf_view(&b));
    buf_release(&b);
    return rc;
}

/* Opens the folder that w->path names (it ends in a slash) as a new level.
 * 0, ERR_NOMEM, or an errno above 0. */
static int enter(struct walk *w)
{
    struct view none = {NULL, 0};
    struct level *l;
    bool rules = false;
    DIR *dir;
    int fd, rc;

    l = vec_grow(w->level, &w->cap, w->depth + 1, sizeof *l);
    if (!l)
        return ERR_NOMEM;
    w->level = l;
    l += w->depth;
    memset(l, 0, sizeof *l);
    l->path = w->path.n;
    fd = open((const char *)w->path.p,
              O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno;
    l->fd = w->depth < OPEN_LEVELS ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    dir = fdopendir(fd);
    if (!dir) {
        rc = errno;
        close(fd);
    } else {
        rc = read_names(l, dir, &rules);
        if (rc == 0)
            rc = rules ? read_rules(w, dirfd(dir))
                       : ignore_enter(&w->ignore, w->path.n, none);
        closedir(dir);
    }
    if (rc != 0) {
        level_release(l);
        return rc;
    }
    if (l->n)
        qsort_r(l->name, l->n, sizeof *l->name, compare, l->names.p);
    w->depth++;
    return 0;
}

/* --- walking --- */

static int found(struct walk *w, struct walk_entry *e, enum walk_kind kind,
                 int error)
{
    e->kind = kind;
    e->error = error;
    e->path = buf_view(&w->path);
    return buf_cstr(&w->path) ? 1 : ERR_NOMEM;
}

/* Goes into the folder w->path names: 0, or 1 with an entry where that
 * failed. One that is gone by now was never there. */
static int descend(struct walk *w, struct walk_entry *e)
{
    int rc = buf_cstr(&w->path) ? enter(w) : ERR_NOMEM;

    if (rc <= 0 || ((rc == ENOENT || rc == ENOTDIR) && w->depth > 0))
        return rc < 0 ? rc : 0;
    if (w->path.n > 1)
        w->path.n--; /* without the slash */
    return found(w, e, WALK_BAD_FOLDER, rc);
}

/* Looks at the file w->path names: 1 with an entry, 0 if it is none. */
static int look(struct walk *w, const struct level *l, const char *name,
                struct walk_entry *e)
{
    int rc;

    if (!buf_cstr(&w->path))
        return ERR_NOMEM;
    rc = l->fd >= 0 ? fstatat(l->fd, name, &e->st, 0)
                    : stat((const char *)w->path.p, &e->st);
    if (rc == 0)
        return S_ISREG(e->st.st_mode) ? found(w, e, WALK_FILE, 0) : 0;
    if (errno == ENOENT || errno == ELOOP) /* gone, or a link to nowhere */
        return 0;
    return found(w, e, WALK_BAD_FILE, errno);
}

static int start(struct walk *w, struct walk_entry *e)
{
    w->started = true;
    if (w->path.p[w->path.n - 1] != '/' && buf_addc(&w->path, '/') < 0)
        return ERR_NOMEM;
    return descend(w, e);
}

/* Whether a rule leaves out what w->path names. */
static bool left_out(struct walk *w)
{
    size_t last = w->path.n - 1;
    bool folder = w->path.p[last] == '/', out;

    if (w->ignore.nrules == 0)
        return false;
    w->path.p[folder ? last : last + 1] = 0;
    out = ignore_match(&w->ignore, (const char *)w->path.p, folder);
    if (folder)
        w->path.p[last] = '/';
    return out;
}

int walk_next(struct walk *w, struct walk_entry *e)
{
    int rc = 0;

    if (!w->started)
        rc = start(w, e);
    while (rc == 0 && w->depth > 0) {
        struct level *l = &w->level[w->depth - 1];
        const char *name;

        if (l->at == l->n) {
            level_release(l);
            ignore_leave(&w->ignore);
            w->depth--;
            continue;
        }
        name = (const char *)l->names.p + l->name[l->at++];
        w->path.n = l->path;
        if (buf_adds(&w->path, name) < 0 || !buf_cstr(&w->path))
            return ERR_NOMEM;
        if (left_out(w))
            continue;
        if (w->path.p[w->path.n - 1] == '/')
            rc = descend(w, e);
        else
            rc = look(w, l, name, e);
    }
    return rc;
}
