#include "indexer/plan_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/read.h"
#include "indexer/vec.h"
#include "indexer/walk.h"

int plan_open(struct plan **out, struct todo *todo, struct renames *renames,
              struct report *report, struct txn *t,
              const struct plan_rules *rules, struct err *err)
{
    struct plan *p = calloc(1, sizeof *p);
    store_db db;
    int rc;

    *out = NULL;
    if (!p)
        return err_nomem(err);
    p->todo = todo;
    p->renames = renames;
    p->report = report;
    p->txn = t;
    p->rules = *rules;
    p->err = err;
    rc = t ? txn_open_db(t, "path", false, &db, err) : 0;
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
    free(p->tally);
    free(p->vanish);
    free(p->seen);
    free(p->pending);
    buf_release(&p->below);
    buf_release(&p->barred);
    free(p);
}

int plan_tally(struct plan *p, const char *path)
{
    struct tally *t =
        vec_grow(p->tally, &p->tally_cap, p->ntallies + 1, sizeof *t);
    uint64_t *v;

    if (!t)
        return ERR_NOMEM;
    p->tally = t;
    v = vec_grow(p->vanish, &p->vanish_cap, p->ntallies + 1, sizeof *v);
    if (!v)
        return ERR_NOMEM;
    p->vanish = v;
    v[p->ntallies] = 0;
    t[p->ntallies++] = (struct tally){.path = path};
    return 0;
}

static struct tally *tally(struct plan *p)
{
    return &p->tally[p->ntallies - 1];
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
           now.mtime_ns < p->rules.trusted_ns;
}

/* A file that is to be read. */
static int add_file(struct plan *p, enum todo_op op, struct view path,
                    const struct stat *st, const struct source *row)
{
    struct source looks = {0};

    read_stat(&looks, st);
    p->todo->bytes += looks.size <= p->rules.max_size ? looks.size : 0;
    if ((!row || !row->docid) && renames_new(p->renames, &looks) < 0)
        return err_nomem(p->err);
    return add_entry(p, op, path);
}

/* Whether it was read in the encoding that it is in by now. */
static bool decoded(const struct plan *p, struct view path,
                    const struct source *row)
{
    return row->charset == encodings_mark(encodings_of(p->rules.encodings,
                                                       p->rules.roots, path));
}

/* A file and its record, or NULL if there is none. One that was named before a
 * walk found it is read again, so that its record says so. */
static int judge(struct plan *p, enum todo_op op, struct view path,
                 const struct stat *st, const struct source *row)
{
    struct event again = {
        .id = path, .verdict = VERDICT_SKIPPED, .again = true};
    bool known = !p->rules.all && row && unchanged(p, row, st) &&
                 (op == TODO_NAMED || !(row->flags & SOURCE_NAMED)) &&
                 decoded(p, path, row);

    if (known && row->verdict == SOURCE_INDEXED) {
        report_verdict(p->report, path, VERDICT_UNCHANGED, NULL);
        return 0;
    }
    if (known && row->verdict == SOURCE_SKIPPED && !p->rules.retry &&
        (row->reason == REASON_TOO_LARGE) == (row->size > p->rules.max_size)) {
        again.why = source_reason_text(row->reason);
        report_event(p->report, &again);
        return 0;
    }
    return add_file(p, op, path, st, row);
}

/* What is known of a file: 1, 0 nothing. */
static int known_source(struct plan *p, struct view id, struct source *row)
{
    return p->txn ? source_get(p->txn, id, row, p->err) : 0;
}

/* --- the records below a root --- */

int plan_vanished(struct plan *p, struct view key)
{
    if (p->rules.keep)
        return 0;
    if (p->row.docid) {
        p->vanish[p->ntallies - 1]++;
        if (!(p->row.flags & SOURCE_RECORD) &&
            renames_gone(p->renames, &p->row, (uint32_t)p->ntallies - 1) < 0)
            return err_nomem(p->err);
    }
    return add_entry(p, TODO_REMOVE, key);
}

static bool begins(struct view v, struct view with)
{
    return v.n >= with.n && memcmp(v.p, with.p, with.n) == 0;
}

bool plan_is_long(struct view key)
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

int plan_keep_seen(struct plan *p, struct view key)
{
    return keep_key(&p->seen, &p->nseen, &p->seen_cap, key);
}

/* Whether the record at hand is one of a root below the one at hand. */
static bool is_inner(const struct plan *p)
{
    return p->inner && roots_of(p->rules.roots, p->key) != p->root;
}

