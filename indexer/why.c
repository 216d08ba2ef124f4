#include "indexer/why.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "index/index.h"
#include "indexer/listing.h"
#include "indexer/modes.h"
#include "indexer/open.h"
#include "indexer/read.h"
#include "indexer/report.h"
#include "indexer/run.h"
#include "indexer/sources.h"
#include "indexer/walk.h"

struct why {
    struct index ix;
    struct buf id;     /* of the source at hand, NUL-ended */
    struct source row; /* its record, if `known` */
    bool known;
    const struct root *root; /* it lies in, or NULL */
    struct stat st;          /* of its file … */
    int error;               /* … or errno */
    struct buf line;         /* what is said */
    struct err *err;
};

static int say(struct why *w, const char *what)
{
    return buf_adds(&w->line, what);
}

/* --- finding out which source is meant --- */

static int look_up(struct why *w, struct view id)
{
    int rc = source_get(w->ix.txn, id, &w->row, w->err);

    buf_clear(&w->id);
    if (rc >= 0 && (buf_add(&w->id, id) < 0 || !buf_cstr(&w->id)))
        rc = err_nomem(w->err);
    w->known = rc > 0;
    return rc;
}

/* A record's id as it stands, a path from here, or one as query shows it. */
static int find(struct why *w, const char *operand)
{
    struct buf path = {0}, shown = {0};
    int rc = look_up(w, view_str(operand));

    if (rc > 0 && !(w->row.flags & SOURCE_RECORD))
        rc = 0;
    if (rc == 0 && (sources_id(operand, &path) < 0 ||
                    roots_resolve(&w->ix.roots, view_str(operand), &shown) < 0))
        rc = err_nomem(w->err);
    if (rc == 0)
        rc = look_up(w, buf_view(&shown));
    if (rc == 0)
        rc = look_up(w, buf_view(&path));
    buf_release(&path);
    buf_release(&shown);
    w->root = roots_of(&w->ix.roots, buf_view(&w->id));
    w->error = stat_path(buf_cstr(&w->id), &w->st) < 0 ? errno : 0;
    return rc < 0 ? rc : 0;
}

/* --- a file that a walk might find --- */

/* What a walk of the file's folder says of it: 1 it comes by, 0 it does not,
 * negative; *left_out: the folder itself is left out. */
static int walked(struct why *w, bool *left_out)
{
    const char *path = buf_cstr(&w->id), *slash = strrchr(path, '/');
    struct buf folder = {0};
    struct walk_entry e;
    struct walk *walk;
    int rc, c = 1;

    *left_out = false;
    if (buf_add(&folder,
                view_of(path, slash > path ? (size_t)(slash - path) : 1)) < 0 ||
        !buf_cstr(&folder))
        rc = ERR_NOMEM;
    else
        rc = walk_open(&walk, buf_cstr(&folder), &w->ix.roots);
    buf_release(&folder);
    if (rc < 0)
        return err_nomem(w->err);
    while (c > 0 && (rc = walk_next(walk, &e)) > 0) {
        *left_out = e.kind == WALK_BAD_FOLDER && e.error == WALK_LEFT_OUT;
        c = view_cmp(buf_view(&w->id), e.path);
    }
    walk_close(walk);
    return rc < 0 ? err_nomem(w->err) : rc > 0 && c == 0 && !*left_out;
}

/* Why a walk passes a file by. */
static const char *passed(struct why *w, bool left_out)
{
    const char *name = strrchr(buf_cstr(&w->id), '/') + 1;

    if (left_out)
        return "its folder is left out (--exclude, .indexignore, or a hidden "
               "folder)";
    if (!S_ISREG(w->st.st_mode))
        return S_ISDIR(w->st.st_mode) ? "it is a folder"
                                      : "it is no regular file";
    if (name[0] == '.' && !(w->root->flags & ROOT_HIDDEN))
        return "its name begins with a dot (--hidden takes it in)";
    if (!listing_takes(name, NULL))
        return "its name is of no format that is read (--include takes it in)";
    return "it is left out (--exclude or .indexignore)";
}

