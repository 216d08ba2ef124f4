#include "query/plan.h"

#include <stdlib.h>

#include "query/also.h"

/* What goes on while a tree is planned. */
struct planner {
    struct plan_query *q;
    struct leaf_maker *m;
    struct notes *notes;
    struct plan *every; /* list of conditions of the positive words */
    bool negative;      /* below a NOT */
    bool as_and;        /* a NEAR became an AND, as if that had been asked */
    unsigned cap;       /* of q->leaf */
    struct err *err;
};

/* Kinds of leaves that restrict a list, from NODE_PATH on. */
enum { SETS = NODE_LANG - NODE_PATH + 1 };

static int plan_or(struct planner *pl, const struct node *n, struct plan **out);
static int plan_clause(struct planner *pl, struct plan *list,
                       struct plan *set[SETS], const struct node *n);

static struct plan *make(struct planner *pl, enum plan_kind kind)
{
    struct plan *p = arena_alloc(pl->m->arena, sizeof *p);

    if (p)
        p->kind = kind;
    else
        err_nomem(pl->err);
    return p;
}

static void add(struct plan *list, struct plan *p, enum plan_occur occur)
{
    struct plan **tail = &list->child;

    while (*tail)
        tail = &(*tail)->next;
    p->occur = occur;
    p->next = NULL;
    *tail = p;
}

/* Adds a new node for leaf l to the list. */
static int add_leaf(struct planner *pl, struct plan *list, struct leaf *l,
                    enum plan_occur occur)
{
    struct plan *p = make(pl, PLAN_LEAF);

    if (!p)
        return ERR_NOMEM;
    p->leaf = l;
    add(list, p, occur);
    return 0;
}

/* Adds the list to another; one that has a single clause gives that. */
static void add_list(struct plan *to, struct plan *list, enum plan_occur occur)
{
    if (list->child && !list->child->next &&
        list->child->occur != PLAN_MUST_NOT)
        list = list->child;
    add(to, list, occur);
}

static int keep_leaf(struct planner *pl, struct leaf *l)
{
    struct plan_query *q = pl->q;
    struct leaf **more;

    if (q->nleaves == pl->cap) {
        more = realloc(q->leaf, (pl->cap * 2 + 16) * sizeof *more);
        if (!more)
            return err_nomem(pl->err);
        q->leaf = more;
        pl->cap = pl->cap * 2 + 16;
    }
    l->negative = pl->negative;
    q->leaf[q->nleaves++] = l;
    return 0;
}

/* What unit u asks for when it must match. */
static int add_unit(struct planner *pl, struct plan *to, const struct unit *u,
                    enum plan_occur occur)
{
    struct plan *list = make(pl, PLAN_BOOL);
    unsigned i;

    if (!list)
        return ERR_NOMEM;
    for (i = 0; i < u->nneeded; i++)
        if (add_leaf(pl, list, u->leaf[i], u->all ? PLAN_FILTER : PLAN_SHOULD) <
            0)
            return ERR_NOMEM;
    add_list(to, list, occur);
    return 0;
}

/* Units from u, the first part of a compound: all of its parts, or the joined
 * token, which stands behind the first. *used gets the units. */
static int add_compound(struct planner *pl, struct plan *to,
                        const struct unit *u, const struct unit *end,
                        unsigned *used)
{
    struct plan *either = make(pl, PLAN_BOOL), *parts = make(pl, PLAN_BOOL);
    const struct unit *joined = u + 1, *part;

    if (!either || !parts || add_unit(pl, parts, u, PLAN_FILTER) < 0)
        return ERR_NOMEM;
    for (part = u + 2;
         part < end && !part->joined && part->pos < joined->pos + joined->span;
         part++)
        if (add_unit(pl, parts, part, PLAN_FILTER) < 0)
            return ERR_NOMEM;
    add_list(either, parts, PLAN_SHOULD);
    if (add_unit(pl, either, joined, PLAN_SHOULD) < 0)
        return ERR_NOMEM;
    add(to, either, PLAN_FILTER);
    *used = (unsigned)(part - u);
    return 0;
}

