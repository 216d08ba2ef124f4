#include "query/filter.h"

#include <stdlib.h>

#include "index/column.h"

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

/* Paths, any of which is enough: a limit, in room for n patterns. */
static bool add_paths(struct filter *f, unsigned n, struct arena *arena,
                      struct path_pattern **room)
{
    *room = arena_alloc(arena, (n + 1) * sizeof **room);
    if (!*room)
        return false;
    paths_open(&f->paths[f->npaths++], f->ix, *room, n);
    return true;
}

static bool is_path(const struct plan *p)
{
    return p->leaf->node->kind == NODE_PATH;
}

/* A path or a list of them need not be listed, either: 1, 0 where it is
 * something else, ERR_NOMEM. */
static int take_paths(struct filter *f, const struct plan *p,
                      struct arena *arena)
{
    const struct plan *first = p->kind == PLAN_LEAF ? p : p->child, *c = first;
    struct path_pattern *pattern;
    unsigned n = 0;

    for (; c && is_path(c); c = c == p ? NULL : c->next)
        n++;
    if (c || n == 0)
        return 0;
    if (!add_paths(f, n, arena, &pattern))
        return ERR_NOMEM;
    f->paths[f->npaths - 1].without = p->occur == PLAN_MUST_NOT;
    for (c = first; c; c = c == p ? NULL : c->next) {
        path_pattern_set(pattern++, c->leaf->node->text);
        c->leaf->everything = true;
    }
    return 1;
}

static int take(struct filter *f, const struct plan *p, struct arena *arena)
{
    int rc = take_leaf(f, p) ? 1 : take_paths(f, p, arena);

    if (rc == 0)
        f->set[f->nsets++] = (struct filter_set){p, p->occur == PLAN_MUST_NOT};
    return rc < 0 ? rc : 0;
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
            if (take(f, c, arena) < 0)
                return NULL;
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
    unsigned n = 2; /* the root, and the path of settings */

    if (plan->root)
        for (c = plan->root->child; c; c = c->next)
            n++;
    f->set = arena_alloc(arena, n * sizeof *f->set);
    f->paths = arena_alloc(arena, n * sizeof *f->paths);
    if (!f->set || !f->paths)
        return err_nomem(err);
    if (!plan->root)
        return 0;
    if (is_set(plan->root) && plan->root->occur != PLAN_MUST_NOT) {
        plan->root =
            take(f, plan->root, arena) < 0 ? NULL : all_documents(arena);
    } else if (plan->root->kind == PLAN_BOOL) {
        plan->root = without_sets(f, plan->root, arena);
    }
    if (!plan->root)
        return err_nomem(err);
    plan->simple = plan_simple(plan);
    return 0;
}

/* --- limits --- */

static int open_path(struct filter *f, struct arena *arena, struct err *err)
{
    struct path_pattern *pattern;

    if (!add_paths(f, 1, arena, &pattern))
        return err_nomem(err);
    path_pattern_set(pattern, f->limits->path);
    return 0;
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
    if (rc == 0 && f->npaths)
        rc = index_names(ix, err);
    for (i = 0; i < limits->nfields && rc == 0; i++, f->nfields++)
        rc = fields_open(&f->field[i], ix->txn, limits->field[i].name,
                         limits->field[i].value, err);
    return rc;
}

void filter_close(struct filter *f)
{
    unsigned i;

    for (i = 0; i < f->npaths; i++)
        paths_close(&f->paths[i]);
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

/* Documents of the words of a plan, at least so many: those of words near each
 * other are not added up. */
static uint64_t postings_of(const struct plan_query *plan)
{
    uint64_t n = 0;
    unsigned i, k;

    for (i = 0; i < plan->nleaves; i++) {
        const struct leaf *l = plan->leaf[i];

        if (l->kind == LEAF_NEAR)
            return UINT64_MAX;
        for (k = 0; k < l->nslots; k++)
            n += l->slot[k].df;
    }
    return plan->nwords ? n : UINT64_MAX;
}

/* A row of the path table costs as much as so many of a list. */
enum { LISTED = 4 };

/* Of the paths that begin as a limit says, if they are fewer than *few: a leaf
 * that lists them. */
static int list_paths(struct filter *f, struct arena *arena, size_t *few,
                      struct plan *lead, struct err *err)
{
    struct leaf *l = arena_alloc(arena, sizeof *l);
    uint32_t *docs = malloc((*few + 1) * sizeof *docs);
    unsigned i;
    int rc = 0;

    for (i = 0; i < f->npaths && rc >= 0 && l && docs; i++) {
        size_t n;

        rc = paths_few(&f->paths[i], docs, *few / LISTED, &n, err);
        if (rc <= 0)
            continue;
        l->kind = LEAF_DOCS;
        l->ndocs = *few = n;
        l->docs = arena_alloc(arena, (n + 1) * sizeof *l->docs);
        if (!l->docs)
            rc = err_nomem(err);
        else if (n)
            memcpy(l->docs, docs, n * sizeof *docs);
        *lead = (struct plan){.kind = PLAN_LEAF, .leaf = l};
    }
    free(docs);
    return l && docs ? rc : err_nomem(err);
}

int filter_lead(struct filter *f, const struct plan_query *plan,
                struct arena *arena, const struct plan **out, struct err *err)
{
    size_t few = f->ix->manifest.next_docid / FILTER_LEAD, n;
    struct plan *lead = arena_alloc(arena, sizeof *lead);
    unsigned i;
    int rc = 0;

    *out = NULL;
    if (!lead)
        return err_nomem(err);
    for (i = 0; i < f->nsets; i++)
        if (!f->set[i].without && (n = listed(f->set[i].plan)) <= few) {
            *lead = *f->set[i].plan;
            *out = lead;
            few = n;
        }
    if (f->npaths && postings_of(plan) > few)
        rc = list_paths(f, arena, &few, lead, err);
    if (lead->leaf || lead->child)
        *out = lead;
    return rc < 0 ? rc : 0;
}

bool filter_any(const struct filter *f)
{
    return f->dated || f->language[0] || f->nfields || f->nsets || f->npaths;
}
