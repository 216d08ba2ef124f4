#include "indexer/list.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/spool.h"
#include "index/column.h"
#include "index/document.h"
#include "index/index.h"
#include "indexer/modes.h"
#include "indexer/report.h"
#include "indexer/run.h"

enum { READ_TRIES = 20 };

struct list {
    struct index *ix;
    struct documents *docs;
    bool null, verbose, escape;
    struct spool out;
    struct buf line;
    struct buf part;
};

/* Appends v to the line: escaped on a terminal; in a table without tabs. */
static int add_text(struct list *l, struct view v)
{
    size_t i, at = l->line.n;
    int rc = l->escape ? report_escape(v, &l->line) : buf_add(&l->line, v);

    if (l->verbose)
        for (i = at; rc == 0 && i < l->line.n; i++)
            if (strchr("\t\r\n\f\v", l->line.p[i]) && l->line.p[i])
                l->line.p[i] = ' ';
    return rc;
}

static int add_details(struct list *l, const struct document *d,
                       struct err *err)
{
    uint8_t value[4];
    char date[11] = "";
    int rc = column_read(l->ix->txn, COLUMN_DATE, d->docid, value, err);

    if (rc < 0)
        return rc;
    if (rc > 0)
        date_text(column_date_days((int32_t)get_u32(value)), date);
    if (buf_addf(&l->line, "%u\t%s\t", d->docid, date) < 0)
        return err_nomem(err);
    buf_clear(&l->part);
    rc = documents_title(l->docs, d, SIZE_MAX, &l->part, err);
    if (rc == 0 &&
        (add_text(l, buf_view(&l->part)) < 0 || buf_addc(&l->line, '\t') < 0))
        rc = err_nomem(err);
    return rc;
}

static int print_source(struct list *l, struct view key, uint32_t docid,
                        struct err *err)
{
    struct document d;
    int rc = 1;

    buf_clear(&l->line);
    if (l->verbose || key.n == SOURCE_KEY_MAX) /* a key that is not the id */
        rc = documents_get(l->docs, docid, &d, err);
    if (rc == 0)
        rc = err_set(err, ERR_CORRUPT, "index damaged: document %u is missing",
                     docid);
    if (rc > 0 && l->verbose)
        rc = add_details(l, &d, err);
    if (rc < 0)
        return rc;
    buf_clear(&l->part);
    if (roots_show(&l->ix->roots, key.n == SOURCE_KEY_MAX ? d.path : key,
                   &l->part) < 0 ||
        add_text(l, buf_view(&l->part)) < 0 ||
        buf_addc(&l->line, l->null ? 0 : '\n') < 0)
        return err_nomem(err);
    return spool_add(&l->out, buf_view(&l->line), err);
}

static int print_list(struct list *l, struct err *err)
{
    struct view key, val;
    struct source row;
    struct cursor *c;
    store_db path;
    int rc = txn_open_db(l->ix->txn, "path", false, &path, err);

    if (rc <= 0)
        return rc;
    rc = cursor_open(&c, l->ix->txn, path, err);
    if (rc < 0)
        return rc;
    for (rc = cursor_first(c, &key, &val); rc > 0;
         rc = cursor_next(c, &key, &val)) {
        rc = source_decode(val, &row, err);
        if (rc > 0 && row.docid)
            rc = print_source(l, key, row.docid, err);
        if (rc < 0)
            break;
    }
    cursor_close(c);
    return rc < 0 ? rc : 0;
}

/* All of one moment of the index. */
static int list(struct list *l, const char *dir, struct err *err)
{
    int tries, rc = index_open(l->ix, dir, err);

    for (tries = 0; rc == 0 && tries < READ_TRIES; tries++) {
        bool intact;

        spool_clear(&l->out);
        rc = index_begin(l->ix, err);
        if (rc < 0)
            break;
        rc = documents_open(&l->docs, l->ix->txn, err);
        if (rc == 0)
            rc = print_list(l, err);
        documents_close(l->docs);
        l->docs = NULL;
        intact = txn_intact(l->ix->txn);
        index_end(l->ix);
        if (intact)
            return rc;
        rc = 0;
    }
    return rc < 0 ? rc
                  : err_set(err, ERR_BUSY,
                            "%s changes faster than it can be "
                            "read by who may not write its lock file",
                            dir);
}

int mode_list(const char *dir, bool null, bool verbose)
{
    struct err err = {0};
    struct index ix = {0};
    struct list l = {.ix = &ix,
                     .null = null,
                     .verbose = verbose,
                     .escape = !null && isatty(STDOUT_FILENO)};
    int rc = list(&l, dir, &err);

    index_close(&ix);
    if (rc == 0 && spool_print(&l.out, STDOUT_FILENO) < 0)
        rc = errno == EPIPE ? EXIT_FATAL
                            : err_sys(&err, ERR_IO, errno,
                                      "cannot write to standard output");
    buf_release(&l.line);
    buf_release(&l.part);
    spool_release(&l.out);
    return rc > 0 ? rc : mode_end(rc, &err);
}
