/* Leaves of words near each other. */
#include "query/leaf_make.h"
#include "query/lex_word.h"

/* The leaves that may stand for a word of LEAF_NEAR: listed twice, to be
 * counted first. */
struct choice {
    struct leaf_maker *m;
    struct leaf **leaf; /* NULL: only counted */
    unsigned n;
    struct err *err;
};

static int choose(struct choice *c, const struct node *n);

/* Alternatives: ( a OR b ), ( a b ). */
static int choose_of_group(struct choice *c, const struct node *group)
{
    const struct node *list, *n;
    int rc = 0;

    for (list = group->child; list && rc == 0; list = list->next)
        for (n = list->child; n && rc == 0; n = n->next)
            rc = n->occur == OCCUR_SHOULD || (n->occur == OCCUR_MUST &&
                                              n == list->child && !n->next)
                     ? choose(c, n)
                     : ERR_REFUSED;
    return rc;
}

static int choose(struct choice *c, const struct node *n)
{
    struct leaf *one = NULL;
    struct unit u = {.leaf = &one};
    int rc = 0;

    switch (n->kind) {
    case NODE_OR:
        return choose_of_group(c, n);
    case NODE_WORD:
    case NODE_EXACT:
    case NODE_PHRASE:
    case NODE_PATTERN:
    case NODE_FUZZY:
    case NODE_ROW:
        break;
    default:
        return ERR_REFUSED;
    }
    if (!c->leaf) {
        c->n += c->m->lexers->n;
        return 0;
    }
    if (n->kind == NODE_ROW)
        rc = leaf_near(c->m, n, &one, c->err);
    else if (n->kind == NODE_PATTERN || n->kind == NODE_FUZZY)
        rc = leaf_set(c->m, n, &one, c->err);
    u.nleaves = one != NULL;
    if (rc == 0 && !one && n->kind != NODE_ROW)
        rc = leaf_exact(c->m, n, &u, c->err);
    if (rc == 0 && u.nleaves)
        memcpy(c->leaf + c->n, u.leaf, u.nleaves * sizeof *u.leaf);
    if (rc == 0)
        c->n += u.nleaves;
    return rc;
}

/* Adds a word to l: 0, ERR_REFUSED, and as leaf_exact. */
static int add_near(struct leaf_maker *m, struct leaf *l, const struct node *n,
                    struct err *err)
{
    struct near_leaves *w = &l->near[l->nnear];
    struct choice c = {.m = m, .err = err};
    int rc = choose(&c, n);

    if (rc < 0)
        return rc;
    c.leaf = arena_alloc(m->arena, (c.n + 1) * sizeof(struct leaf *));
    if (!c.leaf)
        return err_nomem(err);
    c.n = 0;
    rc = choose(&c, n);
    w->leaf = c.leaf;
    w->nleaves = c.n;
    w->times = 1;
    w->beside = n->beside;
    l->nnear += c.n > 0;
    return rc;
}

static bool same_word(const struct leaf *a, const struct leaf *b)
{
    return a->kind == b->kind && a->nslots == 1 && b->nslots == 1 &&
           view_eq(a->slot->term, b->slot->term) &&
           view_eq(a->slot->word, b->slot->word);
}

/* A word that was there before is wanted once more instead. */
static void unite(struct leaf *l)
{
    const struct leaf *last;
    unsigned i;

    if (l->nnear < 2)
        return;
    last = l->near[l->nnear - 1].leaf[0];
    for (i = 0; i + 1 < l->nnear; i++)
        if (same_word(l->near[i].leaf[0], last)) {
            l->near[i].times++;
            l->nnear--;
            return;
        }
}

/* The words of a phrase, cut at white space. */
static int split(struct leaf_maker *m, struct leaf *l, const struct node *n,
                 struct err *err)
{
    struct view text = n->text;
    struct node word = *n;
    struct lex_item item = {0};
    size_t i = 0, start, blank;
    uint32_t words = 0;
    int rc = 0;

    word.boost = 1;
    word.beside = 0;
    while (i < text.n && rc == 0) {
        while (i < text.n && (blank = lex_blank(view_sub(text, i, text.n))) > 0)
            i += blank;
        start = i;
        while (i < text.n && lex_blank(view_sub(text, i, text.n)) == 0)
            i++;
        if (i == start || l->nnear == LEAF_SLOTS)
            break;
        item.text = view_sub(text, start, i);
        word.kind = !lex_slot(&item, m->notes) ? NODE_PHRASE
                    : item.kind == LEX_PATTERN ? NODE_PATTERN
                                               : NODE_FUZZY;
        word.text = item.text;
        word.number = item.number;
        rc = add_near(m, l, &word, err);
        if (rc == 0 && l->nnear) {
            struct leaf *last = l->near[l->nnear - 1].leaf[0];

            words += last->length;
            unite(l);
        }
    }
    l->reach = n->number + 1 > words ? n->number : words - 1;
    return rc;
}

/* Most words that there can be. */
static unsigned count_near(const struct node *n)
{
    const struct node *c;
    unsigned k = 0;
    size_t i;

    if (n->kind != NODE_WITHIN) {
        for (c = n->child; c; c = c->next)
            k++;
        return k;
    }
    for (i = 0; i < n->text.n && k < LEAF_SLOTS; i++)
        k += lex_blank(view_sub(n->text, i, n->text.n)) > 0;
    return k + 1;
}

int leaf_near(struct leaf_maker *m, const struct node *n, struct leaf **out,
              struct err *err)
{
    struct err own = {0};
    const struct node *c;
    struct leaf *l;
    double boost = m->boost;
    int rc = 0;

    if (!err)
        err = &own;
    *out = NULL;
    l = leaf_make(m, n, LEAF_NEAR, 0, err);
    if (!l)
        return err->code;
    l->near = arena_alloc(m->arena, count_near(n) * sizeof *l->near);
    if (!l->near)
        return err_nomem(err);
    m->boost = 1; /* that of the whole is in l */
    if (n->kind == NODE_WITHIN)
        rc = split(m, l, n, err);
    for (c = n->child; c && rc == 0; c = c->next)
        rc = add_near(m, l, c, err);
    l->row = n->kind == NODE_ROW;
    m->boost = boost;
    if (rc < 0 || l->nnear == 0)
        return rc;
    l->word = m->nwords - 1; /* that of its last leaf: words are counted once */
    *out = l;
    if (l->nnear == 1 && l->near->nleaves == 1 && l->near->times == 1) {
        *out = l->near->leaf[0];
        (*out)->boost *= l->boost;
    }
    return 0;
}
