#include "indexer/remove.h"

#include <string.h>
#include <unistd.h>

#include "indexer/sources.h"
#include "indexer/todo.h"

/* Removes the source of that id: 1, 0 if there is none. */
static int remove_source(struct intake *in, struct view id, bool record,
                         struct err *err)
{
    uint8_t key[SOURCE_KEY_MAX];
    struct source row;
    int rc = commit_source(in->commit, id, &row, err);

    if (rc <= 0 || (record && !(row.flags & SOURCE_RECORD)))
        return rc < 0 ? rc : 0;
    rc = intake_remove(in, view_of(key, source_key(id, key)), err);
    return rc < 0 ? rc : 1;
}

/* Notes the keys of all files below the folder `below`, which ends in a
 * slash. */
static int list_below(struct intake *in, struct view below, struct todo *todo,
                      struct err *err)
{
    struct view head = view_sub(below, 0, below.n < 384 ? below.n : 384);
    struct view key, val;
    struct source row;
    struct cursor *c;
    store_db db;
    int rc = commit_begin(in->commit, err);

    if (rc == 0)
        rc = txn_open_db(in->commit->txn, "path", false, &db, err);
    if (rc > 0)
        rc = cursor_open(&c, in->commit->txn, db, err);
    else
        return rc;
    if (rc < 0)
        return rc;
    for (rc = cursor_seek(c, head, &key, &val);
         rc > 0 && key.n >= head.n && memcmp(key.p, head.p, head.n) == 0;
         rc = cursor_next(c, &key, &val)) {
        rc = source_decode(val, &row, err);
        if (rc > 0 && !(row.flags & SOURCE_RECORD) &&
            todo_add(todo, TODO_REMOVE, key) < 0)
            rc = err_nomem(err);
        if (rc < 0)
            break;
    }
    cursor_close(c);
    return rc < 0 ? rc : 0;
}

/* Removes all below a folder, and the folder from the roots: how many, or
 * negative. */
static int remove_below(struct intake *in, struct buf *folder, struct err *err)
{
    struct roots *roots = &in->commit->roots;
    struct todo todo = {0};
    struct todo_entry e;
    int rc = 0, n = 0;

    if (roots_remove(roots, buf_view(folder))) {
        in->commit->roots_changed = true;
        n = 1;
    }
    if (folder->n > 1 && buf_addc(folder, '/') < 0)
        rc = err_nomem(err);
    if (rc == 0)
        rc = list_below(in, buf_view(folder), &todo, err);
    while (rc == 0 && (rc = todo_next(&todo, &e)) > 0) {
        n = 1;
        rc = intake_remove(in, e.path, err);
    }
    todo_release(&todo);
    return rc < 0 ? rc : n;
}

/* What is still there, in a root, is taken in by the next run. */
static void warn_if_there(struct intake *in, const char *path)
{
    struct err said;

    if (!roots_of(&in->commit->roots, view_str(path)) || access(path, F_OK) < 0)
        return;
    err_set(&said, ERR_USAGE,
            "warning: %s is still there: the next run takes it in again "
            "(--exclude leaves it out)",
            path);
    report_error(in->report, &said);
}

/* By the absolute path in `path`. */
static int remove_path(struct intake *in, struct buf *path, struct err *err)
{
    int rc;

    while (path->n > 1 && path->p[path->n - 1] == '/')
        path->n--;
    if (!buf_cstr(path))
        return err_nomem(err);
    rc = remove_source(in, buf_view(path), false, err);
    if (rc > 0)
        warn_if_there(in, buf_cstr(path));
    return rc != 0 ? rc : remove_below(in, path, err);
}

int remove_operand(struct intake *in, const char *operand, struct err *err)
{
    struct view id = view_str(operand);
    struct buf path = {0};
    int rc = remove_source(in, id, true, err);

    if (rc == 0)
        rc = sources_id(operand, &path) < 0 ? err_nomem(err)
                                            : remove_path(in, &path, err);
    if (rc == 0) {
        buf_clear(&path);
        rc = roots_resolve(&in->commit->roots, id, &path) < 0
                 ? err_nomem(err)
                 : remove_path(in, &path, err);
    }
    if (rc == 0)
        report_verdict(in->report, id, VERDICT_FAILED,
                       "there is no document of that name");
    buf_release(&path);
    return rc < 0 ? rc : 0;
}
