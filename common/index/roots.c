#include "index/roots.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "index/record.h"

static char *copy(struct view v)
{
    char *s = malloc(v.n + 1);

    if (!s)
        return NULL;
    if (v.n)
        memcpy(s, v.p, v.n);
    s[v.n] = 0;
    return s;
}

static void release(struct root *root)
{
    free(root->path);
    free(root->name);
    free(root->patterns);
}

static int append(struct roots *r, struct view path, struct view name)
{
    struct root *root = realloc(r->root, (r->n + 1) * sizeof *root);

    if (!root)
        return ERR_NOMEM;
    r->root = root;
    root += r->n;
    root->path = copy(path);
    root->name = copy(name);
    root->flags = 0;
    root->patterns = copy(view_str(""));
    if (!root->path || !root->name || !root->patterns) {
        release(root);
        return ERR_NOMEM;
    }
    r->n++;
    return 0;
}

int roots_select(struct root *root, unsigned flags, const char *patterns)
{
    char *mine;

    if (root->flags == flags && strcmp(root->patterns, patterns) == 0)
        return 0;
    mine = copy(view_str(patterns));
    if (!mine)
        return ERR_NOMEM;
    free(root->patterns);
    root->patterns = mine;
    root->flags = flags;
    return 1;
}

void roots_drop(struct roots *r, size_t i)
{
    release(&r->root[i]);
    r->n--;
    memmove(&r->root[i], &r->root[i + 1], (r->n - i) * sizeof *r->root);
}

/* Without trailing slashes, but for "/" itself. */
static struct view trim_end(struct view v)
{
    while (v.n > 1 && v.p[v.n - 1] == '/')
        v.n--;
    return v;
}

/* A root's name as the header has it: "./docs/" is "docs", "." is "". */
static struct view trim_name(struct view v)
{
    v = trim_end(v);
    while (v.n >= 2 && v.p[0] == '.' && v.p[1] == '/') {
        v = view_sub(v, 2, v.n);
        while (v.n && v.p[0] == '/')
            v = view_sub(v, 1, v.n);
    }
    if (v.n == 1 && v.p[0] == '.')
        v.n = 0;
    return v;
}

int roots_add(struct roots *r, const char *path, const char *name)
{
    struct view p = trim_end(view_str(path));
    struct view n = trim_name(view_str(name));
    size_t i;

    for (i = 0; i < r->n; i++) {
        if (view_eq(view_str(r->root[i].path), p))
            return 0;
        if (view_eq(view_str(r->root[i].name), n))
            n = p;
    }
    return append(r, p, n);
}

bool roots_remove(struct roots *r, struct view path)
{
    size_t i, n = 0;
    bool any;

    for (i = 0; i < r->n; i++) {
        struct view p = view_str(r->root[i].path);

        if (p.n >= path.n && memcmp(p.p, path.p, path.n) == 0 &&
            (p.n == path.n || path.n == 1 || p.p[path.n] == '/')) {
            release(&r->root[i]);
        } else {
            r->root[n++] = r->root[i];
        }
    }
    any = n < r->n;
    r->n = n;
    return any;
}

void roots_release(struct roots *r)
{
    size_t i;

    for (i = 0; i < r->n; i++)
        release(&r->root[i]);
    free(r->root);
    r->root = NULL;
    r->n = 0;
}

/* Whether it is what a root's `patterns` may be. */
static bool good_patterns(struct view v)
{
    size_t i;
    bool first = true;

    for (i = 0; i < v.n; i++) {
        if (v.p[i] == 0 || (first && v.p[i] != '+' && v.p[i] != '-'))
            return false;
        first = v.p[i] == '\n';
    }
    return v.n == 0 || first;
}

/* Behind all names, what is taken in of each root. An index in which all
 * roots have what is usual ends before. */
static int decode_selections(struct rd *r, struct roots *out)
{
    size_t i;

    for (i = 0; i < out->n && rd_left(r) > 0; i++) {
        uint64_t flags = rd_varint(r);
        struct view patterns = rd_bytes(r, rd_varint(r));

        if (r->bad || flags > ROOT_FLAGS || !good_patterns(patterns))
            return ERR_CORRUPT;
        free(out->root[i].patterns);
        out->root[i].flags = (unsigned)flags;
        out->root[i].patterns = copy(patterns);
        if (!out->root[i].patterns)
            return ERR_NOMEM;
    }
    return i < out->n && i > 0 ? ERR_CORRUPT : 0;
}

static int decode(struct view v, struct roots *out)
{
    struct rd r = rd_of(v);
    uint64_t count = rd_varint(&r);
    int rc;

    while (count-- > 0 && !r.bad) {
        struct view path = rd_bytes(&r, rd_varint(&r));
        struct view name = rd_bytes(&r, rd_varint(&r));

        if (r.bad || (path.n && memchr(path.p, 0, path.n)) ||
            (name.n && memchr(name.p, 0, name.n)))
            return ERR_CORRUPT;
        if (append(out, path, name) < 0)
            return ERR_NOMEM;
    }
    rc = r.bad ? ERR_CORRUPT : decode_selections(&r, out);
    return rc == 0 && rd_left(&r) ? ERR_CORRUPT : rc;
}

