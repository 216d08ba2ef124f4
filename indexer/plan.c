#include "indexer/plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/read.h"
#include "indexer/vec.h"
#include "indexer/walk.h"

/* A guard that speaks up over fewer vanished documents would be a nuisance. */
enum { PURGE_FLOOR = 20 };

/* Keys of paths that are cut and hashed are not in the order of the paths. */
enum { LONG_KEY = SOURCE_KEY_MAX };

struct long_key {
    uint8_t key[LONG_KEY];
};

struct plan {
    struct report *report; /* borrowed, as are txn and todo */
    struct txn *txn;
    struct plan_limits limits;
    struct cursor *cursor; /* over the path table; NULL while it is empty */
    struct err *err;
    struct todo *todo;
    /* the root at hand */
    struct buf below;  /* its path, with a slash */
    struct buf barred; /* a folder that could not be read, with a slash */
    struct view key;   /* where the cursor stands … */
    struct source row;
    bool more;             /* … if it does */
    uint64_t live;         /* documents below the root */
    uint64_t vanish;       /* and those without a file */
    uint64_t files;        /* seen in the walk */
    struct long_key *seen; /* long keys of files in the walk */
    size_t nseen, seen_cap;
    struct long_key *pending; /* long keys of records */
    size_t npending, pending_cap;
};

int plan_open(struct plan **out, struct todo *todo, struct report *report,
              struct txn *t, const struct plan_limits *limits, struct err *err)
{
    struct plan *p = calloc(1, sizeof *p);
    store_db db;
    int rc;

    *out = NULL;
    if (!p)
        return err_nomem(err);
    p->todo = todo;
    p->report = report;
    p->txn = t;
    p->limits = *limits;
    p->err = err;
    rc = txn_open_db(t, "path", false, &db, err);
    if (rc > 0)
        rc = cursor_open(&p->cursor, t, db, err);
    if (rc < 0) {
        plan_free(p);
        return rc;
    }
    *out = p;
    return 0;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    cursor_close(p->cursor);
    free(p->seen);
    free(p->pending);
    buf_release(&p->below);
    buf_release(&p->barred);
    free(p);
}

static int add_entry(struct plan *p, enum todo_op op, struct view path)
{
    return todo_add(p->todo, op, path) < 0 ? err_nomem(p->err) : 0;
}

/* --- judging a file by its looks --- */

/* Whether the file is as it was when its record was written. */
static bool unchanged(const struct plan *p, const struct source *row,
                      const struct stat *st)
{
    struct source now = {0};

    read_stat(&now, st);
    return !(row->flags & SOURCE_RECORD) && now.size == row->size &&
           now.mtime_ns == row->mtime_ns && now.inode == row->inode &&
           now.mtime_ns < p->limits.trusted_ns;
}

/* A file and its record, or NULL if there is none. One that was named before a
 * walk found it is read again, so that its record says so. */
static int judge(struct plan *p, enum todo_op op, struct view path,
                 const struct stat *st, const struct source *row)
{
    bool known = row && unchanged(p, row, st) &&
                 (op == TODO_NAMED || !(row->flags & SOURCE_NAMED));

    if (known && row->verdict == SOURCE_INDEXED) {
        report_verdict(p->report, path, VERDICT_UNCHANGED, NULL);
        return 0;
    }
    if (known && row->verdict == SOURCE_SKIPPED &&
        (row->reason == REASON_TOO_LARGE) == (row->size > p->limits.max_size)) {
        report_again(p->report, path, VERDICT_SKIPPED,
                     source_reason_text(row->reason));
        return 0;
    }
    return add_entry(p, op, path);
}

/* --- the records below a root --- */

static bool begins(struct view v, struct view with)
{
    return v.n >= with.n && memcmp(v.p, with.p, with.n) == 0;
}

static bool is_long(struct view key)
{
    return key.n == LONG_KEY;
}

static int keep_key(struct long_key **keys, size_t *n, size_t *cap,
                    struct view key)
{
    struct long_key *more = vec_grow(*keys, cap, *n + 1, sizeof *more);

    if (!more)
        return ERR_NOMEM;
    *keys = more;
    memcpy(more[(*n)++].key, key.p, LONG_KEY);
    return 0;
}

