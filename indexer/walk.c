#include "indexer/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/ignore.h"
#include "indexer/listing.h"
#include "indexer/open.h"
#include "indexer/vec.h"

enum {
    OPEN_LEVELS = 64 /* the innermost folders are kept open */
};

/* Why a folder is not entered, besides the errnos. */
enum {
    LOOP = WALK_LEFT_OUT + 1, /* it lies in itself */
    AWAY                      /* it is of another file system */
};

/* A folder that is being walked. */
struct level {
    int fd;       /* -1: closed for now */
    dev_t device; /* with `inode` says which folder it is; unset where */
    ino_t inode;  /* nobody asks */
    size_t path;  /* length of its path, with the slash */
    struct listing names;
};

struct walk {
    struct buf path; /* of the entry at hand, NUL behind it */
    struct level *level;
    size_t depth, cap;
    struct ignore ignore;      /* a level of it for each of `level`, above those
                             * for the folders around the first one */
    struct ignore patterns;    /* of the root */
    const struct roots *roots; /* may be NULL */
    size_t base;               /* length of the root's path, with the slash */
    unsigned flags;            /* the root's */
    const struct filters *filters; /* may be NULL */
    bool includes; /* among the patterns are some that take in */
    bool started;
};

const char *walk_error(const struct walk_entry *e)
{
    return e->error == WALK_LEFT_OUT
               ? "left out of the folder it lies in, by its name, an "
                 ".indexignore or --exclude"
               : strerror(e->error);
}

static size_t with_slash(const char *path)
{
    size_t n = strlen(path);

    return n > 0 && path[n - 1] == '/' ? n : n + 1;
}

int walk_open(struct walk **out, const char *folder, const struct roots *roots)
{
    struct walk *w = calloc(1, sizeof *w);
    const struct root *root = roots ? roots_of(roots, view_str(folder)) : NULL;
    int rc = w ? buf_adds(&w->path, folder) : ERR_NOMEM;

    *out = NULL;
    if (rc == 0) {
        w->roots = roots;
        w->base = with_slash(root ? root->path : folder);
        w->flags = root ? root->flags : 0;
        rc = ignore_patterns(&w->patterns, w->base, root ? root->patterns : "");
        w->includes =
            root && (root->patterns[0] == '+' || strstr(root->patterns, "\n+"));
    }
    if (rc == 0 && buf_cstr(&w->path)) {
        *out = w;
        return 0;
    }
    walk_close(w);
    return ERR_NOMEM;
}

void walk_filters(struct walk *w, const struct filters *filters)
{
    w->filters = filters;
}

static void level_release(struct level *l)
{
    if (l->fd >= 0)
        close(l->fd);
    listing_release(&l->names);
}

void walk_close(struct walk *w)
{
    if (!w)
        return;
    while (w->depth > 0)
        level_release(&w->level[--w->depth]);
    free(w->level);
    ignore_release(&w->ignore);
    ignore_release(&w->patterns);
    buf_release(&w->path);
    free(w);
}

/* Opens the folder `name`, or the first one that w->path names. It is not
 * reached by a link unless links are followed. */
