#include <inttypes.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "indexer/plan_work.h"
#include "indexer/read.h"

/* A guard that speaks up over fewer vanished documents would be a nuisance. */
enum { PURGE_FLOOR = 20 };

/* Whether a root or list would lose too much: ERR_REFUSED, 0. */
static int refuse(const struct plan *p, size_t i, struct err *err)
{
    const struct tally *t = &p->tally[i];
    uint64_t vanish = p->vanish[i];

    if (t->path && t->live == 0 && plan_gone(t->path))
        return err_set(err, ERR_REFUSED, "%s is gone; nothing was changed",
                       t->path);
    if (t->path && t->live > 0 && vanish == t->live && t->files == 0)
        return err_set(err, ERR_REFUSED,
                       "%s is %s; nothing was changed (if "
                       "its %" PRIu64 " documents shall go: "
                       "--max-purge=100%%)",
                       t->path, plan_gone(t->path) ? "gone" : "empty now",
                       t->live);
    if (vanish <= PURGE_FLOOR || vanish * 100 <= t->live * p->rules.max_purge)
        return 0;
    if (!t->path)
        return err_set(err, ERR_REFUSED,
                       "%" PRIu64 " of %" PRIu64
                       " documents are not on the list, more than %u %%; none "
                       "was removed (to allow it: --max-purge=100%%)",
                       vanish, t->live, p->rules.max_purge);
    return err_set(err, ERR_REFUSED,
                   "%" PRIu64 " of %" PRIu64
                   " documents of %s would be removed, more than %u %%; "
                   "nothing was changed (to allow it: --max-purge=100%%)",
                   vanish, t->live, t->path, p->rules.max_purge);
}

static int refuse_any(const struct plan *p, struct err *err)
{
    size_t i;
    int rc = 0;

    for (i = 0; i < p->ntallies && rc == 0; i++)
        rc = refuse(p, i, err);
    return rc;
}

/* Looks into the files that are to be read for the content of those that are
 * gone: renames across file systems, or of copies. */
static int look_inside(struct plan *p)
{
    struct todo_entry e;
    struct buf b = {0};
    struct stat st;
    int rc = 0, error;

    todo_rewind(p->todo);
    while ((rc = todo_next(p->todo, &e)) > 0) {
        const char *path = (const char *)e.path.p;

        if (e.op == TODO_REMOVE || stat(path, &st) < 0 ||
            !renames_size(p->renames, (uint64_t)st.st_size))
            continue;
        buf_clear(&b);
        if (read_file(path, p->rules.max_size, &b, &st, &error) == REASON_NONE)
            renames_by_content(p->renames, b.n, hash64(buf_view(&b)),
                               p->vanish);
    }
    todo_rewind(p->todo);
    buf_release(&b);
    return rc;
}

int plan_guard(struct plan *p, struct err *err)
{
    int rc;

    renames_by_looks(p->renames, p->vanish);
    if (p->rules.max_purge >= 100)
        return 0;
    rc = refuse_any(p, err);
    if (rc == 0)
        return 0;
    rc = look_inside(p);
    return rc < 0 ? err_nomem(err) : refuse_any(p, err);
}
