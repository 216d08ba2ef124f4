#include "query/leaf_make.h"

#include "index/layout.h"

/* Appends what a token is in one language; which[0] is the number of the term
 * that every spelling has. */
static int add_terms(struct leaf_maker *m, struct piece *p,
                     const struct lexeme *lx, uint8_t *which)
{
    unsigned i, k;

    for (i = 0; i < lx->nterms; i++) {
        for (k = 0; k < p->nterms; k++)
            if (view_eq(p->term[k].term, lx->term[i]))
                break;
        *which = (uint8_t)k;
        if (k < p->nterms)
            continue;
        p->term[k].term = arena_copy(m->arena, lx->term[i]);
        p->term[k].df = 1;
        if (!p->term[k].term.p)
            return ERR_NOMEM;
        p->nterms++;
    }
    return 0;
}

/* What a token is in all languages. Without spaces nothing is stemmed. */
static int fill_piece(struct leaf_maker *m, struct piece *p,
                      const struct token *t)
{
    bool stemmed = t->kind == TOKEN_WORD || t->kind == TOKEN_JOINED;
    unsigned n = stemmed ? m->lexers->n : 1, i;
    struct lexeme lx;

    p->term = arena_alloc(m->arena, 2 * n * sizeof *p->term);
    p->plain = arena_alloc(m->arena, m->lexers->n);
    if (!p->term || !p->plain)
        return ERR_NOMEM;
    for (i = 0; i < n; i++) {
        if (lexer_lexeme(m->lexers->lexer[i], t->raw, t->kind, &lx) < 0)
            return ERR_NOMEM;
        if (i == 0) {
            p->form = arena_copy(m->arena, lx.form);
            p->folded = arena_copy(m->arena, lx.folded);
        }
        if (add_terms(m, p, &lx, &p->plain[i]) < 0)
            return ERR_NOMEM;
        if (i < m->lexers->ncommon)
            p->ncommon = p->nterms;
    }
    p->nused = p->nterms;
    return 0;
}

/* How many documents have a term, in all indexes. */
static int count_documents(struct leaf_maker *m, struct view term, uint64_t *df,
                           struct err *err)
{
    struct term_info info;
    unsigned i, k;
    int rc = 0;

    *df = 0;
    for (i = 0; i < m->nindexes; i++)
        for (k = 0; k < m->ix[i].manifest.nsegments && rc >= 0; k++) {
            rc = segment_term(&m->ix[i].segment[k], term, &info, err);
            if (rc > 0)
                *df += info.df;
        }
    return rc < 0 ? rc : 0;
}

/* Asks which terms there are, where languages differ about a word: those of
 * rare ones too where none of the others is, or `all` are asked about. */
static int count_terms(struct leaf_maker *m, struct piece *p, bool title,
                       bool all, struct err *err)
{
    uint8_t key[1 + LEXEME_MAX] = {TITLE_MARK};
    uint64_t docs = 0;
    unsigned i;
    int rc = 0;

    if (m->lexers->n == 1 || p->nterms < 2 || !m->nindexes)
        return 0;
    for (i = 0; i < p->nterms && rc == 0; i++) {
        struct stem *s = &p->term[i];

        memcpy(key + 1, s->term.p, s->term.n);
        rc = count_documents(
            m, view_sub(view_of(key, sizeof key), !title, 1 + s->term.n),
            &s->df, err);
        p->joint += s->df;
        if (i + 1 == p->ncommon && p->joint) {
            p->nused = p->ncommon;
            if (!all)
                break;
        }
    }
    for (i = p->nused; i < p->nterms && all; i++)
        p->joint -= p->term[i].df;
    for (i = 0; i < m->nindexes; i++)
        docs += index_docs(&m->ix[i]);
    if (p->joint > docs)
        p->joint = docs;
    if (p->joint == 0)
        p->term[0].df = 1;
    return rc;
}

static int add_piece(struct leaf_maker *m, struct pieces *ps,
                     const struct token *t, bool title, bool all,
                     struct err *err)
{
    struct piece *p;

    if (ps->n == ps->cap) {
        p = arena_alloc(m->arena, (ps->cap * 2 + 8) * sizeof *p);
        if (!p)
            return err_nomem(err);
        if (ps->n)
            memcpy(p, ps->piece, ps->n * sizeof *p);
        ps->piece = p;
        ps->cap = ps->cap * 2 + 8;
    }
    p = &ps->piece[ps->n];
    memset(p, 0, sizeof *p);
    p->kind = t->kind;
    p->start = t->start;
    p->end = t->end;
    p->pos = t->pos;
    p->span = t->span;
    if (fill_piece(m, p, t) < 0)
        return err_nomem(err);
    ps->n += p->nterms > 0;
    return count_terms(m, p, title, all, err);
}