/* What the next run does about a file without a document. */
static int say_next(struct why *w)
{
    bool left_out;
    int rc;

    if (w->error)
        return buf_addf(&w->line, "; %s", strerror(w->error));
    if (!w->root)
        return say(w, "; no folder of the index holds it: name it to add it");
    rc = walked(w, &left_out);
    if (rc < 0)
        return rc;
    return rc > 0 ? say(w, "; the next run reads it")
                  : buf_addf(&w->line, "; %s", passed(w, left_out));
}

/* --- what is known --- */

static bool looks_the_same(const struct why *w)
{
    struct source now = {0};

    read_stat(&now, &w->st);
    return now.size == w->row.size && now.mtime_ns == w->row.mtime_ns &&
           now.inode == w->row.inode;
}

static int say_indexed(struct why *w)
{
    int rc = buf_addf(&w->line, "indexed as document %u, %" PRIu64 " bytes",
                      w->row.docid, w->row.size);

    if (rc < 0 || (w->row.flags & SOURCE_RECORD))
        return rc < 0 ? rc : say(w, ", a record");
    if (w->error == ENOENT || w->error == ENOTDIR)
        return say(w, w->root ? "; the file is gone: the next run removes it"
                              : "; the file is gone");
    if (w->error)
        return buf_addf(&w->line, "; %s", strerror(w->error));
    if (!looks_the_same(w))
        return say(w, w->root ? "; the file looks changed: the next run reads "
                                "it"
                              : "; the file looks changed");
    return say(w, "; unchanged");
}

static int say_known(struct why *w)
{
    const struct source *s = &w->row;
    int rc;

    if (s->docid) {
        rc = say_indexed(w);
        if (rc == 0 && s->verdict == SOURCE_FAILED)
            rc = say(w, "; the last run failed to read it anew");
        return rc;
    }
    rc = buf_addf(&w->line, "%s: %s",
                  s->verdict == SOURCE_SKIPPED ? "skipped" : "failed",
                  source_reason_text(s->reason));
    if (rc < 0 || (s->flags & SOURCE_RECORD))
        return rc;
    if (w->error)
        return buf_addf(&w->line, "; %s", strerror(w->error));
    if (s->verdict == SOURCE_SKIPPED && looks_the_same(w))
        return say(w, "; unchanged since (--retry-failed tries again)");
    return say_next(w);
}

static int explain(struct why *w, const char *operand)
{
    int rc = find(w, operand);

    buf_clear(&w->line);
    if (rc == 0)
        rc = report_escape(view_str(operand), &w->line);
    if (rc == 0)
        rc = say(w, ": ");
    if (rc == 0 && w->known)
        rc = say_known(w);
    else if (rc == 0)
        rc = say(w, "not indexed") < 0 ? ERR_NOMEM : say_next(w);
    if (rc == 0 && !buf_cstr(&w->line))
        rc = ERR_NOMEM;
    if (rc == ERR_NOMEM)
        return err_nomem(w->err);
    if (rc == 0)
        puts(buf_cstr(&w->line));
    return rc;
}

int mode_why(const char *dir, char **operand, size_t n)
{
    struct err err = {0};
    struct why w = {.err = &err};
    bool all = true;
    size_t i;
    int code, rc = mode_open(&w.ix, dir, &err);

    for (i = 0; i < n && rc == 0; i++) {
        rc = explain(&w, operand[i]);
        all = all && w.known && w.row.docid;
    }
    index_end(&w.ix); /* nothing is held while stdout is waited for */
    code = mode_end(rc, &err);
    buf_release(&w.id);
    buf_release(&w.line);
    index_close(&w.ix);
    return code == EXIT_FINE && !all ? EXIT_SOME_FAILED : code;
}
