#include "base/json_write.h"
#include "index/layout.h"
#include "query/ask.h"
#include "query/shown.h"

/* The dictionaries of all segments, walked side by side. */
struct dictionaries {
    struct session *s;
    struct terms *terms[MANIFEST_SEGMENTS];
    struct view term[MANIFEST_SEGMENTS]; /* the current one; empty at the end */
    struct term_info info[MANIFEST_SEGMENTS];
    unsigned n;
    struct view prefix; /* 01 in front for those of titles */
    struct json *json;  /* NULL for text */
};

/* Moves dictionary i: on from its term, or to the first one. */
static int move(struct dictionaries *d, unsigned i, bool first)
{
    struct view from = d->prefix.n ? d->prefix : view_str(" ");
    int rc = first ? terms_seek(d->terms[i], from, &d->term[i], &d->info[i])
                   : terms_next(d->terms[i], &d->term[i], &d->info[i]);

    if (rc <= 0 || d->term[i].n < d->prefix.n ||
        (d->prefix.n && memcmp(d->term[i].p, d->prefix.p, d->prefix.n) != 0))
        d->term[i].n = 0;
    return rc < 0 ? rc : 0;
}

static int open_all(struct dictionaries *d)
{
    struct index *ix = d->s->index;
    int rc = 0;

    while (d->n < ix->manifest.nsegments && rc == 0) {
        rc = terms_open(&d->terms[d->n], &ix->segment[d->n], d->s->err);
        if (rc == 0)
            rc = move(d, d->n++, true);
    }
    return rc;
}

static int add_term(struct dictionaries *d, struct view term, uint64_t df)
{
    struct buf *out = &d->s->out;

    if (d->json) {
        json_object(d->json);
        json_key(d->json, "term");
        json_str(d->json, term_word(term));
        json_key(d->json, "df");
        json_uint(d->json, df);
        json_end(d->json);
        return 0;
    }
    if (shown_safe(out, term_word(term), false) < 0 ||
        buf_addf(out, "\t%llu\n", (unsigned long long)df) < 0)
        return err_nomem(d->s->err);
    return 0;
}

/* The next term of any dictionary: 1, 0 at the end. */
static int next(struct dictionaries *d)
{
    uint8_t room[TERM_MAX];
    struct view least = {NULL, 0};
    uint64_t df = 0;
    unsigned i;
    int rc = 0;

    for (i = 0; i < d->n; i++)
        if (d->term[i].n && (!least.n || view_cmp(d->term[i], least) < 0))
            least = d->term[i];
    if (!least.n)
        return 0;
    memcpy(room, least.p, least.n);
    least.p = room;
    for (i = 0; i < d->n && rc == 0; i++)
        if (d->term[i].n && view_eq(d->term[i], least)) {
            df += d->info[i].df;
            rc = move(d, i, false);
        }
    if (rc == 0)
        rc = add_term(d, least, df);
    return rc < 0 ? rc : 1;
}

/* The prefix as terms begin: folded, behind the mark of titles for title:. */
static int read_prefix(struct session *s, struct buf *prefix)
{
    struct view text = view_str(s->settings->argument);
    struct lexeme x;
    int rc = 0;

    if (text.n >= 6 && memcmp(text.p, "title:", 6) == 0) {
        text = view_sub(text, 6, text.n);
        rc = buf_addc(prefix, TITLE_MARK);
    }
    if (rc == 0 && text.n)
        rc = lexer_lexeme(s->list.lexer[0], text, TOKEN_WORD, &x);
    if (rc == 0 && text.n)
        rc = buf_add(prefix, x.nterms ? x.folded : text);
    return rc < 0 ? err_nomem(s->err) : 0;
}

int ask_terms(struct session *s)
{
    bool as_json = s->settings->format == FORMAT_JSON ||
                   s->settings->format == FORMAT_NDJSON;
    struct json j = {.out = &s->out};
    struct dictionaries d = {.s = s, .json = as_json ? &j : NULL};
    struct buf prefix = {0};
    int rc = session_begin(s), found = 0;
    unsigned i;

    if (rc == 0)
        rc = read_prefix(s, &prefix);
    d.prefix = buf_view(&prefix);
    if (rc == 0)
        rc = open_all(&d);
    if (as_json)
        json_array(&j);
    while (rc == 0 && (rc = next(&d)) > 0) {
        found = 1;
        rc = 0;
    }
    if (as_json) {
        json_end(&j);
        j.failed |= buf_addc(&s->out, '\n') < 0;
    }
    for (i = 0; i < d.n; i++)
        terms_close(d.terms[i]);
    buf_release(&prefix);
    if (rc == 0 && j.failed)
        rc = err_nomem(s->err);
    return rc < 0 ? rc : found;
}
