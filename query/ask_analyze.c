#include "base/json_write.h"
#include "query/ask.h"
#include "query/leaf.h"
#include "query/parse.h"
#include "query/plan.h"
#include "query/shown.h"

static const char *const kinds[] = {
    [TOKEN_WORD] = "word",     [TOKEN_JOINED] = "joined",
    [TOKEN_BIGRAM] = "bigram", [TOKEN_UNIGRAM] = "unigram",
    [TOKEN_SECOND] = "second",
};

/* What a token is in each language: its terms, each once, and the languages
 * that have it. */
struct analysed {
    struct view form, folded;
    struct view term[2 * STEMMERS];
    uint32_t languages[2 * STEMMERS]; /* places in the list, a bit each */
    unsigned nterms;
    struct view code[STEMMERS]; /* of the languages; empty: not stemmed */
    unsigned n;                 /* of them; 1: not worth a word */
};

static int analyse(struct session *s, const struct token *t,
                   struct analysed *out)
{
    const struct lexer_list *ls = &s->list;
    struct lexeme x;
    unsigned i, k, l;

    memset(out, 0, sizeof *out);
    out->n = ls->n;
    for (l = 0; l < ls->n; l++) {
        out->code[l] = stemmer_code(ls->number[l]);
        if (lexer_lexeme(ls->lexer[l], t->raw, t->kind, &x) < 0)
            return ERR_NOMEM;
        out->form = x.form; /* the same in all */
        out->folded = x.folded;
        for (i = 0; i < x.nterms; i++) {
            for (k = 0; k < out->nterms; k++)
                if (view_eq(out->term[k], x.term[i]))
                    break;
            out->term[k] = x.term[i];
            out->languages[k] |= (uint32_t)1 << l;
            out->nterms += k == out->nterms;
        }
    }
    return 0;
}

static struct view code_of(const struct analysed *x, unsigned language)
{
    struct view v = x->code[language];

    return v.n ? v : view_str("none");
}

/* {"en":["rail"],"zh":...} */
static void add_stems(struct json *j, const struct analysed *x)
{
    unsigned i, l;

    json_key(j, "stems");
    json_object(j);
    for (l = 0; l < x->n; l++) {
        struct view code = code_of(x, l);
        char key[8] = {0};

        memcpy(key, code.p, code.n);
        json_key(j, key);
        json_array(j);
        for (i = 0; i < x->nterms; i++)
            if (x->languages[i] >> l & 1)
                json_str(j, x->term[i]);
        json_end(j);
    }
    json_end(j);
}

static void add_json(struct json *j, const struct token *t,
                     const struct analysed *x)
{
    unsigned i;

    json_object(j);
    json_key(j, "pos");
    json_uint(j, t->pos);
    json_key(j, "span");
    json_uint(j, t->span);
    json_key(j, "byte");
    json_uint(j, t->start);
    json_key(j, "len");
    json_uint(j, t->end - t->start);
    json_key(j, "kind");
    json_cstr(j, kinds[t->kind]);
    json_key(j, "form");
    json_str(j, x->form);
    json_key(j, "folded");
    json_str(j, x->folded);
    json_key(j, "terms");
    json_array(j);
    for (i = 0; i < x->nterms; i++)
        json_str(j, x->term[i]);
    json_end(j);
    if (x->n > 1)
        add_stems(j, x);
    json_end(j);
}

/* The languages of a term, where not all have it: rail[en,fr]. */
static int add_languages(struct buf *out, const struct analysed *x,
                         unsigned term)
{
    uint32_t languages = x->languages[term];
    bool first = true;
    unsigned l;
    int rc = 0;

    if (languages == (uint32_t)(((uint64_t)1 << x->n) - 1))
        return 0;
    for (l = 0; l < x->n; l++)
        if (languages >> l & 1) {
            rc |= buf_addc(out, first ? '[' : ',');
            rc |= buf_add(out, code_of(x, l));
            first = false;
        }
    return rc | buf_addc(out, ']');
}

