#include "indexer/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indexer/vec.h"

enum { BLOCK = 1 << 16 };

void sources_release(struct sources *s)
{
    buf_release(&s->names);
    free(s->folder);
    free(s->file);
    memset(s, 0, sizeof *s);
}

/* --- absolute paths --- */

/* The working folder and the path, as they are. */
static int lexical(const char *path, struct buf *out)
{
    char *cwd = path[0] == '/' ? NULL : getcwd(NULL, 0);
    int rc = 0;

    if (cwd && (buf_adds(out, cwd) < 0 || buf_addc(out, '/') < 0))
        rc = ERR_NOMEM;
    free(cwd);
    return rc < 0 ? rc : buf_adds(out, path);
}

int sources_id(const char *path, struct buf *out)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *folder, *real;
    int rc = ERR_NOMEM;

    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        real = realpath(path, NULL);
        rc = real ? buf_adds(out, real) : lexical(path, out);
        free(real);
        return rc;
    }
    folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (!folder)
        return ERR_NOMEM;
    real = realpath(folder, NULL);
    if (!real)
        rc = lexical(path, out);
    else if (buf_adds(out, real) == 0 &&
             (strcmp(real, "/") == 0 || buf_addc(out, '/') == 0))
        rc = buf_adds(out, name);
    free(real);
    free(folder);
    return rc;
}

/* Keeps what was appended to names from `at` on as a name of a list. */
static int keep(struct sources *s, size_t at, bool folder)
{
    size_t **list = folder ? &s->folder : &s->file;
    size_t *n = folder ? &s->nfolders : &s->nfiles;
    size_t *more = vec_grow(*list, folder ? &s->folder_cap : &s->file_cap,
                            *n + 1, sizeof *more);

    if (!more)
        return ERR_NOMEM;
    *list = more;
    if (buf_addc(&s->names, 0) < 0)
        return ERR_NOMEM;
    more[(*n)++] = at;
    return 0;
}

/* --- operands --- */

static int add_folder(struct sources *s, const char *path)
{
    size_t at = s->names.n;

    return buf_adds(&s->names, path) < 0 ? ERR_NOMEM : keep(s, at, true);
}

/* A root that was recorded and is no longer there: by path or by name. */
static const struct root *missing_root(const struct roots *roots,
                                       const char *path)
{
    struct buf id = {0};
    const struct root *found = NULL;
    size_t i;

    if (sources_id(path, &id) == 0)
        for (i = 0; i < roots->n && !found; i++)
            if (view_eq(buf_view(&id), view_str(roots->root[i].path)))
                found = &roots->root[i];
    buf_release(&id);
    return found;
}

int sources_operand(struct sources *s, struct roots *roots, const char *path,
                    bool *new_root, struct err *err)
{
    const struct root *root;
    size_t at = s->names.n;
    struct stat st;
    char *real;
    int rc, why;

    if (stat(path, &st) < 0) {
        why = errno;
        root = missing_root(roots, path);
        if (!root)
            return err_sys(err, ERR_NOTFOUND, why, "%s", path);
        return add_folder(s, root->path) < 0 ? err_nomem(err) : 0;
    }
    if (!S_ISDIR(st.st_mode)) {
        rc = sources_id(path, &s->names);
        return rc < 0 || keep(s, at, false) < 0 ? err_nomem(err) : 0;
    }
    real = realpath(path, NULL);
    if (!real)
        return err_sys(err, ERR_NOTFOUND, errno, "%s", path);
    rc = 0;
    if (!roots_of(roots, view_str(real))) {
        rc = roots_add(roots, real, path);
        *new_root = true;
    }
    if (rc == 0)
        rc = add_folder(s, real);
    free(real);
    return rc < 0 ? err_nomem(err) : 0;
}

int sources_roots(struct sources *s, const struct roots *roots, struct err *err)
{
    size_t i;

    if (roots->n == 0)
        return err_set(err, ERR_USAGE,
                       "nothing to index: no PATH was named "
                       "and the index has no folder recorded");
    for (i = 0; i < roots->n; i++)
        if (add_folder(s, roots->root[i].path) < 0)
            return err_nomem(err);
    return 0;
}

int sources_file(struct sources *s, struct view id)
{
    size_t at = s->names.n;

    return buf_add(&s->names, id) < 0 ? ERR_NOMEM : keep(s, at, false);
}

/* --- lists --- */

