#include "query/suggest.h"

#include <stdlib.h>

#include "index/layout.h"
#include "query/lex.h"
#include "text/utf8.h"

/* --- how far two words are from each other --- */

static unsigned characters(struct view v, int32_t out[LEXEME_FORM_MAX])
{
    unsigned n = 0, len;
    size_t i;

    for (i = 0; i < v.n && n < LEXEME_FORM_MAX; i += len)
        out[n++] = utf8_decode(v.p + i, v.p + v.n, &len);
    return n;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned suggest_distance(struct view a, struct view b)
{
    int32_t x[LEXEME_FORM_MAX], y[LEXEME_FORM_MAX];
    uint8_t row[3][LEXEME_FORM_MAX + 1]; /* two rows before, one, this one */
    unsigned n = characters(a, x), m = characters(b, y), i, k;

    for (k = 0; k <= m; k++)
        row[0][k] = (uint8_t)k;
    for (i = 1; i <= n; i++) {
        const uint8_t *before = row[(i + 1) % 3], *above = row[(i - 1) % 3];
        uint8_t *now = row[i % 3];

        now[0] = (uint8_t)i;
        for (k = 1; k <= m; k++) {
            unsigned d = above[k - 1] + (x[i - 1] != y[k - 1]);

            d = least(d, least(above[k], now[k - 1]) + 1u);
            if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1])
                d = least(d, before[k - 2] + 1u);
            now[k] = (uint8_t)d;
        }
    }
    return row[n % 3][m];
}

/* --- the best word --- */

struct choice {
    const struct suggest *sg;
    struct view folded;
    unsigned most;      /* letters that may differ */
    unsigned distance;  /* of the best so far; above `most`: none yet */
    uint64_t df;        /* of its term */
    uint32_t segment_n; /* documents of the segment its form is of */
    struct view term;
    struct view form;
    struct err *err;
};

static int lives_in(struct index *ix, struct view term, struct err *err)
{
    struct postings *p;
    unsigned i;
    int rc, found = 0;

    for (i = 0; i < ix->manifest.nsegments && !found; i++) {
        rc = postings_open(&p, &ix->segment[i], term, err);
        while (rc > 0 && !found && (rc = postings_next(p)) > 0)
            found = norms_code(&ix->norms, p->docid) != 0;
        postings_close(p);
        if (rc < 0)
            return rc;
    }
    return found;
}

/* Whether a living document has the term: 1, 0, negative. */
static int is_living(const struct suggest *sg, struct view term,
                     struct err *err)
{
    unsigned i;
    int rc = 0;

    for (i = 0; i < sg->n && rc == 0; i++)
        rc = lives_in(&sg->ix[i], term, err);
    return rc;
}

/* Whether a form at distance d, of a term in df documents, n of them in this
 * segment, comes before the best so far. */
static bool is_better(const struct choice *c, unsigned d,
                      const struct expanded *e, uint32_t n)
{
    int order = c->term.p ? view_cmp(e->term, c->term) : -1;

    if (d != c->distance)
        return d < c->distance;
    if (order == 0)
        return n > c->segment_n;
    return e->df != c->df ? e->df > c->df : order < 0;
}

/* Takes the nearest of the forms in one segment, if it is better. */
static int judge_forms(struct choice *c, const struct expanded *e,
                       struct postings *p)
{
    uint8_t room[LEXEME_FORM_MAX];
    const struct forms *forms;
    struct view word;
    uint32_t i;
    unsigned d;
    int rc = postings_forms(p, &forms);

    for (i = 0; rc >= 0 && i < forms->n; i++) {
        rc = expand_fold(c->sg->lexers, &forms->form[i], &e->term, room, &word);
        if (rc < 0 || word.n == 0)
            continue;
        d = suggest_distance(word, c->folded);
        if (d == 0 || d > c->most || !is_better(c, d, e, p->info.df))
            continue;
        rc = is_living(c->sg, e->term, c->err);
        if (rc <= 0)
            break;
        c->distance = d;
        c->df = e->df;
        c->segment_n = p->info.df;
        c->term = e->term;
        c->form = arena_copy(c->sg->arena, forms->form[i].text);
        if (!c->form.p)
            return err_nomem(c->err);
    }
    return rc < 0 ? rc : 0;
}