/* Adds what a word asks for when it must match. */
static int add_condition(struct planner *pl, struct plan *to,
                         const struct unit *u, unsigned nunits,
                         enum plan_occur occur)
{
    struct plan *list = make(pl, PLAN_BOOL);
    const struct unit *end = u + nunits;
    unsigned used;
    int rc;

    if (!list)
        return ERR_NOMEM;
    for (; u < end; u += used) {
        used = 1;
        if (u + 1 < end && u[1].joined)
            rc = add_compound(pl, list, u, end, &used);
        else
            rc = add_unit(pl, list, u, PLAN_FILTER);
        if (rc < 0)
            return rc;
    }
    add_list(to, list, occur);
    return 0;
}

static bool same_leaf(const struct leaf *a, const struct leaf *b)
{
    return a->kind == LEAF_TERM && b->kind == LEAF_TERM && a->alone &&
           a->boost == b->boost && view_eq(a->slot->term, b->slot->term);
}

/* Counts a word the list has already once more, instead of adding it. */
static bool repeat(struct plan *list, const struct leaf *l)
{
    struct plan *p;

    for (p = list->child; p; p = p->next)
        if (p->kind == PLAN_LEAF && p->occur == PLAN_SHOULD &&
            same_leaf(p->leaf, l)) {
            p->leaf->times++;
            return true;
        }
    return false;
}

static int print_units(struct planner *pl, const struct unit *u,
                       unsigned nunits)
{
    struct buf *out = &pl->q->parsed;
    bool exact = u->leaf[0]->kind == LEAF_EXACT && !u->all; /* read the same */
    bool many = nunits > 1 || (u->nneeded > 1 && !exact);
    unsigned i, k, n = 0;
    int rc = 0;

    if (many)
        rc |= buf_addc(out, '(');
    for (i = 0; i < nunits; i++)
        for (k = 0; k < (exact ? 1 : u[i].nneeded); k++) {
            if (n++)
                rc |= buf_addc(out, ' ');
            rc |= leaf_print(u[i].leaf[k], out);
        }
    if (many)
        rc |= buf_addc(out, ')');
    return rc;
}

/* A word of that many units, one at least. */
static int plan_units(struct planner *pl, struct plan *list,
                      const struct node *n, struct unit *u, unsigned nunits)
{
    struct plan *word;
    unsigned i, k;
    int rc = 0;

    if (print_units(pl, u, nunits) < 0)
        return err_nomem(pl->err);
    u->leaf[0]->alone = nunits == 1 && u->nleaves == 1;
    if (n->occur == OCCUR_SHOULD && u->leaf[0]->alone &&
        repeat(list, u->leaf[0]))
        return 0;
    for (i = 0; i < nunits; i++)
        for (k = 0; k < u[i].nleaves; k++)
            if (keep_leaf(pl, u[i].leaf[k]) < 0)
                return ERR_NOMEM;
    if (!pl->negative) {
        pl->q->nwords++;
        rc = add_condition(pl, pl->every, u, nunits, PLAN_FILTER);
        if (rc < 0)
            return rc;
    }
    if (n->occur == OCCUR_MUST_NOT)
        return add_condition(pl, list, u, nunits, PLAN_MUST_NOT);
    if (n->occur == OCCUR_SHOULD) {
        word = list;
    } else if (u->leaf[0]->alone) {
        return add_leaf(pl, list, u->leaf[0], PLAN_MUST);
    } else {
        word = make(pl, PLAN_BOOL);
        if (!word || add_condition(pl, word, u, nunits, PLAN_FILTER) < 0)
            return ERR_NOMEM;
        word->implied = true;
        add(list, word, PLAN_MUST);
    }
    for (i = 0; i < nunits && rc == 0; i++)
        for (k = 0; k < u[i].nleaves && rc == 0; k++)
            rc = add_leaf(pl, word, u[i].leaf[k], PLAN_SHOULD);
    return rc;
}

