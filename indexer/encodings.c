#include "indexer/encodings.h"

#include <stdlib.h>

#include "base/hash.h"
#include "index/record.h"
#include "indexer/vec.h"

/* Adds the rule of one line: 1; 0 where no such encoding is known;
 * ERR_USAGE for what is no rule; ERR_NOMEM. */
static int add_rule(struct encodings *e, struct view line)
{
    const uint8_t *eq = line.n ? memrchr(line.p, '=', line.n) : NULL;
    struct encoding_rule *rule;
    struct buf pattern = {0};
    struct view glob;
    int rc;

    if (!eq || eq == line.p || memchr(line.p, '\n', line.n))
        return ERR_USAGE;
    glob = view_sub(line, 0, (size_t)(eq - line.p));
    rule = vec_grow(e->rule, &e->cap, e->n + 1, sizeof *rule);
    if (!rule)
        return ERR_NOMEM;
    e->rule = rule;
    rule += e->n;
    memset(rule, 0, sizeof *rule);
    if (!charset_name(view_sub(line, glob.n + 1, line.n), rule->name))
        return 0;
    if (buf_addc(&pattern, '-') < 0 || buf_add(&pattern, glob) < 0 ||
        buf_addc(&pattern, '\n') < 0 || !buf_cstr(&pattern))
        rc = ERR_NOMEM;
    else
        rc = ignore_patterns(&rule->glob, 0, buf_cstr(&pattern));
    buf_release(&pattern);
    if (rc == 0 && rule->glob.nrules == 0)
        rc = ERR_USAGE; /* of slashes alone */
    if (rc == 0 &&
        (buf_add(&e->list, line) < 0 || buf_addc(&e->list, '\n') < 0))
        rc = ERR_NOMEM;
    if (rc < 0) {
        ignore_release(&rule->glob);
        return rc;
    }
    e->n++;
    return 1;
}

int encodings_add(struct encodings *e, const char *value, struct err *err)
{
    const char *eq = strrchr(value, '=');
    int rc;

    e->given = true;
    if (!*value)
        return 0;
    rc = add_rule(e, view_str(value));
    if (rc == ERR_NOMEM)
        return err_nomem(err);
    if (rc == ERR_USAGE)
        return err_set(err, ERR_USAGE,
                       "--encoding: '%s' is not GLOB=NAME, such as "
                       "'old/*.txt=latin1'",
                       value);
    if (rc == 0)
        return err_set(err, ERR_USAGE,
                       "--encoding: no encoding is called '%s' (iconv -l lists "
                       "them)",
                       eq + 1);
    return 0;
}

/* --- which it is --- */

/* Whether the rule fits the file or a folder it is in; `path` is relative, and
 * as it was when the function returns. */
static bool fits(const struct encoding_rule *r, char *path)
{
    bool fit = false;
    char *slash;

    for (slash = strchr(path, '/'); slash && !fit;
         slash = strchr(slash + 1, '/')) {
        *slash = 0;
        fit = ignore_match(&r->glob, path, true) == IGNORE_OUT;
        *slash = '/';
    }
    return fit || ignore_match(&r->glob, path, false) == IGNORE_OUT;
}

const char *encodings_of(const struct encodings *e, const struct roots *roots,
                         struct view path)
{
    const struct root *root;
    const char *name = NULL;
    struct buf b = {0};
    size_t i, skip = 0;

    if (!e || e->n == 0)
        return NULL;
    root = roots ? roots_of(roots, path) : NULL;
    if (root)
        skip = strlen(root->path);
    if (skip == path.n && skip) /* the root is that file */
        while (skip && path.p[skip - 1] != '/')
            skip--;
    while (skip < path.n && path.p[skip] == '/')
        skip++;
    /* where memory is out, what comes next will say so */
    if (buf_add(&b, view_sub(path, skip, path.n)) == 0 && buf_cstr(&b))
        for (i = e->n; !name && i-- > 0;)
            if (fits(&e->rule[i], (char *)b.p))
                name = e->rule[i].name;
    buf_release(&b);
    return name;
}

uint32_t encodings_mark(const char *name)
{
    uint32_t mark = name ? checksum32(view_str(name)) : 0;

    return name && !mark ? 1 : mark;
}

/* --- what is recorded --- */

static int read_list(struct encodings *e, struct view list)
{
    while (list.n) {
        const uint8_t *end = memchr(list.p, '\n', list.n);
        int rc;

        if (!end)
            return ERR_CORRUPT;
        rc = add_rule(e, view_sub(list, 0, (size_t)(end - list.p)));
        if (rc < 0)
            return rc == ERR_USAGE ? ERR_CORRUPT : rc;
        list = view_sub(list, (size_t)(end - list.p) + 1, list.n);
    }
    return 0;
}

int encodings_read(struct txn *t, struct encodings *e, struct err *err)
{
    struct buf b = {0};
    store_db meta;
    int rc = txn_open_db(t, "meta", false, &meta, err);

    if (rc > 0)
        rc = record_get(t, meta, view_str("encodings"), &b, err);
    if (rc > 0) {
        rc = read_list(e, buf_view(&b));
        if (rc == ERR_NOMEM)
            err_nomem(err);
        else if (rc < 0)
            err_set(err, rc, "index damaged: the list of encodings is wrong");
    }
    buf_release(&b);
    if (rc < 0)
        encodings_release(e);
    return rc;
}

int encodings_write(struct txn *t, const struct encodings *e, struct err *err)
{
    store_db meta;
    int rc = txn_open_db(t, "meta", true, &meta, err);

    if (rc <= 0)
        return rc;
    if (e->list.n == 0)
        return record_del(t, meta, view_str("encodings"), err);
    return record_put(t, meta, view_str("encodings"), buf_view(&e->list), err);
}

int encodings_replace(struct encodings *to, const struct encodings *from)
{
    if (view_eq(buf_view(&to->list), buf_view(&from->list)))
        return 0;
    encodings_release(to);
    return read_list(to, buf_view(&from->list)) < 0 ? ERR_NOMEM : 1;
}

void encodings_release(struct encodings *e)
{
    size_t i;

    for (i = 0; i < e->n; i++)
        ignore_release(&e->rule[i].glob);
    free(e->rule);
    buf_release(&e->list);
    memset(e, 0, sizeof *e);
}
