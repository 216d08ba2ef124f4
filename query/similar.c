#include "query/similar.h"

#include <math.h>
#include <stdlib.h>

#include "index/document.h"

/* A term of the document in one of its forms, and how often. */
struct own_term {
    struct view term;
    struct view form;
    uint32_t tf; /* of the form, then of the term */
    uint32_t df;
    double weight;
    size_t at; /* where it stands first, in tokens */
};

struct own_terms {
    const struct similar *sm;
    struct own_term *term;
    size_t n, cap;
    struct err *err;
    struct lexer *lexer; /* of the document's language */
};

/* Whether the term says something: at least two characters, and not a number. */
static bool is_wordy(struct view term)
{
    size_t i, characters = 0;
    bool letters = false;

    for (i = 0; i < term.n; i++) {
        characters += (term.p[i] & 0xc0) != 0x80;
        letters |= term.p[i] >= 0x80 || (term.p[i] | 0x20) >= 'a';
    }
    return characters > 1 && letters && !(term.p[0] >= '0' && term.p[0] <= '9');
}

static int add_token(struct own_terms *o, const struct token *t)
{
    struct arena *arena = o->sm->arena;
    struct own_term *more, *x;
    struct lexeme lx;
    struct view term;

    if (t->kind != TOKEN_WORD && t->kind != TOKEN_BIGRAM)
        return 0;
    if (lexer_lexeme(o->lexer, t->raw, t->kind, &lx) < 0)
        return err_nomem(o->err);
    if (lx.nterms == 0 || lx.cut)
        return 0;
    term = lx.term[lx.nterms - 1]; /* every spelling has this one */
    if (!is_wordy(term))
        return 0;
    if (o->n == o->cap) {
        o->cap = o->cap * 2 + 256;
        more = realloc(o->term, o->cap * sizeof *more);
        if (!more)
            return err_nomem(o->err);
        o->term = more;
    }
    x = &o->term[o->n];
    memset(x, 0, sizeof *x);
    x->term = arena_copy(arena, term);
    x->form = arena_copy(arena, lx.form);
    x->tf = 1;
    x->at = o->n;
    if (!x->term.p || !x->form.p)
        return err_nomem(o->err);
    o->n++;
    return 0;
}

static int by_form(const void *a, const void *b)
{
    const struct own_term *x = a, *y = b;
    int c = view_cmp(x->term, y->term);

    if (c == 0)
        c = view_cmp(x->form, y->form);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static int by_term(const void *a, const void *b)
{
    const struct own_term *x = a, *y = b;
    int c = view_cmp(x->term, y->term);

    if (c == 0)
        c = (x->tf < y->tf) - (x->tf > y->tf);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static int by_weight(const void *a, const void *b)
{
    const struct own_term *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void sort(struct own_terms *o, int (*by)(const void *, const void *))
{
    if (o->n > 1)
        qsort(o->term, o->n, sizeof *o->term, by);
}

/* Makes one of those that are the same, in form too if that counts: the first
 * of them, with the sum of their tf. */
static void unite(struct own_terms *o, bool form)
{
    size_t i, n = 0;

    for (i = 0; i < o->n; i++) {
        struct own_term *x = &o->term[i], *last = &o->term[n - (n > 0)];

        if (n && view_eq(last->term, x->term) &&
            (!form || view_eq(last->form, x->form)))
            last->tf += x->tf;
        else
            o->term[n++] = *x;
    }
    o->n = n;
}

/* Documents that have the term, dead ones included, as in every score. */
static int count_documents(struct index *ix, struct own_term *x,
                           struct err *err)
{
    struct term_info info;
    unsigned i;
    int rc = 0;

    for (i = 0; i < ix->manifest.nsegments && rc >= 0; i++) {
        rc = segment_term(&ix->segment[i], x->term, &info, err);
        if (rc > 0)
            x->df += info.df;
    }
    return rc < 0 ? rc : 0;
}

/* Weighs the terms, heaviest first, and drops those of no other document. */
static int weigh(struct own_terms *o)
{
    struct index *ix = o->sm->ix;
    double docs = (double)index_docs(ix);
    size_t i, n = 0;
    int rc = 0;

    for (i = 0; i < o->n && rc == 0; i++) {
        struct own_term *x = &o->term[i];
        double df;

        rc = count_documents(ix, x, o->err);
        if (x->df < 2)
            continue;
        df = x->df;
        x->weight = (1 + log(x->tf)) * log(1 + (docs - df + 0.5) / (df + 0.5));
        o->term[n++] = *x;
    }
    o->n = n;
    sort(o, by_weight);
    return rc;
}

/* Capitals that would be an operator of the language. */
static bool is_operator(struct view v)
{
    return view_eq(v, view_str("AND")) || view_eq(v, view_str("OR")) ||
           view_eq(v, view_str("NOT")) || view_eq(v, view_str("NEAR"));
}

static int add_words(struct own_terms *o, uint32_t docid, struct buf *out)
{
    size_t i, n = o->n < SIMILAR_TERMS ? o->n : SIMILAR_TERMS;
    int rc = 0;

    for (i = 0; i < n && rc == 0; i++) {
        struct view v = o->term[i].form;

        if (is_operator(v) && lexer_folded(o->lexer, v, &v) < 0)
            return err_nomem(o->err);
        rc = buf_add(out, v);
        if (rc == 0)
            rc = buf_addc(out, ' ');
    }
    if (rc == 0 && n)
        rc = buf_addf(out, "-id:%u", (unsigned)docid);
    return rc < 0 ? err_nomem(o->err) : n > 0;
}

/* The terms of a text. */
static int read_terms(struct own_terms *o, const struct document *d,
                      struct view text)
{
    struct words *words = o->sm->words;
    struct token t;
    int rc;

    words_reset(words, text, d->zone, d->nzones);
    while ((rc = words_next(words, &t)) > 0) {
        rc = add_token(o, &t);
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? err_nomem(o->err) : 0;
}

int similar_query(const struct similar *sm, uint32_t docid, struct buf *out,
                  struct err *err)
{
    struct own_terms o = {.sm = sm, .err = err};
    struct documents *ds = NULL;
    struct buf text = {0};
    struct document d = {0};
    size_t start = out->n;
    int rc = documents_open(&ds, sm->ix->txn, err);

    if (rc == 0) {
        rc = documents_get(ds, docid, &d, err);
        if (rc == 0)
            rc = err_set(err, ERR_NOTFOUND, "no document %u", (unsigned)docid);
    }
    if (rc > 0 && !(d.flags & DOCUMENT_TEXT))
        rc = err_set(err, ERR_USAGE,
                     "the index was made without texts (--no-text)");
    if (rc > 0)
        rc = documents_text(ds, &d, 0, d.nframes, &text, err);
    if (rc >= 0) {
        o.lexer = lexers_get(sm->lexers, lexers_number(sm->lexers, d.language));
        if (!o.lexer)
            rc = err_nomem(err);
    }
    if (rc >= 0)
        rc = read_terms(&o, &d, buf_view(&text));
    if (rc == 0) {
        sort(&o, by_form);
        unite(&o, true);
        sort(&o, by_term);
        unite(&o, false);
        rc = weigh(&o);
    }
    if (rc == 0)
        rc = add_words(&o, docid, out);
    if (rc < 0)
        out->n = start;
    free(o.term);
    buf_release(&text);
    documents_close(ds);
    return rc;
}
