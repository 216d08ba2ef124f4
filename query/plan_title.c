/* Words that count more where the title has them, too. */
#include <stdlib.h>

#include "query/plan.h"

/* What goes on while a plan is copied. */
struct titler {
    struct plan_query *q;
    struct arena *arena;
    double weight;
};

/* The leaf in titles: NULL without memory. Where a document has it there, it
 * has the word as well, at the same places. */
static struct leaf *title_leaf(struct titler *t, const struct leaf *of)
{
    struct leaf *l = arena_alloc(t->arena, sizeof *l);
    struct leaf **more =
        realloc(t->q->leaf, (t->q->nleaves + 1) * sizeof *more);
    unsigned i;

    if (more)
        t->q->leaf = more;
    if (!l || !more)
        return NULL;
    *l = *of;
    l->title = l->bonus = true;
    l->boost *= t->weight;
    l->slot = arena_alloc(t->arena, l->nslots * sizeof *l->slot);
    if (!l->slot)
        return NULL;
    for (i = 0; i < l->nslots; i++) {
        uint8_t *key = arena_alloc(t->arena, of->slot[i].term.n + 1);

        if (!key)
            return NULL;
        l->slot[i] = of->slot[i];
        key[0] = 1;
        memcpy(key + 1, of->slot[i].term.p, of->slot[i].term.n);
        l->slot[i].term = view_of(key, of->slot[i].term.n + 1);
    }
    more[t->q->nleaves++] = l;
    return l;
}

static bool counts_in_titles(const struct plan *p)
{
    return p->kind == PLAN_LEAF && !p->leaf->title &&
           (p->occur == PLAN_MUST || p->occur == PLAN_SHOULD) &&
           (p->leaf->kind == LEAF_TERM || p->leaf->kind == LEAF_EXACT ||
            p->leaf->kind == LEAF_CLUSTER);
}

static struct plan *copy(struct titler *t, const struct plan *p)
{
    struct plan *c = arena_alloc(t->arena, sizeof *c);

    if (c) {
        *c = *p;
        c->next = NULL;
    }
    return c;
}

static struct plan *with_titles(struct titler *t, const struct plan *p);

/* A clause and what its leaf adds in titles, as a list: it matches where the
 * clause alone does. */
static struct plan *pair(struct titler *t, const struct plan *p)
{
    struct plan *list = copy(t, p), *word = copy(t, p), *title = copy(t, p);

    if (!list || !word || !title)
        return NULL;
    *list = (struct plan){.kind = PLAN_BOOL, .occur = p->occur, .child = word};
    word->occur = title->occur = PLAN_SHOULD;
    word->next = title;
    title->leaf = title_leaf(t, p->leaf);
    return title->leaf ? list : NULL;
}

/* The clauses of a list. What is added is a clause beside them, so that a list
 * of words stays one; where clauses are counted, each goes with its own. */
static struct plan *clauses(struct titler *t, const struct plan *list)
{
    struct plan *out = copy(t, list), **tail, *c;
    const struct plan *p;

    if (!out)
        return NULL;
    tail = &out->child;
    for (p = list->child; p; p = p->next) {
        bool title = counts_in_titles(p) && list->least <= 1;

        c = title ? copy(t, p) : with_titles(t, p);
        if (!c)
            return NULL;
        *tail = c;
        tail = &c->next;
        if (!title)
            continue;
        c = copy(t, p);
        if (!c)
            return NULL;
        c->occur = PLAN_SHOULD;
        c->leaf = title_leaf(t, p->leaf);
        if (!c->leaf)
            return NULL;
        *tail = c;
        tail = &c->next;
    }
    *tail = NULL;
    return out;
}

/* What stands for words counts no more where it is in the title: they do. */
static struct plan *with_titles_of_first(struct titler *t, const struct plan *p)
{
    struct plan *out = copy(t, p), *first;

    if (!out)
        return NULL;
    first = with_titles(t, p->child);
    if (!first)
        return NULL;
    first->next = p->child->next; /* the others are as they were */
    out->child = first;
    return out;
}

static struct plan *with_titles(struct titler *t, const struct plan *p)
{
    if (p->kind == PLAN_MAX)
        return with_titles_of_first(t, p);
    if (counts_in_titles(p))
        return pair(t, p);
    if (p->kind == PLAN_BOOL && p->occur != PLAN_FILTER &&
        p->occur != PLAN_MUST_NOT)
        return clauses(t, p);
    return copy(t, p);
}

int plan_titles(struct plan_query *q, struct arena *arena, double weight,
                struct err *err)
{
    struct titler t = {.q = q, .arena = arena, .weight = weight};
    struct plan *root;

    if (!q->root || !(weight > 0))
        return 0;
    root = with_titles(&t, q->root);
    if (!root)
        return err_nomem(err);
    q->root = root;
    q->simple = plan_simple(q);
    return 0;
}
