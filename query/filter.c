#include "query/filter.h"

#include <stdlib.h>

#include "index/column.h"
#include "query/docs_named.h"

/* --- out of the plan --- */

static bool is_docs(const struct plan *p)
{
    return p->kind == PLAN_LEAF && p->leaf->kind == LEAF_DOCS;
}

/* A leaf of documents, or a list of them of which one is enough. */
static bool is_set(const struct plan *p)
{
    if (p->kind != PLAN_BOOL)
        return is_docs(p);
    for (p = p->child; p; p = p->next)
        if (p->occur != PLAN_SHOULD || !is_docs(p))
            return false;
    return true;
}

/* A required set may go where another clause is required, too: otherwise words
 * beside it would be. */
static bool may_go(const struct plan *list, const struct plan *p)
{
    const struct plan *c;

    if (!is_set(p) || p->occur == PLAN_SHOULD)
        return false;
    if (p->occur != PLAN_MUST)
        return true;
    for (c = list->child; c; c = c->next)
        if (c->occur == PLAN_MUST && !is_set(c))
            return true;
    return false;
}

static void limit_period(struct filter *f, struct period p, const char *by)
{
    if (p.from > f->period.from)
        f->period.from = p.from;
    if (p.to < f->period.to)
        f->period.to = p.to;
    if (!f->dated)
        f->dated_by = by;
    f->dated = true;
}

/* A single date or language is a limit like those of settings: its documents
 * need not be listed. */
static bool take_leaf(struct filter *f, const struct plan *p)
{
    struct leaf *l = p->leaf;
    struct period period;

    if (p->kind != PLAN_LEAF || p->occur == PLAN_MUST_NOT)
        return false;
    if (l->node->kind == NODE_DATE &&
        when_range(l->node->text, when_today(), &period))
        limit_period(f, period, "date:");
    else if (l->node->kind == NODE_LANG && !f->language[0])
        column_language(l->node->text, f->language);
    else
        return false;
    l->everything = true;
    return true;
}

static void take(struct filter *f, const struct plan *p)
{
    if (!take_leaf(f, p))
        f->set[f->nsets++] = (struct filter_set){p, p->occur == PLAN_MUST_NOT};
}

static struct plan *all_documents(struct arena *arena)
{
    struct plan *p = arena_alloc(arena, sizeof *p);

    if (p) {
        p->kind = PLAN_ALL;
        p->occur = PLAN_FILTER;
    }
    return p;
}

/* What a plan is when the sets at its top are gone: NULL without memory. The
 * old one stays as it is, for `every` shares it. */
static struct plan *without_sets(struct filter *f, const struct plan *root,
                                 struct arena *arena)
{
    struct plan *list = arena_alloc(arena, sizeof *list), **tail;
    const struct plan *c;
    bool positive = false;

    if (!list)
        return NULL;
    *list = *root;
    tail = &list->child;
    for (c = root->child; c; c = c->next) {
        struct plan *copy;

        if (may_go(root, c)) {
            take(f, c);
            continue;
        }
        copy = arena_alloc(arena, sizeof *copy);
        if (!copy)
            return NULL;
        *copy = *c;
        *tail = copy;
        tail = &copy->next;
        positive |= c->occur != PLAN_MUST_NOT;
    }
    *tail = NULL;
    if (!positive) {
        *tail = all_documents(arena);
        if (!*tail)
            return NULL;
    }
    if (!list->child->next && list->child->occur != PLAN_MUST_NOT)
        return list->child;
    return list;
}

static int hoist(struct filter *f, struct plan_query *plan, struct arena *arena,
                 struct err *err)
{
    const struct plan *c;
    unsigned n = 1;

    if (!plan->root)
        return 0;
    for (c = plan->root->child; c; c = c->next)
        n++;
    f->set = arena_alloc(arena, n * sizeof *f->set);
    if (!f->set)
        return err_nomem(err);
    if (is_set(plan->root) && plan->root->occur != PLAN_MUST_NOT) {
        take(f, plan->root);
        plan->root = all_documents(arena);
    } else if (plan->root->kind == PLAN_BOOL) {
        plan->root = without_sets(f, plan->root, arena);
    }
    if (!plan->root)
        return err_nomem(err);
    plan->simple = plan_simple(plan);
    return 0;
}

/* --- limits --- */

/* A leaf as of path:TEXT. */
static int open_path(struct filter *f, struct arena *arena, struct err *err)
{
    struct node *n = arena_alloc(arena, sizeof *n);

    f->path = arena_alloc(arena, sizeof *f->path);
    if (!n || !f->path)
        return err_nomem(err);
    n->kind = NODE_PATH;
    n->text = f->limits->path;
    f->path->kind = LEAF_DOCS;
    f->path->node = n;
    return docs_named(f->path, f->ix, err);
}

int filter_open(struct filter *f, const struct limits *limits, struct index *ix,
                struct plan_query *plan, struct arena *arena, struct err *err)
{
    struct period p = {WHEN_FIRST, WHEN_LAST};
    unsigned i;
    int rc;

    memset(f, 0, sizeof *f);
    f->ix = ix;
    f->limits = limits;
    f->period = p;
    if (limits->since_set)
        p.from = limits->since;
    if (limits->until_set)
        p.to = limits->until;
    if (limits->since_set || limits->until_set)
        limit_period(f, p, limits->since_set ? "--since" : "--until");
    memcpy(f->language, limits->language, sizeof f->language);
    rc = hoist(f, plan, arena, err);
    if (rc == 0 && limits->path.n)
        rc = open_path(f, arena, err);
    for (i = 0; i < limits->nfields && rc == 0; i++, f->nfields++)
        rc = fields_open(&f->field[i], ix->txn, limits->field[i].name,
                         limits->field[i].value, err);
    return rc;
}

void filter_close(struct filter *f)
{
    unsigned i;

    if (f->path)
        free(f->path->docs);
    for (i = 0; i < f->nfields; i++)
        fields_close(&f->field[i]);
    memset(f, 0, sizeof *f);
}

static size_t listed(const struct plan *p)
{
    size_t n = 0;

    if (p->kind == PLAN_LEAF)
        return p->leaf->ndocs;
    for (p = p->child; p; p = p->next)
        n += p->leaf->ndocs;
    return n;
}

const struct plan *filter_lead(const struct filter *f, struct arena *arena)
{
    size_t few = f->ix->manifest.next_docid / FILTER_LEAD, n;
    const struct plan *best = NULL;
    struct plan *lead;
    unsigned i;

    for (i = 0; i < f->nsets; i++)
        if (!f->set[i].without && (n = listed(f->set[i].plan)) <= few) {
            best = f->set[i].plan;
            few = n;
        }
    if (!best && (!f->path || f->path->ndocs > few))
        return NULL;
    lead = arena_alloc(arena, sizeof *lead);
    if (lead && best && (!f->path || f->path->ndocs > few))
        *lead = *best;
    else if (lead)
        *lead = (struct plan){.kind = PLAN_LEAF, .leaf = f->path};
    return lead;
}

bool filter_any(const struct filter *f)
{
    return f->dated || f->language[0] || f->path || f->nfields || f->nsets;
}