/* Takes what the cursor gave: the next record of a file below the root whose
 * key is in order; those that are not are put aside. */
static int settle(struct plan *p, int rc, struct view val)
{
    while (rc > 0) {
        if (!begins(p->key, view_sub(buf_view(&p->below), 0,
                                     p->below.n < 384 ? p->below.n : 384)))
            rc = 0;
        if (rc > 0)
            rc = source_decode(val, &p->row, p->err);
        if (rc <= 0)
            break;
        if (!(p->row.flags & SOURCE_RECORD)) {
            p->live += p->row.docid != 0;
            if (!is_long(p->key))
                break;
            if (keep_key(&p->pending, &p->npending, &p->pending_cap, p->key) <
                0)
                return err_nomem(p->err);
        }
        rc = cursor_next(p->cursor, &p->key, &val);
    }
    p->more = rc > 0;
    return rc < 0 ? rc : 0;
}

static int first_record(struct plan *p)
{
    struct view val = {NULL, 0};
    int rc;

    p->more = false;
    if (!p->cursor)
        return 0;
    rc = cursor_seek(
        p->cursor,
        view_sub(buf_view(&p->below), 0, p->below.n < 384 ? p->below.n : 384),
        &p->key, &val);
    return settle(p, rc, val);
}

static int next_record(struct plan *p)
{
    struct view val = {NULL, 0};
    int rc = cursor_next(p->cursor, &p->key, &val);

    return settle(p, rc, val);
}

/* A record that the walk passed by. Its file is gone, or left out now, unless it
 * was never the walk's: one that was named, or one in a folder that cannot be
 * read now. */
static int passed_by(struct plan *p)
{
    struct buf path = {0};
    struct stat st;
    int rc;

    if (p->barred.n && begins(p->key, buf_view(&p->barred)))
        return 0;
    if (buf_add(&path, p->key) < 0 || !buf_cstr(&path)) {
        rc = err_nomem(p->err);
    } else if ((p->row.flags & SOURCE_NAMED) &&
               stat(buf_cstr(&path), &st) == 0 && S_ISREG(st.st_mode)) {
        rc = judge(p, TODO_NAMED, p->key, &st, &p->row);
    } else {
        p->vanish += p->row.docid != 0;
        rc = add_entry(p, TODO_REMOVE, p->key);
    }
    buf_release(&path);
    return rc;
}

/* --- joining --- */

static int bar(struct plan *p, const struct walk_entry *e)
{
    buf_clear(&p->barred);
    if (buf_add(&p->barred, e->path) < 0 ||
        (e->path.p[e->path.n - 1] != '/' && buf_addc(&p->barred, '/') < 0))
        return err_nomem(p->err);
    report_verdict(p->report, e->path, VERDICT_FAILED, strerror(e->error));
    return 0;
}

static int join_long(struct plan *p, const struct walk_entry *e)
{
    uint8_t key[SOURCE_KEY_MAX];
    struct source row;
    int rc;

    source_key(e->path, key);
    if (keep_key(&p->seen, &p->nseen, &p->seen_cap, view_of(key, LONG_KEY)) < 0)
        return err_nomem(p->err);
    if (e->kind == WALK_BAD_FILE) {
        report_verdict(p->report, e->path, VERDICT_FAILED, strerror(e->error));
        return 0;
    }
    rc = source_get(p->txn, e->path, &row, p->err);
    return rc < 0 ? rc
                  : judge(p, TODO_READ, e->path, &e->st, rc > 0 ? &row : NULL);
}

/* A file or folder of the walk, after the records before it. */
static int join(struct plan *p, const struct walk_entry *e)
{
    int c = -1, rc = 0;

    while (p->more && (c = view_cmp(p->key, e->path)) < 0) {
        rc = passed_by(p);
        if (rc == 0)
            rc = next_record(p);
        if (rc < 0)
            return rc;
    }
    if (e->kind == WALK_BAD_FOLDER)
        return bar(p, e);
    p->files++;
    if (e->path.n >= LONG_KEY)
        return join_long(p, e);
    if (e->kind == WALK_BAD_FILE)
        report_verdict(p->report, e->path, VERDICT_FAILED, strerror(e->error));
    else
        rc = judge(p, TODO_READ, e->path, &e->st,
                   p->more && c == 0 ? &p->row : NULL);
    if (rc == 0 && p->more && c == 0)
        rc = next_record(p);
    return rc;
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, LONG_KEY);
}