int roots_read(struct txn *t, struct roots *out, struct err *err)
{
    struct buf b = {0};
    store_db meta;
    int rc;

    memset(out, 0, sizeof *out);
    rc = txn_open_db(t, "meta", false, &meta, err);
    if (rc > 0)
        rc = record_get(t, meta, view_str("roots"), &b, err);
    if (rc > 0) {
        rc = decode(buf_view(&b), out);
        if (rc == ERR_NOMEM)
            err_nomem(err);
        else if (rc < 0)
            err_set(err, rc, "index damaged: the list of its roots is wrong");
    }
    buf_release(&b);
    if (rc < 0)
        roots_release(out);
    return rc;
}

static int encode(const struct roots *r, struct buf *b)
{
    int rc = buf_addvar(b, r->n);
    bool usual = true;
    size_t i;

    for (i = 0; i < r->n && rc == 0; i++) {
        struct view path = view_str(r->root[i].path);
        struct view name = view_str(r->root[i].name);

        if (buf_addvar(b, path.n) < 0 || buf_add(b, path) < 0 ||
            buf_addvar(b, name.n) < 0 || buf_add(b, name) < 0)
            rc = ERR_NOMEM;
        usual = usual && !r->root[i].flags && !r->root[i].patterns[0];
    }
    for (i = 0; i < r->n && rc == 0 && !usual; i++) {
        struct view patterns = view_str(r->root[i].patterns);

        if (buf_addvar(b, r->root[i].flags) < 0 ||
            buf_addvar(b, patterns.n) < 0 || buf_add(b, patterns) < 0)
            rc = ERR_NOMEM;
    }
    return rc;
}

int roots_write(struct txn *t, const struct roots *r, struct err *err)
{
    struct buf b = {0};
    store_db meta;
    int rc = txn_open_db(t, "meta", true, &meta, err);

    if (rc > 0)
        rc = encode(r, &b) < 0
                 ? err_nomem(err)
                 : record_put(t, meta, view_str("roots"), buf_view(&b), err);
    buf_release(&b);
    return rc;
}

/* Whether `path` is `root` or lies in it; *rest gets what follows, without
 * the slash between. */
static bool lies_in(struct view path, struct view root, struct view *rest)
{
    if (path.n < root.n || !view_eq(view_sub(path, 0, root.n), root))
        return false;
    *rest = view_sub(path, root.n, path.n);
    if (rest->n == 0 || (root.n && root.p[root.n - 1] == '/'))
        return true;
    if (rest->p[0] != '/')
        return false;
    *rest = view_sub(*rest, 1, rest->n);
    return true;
}

bool roots_lies_in(struct view path, struct view folder)
{
    struct view rest;

    return lies_in(path, folder, &rest);
}

/* The root path lies in, with what follows its name in *rest. */
static const struct root *find_root(const struct roots *r, struct view path,
                                    struct view *rest)
{
    const struct root *best = NULL;
    struct view behind;
    size_t i, len = 0;

    for (i = 0; i < r->n; i++) {
        struct view root = view_str(r->root[i].path);

        if (root.n > len && lies_in(path, root, &behind)) {
            best = &r->root[i];
            len = root.n;
            *rest = behind;
        }
    }
    return best;
}

const struct root *roots_of(const struct roots *r, struct view path)
{
    struct view rest;

    return find_root(r, path, &rest);
}

/* Appends `base`, a slash where both have something, and `rest`. */
static int add_path(struct buf *out, struct view base, struct view rest)
{
    if (buf_reserve(out, base.n + 1 + rest.n) < 0)
        return ERR_NOMEM;
    buf_put(out, base);
    if (base.n && rest.n && base.p[base.n - 1] != '/')
        out->p[out->n++] = '/';
    buf_put(out, rest);
    return 0;
}

int roots_show(const struct roots *r, struct view id, struct buf *out)
{
    struct view rest = id;
    const struct root *root = find_root(r, id, &rest);

    if (!root)
        return buf_add(out, id);
    if (rest.n == 0 && !root->name[0])
        return buf_addc(out, '.');
    return add_path(out, view_str(root->name), rest);
}

int roots_resolve(const struct roots *r, struct view shown, struct buf *out)
{
    const struct root *best = NULL;
    struct view rest, best_rest = {NULL, 0};
    size_t i, len = 0;

    shown = trim_name(shown);
    for (i = 0; i < r->n; i++) {
        struct view name = view_str(r->root[i].name);
        bool in;

        if (name.n == 0) { /* the root named ".": any relative path */
            rest = shown;
            in = shown.n == 0 || shown.p[0] != '/';
        } else {
            in = lies_in(shown, name, &rest);
        }
        if (in && (!best || name.n > len)) {
            best = &r->root[i];
            best_rest = rest;
            len = name.n;
        }
    }
    if (!best)
        return buf_add(out, shown);
    return add_path(out, view_str(best->path), best_rest);
}