static int plan_word(struct planner *pl, struct plan *list,
                     const struct node *n)
{
    struct unit *u;
    unsigned nunits;
    int rc = leaf_word(pl->m, n, &u, &nunits, pl->err);

    return rc < 0 || nunits == 0 ? rc : plan_units(pl, list, n, u, nunits);
}

static enum plan_occur plan_occur(const struct node *n)
{
    return n->occur == OCCUR_MUST       ? PLAN_MUST
           : n->occur == OCCUR_MUST_NOT ? PLAN_MUST_NOT
                                        : PLAN_SHOULD;
}

/* NEAR between what has no places: all of it must match. */
static int plan_as_and(struct planner *pl, struct plan *list,
                       const struct node *n)
{
    struct node *any = arena_alloc(pl->m->arena, sizeof *any);
    struct node *all = arena_alloc(pl->m->arena, sizeof *all), *c;

    pl->as_and = true;
    if (!any || !all)
        return err_nomem(pl->err);
    notes_wrong(pl->notes, n->text,
                "NEAR goes between words, phrases and groups of alternatives: "
                "here it means AND");
    *any = *all = *n;
    any->kind = NODE_OR;
    any->child = all;
    all->kind = NODE_LIST;
    all->next = NULL;
    all->occur = OCCUR_SHOULD;
    for (c = all->child; c; c = c->next)
        c->occur = OCCUR_MUST;
    return plan_clause(pl, list, NULL, any);
}

/* A leaf that is all there is of its clause. */
static int plan_whole(struct planner *pl, struct plan *list,
                      const struct node *n)
{
    bool set = n->kind == NODE_PATTERN || n->kind == NODE_FUZZY;
    bool near =
        n->kind == NODE_NEAR || n->kind == NODE_WITHIN || n->kind == NODE_ROW;
    struct leaf *l = NULL;
    struct unit u;
    int rc;

    if (set || near) {
        rc = (set ? leaf_set : leaf_near)(pl->m, n, &l, pl->err);
    } else {
        rc = leaf_exact(pl->m, n, &u, pl->err);
        if (rc == 0 && u.nleaves > 1)
            return plan_units(pl, list, n, &u, 1);
        if (rc == 0 && u.nleaves)
            l = u.leaf[0];
    }
    if (rc == ERR_REFUSED)
        return plan_as_and(pl, list, n);
    if (rc < 0 || !l)
        return rc || !set ? rc : plan_word(pl, list, n);
    if (leaf_print(l, &pl->q->parsed) < 0)
        return err_nomem(pl->err);
    rc = keep_leaf(pl, l);
    if (rc == 0 && !pl->negative) {
        pl->q->nwords++;
        rc = add_leaf(pl, pl->every, l, PLAN_FILTER);
    }
    return rc < 0 ? rc : add_leaf(pl, list, l, plan_occur(n));
}

/* A leaf of path: and its like; without a sign it goes to *set, made if need be. */
static int plan_docs(struct planner *pl, struct plan *list, struct plan **set,
                     const struct node *n)
{
    struct leaf *l;
    int rc = leaf_docs(pl->m, n, &l, pl->err);

    if (rc < 0)
        return rc;
    if (leaf_print(l, &pl->q->parsed) < 0)
        return err_nomem(pl->err);
    rc = keep_leaf(pl, l);
    if (rc < 0 || n->occur != OCCUR_SHOULD)
        return rc < 0 ? rc : add_leaf(pl, list, l, plan_occur(n));
    if (!*set) {
        *set = make(pl, PLAN_BOOL);
        if (!*set)
            return ERR_NOMEM;
    }
    return add_leaf(pl, *set, l, PLAN_SHOULD);
}

static int plan_clause(struct planner *pl, struct plan *list,
                       struct plan *set[SETS], const struct node *n)
{
    struct buf *parsed = &pl->q->parsed;
    double boost = pl->m->boost;
    struct plan *group;
    size_t start;
    int rc;