/* position[+span], bytes, kind, form, folded, terms: tabs between. */
static int add_line(struct buf *out, const struct token *t,
                    const struct analysed *x)
{
    unsigned i;
    int rc = buf_addf(out, "%u", t->pos);

    if (t->span > 1)
        rc |= buf_addf(out, "+%u", t->span);
    rc |= buf_addf(out, "\t%u-%u\t%s\t", t->start, t->end, kinds[t->kind]);
    rc |= shown_safe(out, x->form, false);
    rc |= buf_addc(out, '\t');
    rc |= shown_safe(out, x->folded, false);
    for (i = 0; i < x->nterms; i++) {
        rc |= buf_addc(out, i ? ' ' : '\t');
        rc |= shown_safe(out, x->term[i], false);
        rc |= add_languages(out, x, i);
    }
    return rc | buf_addc(out, '\n');
}

static int say(struct session *s, const char *what, struct view text)
{
    return buf_adds(&s->messages, "query: ") | buf_adds(&s->messages, what) |
           shown_safe(&s->messages, text, false) | buf_addc(&s->messages, '\n');
}

/* How the text is read where it is a query, below its tokens. */
static int read_as(struct session *s, struct view text)
{
    struct parse p = {
        .arena = &s->arena, .notes = &s->notes, .all = s->settings->all};
    struct leaf_maker m = {.lexers = &s->list,
                           .ix = s->index,
                           .nindexes = s->opened ? s->nindexes : 0,
                           .words = s->words,
                           .arena = &s->arena,
                           .notes = &s->notes};
    struct plan_query plan = {0};
    struct node *query;
    unsigned i;
    int rc;

    arena_clear(&s->arena);
    notes_clear(&s->notes);
    rc = parse_query(&p, text, &query, s->err);
    if (rc == 0)
        rc = plan_make(&plan, &m, query, s->err);
    for (i = 0; i < s->notes.n && rc == 0; i++)
        rc = say(s, "", notes_get(&s->notes, i)) ? err_nomem(s->err) : 0;
    if (rc == 0 && plan.parsed.n > 0 &&
        say(s, "read as: ", buf_view(&plan.parsed)))
        rc = err_nomem(s->err);
    plan_release(&plan);
    return rc == ERR_USAGE ? 0 : rc; /* too much for a query: it is a text */
}

int ask_analyze(struct session *s)
{
    struct view text = view_str(s->settings->argument);
    bool as_json = s->settings->format == FORMAT_JSON ||
                   s->settings->format == FORMAT_NDJSON;
    struct json j = {.out = &s->out};
    struct token t;
    struct analysed x;
    int rc = 0, found = 0;

    if (s->opened) {
        rc = session_begin(s);
    } else {
        rc = lexers_open(&s->lexers, LEXERS_DEFAULT, s->err);
        if (rc == 0 &&
            lexers_list(s->lexers, (uint64_t[STEMMERS]){0}, &s->list) < 0)
            rc = err_nomem(s->err);
        if (rc == 0 && words_open(&s->words, view_of(NULL, 0), NULL, 0) < 0)
            rc = err_nomem(s->err);
    }
    if (rc < 0)
        return rc;
    words_reset(s->words, text, NULL, 0);
    if (as_json)
        json_array(&j);
    while ((rc = words_next(s->words, &t)) > 0) {
        found = 1;
        if (analyse(s, &t, &x) < 0)
            return err_nomem(s->err);
        if (as_json)
            add_json(&j, &t, &x);
        else if (add_line(&s->out, &t, &x) < 0)
            return err_nomem(s->err);
    }
    if (as_json) {
        json_end(&j);
        j.failed |= buf_addc(&s->out, '\n') < 0;
    }
    if (rc < 0 || j.failed)
        return err_nomem(s->err);
    if (!as_json && !s->settings->quiet)
        rc = read_as(s, text);
    return rc < 0 ? rc : found;
}