static int add_names(struct sources *s, struct buf *in, char end, bool last)
{
    size_t at = 0, start;

    while (at < in->n) {
        uint8_t *p = memchr(in->p + at, end, in->n - at);

        if (!p && !last)
            break;
        if (!p && buf_addc(in, end) == 0)
            p = in->p + in->n - 1;
        if (!p)
            return ERR_NOMEM;
        *p = 0;
        start = s->names.n;
        if (in->p[at] && (sources_id((const char *)in->p + at, &s->names) < 0 ||
                          keep(s, start, false) < 0))
            return ERR_NOMEM;
        at = (size_t)(p - in->p) + 1;
    }
    memmove(in->p, in->p + at, in->n - at);
    in->n -= at;
    return 0;
}

int sources_list(struct sources *s, const char *list, bool null,
                 struct err *err)
{
    int fd = strcmp(list, "-") == 0 ? STDIN_FILENO
                                    : open(list, O_RDONLY | O_CLOEXEC);
    struct buf in = {0};
    ssize_t n = 1;
    int rc = 0;

    if (fd < 0)
        return err_sys(err, ERR_IO, errno, "cannot open %s", list);
    while (rc == 0 && n > 0) {
        if (buf_reserve(&in, BLOCK) < 0) {
            rc = err_nomem(err);
            break;
        }
        n = read(fd, in.p + in.n, BLOCK);
        if (n < 0) {
            rc = err_sys(err, ERR_IO, errno, "cannot read %s", list);
            break;
        }
        in.n += (size_t)n;
        if (add_names(s, &in, null ? 0 : '\n', n == 0) < 0)
            rc = err_nomem(err);
    }
    if (fd != STDIN_FILENO)
        close(fd);
    buf_release(&in);
    return rc;
}

/* --- order --- */

static int compare(const void *a, const void *b, void *names)
{
    return strcmp((const char *)names + *(const size_t *)a,
                  (const char *)names + *(const size_t *)b);
}

static bool lies_in(const char *path, const char *folder)
{
    return roots_lies_in(view_str(path), view_str(folder));
}

static bool lies_below(const char *path, const char *folder)
{
    return strcmp(path, folder) != 0 && lies_in(path, folder);
}

static bool gone(const char *path)
{
    struct stat st;

    return stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

void sources_forget(const struct sources *s, struct roots *roots, bool *changed)
{
    size_t i, k, n = s ? s->nfolders : roots->n;

    for (i = roots->n; i-- > 0;)
        for (k = 0; k < n; k++) {
            const char *outer =
                s ? sources_name(s, s->folder[k]) : roots->root[k].path;

            if (lies_below(roots->root[i].path, outer) &&
                gone(roots->root[i].path)) {
                roots_drop(roots, i);
                n -= !s;
                *changed = true;
                break;
            }
        }
}

/* Adds the roots that lie in the folders. */
static int add_inner(struct sources *s, const struct roots *roots)
{
    size_t i, k, n = s->nfolders;

    for (i = 0; i < roots->n; i++)
        for (k = 0; k < n; k++)
            if (lies_in(roots->root[i].path, sources_name(s, s->folder[k]))) {
                if (add_folder(s, roots->root[i].path) < 0)
                    return ERR_NOMEM;
                break;
            }
    return 0;
}

/* Whether the walk of another folder comes to this one: it lies in that, and
 * in the same root. */
static bool walked(const struct sources *s, size_t n, const char *path,
                   const struct roots *roots)
{
    size_t k;

    for (k = 0; k < n; k++) {
        const char *folder = sources_name(s, s->folder[k]);

        if (lies_in(path, folder) && roots_of(roots, view_str(path)) ==
                                         roots_of(roots, view_str(folder)))
            return true;
    }
    return false;
}

int sources_sort(struct sources *s, const struct roots *roots)
{
    size_t i, n = 0;

    if (add_inner(s, roots) < 0)
        return ERR_NOMEM;
    if (s->nfiles)
        qsort_r(s->file, s->nfiles, sizeof *s->file, compare, s->names.p);
    for (i = 0; i < s->nfiles; i++)
        if (n == 0 || strcmp(sources_name(s, s->file[n - 1]),
                             sources_name(s, s->file[i])) != 0)
            s->file[n++] = s->file[i];
    s->nfiles = n;
    if (s->nfolders)
        qsort_r(s->folder, s->nfolders, sizeof *s->folder, compare, s->names.p);
    n = 0;
    for (i = 0; i < s->nfolders; i++)
        if (!walked(s, n, sources_name(s, s->folder[i]), roots))
            s->folder[n++] = s->folder[i];
    s->nfolders = n;
    return 0;
}

bool sources_cover(const struct sources *s, const struct roots *roots)
{
    size_t i, k;

    for (i = 0; i < roots->n; i++) {
        for (k = 0; k < s->nfolders; k++)
            if (lies_in(roots->root[i].path, sources_name(s, s->folder[k])))
                break;
        if (k == s->nfolders)
            return false;
    }
    return true;
}
