#include "query/leaf_make.h"

static int add_piece(struct leaf_maker *m, struct pieces *ps,
                     const struct token *t)
{
    struct lexeme lx;
    struct piece *p;
    unsigned i;

    if (lexer_lexeme(m->lexer, t->raw, t->kind, &lx) < 0)
        return ERR_NOMEM;
    if (lx.nterms == 0)
        return 0;
    if (ps->n == ps->cap) {
        p = arena_alloc(m->arena, (ps->cap * 2 + 8) * sizeof *p);
        if (!p)
            return ERR_NOMEM;
        if (ps->n)
            memcpy(p, ps->piece, ps->n * sizeof *p);
        ps->piece = p;
        ps->cap = ps->cap * 2 + 8;
    }
    p = &ps->piece[ps->n++];
    p->kind = t->kind;
    p->start = t->start;
    p->end = t->end;
    p->pos = t->pos;
    p->span = t->span;
    p->form = arena_copy(m->arena, lx.form);
    p->folded = arena_copy(m->arena, lx.folded);
    p->nterms = lx.nterms;
    for (i = 0; i < lx.nterms; i++)
        p->term[i] = arena_copy(m->arena, lx.term[i]);
    return 0;
}

int leaf_analyse(struct leaf_maker *m, struct view text, struct pieces *ps,
                 struct err *err)
{
    struct zone zone = {0, (uint32_t)text.n, false};
    struct token t;
    int rc;

    memset(ps, 0, sizeof *ps);
    if (text.n > UINT32_MAX / 2)
        return err_set(err, ERR_USAGE, "the query is too long");
    words_reset(m->words, text, &zone, 1);
    while ((rc = words_next(m->words, &t)) > 0) {
        if (t.kind == TOKEN_SECOND) /* a query means what it says */
            continue;
        rc = add_piece(m, ps, &t);
        if (rc < 0)
            break;
        if (m->nslots + ps->n > 2 * LEAF_SLOTS)
            return err_set(err, ERR_USAGE, "the query has more than %d terms",
                           LEAF_SLOTS);
    }
    return rc < 0 ? err_nomem(err) : 0;
}

struct leaf *leaf_make(struct leaf_maker *m, const struct node *n,
                       enum leaf_kind kind, unsigned nslots, struct err *err)
{
    struct leaf *l;

    if (m->nslots + nslots > LEAF_SLOTS) {
        err_set(err, ERR_USAGE, "the query has more than %d terms", LEAF_SLOTS);
        return NULL;
    }
    m->nslots += nslots;
    l = arena_alloc(m->arena, sizeof *l);
    if (l)
        l->slot = arena_alloc(m->arena, nslots * sizeof *l->slot);
    if (!l || !l->slot) {
        err_nomem(err);
        return NULL;
    }
    l->kind = kind;
    l->title = n->title;
    l->word = m->nwords;
    l->times = 1;
    l->text = n->text;
    l->nslots = nslots;
    l->length = 1;
    l->boost = n->boost * m->boost;
    return l;
}

/* Key of a term: with the mark of titles in front. */
static int slot_term(struct leaf_maker *m, struct slot *s, struct view term,
                     bool title)
{
    uint8_t *p;

    s->term = term;
    if (!title)
        return 0;
    p = arena_alloc(m->arena, term.n + 1);
    if (!p)
        return ERR_NOMEM;
    p[0] = 1;
    memcpy(p + 1, term.p, term.n);
    s->term = view_of(p, term.n + 1);
    return 0;
}

static int fill_slot(struct leaf_maker *m, struct slot *s,
                     const struct piece *p, unsigned which, enum form_test test,
                     bool title)
{
    s->kind = p->kind;
    s->pos = p->pos;
    s->span = p->span;
    s->test = test;
    s->word = test == TEST_FORM ? p->form : p->folded;
    return slot_term(m, s, p->term[which], title);
}

/* A leaf of one slot: term number `which` of piece p. */
static struct leaf *term_leaf(struct leaf_maker *m, const struct node *n,
                              const struct piece *p, unsigned which,
                              struct err *err)
{
    struct leaf *l = leaf_make(m, n, LEAF_TERM, 1, err);

    if (!l)
        return NULL;
    if (fill_slot(m, l->slot, p, which, TEST_NONE, n->title) < 0) {
        err_nomem(err);
        return NULL;
    }
    l->slot->pos = 0;
    l->text = view_sub(n->text, p->start, p->end);
    if (p->kind == TOKEN_UNIGRAM) {
        l->kind = LEAF_CLUSTER;
        l->slot->cluster = true;
    }
    return l;
}

static bool unspaced(const struct piece *p)
{
    return p->kind == TOKEN_BIGRAM || p->kind == TOKEN_UNIGRAM;
}

/* Pieces of the unspaced run that begins at p: its bigrams and the unigram
 * that ends it. */
static unsigned run_length(const struct piece *p, const struct piece *end)
{
    unsigned n = 0;

    while (p + n < end && p[n].kind == TOKEN_BIGRAM)
        n++;
    if (p + n < end && p[n].kind == TOKEN_UNIGRAM)
        n++;
    return n;
}

/* Bigrams p[0..n) as a phrase. */
static struct leaf *run_phrase(struct leaf_maker *m, const struct node *n,
                               const struct piece *p, unsigned nbigrams,
                               struct err *err)
{
    struct leaf *l = leaf_make(m, n, LEAF_EXACT, nbigrams, err);
    unsigned i;

    for (i = 0; l && i < nbigrams; i++) {
        if (fill_slot(m, &l->slot[i], &p[i], p[i].nterms - 1, TEST_NONE,
                      n->title) < 0) {
            err_nomem(err);
            return NULL;
        }
        l->slot[i].pos -= p[0].pos;
    }
    if (l) {
        l->length = nbigrams;
        l->text = view_sub(n->text, p[0].start, p[nbigrams - 1].end);
    }
    return l;
}

