#include "query/docs_named.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "index/column.h"
#include "index/document.h"
#include "query/when.h"
#include "text/utf8.h"

bool docs_glob(struct view pattern, struct view text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0;
    unsigned len;

    /* only the last * need be retried: what the ones before took was the
     * shortest, and nothing is gained by taking more */
    while (t < text.n) {
        utf8_decode(text.p + t, text.p + text.n, &len);
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.n && pattern.p[p] == '?') {
            p++;
            t += len;
        } else if (p < pattern.n && pattern.p[p] == text.p[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

/* What docs_named is at while it reads the path table. */
struct walk {
    struct leaf *leaf;
    struct index *ix;
    struct documents *documents; /* for ids too long for a key */
    struct buf shown;
    size_t cap;
    bool glob;
    struct err *err;
};

static int add(struct walk *w, uint32_t docid)
{
    struct leaf *l = w->leaf;
    uint32_t *more;

    if (l->ndocs == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 64;
        more = realloc(l->docs, w->cap * sizeof *more);
        if (!more)
            return err_nomem(w->err);
        l->docs = more;
    }
    l->docs[l->ndocs++] = docid;
    return 0;
}

/* The whole source id of an entry of the path table. */
static int whole_id(struct walk *w, struct view key, uint32_t docid,
                    struct view *id)
{
    struct document d = {0};
    int rc = 0;

    *id = key;
    if (key.n < SOURCE_KEY_MAX) /* a cut id takes the full length */
        return 1;
    if (!w->documents)
        rc = documents_open(&w->documents, w->ix->txn, w->err);
    if (rc == 0)
        rc = documents_get(w->documents, docid, &d, w->err);
    if (rc > 0)
        *id = d.path;
    return rc;
}

static int visit(struct walk *w, struct view key, struct view val)
{
    struct view text = w->leaf->node->text, id, shown;
    struct source src;
    int rc = source_decode(val, &src, w->err);

    if (rc < 0 || src.docid == 0)
        return rc;
    rc = whole_id(w, key, src.docid, &id);
    if (rc <= 0)
        return rc;
    buf_clear(&w->shown);
    if (roots_show(&w->ix->roots, id, &w->shown) < 0)
        return err_nomem(w->err);
    shown = buf_view(&w->shown);
    if (w->glob ? docs_glob(text, shown)
                : shown.n >= text.n && memmem(shown.p, shown.n, text.p, text.n))
        return add(w, src.docid);
    return 0;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static int walk_paths(struct walk *w)
{
    struct leaf *l = w->leaf;
    struct cursor *c;
    struct view key, val;
    store_db db;
    int rc = txn_open_db(w->ix->txn, "path", false, &db, w->err);

    if (rc <= 0)
        return rc;
    rc = cursor_open(&c, w->ix->txn, db, w->err);
    if (rc < 0)
        return rc;
    for (rc = cursor_first(c, &key, &val); rc > 0;
         rc = cursor_next(c, &key, &val)) {
        rc = visit(w, key, val);
        if (rc < 0)
            break;
    }
    cursor_close(c);
    if (l->ndocs > 1)
        qsort(l->docs, l->ndocs, sizeof *l->docs, ascending);
    return rc;
}

/* Documents whose value in a column is that of the leaf. */
static int walk_column(struct walk *w)
{
    const struct node *n = w->leaf->node;
    struct period p = {0, 0};
    uint8_t language[2];
    struct column c;
    uint32_t d;
    int rc = column_open(&c, w->ix->txn,
                         n->kind == NODE_DATE ? COLUMN_DATE : COLUMN_LANGUAGE,
                         w->err);

    when_range(n->text, when_today(), &p);
    column_language(n->text, language);
    for (d = 1; d < w->ix->manifest.next_docid && rc == 0; d++) {
        const uint8_t *v = column_get(&c, d);
        bool in;

        if (!v)
            return ERR_CORRUPT;
        in = n->kind == NODE_DATE
                 ? (int32_t)get_u32(v) >= column_date(p.from, 0) &&
                       (int32_t)get_u32(v) < column_date(p.to, 0)
                 : memcmp(v, language, 2) == 0;
        if (in)
            rc = add(w, d);
    }
    return rc;
}

int docs_named(struct leaf *l, struct index *ix, struct err *err)
{
    struct walk w = {.leaf = l, .ix = ix, .err = err};
    int rc = 0;

    if (l->node->kind == NODE_ID) {
        if (l->node->id > 0 && l->node->id < POSTINGS_END)
            rc = add(&w, (uint32_t)l->node->id);
    } else if (l->node->kind != NODE_PATH) {
        rc = walk_column(&w);
    } else {
        w.glob = memchr(l->node->text.p, '*', l->node->text.n) ||
                 memchr(l->node->text.p, '?', l->node->text.n);
        rc = walk_paths(&w);
    }
    if (w.documents)
        documents_close(w.documents);
    buf_release(&w.shown);
    return rc;
}
