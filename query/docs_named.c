#include "query/docs_named.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "index/column.h"
#include "query/paths.h"
#include "query/when.h"

/* What docs_named is at. */
struct walk {
    struct leaf *leaf;
    struct index *ix;
    size_t cap;
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

/* Documents of one block of names, whose paths are judged as a whole. */
static int add_block(struct walk *w, struct paths *p, uint32_t number)
{
    int verdict = paths_block(p, number, w->err), rc = verdict;
    struct view part[2];
    unsigned i;

    if (verdict == PATHS_NONE)
        return 0;
    for (i = 0; i < NAMES_DOCS && rc >= 0; i++) {
        uint32_t d = number * NAMES_DOCS + i;

        rc = verdict == PATHS_EACH ? paths_has(p, d, w->err)
                                   : names_part(p->block, i, part);
        if (rc > 0)
            rc = add(w, d);
    }
    return rc;
}

static int walk_paths(struct walk *w)
{
    struct path_pattern pattern;
    struct paths p;
    uint32_t i;
    int rc = index_names(w->ix, w->err);

    path_pattern_set(&pattern, w->leaf->node->text);
    paths_open(&p, w->ix, &pattern, 1);
    for (i = 0; i < w->ix->names.nblocks && rc >= 0; i++)
        rc = add_block(w, &p, i);
    paths_close(&p);
    return rc < 0 ? rc : 0;
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
        rc = walk_paths(&w);
    }
    return rc;
}