/* The unit of the run of n pieces at p. */
static int run_unit(struct leaf_maker *m, const struct node *node,
                    const struct piece *p, unsigned n, struct unit *u,
                    struct err *err)
{
    unsigned nbigrams = n - (p[n - 1].kind == TOKEN_UNIGRAM);
    unsigned i;

    u->all = true;
    u->nleaves = nbigrams + 1 > LEAF_RUN ? nbigrams : 1;
    u->leaf = arena_alloc(m->arena, u->nleaves * sizeof *u->leaf);
    if (!u->leaf)
        return err_nomem(err);
    if (u->nleaves == 1 && nbigrams > 1) {
        u->leaf[0] = run_phrase(m, node, p, nbigrams, err);
        return u->leaf[0] ? 0 : err->code;
    }
    for (i = 0; i < u->nleaves; i++) {
        u->leaf[i] = term_leaf(m, node, &p[i], p[i].nterms - 1, err);
        if (!u->leaf[i])
            return err->code;
        u->leaf[i]->run = i + 1 < u->nleaves;
    }
    return 0;
}

/* The unit of one spaced or joined token. */
static int word_unit(struct leaf_maker *m, const struct node *node,
                     const struct piece *p, struct unit *u, struct err *err)
{
    unsigned i;

    u->joined = p->kind == TOKEN_JOINED;
    u->nleaves = p->nterms;
    u->leaf = arena_alloc(m->arena, u->nleaves * sizeof *u->leaf);
    if (!u->leaf)
        return err_nomem(err);
    for (i = 0; i < p->nterms; i++) {
        u->leaf[i] = term_leaf(m, node, p, i, err);
        if (!u->leaf[i])
            return err->code;
    }
    return 0;
}

int leaf_word(struct leaf_maker *m, const struct node *n, struct unit **units,
              unsigned *nunits, struct err *err)
{
    struct err own = {0};
    struct pieces ps;
    const struct piece *p, *end;
    struct unit *u;
    int rc;

    if (!err)
        err = &own;
    *nunits = 0;
    rc = leaf_analyse(m, n->text, &ps, err);
    if (rc < 0 || ps.n == 0)
        return rc;
    u = *units = arena_alloc(m->arena, ps.n * sizeof *u);
    if (!u)
        return err_nomem(err);
    end = ps.piece + ps.n;
    for (p = ps.piece; p < end; u++) {
        unsigned used = unspaced(p) ? run_length(p, end) : 1;

        u->pos = p->pos;
        u->span = p->span;
        rc = unspaced(p) ? run_unit(m, n, p, used, u, err)
                         : word_unit(m, n, p, u, err);
        if (rc < 0)
            return rc;
        p += used;
    }
    *nunits = (unsigned)(u - *units);
    m->nwords++;
    return 0;
}

/* Whether piece p of a phrase is left out: the last cluster of a run whose
 * bigrams say it already. */
static bool left_out(const struct piece *first, const struct piece *p)
{
    return p->kind == TOKEN_UNIGRAM && p > first &&
           p[-1].kind == TOKEN_BIGRAM && p[-1].pos + 1 == p->pos;
}

static enum form_test test_of(const struct node *n)
{
    switch (n->kind) {
    case NODE_EXACT:
        return TEST_FORM;
    case NODE_PHRASE:
    case NODE_WITHIN:
        return TEST_FOLDED;
    default:
        return TEST_NONE; /* a plain word that has to be one leaf */
    }
}

int leaf_exact(struct leaf_maker *m, const struct node *n, struct leaf **out,
               struct err *err)
{
    enum form_test test = test_of(n);
    struct pieces ps;
    struct leaf *l;
    struct slot *s;
    struct err own = {0};
    uint32_t end;
    unsigned i, nslots = 0;
    int rc;

    if (!err)
        err = &own;
    *out = NULL;
    rc = leaf_analyse(m, n->text, &ps, err);
    if (rc < 0)
        return rc;
    for (i = 0; i < ps.n; i++)
        nslots += !left_out(ps.piece, &ps.piece[i]);
    if (nslots == 0)
        return 0;
    l = leaf_make(m, n, LEAF_EXACT, nslots, err);
    if (!l)
        return err->code;
    l->length = 0;
    s = l->slot;
    end = ps.piece[0].end;
    for (i = 0; i < ps.n; i++) {
        const struct piece *p = &ps.piece[i];

        if (left_out(ps.piece, p))
            continue;
        s->cluster = p->kind == TOKEN_UNIGRAM;
        /* the last term is that of the plain spelling, under which every
         * spelling is found */
        if (fill_slot(m, s, p, p->nterms - 1,
                      s->cluster || (unspaced(p) && test == TEST_FOLDED)
                          ? TEST_NONE
                          : test,
                      n->title) < 0)
            return err_nomem(err);
        s->pos -= ps.piece[0].pos;
        if (p->end > end)
            end = p->end;
        if (s->pos + s->span > l->length)
            l->length = s->pos + s->span;
        s++;
    }
    if (nslots == 1 && l->slot->test == TEST_NONE)
        l->kind = l->slot->cluster ? LEAF_CLUSTER : LEAF_TERM;
    l->text = view_sub(n->text, ps.piece[0].start, end);
    m->nwords++;
    *out = l;
    return 0;
}

int leaf_docs(struct leaf_maker *m, const struct node *n, struct leaf **out,
              struct err *err)
{
    struct err own = {0};

    *out = leaf_make(m, n, LEAF_DOCS, 0, err ? err : &own);
    if (!*out)
        return err ? err->code : own.code;
    (*out)->node = n;
    return 0;
}