    switch (n->kind) {
    case NODE_WORD:
        return plan_word(pl, list, n);
    case NODE_EXACT:
    case NODE_PHRASE:
    case NODE_PATTERN:
    case NODE_FUZZY:
    case NODE_WITHIN:
    case NODE_NEAR:
    case NODE_ROW:
        return plan_whole(pl, list, n);
    case NODE_PATH:
    case NODE_ID:
    case NODE_DATE:
    case NODE_LANG:
        return plan_docs(pl, list, &set[n->kind - NODE_PATH], n);
    case NODE_OR:
    case NODE_LIST:
        break;
    }
    start = parsed->n;
    if (buf_addc(parsed, '(') < 0)
        return err_nomem(pl->err);
    pl->m->boost *= n->boost;
    rc = plan_or(pl, n, &group);
    pl->m->boost = boost;
    if (rc < 0)
        return rc;
    if (!group) {
        parsed->n = start;
        return 0;
    }
    add(list, group, plan_occur(n));
    return buf_addc(parsed, ')') < 0 ? err_nomem(pl->err) : 0;
}

/* Marks l as standing for those whose leaves are q->leaf[from ..]. */
static int stand_for(struct planner *pl, struct leaf *l, unsigned from)
{
    l->also = true;
    l->word = pl->q->leaf[from]->word;
    l->instead =
        arena_alloc(pl->m->arena, (pl->q->nleaves - from) * sizeof(void *));
    if (!l->instead)
        return err_nomem(pl->err);
    for (; from < pl->q->nleaves && !pl->q->leaf[from]->also; from++)
        l->instead[l->ninstead++] = pl->q->leaf[from];
    return keep_leaf(pl, l);
}

/* Adds other words for those whose leaves are q->leaf[from ..]: to what scores,
 * as one, and to what has to match. */
static int add_also(struct planner *pl, const struct node *n,
                    const struct also *a, unsigned from, struct plan *max,
                    struct plan *either)
{
    struct node as = {.kind = a->exact ? NODE_EXACT : NODE_WORD,
                      .text = a->text,
                      .boost = n->boost * a->weight};
    struct plan *ways = max;
    struct unit u;
    unsigned i;
    int rc = leaf_exact(pl->m, &as, &u, pl->err);

    if (rc == 0 && u.nleaves > 1) {
        ways = make(pl, PLAN_BOOL);
        if (!ways)
            return ERR_NOMEM;
        add_list(max, ways, PLAN_SHOULD);
    }
    for (i = 0; rc == 0 && i < u.nleaves; i++) {
        rc = stand_for(pl, u.leaf[i], from);
        if (rc == 0)
            rc = add_leaf(pl, ways, u.leaf[i], PLAN_SHOULD);
        if (rc == 0)
            rc = add_leaf(pl, either, u.leaf[i], PLAN_SHOULD);
    }
    return rc;
}

/* Words of a list that others stand for as well. *n becomes the last of them. */
static int plan_also(struct planner *pl, struct plan *list,
                     const struct node **n)
{
    struct plan *max = make(pl, PLAN_MAX), *words = make(pl, PLAN_BOOL);
    struct plan *either = make(pl, PLAN_BOOL), *all = make(pl, PLAN_BOOL);
    struct plan *every = pl->every;
    const struct node *first = *n;
    const struct also *a;
    unsigned from = pl->q->nleaves, i;
    int rc = 0;

    if (!max || !words || !either || !all)
        return ERR_NOMEM;
    pl->every = all;
    for (i = 0; i < first->also_words && rc == 0; i++) {
        if (i) {
            *n = (*n)->next;
            if (buf_adds(&pl->q->parsed,
                         first->occur == OCCUR_MUST ? " +" : " ") < 0)
                rc = err_nomem(pl->err);
        }
        if (rc == 0)
            rc = plan_word(pl, words, *n);
    }
    pl->every = every;
    if (rc < 0 || !words->child)
        return rc;
    add_list(max, words, PLAN_SHOULD);
    add_list(either, all, PLAN_SHOULD);
    for (a = first->also; a && rc == 0; a = a->next)
        rc = add_also(pl, first, a, from, max, either);
    add_list(pl->every, either, PLAN_FILTER);
    add(list, max, plan_occur(first));
    return rc;
}