static bool has_inner(const struct plan *p, const char *path)
{
    const struct roots *r = p->rules.roots;
    size_t i;

    for (i = 0; r && i < r->n; i++)
        if (strcmp(r->root[i].path, path) != 0 &&
            roots_lies_in(view_str(r->root[i].path), view_str(path)))
            return true;
    return false;
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
        if (!(p->row.flags & SOURCE_RECORD) && !is_inner(p)) {
            tally(p)->live += p->row.docid != 0;
            if (!plan_is_long(p->key))
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

/* Whether the record at hand stays as long as its file, though no walk comes by:
 * one that was named, or was read through a filter that this run has not. */
static bool stays(const struct plan *p)
{
    return (p->row.flags & SOURCE_NAMED) ||
           ((p->row.flags & SOURCE_FILTERED) &&
            !filters_find(p->rules.filters, p->key));
}

/* A record that the walk passed by. Its file is gone, or left out now, unless it
 * stays or its folder cannot be read now. */
static int passed_by(struct plan *p)
{
    struct buf path = {0};
    struct stat st;
    int rc;

    if (p->barred.n && begins(p->key, buf_view(&p->barred)))
        return 0;
    if (buf_add(&path, p->key) < 0 || !buf_cstr(&path)) {
        rc = err_nomem(p->err);
    } else if (stays(p) && stat(buf_cstr(&path), &st) == 0 &&
               S_ISREG(st.st_mode)) {
        rc = judge(p, p->row.flags & SOURCE_NAMED ? TODO_NAMED : TODO_READ,
                   p->key, &st, &p->row);
    } else {
        rc = plan_vanished(p, p->key);
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
    report_verdict(p->report, e->path, VERDICT_FAILED, walk_error(e));
    return 0;
}

static int join_long(struct plan *p, const struct walk_entry *e)
{
    uint8_t key[SOURCE_KEY_MAX];
    struct source row;
    int rc;

    source_key(e->path, key);
    if (plan_keep_seen(p, view_of(key, LONG_KEY)) < 0)
        return err_nomem(p->err);
    if (e->kind == WALK_BAD_FILE) {
        report_verdict(p->report, e->path, VERDICT_FAILED, walk_error(e));
        return 0;
    }
    rc = known_source(p, e->path, &row);
    return rc < 0 ? rc
                  : judge(p, TODO_READ, e->path, &e->st, rc > 0 ? &row : NULL);
}

/* A file or folder of the walk, after the records before it. */
static int join(struct plan *p, const struct walk_entry *e)
{
    int c = -1, rc = 0;

    if (e->kind == WALK_LOOP) {
        if (p->rules.named || p->report->level >= LEVEL_VERBOSE)
            report_warning(p->report, e->path,
                           "it leads to a folder it lies in: not followed");
        return 0;
    }
    while (p->more && (c = view_cmp(p->key, e->path)) < 0) {
        rc = passed_by(p);
        if (rc == 0)
            rc = next_record(p);
        if (rc < 0)
            return rc;
    }
    if (e->kind == WALK_BAD_FOLDER)
        return bar(p, e);
    tally(p)->files++;
    if (e->path.n >= LONG_KEY)
        return join_long(p, e);
    if (e->kind == WALK_BAD_FILE)
        report_verdict(p->report, e->path, VERDICT_FAILED, walk_error(e));
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

void plan_sort_seen(struct plan *p)
{
    if (p->nseen)
        qsort(p->seen, p->nseen, sizeof *p->seen, compare_keys);
}

bool plan_was_seen(const struct plan *p, struct view key)
{
    return p->nseen &&
           bsearch(key.p, p->seen, p->nseen, sizeof *p->seen, compare_keys);
}

/* The long keys that were put aside and that no file of the walk has. */
static int join_pending(struct plan *p)
{
    size_t i;
    int rc = 0;

    plan_sort_seen(p);
    for (i = 0; i < p->npending && rc == 0; i++) {
        struct view key = view_of(p->pending[i].key, LONG_KEY);
        struct view val = {NULL, 0};
        store_db db;

        if (plan_was_seen(p, key))
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
            rc = plan_vanished(p, key);
        }
    }
    return rc;
}

bool plan_gone(const char *path)
{
    struct stat st;

    return stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* Walks the root along its records. */
static int join_walk(struct plan *p, const char *path)
{
    struct walk *w;
    struct walk_entry e;
    int rc = walk_open(&w, path, p->rules.roots);

    if (rc == 0)
        walk_filters(w, p->rules.filters);
    while (rc == 0 && (rc = walk_next(w, &e)) > 0)
        rc = join(p, &e);
    walk_close(w);
    return rc;
}

int plan_root(struct plan *p, const char *path, struct err *err)
{
    int rc;

    p->nseen = p->npending = 0;
    buf_clear(&p->barred);
    buf_clear(&p->below);
    if (plan_tally(p, path) < 0 || buf_adds(&p->below, path) < 0 ||
        (strcmp(path, "/") != 0 && buf_addc(&p->below, '/') < 0))
        return err_nomem(err);
    p->inner = has_inner(p, path);
    p->root = p->inner ? roots_of(p->rules.roots, view_str(path)) : NULL;
    rc = first_record(p);
    if (rc == 0 && !plan_gone(path))
        rc = join_walk(p, path);
    while (rc == 0 && p->more) {
        rc = passed_by(p);
        if (rc == 0)
            rc = next_record(p);
    }
    if (rc == 0)
        rc = join_pending(p);
    return rc == ERR_NOMEM ? err_nomem(err) : rc;
}

int plan_file(struct plan *p, const char *path, struct err *err)
{
    struct view id = view_str(path);
    struct source row;
    struct stat st;
    int rc = known_source(p, id, &row);

    if (rc < 0)
        return rc;
    if (stat(path, &st) < 0) /* reading says what is wrong */
        return add_entry(p, TODO_NAMED, id) < 0 ? err_nomem(err) : 0;
    return judge(p, TODO_NAMED, id, &st, rc > 0 ? &row : NULL);
}