int leaf_analyse(struct leaf_maker *m, const struct node *n, bool all,
                 struct pieces *ps, struct err *err)
{
    struct view text = n->text;
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
        rc = add_piece(m, ps, &t, n->title, all, err);
        if (rc < 0)
            return rc;
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

int leaf_fill_slot(struct leaf_maker *m, struct slot *s, const struct piece *p,
                   unsigned which, enum form_test test, bool title)
{
    s->kind = p->kind;
    s->pos = p->pos;
    s->span = p->span;
    s->test = test;
    s->word = test == TEST_FORM ? p->form : p->folded;
    s->joint = p->joint;
    return slot_term(m, s, p->term[which].term, title);
}

struct leaf *leaf_term(struct leaf_maker *m, const struct node *n,
                       const struct piece *p, unsigned which, struct err *err)
{
    struct leaf *l = leaf_make(m, n, LEAF_TERM, 1, err);

    if (!l)
        return NULL;
    if (leaf_fill_slot(m, l->slot, p, which, TEST_NONE, n->title) < 0) {
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

/* The unit of one spaced or joined token. */
static int word_unit(struct leaf_maker *m, const struct node *node,
                     const struct piece *p, struct unit *u, struct err *err)
{
    struct leaf *l;
    unsigned i;

    u->joined = p->kind == TOKEN_JOINED;
    u->leaf = arena_alloc(m->arena, p->nused * sizeof *u->leaf);
    if (!u->leaf)
        return err_nomem(err);
    for (i = 0; i < p->nused; i++) {
        if (p->term[i].df == 0)
            continue;
        l = leaf_term(m, node, p, i, err);
        if (!l)
            return err->code;
        u->leaf[u->nleaves++] = l;
    }
    u->nneeded = u->nleaves;
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
    rc = leaf_analyse(m, n, false, &ps, err);
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
        rc = unspaced(p) ? leaf_run(m, n, p, used, u, err)
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

/* The leaf of a phrase as the language of that place in the list stems it. */
static struct leaf *exact_leaf(struct leaf_maker *m, const struct node *n,
                               const struct pieces *ps, unsigned language,
                               unsigned nslots, struct err *err)
{
    enum form_test test = test_of(n);
    struct leaf *l = leaf_make(m, n, LEAF_EXACT, nslots, err);
    struct slot *s;
    uint32_t end = ps->piece[0].end;
    unsigned i;

    if (!l)
        return NULL;
    l->length = 0;
    s = l->slot;
    for (i = 0; i < ps->n; i++) {
        const struct piece *p = &ps->piece[i];

        if (left_out(ps->piece, p))
            continue;
        s->cluster = p->kind == TOKEN_UNIGRAM;
        /* under the term of the plain spelling every spelling is found */
        if (leaf_fill_slot(m, s, p, p->plain[language],
                           s->cluster || (unspaced(p) && test == TEST_FOLDED)
                               ? TEST_NONE
                               : test,
                           n->title) < 0) {
            err_nomem(err);
            return NULL;
        }
        s->pos -= ps->piece[0].pos;
        if (p->end > end)
            end = p->end;
        if (s->pos + s->span > l->length)
            l->length = s->pos + s->span;
        s++;
    }
    if (nslots == 1 && l->slot->test == TEST_NONE)
        l->kind = l->slot->cluster ? LEAF_CLUSTER : LEAF_TERM;
    l->text = view_sub(n->text, ps->piece[0].start, end);
    return l;
}

/* Whether there are all terms that the phrase has in a language, and no language
 * before it has the same. */
static bool is_way(const struct pieces *ps, unsigned language)
{
    unsigned i, before;

    for (i = 0; i < ps->n; i++)
        if (ps->piece[i].term[ps->piece[i].plain[language]].df == 0)
            return false;
    for (before = 0; before < language; before++) {
        for (i = 0; i < ps->n; i++)
            if (ps->piece[i].plain[before] != ps->piece[i].plain[language])
                break;
        if (i == ps->n)
            return false;
    }
    return true;
}

int leaf_exact(struct leaf_maker *m, const struct node *n, struct unit *out,
               struct err *err)
{
    struct pieces ps;
    struct err own = {0};
    unsigned i, nslots = 0;
    int rc;

    if (!err)
        err = &own;
    memset(out, 0, sizeof *out);
    rc = leaf_analyse(m, n, true, &ps, err);
    if (rc < 0)
        return rc;
    for (i = 0; i < ps.n; i++)
        nslots += !left_out(ps.piece, &ps.piece[i]);
    if (nslots == 0)
        return 0;
    out->leaf = arena_alloc(m->arena, m->lexers->n * sizeof *out->leaf);
    if (!out->leaf)
        return err_nomem(err);
    for (i = 0; i < m->lexers->n; i++) {
        if (!is_way(&ps, i))
            continue;
        out->leaf[out->nleaves] = exact_leaf(m, n, &ps, i, nslots, err);
        if (!out->leaf[out->nleaves++])
            return err->code;
    }
    if (out->nleaves == 0) { /* that has places in the text, and no matches */
        out->leaf[out->nleaves++] = exact_leaf(m, n, &ps, 0, nslots, err);
        if (!out->leaf[0])
            return err->code;
    }
    out->nneeded = out->nleaves;
    m->nwords++;
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