/* The long keys that were put aside and that no file of the walk has. */
static int join_pending(struct plan *p)
{
    size_t i;
    int rc = 0;

    if (p->nseen)
        qsort(p->seen, p->nseen, sizeof *p->seen, compare_keys);
    for (i = 0; i < p->npending && rc == 0; i++) {
        struct view key = view_of(p->pending[i].key, LONG_KEY);
        struct view val = {NULL, 0};
        store_db db;

        if (p->nseen &&
            bsearch(key.p, p->seen, p->nseen, sizeof *p->seen, compare_keys))
            continue;
        /* where a folder could not be read it may be the one */
        if (p->barred.n || p->below.n >= 384)
            continue;
        rc = txn_open_db(p->txn, "path", false, &db, p->err);
        if (rc > 0)
            rc = txn_get(p->txn, db, key, &val, p->err);
        if (rc > 0)
            rc = source_decode(val, &p->row, p->err);
        if (rc > 0) {
            p->vanish += p->row.docid != 0;
            rc = add_entry(p, TODO_REMOVE, key);
        }
    }
    return rc;
}

static bool gone(const char *path)
{
    struct stat st;

    return stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* May what was planned for the root be done? */
static int guard(const struct plan *p, const char *path, struct err *err)
{
    if (p->limits.max_purge >= 100)
        return 0;
    if (p->live > 0 && p->vanish == p->live && p->files == 0)
        return err_set(err, ERR_REFUSED,
                       "%s is %s; nothing was changed (if "
                       "its %" PRIu64 " documents shall go: "
                       "--max-purge=100%%)",
                       path, gone(path) ? "gone" : "empty now", p->live);
    if (p->vanish > PURGE_FLOOR &&
        p->vanish * 100 > p->live * p->limits.max_purge)
        return err_set(err, ERR_REFUSED,
                       "%" PRIu64 " of %" PRIu64
                       " documents of %s would be removed, more than %u %%; "
                       "nothing was changed (to allow it: --max-purge=100%%)",
                       p->vanish, p->live, path, p->limits.max_purge);
    return 0;
}

/* Walks the root along its records. */
static int join_walk(struct plan *p, const char *path)
{
    struct walk *w;
    struct walk_entry e;
    int rc = walk_open(&w, path);

    while (rc == 0 && (rc = walk_next(w, &e)) > 0)
        rc = join(p, &e);
    walk_close(w);
    return rc;
}

int plan_root(struct plan *p, const char *path, struct err *err)
{
    int rc;

    p->live = p->vanish = p->files = 0;
    p->nseen = p->npending = 0;
    buf_clear(&p->barred);
    buf_clear(&p->below);
    if (buf_adds(&p->below, path) < 0 ||
        (strcmp(path, "/") != 0 && buf_addc(&p->below, '/') < 0))
        return err_nomem(err);
    rc = first_record(p);
    if (rc == 0 && p->limits.max_purge < 100 && p->live == 0 && gone(path))
        return err_set(err, ERR_REFUSED, "%s is gone; nothing was changed",
                       path);
    if (rc == 0 && !gone(path))
        rc = join_walk(p, path);
    while (rc == 0 && p->more) {
        rc = passed_by(p);
        if (rc == 0)
            rc = next_record(p);
    }
    if (rc == 0)
        rc = join_pending(p);
    if (rc == ERR_NOMEM)
        return err_nomem(err);
    return rc < 0 ? rc : guard(p, path, err);
}

int plan_file(struct plan *p, const char *path, struct err *err)
{
    struct view id = view_str(path);
    struct source row;
    struct stat st;
    int rc = source_get(p->txn, id, &row, err);

    if (rc < 0)
        return rc;
    if (rc == 0 || stat(path, &st) < 0)
        return add_entry(p, TODO_NAMED, id); /* reading says what is wrong */
    return judge(p, TODO_NAMED, id, &st, &row);
}