static int judge_in(struct choice *c, const struct expanded *e,
                    struct index *ix)
{
    struct postings *p;
    unsigned i;
    int rc = 0;

    for (i = 0; i < ix->manifest.nsegments && rc >= 0; i++) {
        rc = postings_open(&p, &ix->segment[i], e->term, c->err);
        if (rc > 0)
            rc = judge_forms(c, e, p);
        postings_close(p);
    }
    return rc < 0 ? rc : 0;
}

static int judge(struct choice *c, const struct expanded *e)
{
    unsigned i;
    int rc = 0;

    for (i = 0; i < c->sg->n && rc == 0; i++)
        rc = judge_in(c, e, &c->sg->ix[i]);
    return rc;
}

/* Fills in a pattern for words like v; false where it is too long. */
static bool is_like(struct pattern *p, struct view v)
{
    memset(p, 0, sizeof *p);
    p->fuzzy = true;
    p->distance = 2; /* that of two letters that changed places */
    return pattern_add(p, v);
}

int suggest_word(const struct suggest *sg, struct view folded, struct view term,
                 bool title, struct view *out, struct err *err)
{
    struct pattern form, stem;
    struct expand_query q = {.form = &form, .term = &stem, .title = title};
    struct choice c = {.sg = sg, .folded = folded, .err = err};
    struct expansion x;
    size_t i;
    int rc = 0;

    *out = view_of(NULL, 0);
    if (!is_like(&form, folded) || !is_like(&stem, term) || form.n < 3)
        return 0;
    c.most = form.n < LEX_FUZZY_LONG ? 1 : 2;
    c.distance = c.most + 1;
    rc = expand(&x, &q, sg->ix, sg->n, sg->lexers, sg->arena, err);
    for (i = 0; rc == 0 && i < x.n; i++)
        rc = judge(&c, &x.term[i]);
    *out = c.form;
    return rc < 0 ? rc : c.form.n > 0;
}

/* --- the query --- */

struct edit {
    struct view word; /* of the query */
    struct view with;
};

struct edits {
    const struct suggest *sg;
    struct edit edit[SUGGEST_WORDS];
    unsigned n;
    unsigned walks;
    struct err *err;
};

/* Whether v, which stands for a word, would be an operator. */
static bool is_operator(struct view v)
{
    return view_eq(v, view_str("AND")) || view_eq(v, view_str("OR")) ||
           view_eq(v, view_str("NOT")) || view_eq(v, view_str("NEAR"));
}

/* Whether one of the terms is in a living document. */
static int is_known(const struct suggest *sg, const struct view *term,
                    unsigned n, bool title, struct err *err)
{
    uint8_t room[TERM_MAX];
    unsigned i;
    int rc = 0;

    for (i = 0; i < n && rc == 0; i++) {
        size_t mark = title;

        room[0] = TITLE_MARK;
        memcpy(room + mark, term[i].p, term[i].n);
        rc = is_living(sg, view_of(room, mark + term[i].n), err);
    }
    return rc;
}

