#include <stdlib.h>
#include <string.h>

#include "index/folder.h"
#include "index/pages.h"
#include "indexer/check.h"

enum {
    TRIES = 10,     /* where a writer is in the way */
    LINES_MAX = 100 /* that are kept */
};

/* What a walk said, kept until it is known whether it counts. */
struct lines {
    struct buf text; /* each with a NUL behind it */
    unsigned n;
    bool nomem;
};

static void keep(void *arg, const char *line)
{
    struct lines *l = arg;

    if (l->n++ < LINES_MAX &&
        (buf_adds(&l->text, line) < 0 || buf_addc(&l->text, 0) < 0))
        l->nomem = true;
}

static int open_pages(struct pages **out, const char *dir, char **path,
                      struct err *err)
{
    uint32_t number;
    int rc = folder_current(dir, &number, err);

    *path = NULL;
    if (rc == 0)
        return err_set(err, ERR_NOTFOUND, "no index in %s", dir);
    if (rc < 0)
        return rc;
    *path = folder_path(dir, number);
    return *path ? pages_open(out, *path, err) : err_nomem(err);
}

/* Walks what a reader's transaction holds. 1, 0 where a writer went over it
 * meanwhile. */
static int walk_held(struct pages *p, struct index *ix,
                     struct pages_report *found, struct lines *l,
                     struct err *err)
{
    struct txn *t;
    int rc = txn_begin(&t, ix->store, err);

    if (rc < 0)
        return rc;
    rc = pages_walk(p, txn_commit_number(t), found, keep, l, err);
    /* without a slot, pages may have been used again under the walk */
    if (rc > 0 && found->problems && !txn_intact(t))
        rc = 0;
    txn_abort(t);
    return rc;
}

/* One try. What LMDB does here reads meta pages alone. */
static int try_open(struct index *ix, const char *dir,
                    struct pages_report *found, struct lines *l,
                    struct err *err)
{
    struct pages *p = NULL;
    struct err why;
    char *path;
    int rc = open_pages(&p, dir, &path, err);

    if (rc == ERR_NOTFOUND) { /* says what to do; or CURRENT was switched */
        free(path);
        rc = index_open(ix, dir, err);
        if (rc == 0)
            index_close(ix);
        return rc;
    }
    if (rc == 0)
        rc = index_open(ix, dir, err);
    if (rc == 0 && strcmp(store_path(ix->store), path) == 0)
        rc = walk_held(p, ix, found, l, err);
    else if (rc == ERR_CORRUPT && p && /* a file cut short; where? */
             pages_walk(p, PAGES_NEWEST, found, keep, l, &why) > 0 &&
             found->problems)
        rc = 1;
    if (rc <= 0 && ix->store)
        index_close(ix);
    pages_close(p);
    free(path);
    return rc;
}

static int say_all(struct lines *l, void (*say)(void *arg, const char *line),
                   void *arg, struct err *err)
{
    size_t at;

    if (l->nomem)
        return err_nomem(err);
    for (at = 0; at < l->text.n; at += strlen((char *)l->text.p + at) + 1)
        say(arg, (char *)l->text.p + at);
    return 0;
}

int check_open(struct index *ix, const char *dir, struct check_report *out,
               void (*say)(void *arg, const char *line), void *arg,
               struct err *err)
{
    struct pages_report found = {0};
    struct lines l = {0};
    int tries, rc;

    memset(out, 0, sizeof *out);
    memset(ix, 0, sizeof *ix);
    if (!PAGES_KNOWN)
        return index_open(ix, dir, err);
    for (tries = 0; tries < TRIES; tries++) {
        buf_clear(&l.text);
        l.n = 0;
        rc = try_open(ix, dir, &found, &l, err);
        if (rc != 0)
            break;
    }
    if (rc == 0)
        rc = err_set(err, ERR_BUSY, "%s changes faster than it can be checked",
                     dir);
    if (rc > 0)
        rc = say_all(&l, say, arg, err);
    if (rc < 0 && ix->store)
        index_close(ix);
    out->pages = found.pages;
    out->problems = found.problems;
    buf_release(&l.text);
    return rc;
}