/* What --min-match is made of: a condition for each unsigned word of a list,
 * besides what scores. */
struct minimum {
    struct plan *list;
    unsigned words;
    bool same; /* each is one clause of the list, which can count itself */
};

/* Notes the clause that was added to `list` behind `last`, or its first one. */
static int add_minimum(struct planner *pl, struct minimum *m,
                       const struct plan *list, const struct plan *last)
{
    const struct plan *first = last ? last->next : list->child, *from = first;
    struct plan *copy;

    if (!first)
        return 0;      /* no word, or one that was there before */
    if (first->next) { /* a word of several parts: its condition is the last */
        m->same = false;
        for (from = pl->every->child; from->next;)
            from = from->next;
    }
    copy = make(pl, from->kind);
    if (!copy)
        return ERR_NOMEM;
    *copy = *from;
    add(m->list, copy, PLAN_SHOULD);
    m->words++;
    return 0;
}

/* Requires as many of the clauses as node n says. */
static void set_minimum(struct plan *list, struct minimum *m,
                        const struct node *n)
{
    uint64_t least = n->least;

    if (n->percent)
        least = least * m->words / 100;
    if (least > m->words)
        least = m->words;
    if (least < 2)
        return;
    if (m->same) {
        list->least = (unsigned)least;
    } else {
        m->list->least = (unsigned)least;
        add(list, m->list, PLAN_FILTER);
    }
}

static const struct plan *last_of(const struct plan *list)
{
    const struct plan *p = list->child;

    while (p && p->next)
        p = p->next;
    return p;
}

/* *out is NULL where nothing is left of the list. */
static int plan_list(struct planner *pl, const struct node *n,
                     struct plan **out)
{
    static const char sign[] = {
        [OCCUR_SHOULD] = 0, [OCCUR_MUST] = '+', [OCCUR_MUST_NOT] = '-'};
    struct plan *list = make(pl, PLAN_BOOL), *set[SETS] = {NULL}, *p;
    struct minimum minimum = {make(pl, PLAN_BOOL), 0, true};
    struct buf *parsed = &pl->q->parsed;
    const struct plan *last;
    const struct node *c;
    bool negative = pl->negative, positive = false;
    size_t before, signed_at, start = parsed->n;
    unsigned i;
    int rc = 0;

    if (!list || !minimum.list)
        return ERR_NOMEM;
    for (c = n->child; c && rc == 0; c = c->next) {
        before = parsed->n;
        if ((before > start && buf_addc(parsed, ' ') < 0) ||
            (sign[c->occur] && buf_addc(parsed, sign[c->occur]) < 0))
            return err_nomem(pl->err);
        signed_at = parsed->n;
        pl->negative = negative || c->occur == OCCUR_MUST_NOT;
        last = last_of(list);
        rc = c->also ? plan_also(pl, list, &c) : plan_clause(pl, list, set, c);
        pl->negative = negative;
        if (rc == 0 && n->least && c->occur == OCCUR_SHOULD)
            rc = add_minimum(pl, &minimum, list, last);
        if (parsed->n == signed_at) /* nothing in it was a word */
            parsed->n = before;
    }
    if (rc < 0)
        return rc;
    for (p = list->child; p; p = p->next)
        positive |= p->occur != PLAN_MUST_NOT;
    if (n->least)
        set_minimum(list, &minimum, n);
    for (i = 0; i < SETS; i++)
        if (set[i]) {
            add_list(list, set[i], PLAN_FILTER);
            positive = true;
        }
    if (list->child && !positive) {
        p = make(pl, PLAN_ALL);
        if (!p)
            return ERR_NOMEM;
        add(list, p, PLAN_FILTER);
    }
    *out = list->child ? list : NULL;
    return 0;
}