/* Looks for something better than a token of the query, at `word` there. */
static int edit_token(struct edits *es, const struct token *t, struct view word,
                      bool title)
{
    struct arena *arena = es->sg->arena;
    const struct lexer_list *ls = es->sg->lexers;
    struct view folded = {NULL, 0}, term[2 * STEMMERS], with;
    struct lexeme lx;
    unsigned i, k, n = 0, plain = 0;
    int rc;

    for (i = 0; i < es->n; i++) /* a word may have several leaves */
        if (es->edit[i].word.p == word.p)
            return 0;
    for (k = 0; k < ls->n; k++) {
        if (lexer_lexeme(ls->lexer[k], t->raw, TOKEN_WORD, &lx) < 0)
            return err_nomem(es->err);
        if (lx.nterms == 0 || (lx.folded.p[0] >= '0' && lx.folded.p[0] <= '9'))
            return 0;
        if (k == 0) { /* the lexer has other work to do */
            folded = arena_copy(arena, lx.folded);
            plain = lx.nterms - 1;
        }
        for (i = 0; i < lx.nterms; i++, n++)
            term[n] = arena_copy(arena, lx.term[i]);
        if (!folded.p || !term[n - 1].p)
            return err_nomem(es->err);
    }
    rc = is_known(es->sg, term, n, title, es->err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    es->walks++;
    rc = suggest_word(es->sg, folded, term[plain], title, &with, es->err);
    if (rc <= 0)
        return rc;
    if (is_operator(with)) {
        if (lexer_folded(ls->lexer[0], with, &with) < 0 ||
            !(with = arena_copy(arena, with)).p)
            return err_nomem(es->err);
    }
    es->edit[es->n++] = (struct edit){word, with};
    return 0;
}

static int edit_leaf(struct edits *es, const struct leaf *l)
{
    struct token t;
    unsigned i, k;
    int rc = 0;

    if (l->negative || l->also || l->kind == LEAF_DOCS || l->kind == LEAF_SET)
        return 0;
    for (i = 0; i < l->nnear && rc == 0; i++)
        for (k = 0; k < l->near[i].nleaves && rc == 0; k++)
            rc = edit_leaf(es, l->near[i].leaf[k]);
    if (l->kind == LEAF_NEAR)
        return rc;
    words_reset(es->sg->words, l->text, NULL, 0);
    while (rc == 0 && es->walks < SUGGEST_WORDS &&
           (rc = words_next(es->sg->words, &t)) > 0) {
        rc = 0;
        if (t.kind == TOKEN_WORD)
            rc =
                edit_token(es, &t, view_sub(l->text, t.start, t.end), l->title);
    }
    return rc;
}

static int by_place(const void *a, const void *b)
{
    const struct edit *x = a, *y = b;

    return x->word.p < y->word.p ? -1 : x->word.p > y->word.p;
}

/* Appends a text of the query with what was found in place of its words;
 * *used becomes whether there was any. */
static int add_text(const struct edits *es, struct view text, struct buf *out,
                    bool *used)
{
    size_t at = 0, from;
    unsigned i;
    int rc = 0;

    for (i = 0; i < es->n && rc == 0; i++) {
        const struct edit *e = &es->edit[i];

        if (e->word.p < text.p + at || e->word.p >= text.p + text.n)
            continue;
        from = (size_t)(e->word.p - text.p);
        rc = buf_add(out, view_sub(text, at, from));
        if (rc == 0)
            rc = buf_add(out, e->with);
        at = from + e->word.n;
        *used = true;
    }
    return rc < 0 ? rc : buf_add(out, view_sub(text, at, text.n));
}

int suggest(const struct suggest *sg, const struct plan_query *plan,
            const struct view *part, size_t nparts, struct buf *out,
            struct err *err)
{
    struct edits es = {.sg = sg, .err = err};
    size_t start = out->n, i;
    bool used = false;
    int rc = 0;

    for (i = 0; i < plan->nleaves && rc == 0; i++)
        rc = edit_leaf(&es, plan->leaf[i]);
    if (rc < 0 || es.n == 0)
        return rc;
    qsort(es.edit, es.n, sizeof *es.edit, by_place);
    for (i = 0; i < nparts && rc == 0; i++) {
        if (i)
            rc = buf_adds(out, " OR ");
        if (rc == 0)
            rc = add_text(&es, part[i], out, &used);
    }
    if (rc < 0 || !used)
        out->n = start;
    return rc < 0 ? err_nomem(err) : used;
}