static int open_folder(const struct walk *w, const char *name)
{
    int flags = O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC;
    char folder[NAME_MAX + 1] = "";
    size_t n = name ? strlen(name) - 1 : 0; /* without the slash */

    if (!name)
        return open_path((const char *)w->path.p, flags);
    if (n >= sizeof folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(folder, name, n);
    if (!(w->flags & ROOT_FOLLOW))
        flags |= O_NOFOLLOW;
    return openat(w->level[w->depth - 1].fd, folder, flags);
}

/* Whether the folder just opened is to be walked: 0, LOOP, AWAY, an errno. */
static int check_folder(const struct walk *w, struct level *l, int fd)
{
    struct stat st;
    size_t i;

    if (!(w->flags & (ROOT_FOLLOW | ROOT_ONE_FS)))
        return 0;
    if (fstat(fd, &st) < 0)
        return errno;
    l->device = st.st_dev;
    l->inode = st.st_ino;
    if ((w->flags & ROOT_ONE_FS) && w->depth > 0 &&
        st.st_dev != w->level[0].device)
        return AWAY;
    for (i = 0; i < w->depth; i++)
        if (w->level[i].inode == st.st_ino && w->level[i].device == st.st_dev)
            return LOOP;
    return 0;
}

/* Fills the level from the folder, which is closed. */
static int fill(struct walk *w, struct level *l, int fd)
{
    const struct listing_options o = {.hidden = w->flags & ROOT_HIDDEN,
                                      .follow = w->flags & ROOT_FOLLOW,
                                      .all = w->includes,
                                      .filters = w->filters};
    struct view none = {NULL, 0};
    DIR *dir = fdopendir(fd);
    int rc;

    if (!dir) {
        rc = errno;
        close(fd);
        return rc;
    }
    l->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    rc = l->fd < 0 ? errno : listing_read(&l->names, dir, &o);
    if (rc == 0)
        rc = l->names.rules ? ignore_read(&w->ignore, fd, w->path.n)
                            : ignore_enter(&w->ignore, w->path.n, none);
    closedir(dir);
    return rc;
}

/* Closes the outermost folder that is open, if there are too many: it is
 * opened again should the walk come back. */
static void close_outer(struct walk *w)
{
    struct level *l;

    if (w->depth <= OPEN_LEVELS)
        return;
    l = &w->level[w->depth - 1 - OPEN_LEVELS];
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}

/* Opens the folder that w->path names (it ends in `name`, or is the first one)
 * as a new level. 0, ERR_NOMEM, LOOP, AWAY, or an errno above 0. */
static int enter(struct walk *w, const char *name)
{
    struct level *l;
    int fd, rc;

    l = vec_grow(w->level, &w->cap, w->depth + 1, sizeof *l);
    if (!l)
        return ERR_NOMEM;
    w->level = l;
    l += w->depth;
    memset(l, 0, sizeof *l);
    l->fd = -1;
    l->path = w->path.n;
    fd = open_folder(w, name);
    if (fd < 0)
        return errno;
    rc = check_folder(w, l, fd);
    if (rc == 0)
        rc = fill(w, l, fd);
    else
        close(fd);
    if (rc != 0) {
        level_release(l);
        return rc;
    }
    w->depth++;
    close_outer(w);
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
static int descend(struct walk *w, const char *name, struct walk_entry *e)
{
    int rc = buf_cstr(&w->path) ? enter(w, name) : ERR_NOMEM;

    if (rc == 0 || rc == AWAY ||
        (name && (rc == ENOENT || rc == ENOTDIR || rc == ELOOP)))
        return 0;
    if (rc < 0)
        return rc;
    if (w->path.n > 1)
        w->path.n--; /* without the slash */
    return rc == LOOP ? found(w, e, WALK_LOOP, 0)
                      : found(w, e, WALK_BAD_FOLDER, rc);
}

/* Looks at the file w->path names: 1 with an entry, 0 if it is none. */
static int look(struct walk *w, const struct level *l, const char *name,
                struct walk_entry *e)
{
    if (!buf_cstr(&w->path))
        return ERR_NOMEM;
    if (fstatat(l->fd, name, &e->st, 0) == 0)
        return S_ISREG(e->st.st_mode) ? found(w, e, WALK_FILE, 0) : 0;
    if (errno == ENOENT || errno == ELOOP) /* gone, or a link to nowhere */
        return 0;
    return found(w, e, WALK_BAD_FILE, errno);
}

/* Whether the first n bytes of w->path, `name` at their end, are a folder that
 * is a root of its own. */
static bool is_root(const struct walk *w, size_t n)
{
    size_t i;

    for (i = 0; w->roots && i < w->roots->n; i++)
        if (view_eq(view_str(w->roots->root[i].path), view_of(w->path.p, n)))
            return true;
    return false;
}

/* Whether the name, which may have a slash at its end, is .git. */
static bool is_git(const char *name)
{
    return strncmp(name, ".git", 4) == 0 && name[4 + (name[4] == '/')] == 0;
}

/* Whether the file or folder whose path are the first n bytes of w->path, a NUL
 * behind them, is left out. */
static bool left_out(const struct walk *w, const char *name, bool folder)
{
    const char *path = (const char *)w->path.p;
    enum ignore_verdict v = IGNORE_NO_RULE;

    if (w->patterns.nrules)
        v = ignore_match(&w->patterns, path, folder);
    if (v != IGNORE_NO_RULE)
        return v == IGNORE_OUT;
    if ((!folder && !listing_takes(name, w->filters)) || is_git(name))
        return true;
    return w->ignore.nrules &&
           ignore_match(&w->ignore, path, folder) == IGNORE_OUT;
}

/* Goes on to what `name` is in the innermost folder. */
static int visit(struct walk *w, const char *name, struct walk_entry *e)
{
    struct level *l = &w->level[w->depth - 1];
    size_t last;
    bool folder, out;

    w->path.n = l->path;
    if (buf_adds(&w->path, name) < 0 || !buf_cstr(&w->path))
        return ERR_NOMEM;
    last = w->path.n - 1;
    folder = w->path.p[last] == '/';
    if (!folder)
        return left_out(w, name, false) ? 0 : look(w, l, name, e);
    w->path.p[last] = 0;
    out = left_out(w, name, true) || is_root(w, last);
    w->path.p[last] = '/';
    return out ? 0 : descend(w, name, e);
}

/* Opens the innermost folder if it was closed. One that is gone by now ends
 * there. As descend. */
static int reopen(struct walk *w, struct walk_entry *e)
{
    struct level *l = &w->level[w->depth - 1];

    if (l->fd >= 0)
        return 0;
    w->path.n = l->path;
    if (!buf_cstr(&w->path))
        return ERR_NOMEM;
    l->fd = open_folder(w, NULL);
    if (l->fd >= 0)
        return 0;
    l->names.at = l->names.n;
    if (errno == ENOENT || errno == ENOTDIR)
        return 0;
    w->path.n--;
    return found(w, e, WALK_BAD_FOLDER, errno);
}

/* Enters the rules of the folder whose path is so long, with the slash. */
static int outer_rules(struct walk *w, size_t n)
{
    uint8_t was;
    int fd, rc;

    was = w->path.p[n];
    w->path.p[n] = 0;
    fd = open_path((const char *)w->path.p, O_RDONLY | O_DIRECTORY);
    w->path.p[n] = was;
    if (fd < 0)
        return errno;
    rc = ignore_read(&w->ignore, fd, n);
    close(fd);
    return rc;
}

/* The folders from the root to the first one, which w->path names with a slash
 * behind it: their rules are the walk's too, and none of them may be left out.
 * 0, ERR_NOMEM, or what a walk_entry may have for an error. */
static int come_from_root(struct walk *w)
{
    size_t at, end;
    int rc = 0;

    for (at = w->base; at < w->path.n && rc == 0; at = end + 1) {
        const char *name = (const char *)w->path.p + at;
        bool out;

        rc = outer_rules(w, at);
        end = at + strcspn(name, "/");
        w->path.p[end] = 0;
        out = left_out(w, name, true) ||
              (name[0] == '.' && !(w->flags & ROOT_HIDDEN));
        w->path.p[end] = '/';
        if (rc == 0 && out)
            rc = WALK_LEFT_OUT;
    }
    return rc;
}

static int start(struct walk *w, struct walk_entry *e)
{
    int rc;

    w->started = true;
    if ((w->path.p[w->path.n - 1] != '/' && buf_addc(&w->path, '/') < 0) ||
        !buf_cstr(&w->path))
        return ERR_NOMEM;
    rc = come_from_root(w);
    if (rc <= 0)
        return rc < 0 ? rc : descend(w, NULL, e);
    w->path.n--;
    return found(w, e, WALK_BAD_FOLDER, rc);
}

int walk_next(struct walk *w, struct walk_entry *e)
{
    int rc = 0;

    if (!w->started)
        rc = start(w, e);
    while (rc == 0 && w->depth > 0) {
        struct level *l = &w->level[w->depth - 1];

        if (l->names.at < l->names.n)
            rc = reopen(w, e);
        if (rc == 0 && l->names.at < l->names.n) {
            rc = visit(w, listing_name(&l->names, l->names.at++), e);
        } else if (rc == 0) {
            level_release(l);
            ignore_leave(&w->ignore);
            w->depth--;
        }
    }
    return rc;
}