static int plan_or(struct planner *pl, const struct node *n, struct plan **out)
{
    struct plan *any = make(pl, PLAN_BOOL), *list = NULL;
    struct buf *parsed = &pl->q->parsed;
    const struct node *c;
    size_t before;
    int rc;

    *out = NULL;
    if (!any)
        return ERR_NOMEM;
    for (c = n->child; c; c = c->next) {
        before = parsed->n;
        if (any->child && buf_adds(parsed, " OR ") < 0)
            return err_nomem(pl->err);
        rc = plan_list(pl, c, &list);
        if (rc < 0)
            return rc;
        if (list)
            add_list(any, list, PLAN_SHOULD);
        else
            parsed->n = before;
    }
    if (any->child)
        *out = any->child->next ? any : any->child;
    return 0;
}

/* Whether no operator was used: one list of unsigned words and phrases. */
static bool is_plain(const struct node *query)
{
    const struct node *c;

    if (query->child->next)
        return false;
    for (c = query->child->child; c; c = c->next)
        if (c->occur != OCCUR_SHOULD || c->kind == NODE_OR)
            return false;
    return true;
}

/* Whether the root is SHOULD leaves (or one leaf), each a word of its own. */
bool plan_simple(const struct plan_query *q)
{
    const struct plan *p;
    unsigned n = 0;

    if (q->root->kind == PLAN_LEAF)
        return q->root->leaf->kind != LEAF_DOCS;
    if (q->root->kind != PLAN_BOOL || q->root->least > 1)
        return false;
    for (p = q->root->child; p; p = p->next, n++)
        if (p->kind != PLAN_LEAF || p->occur != PLAN_SHOULD ||
            p->leaf->kind == LEAF_DOCS || p->leaf->bonus)
            return false;
    return n == q->nwords;
}

static bool has_filter(const struct plan *p)
{
    if (p->kind != PLAN_BOOL)
        return false;
    for (p = p->child; p; p = p->next)
        if (p->occur == PLAN_FILTER)
            return true;
    return false;
}

int plan_make(struct plan_query *q, struct leaf_maker *m,
              const struct node *query, struct err *err)
{
    struct planner pl = {.q = q, .m = m, .notes = m->notes, .err = err};
    struct plan *root;
    int rc;

    plan_clear(q);
    m->boost = 1;
    pl.every = make(&pl, PLAN_BOOL);
    if (!pl.every)
        return ERR_NOMEM;
    rc = plan_or(&pl, query, &q->root);
    if (rc < 0 || !q->root)
        return rc;
    q->plain = is_plain(query) && !pl.as_and;
    q->simple = plan_simple(q);
    if (q->nwords == 0)
        return 0;
    q->every = pl.every;
    if (!q->plain || has_filter(q->root) || q->root->least > 1) {
        root = make(&pl, PLAN_BOOL);
        if (!root)
            return ERR_NOMEM;
        *root = *q->root;
        add(pl.every, root, PLAN_FILTER);
    }
    return 0;
}

void plan_clear(struct plan_query *q)
{
    struct buf parsed = q->parsed;
    struct leaf **leaf = q->leaf;

    free(leaf);
    memset(q, 0, sizeof *q);
    buf_clear(&parsed);
    q->parsed = parsed;
}

void plan_release(struct plan_query *q)
{
    struct plan_query *next;

    for (; q; q = next) {
        next = q->next;
        free(q->leaf);
        buf_release(&q->parsed);
        memset(q, 0, sizeof *q);
    }
}

int plan_print(const struct plan *p, struct buf *out)
{
    static const char sign[] = {
        [PLAN_MUST] = '+',
        [PLAN_SHOULD] = '?',
        [PLAN_FILTER] = '#',
        [PLAN_MUST_NOT] = '-',
    };
    const struct plan *c;
    int rc = 0;

    if (p->kind == PLAN_ALL)
        return buf_adds(out, "all");
    if (p->kind == PLAN_LEAF)
        return leaf_print(p->leaf, out);
    rc |= buf_adds(out, p->kind == PLAN_MAX ? "(max" : "(bool");
    if (p->least > 1)
        rc |= buf_addf(out, " %u of", p->least);
    for (c = p->child; c; c = c->next) {
        rc |= buf_addc(out, ' ') | buf_addc(out, sign[c->occur]);
        rc |= plan_print(c, out);
    }
    return rc | buf_addc(out, ')');
}
