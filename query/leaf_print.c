/* Leaves as text. */
#include "query/leaf.h"

/* The words of slots. */
static int print_words(const struct leaf *l, struct buf *out)
{
    int rc = 0;
    unsigned i;

    for (i = 0; i < l->nslots; i++) {
        const struct slot *s = &l->slot[i];

        if (s->kind == TOKEN_JOINED && l->nslots > 1)
            continue;
        if (i)
            rc |= buf_addc(out, ' ');
        if (l->kind == LEAF_EXACT || l->kind == LEAF_SET)
            rc |= buf_add(out, s->word);
        else
            rc |= buf_add(out, view_sub(s->term, l->title, s->term.n));
        if (s->cluster)
            rc |= buf_addc(out, '*');
    }
    return rc;
}

static int print_slots(const struct leaf *l, struct buf *out)
{
    bool quoted = l->kind == LEAF_EXACT;
    int rc = 0;

    if (l->slot[0].test == TEST_FORM) {
        rc |= buf_addc(out, '=');
        quoted = l->nslots > 1;
    }
    if (quoted)
        rc |= buf_addc(out, '"');
    rc |= print_words(l, out);
    return quoted ? rc | buf_addc(out, '"') : rc;
}

static int print_near(const struct leaf *l, struct buf *out)
{
    const struct near_leaves *w;
    unsigned i, k;
    int rc = 0;

    if (l->reach)
        rc |= buf_addc(out, '"');
    for (i = 0; i < l->nnear; i++) {
        w = &l->near[i];
        if (i && !l->reach)
            rc |= buf_addf(out, " NEAR/%u ", (unsigned)w->beside);
        for (k = 0; !l->reach && w->nleaves > 1 && k < w->nleaves; k++) {
            rc |= buf_adds(out, k ? " OR " : "(");
            rc |= leaf_print(w->leaf[k], out);
        }
        if (!l->reach)
            rc |= w->nleaves > 1 ? buf_addc(out, ')')
                                 : leaf_print(w->leaf[0], out);
        for (k = 0; l->reach && k < w->times; k++) {
            rc |= i || k ? buf_addc(out, ' ') : 0;
            rc |= print_words(w->leaf[0], out);
        }
    }
    return l->reach ? rc | buf_addf(out, "\"~%u", (unsigned)l->reach) : rc;
}

/* Leaves of one text are the ways in which languages stem it. */
static bool same_text(const struct leaf *a, const struct leaf *b)
{
    return a->text.p == b->text.p && a->text.n == b->text.n;
}

static int print_row(const struct leaf *l, struct buf *out)
{
    const struct near_leaves *w;
    unsigned i, k;
    bool group;
    int rc = 0;

    for (i = 0; i < l->nnear; i++) {
        w = &l->near[i];
        group = !same_text(w->leaf[0], w->leaf[w->nleaves - 1]);
        rc |= i ? buf_addc(out, ' ') : 0;
        rc |= group ? buf_addc(out, '(') : 0;
        for (k = 0; k < w->nleaves; k++) {
            if (k && same_text(w->leaf[k], w->leaf[k - 1]))
                continue;
            rc |= k ? buf_adds(out, " OR ") : 0;
            rc |= w->leaf[k]->row ? print_row(w->leaf[k], out)
                                  : print_words(w->leaf[k], out);
        }
        rc |= group ? buf_addc(out, ')') : 0;
    }
    return rc;
}

int leaf_print(const struct leaf *l, struct buf *out)
{
    int rc = 0;

    if (l->kind == LEAF_DOCS)
        return parse_print_docs(l->node, out);
    if (l->title && (l->kind != LEAF_NEAR || l->reach || l->row))
        rc |= buf_adds(out, "title:");
    if (l->row)
        rc |= buf_addc(out, '"') | print_row(l, out) | buf_addc(out, '"');
    else
        rc |= l->kind == LEAF_NEAR ? print_near(l, out)
              : l->found           ? buf_add(out, l->text)
                                   : print_slots(l, out);
    return l->boost == 1 ? rc : rc | buf_addf(out, "^%g", l->boost);
}
