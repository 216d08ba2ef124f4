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

static void add_json(struct json *j, const struct token *t,
                     const struct lexeme *x)
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
    json_end(j);
}

/* position[+span], bytes, kind, form, folded, terms: tabs between. */
static int add_line(struct buf *out, const struct token *t,
                    const struct lexeme *x)
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
    struct leaf_maker m = {.lexer = s->lexer,
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
    struct lexeme x;
    int rc = 0, found = 0;

    if (s->opened) {
        rc = session_begin(s);
    } else {
        rc = lexer_open(&s->lexer, "english", s->err);
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
        if (lexer_lexeme(s->lexer, t.raw, t.kind, &x) < 0)
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
