/* The answer as JSON, schema 1: one object, or an object a line. */
#include "query/out_json.h"
#include "index/layout.h"

#include "base/date.h"
#include "query/also.h"
#include "query/shown.h"

enum { SCHEMA = 1 };

void out_json_date(struct json *j, int32_t days)
{
    char text[11];

    if (days == DATE_NONE) {
        json_null(j);
        return;
    }
    date_text(days, text);
    json_cstr(j, text);
}

static void add_matches(struct json *j, const struct hit *h)
{
    size_t i;

    json_key(j, "matches");
    json_array(j);
    for (i = 0; i < h->nmatches; i++) {
        const struct hit_match *m = &h->match[i];

        json_object(j);
        json_key(j, "byte");
        json_uint(j, m->byte);
        json_key(j, "len");
        json_uint(j, m->len);
        json_key(j, "line");
        json_uint(j, m->line);
        json_key(j, "col");
        json_uint(j, m->col);
        json_key(j, "par");
        json_uint(j, m->paragraph);
        json_key(j, "page");
        json_uint(j, m->page);
        json_key(j, "term");
        json_str(j, m->term);
        json_end(j);
    }
    json_end(j);
    json_key(j, "match_count");
    json_uint(j, h->count);
}

/* A number that is withheld where the source has changed. */
static void add_place(struct json *j, const char *key, const struct hit *h,
                      uint32_t x)
{
    json_key(j, key);
    if (h->stale)
        json_null(j);
    else
        json_uint(j, x);
}

static void add_part(struct json *j, struct view text, bool match)
{
    json_array(j);
    json_str(j, text);
    json_uint(j, match);
    json_end(j);
}

static int add_parts(struct json *j, const struct hit_passage *p)
{
    struct buf line = {0};
    bool blank = true;
    size_t i;
    int rc = 0;

    json_key(j, "parts");
    json_array(j);
    for (i = 0; i < p->nparts && rc == 0; i++) {
        bool match = p->part[i].match;
        bool first = i == 0 && p->cut_start;
        bool last = i + 1 == p->nparts && p->cut_end;

        buf_clear(&line);
        if (first && match)
            add_part(j, view_str("… "), false);
        else if (first)
            rc = buf_adds(&line, "… ");
        if (rc == 0)
            rc = shown_line(&line, p->part[i].text, &blank);
        if (rc == 0 && last && !match)
            rc = buf_adds(&line, " …");
        if (rc == 0 && line.n)
            add_part(j, buf_view(&line), match);
        if (last && match)
            add_part(j, view_str(" …"), false);
    }
    json_end(j);
    buf_release(&line);
    return rc;
}

static int add_snippets(struct json *j, const struct hit *h)
{
    size_t i;
    int rc = 0;

    json_key(j, "snippets");
    json_array(j);
    for (i = 0; i < h->npassages && rc == 0; i++) {
        const struct hit_passage *p = &h->passage[i];

        json_object(j);
        add_place(j, "byte", h, p->byte);
        add_place(j, "end", h, p->end);
        add_place(j, "line", h, p->line);
        rc = add_parts(j, p);
        json_end(j);
    }
    json_end(j);
    return rc;
}

/* Whole lines around the passages, or null where none were asked for. */
static void add_context(struct json *j, const struct answer *a,
                        const struct hit *h)
{
    size_t i, k;

    json_key(j, "context");
    if (!a->settings->context) {
        json_null(j);
        return;
    }
    json_array(j);
    for (i = 0; i < h->nlines; i++) {
        const struct hit_line *l = &h->line[i];

        json_object(j);
        add_place(j, "line", h, l->text.line);
        add_place(j, "byte", h, l->text.byte);
        json_key(j, "match");
        json_bool(j, l->match);
        json_key(j, "parts");
        json_array(j);
        if (l->text.cut_start)
            add_part(j, view_str("… "), false);
        for (k = 0; k < l->text.nparts; k++)
            add_part(j, l->text.part[k].text, l->text.part[k].match);
        if (l->text.cut_end)
            add_part(j, view_str(" …"), false);
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

/* The terms that a pattern stands for. */
static void add_expansion(struct json *j, const struct expansion *x)
{
    size_t i;

    json_key(j, "expansion");
    if (!x) {
        json_null(j);
        return;
    }
    json_object(j);
    json_key(j, "found");
    json_uint(j, x->found);
    json_key(j, "terms");
    json_array(j);
    for (i = 0; i < x->n && i < EXPLAIN_TERMS; i++) {
        json_object(j);
        json_key(j, "term");
        json_str(j, term_word(x->term[i].term));
        json_key(j, "df");
        json_uint(j, x->term[i].df);
        json_key(j, "distance");
        json_uint(j, x->term[i].distance);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void add_term(struct json *j, const struct explain_term *t)
{
    struct buf text = {0};
    uint64_t df;

    json_object(j);
    json_key(j, "term");
    if (leaf_print(t->leaf, &text) != 0)
        j->failed = true;
    json_str(j, buf_view(&text));
    buf_release(&text);
    json_key(j, "df");
    if (explain_df(t->leaf, &df))
        json_uint(j, df);
    else
        json_null(j);
    json_key(j, "idf");
    json_score(j, t->leaf->idf);
    json_key(j, "tf");
    json_uint(j, t->tf);
    json_key(j, "times");
    json_uint(j, t->leaf->times);
    json_key(j, "boost");
    json_score(j, t->leaf->boost);
    json_key(j, "score");
    json_score(j, t->score);
    add_expansion(j, explain_expansion(t->leaf));
    json_end(j);
}

static void add_explain(struct json *j, const struct explain *x)
{
    unsigned i;

    if (!x) {
        json_null(j);
        return;
    }
    json_object(j);
    json_key(j, "k1");
    json_score(j, x->m->score->k1);
    json_key(j, "b");
    json_score(j, x->m->score->b);
    json_key(j, "avgdl");
    json_score(j, x->m->score->avgdl);
    json_key(j, "dl");
    json_uint(j, x->length);
    json_key(j, "terms");
    json_array(j);
    for (i = 0; i < x->n; i++)
        add_term(j, &x->term[i]);
    json_end(j);
    json_key(j, "proximity");
    json_null(j);
    json_end(j);
}

void out_json_index(struct json *j, const char *name)
{
    json_key(j, "index");
    if (name)
        json_path(j, view_str(name));
    else
        json_null(j);
}

/* What is listed below a hit, or null where nothing ever is. */
static void add_duplicates(struct json *j, const struct answer *a,
                           const struct hit *h)
{
    size_t i;

    json_key(j, "duplicates");
    if (!a->collapsed) {
        json_null(j);
        return;
    }
    json_array(j);
    for (i = 0; i < h->nnamed; i++) {
        json_object(j);
        json_key(j, "id");
        json_uint(j, h->dup[i].docid);
        out_json_index(j, answer_index(a, h->dup[i].part));
        json_key(j, "path");
        json_path(j, h->dup[i].path);
        json_end(j);
    }
    json_end(j);
}

/* The members of a hit. */
static int add_hit(struct json *j, const struct answer *a, const struct hit *h,
                   size_t rank)
{
    int rc;

    json_key(j, "rank");
    json_uint(j, rank);
    json_key(j, "score");
    json_score(j, h->score);
    json_key(j, "id");
    json_uint(j, h->docid);
    out_json_index(j, answer_index(a, h->part));
    json_key(j, "path");
    json_path(j, h->path);
    json_key(j, "title");
    json_str(j, h->title);
    json_key(j, "date");
    out_json_date(j, h->date);
    json_key(j, "date_source");
    json_cstr(j, date_source_text(h->date_source));
    json_key(j, "bytes");
    json_uint(j, h->bytes);
    json_key(j, "stale");
    json_bool(j, h->stale);
    add_matches(j, h);
    rc = add_snippets(j, h);
    add_context(j, a, h);
    json_key(j, "offsets");
    json_cstr(j, h->in_text ? "text" : "source");
    json_key(j, "explain");
    add_explain(j, a->settings->explain ? a->explain : NULL);
    add_duplicates(j, a, h);
    return rc < 0 || j->failed ? ERR_NOMEM : 0;
}

static int json_hit(struct answer *a, const struct hit *h, size_t rank,
                    struct buf *out)
{
    struct json j = {.out = out};
    int rc;

    json_object(&j);
    rc = add_hit(&j, a, h, rank);
    json_end(&j);
    return j.failed ? ERR_NOMEM : rc;
}

static int ndjson_hit(struct answer *a, const struct hit *h, size_t rank,
                      struct buf *out)
{
    struct json j = {.out = out};
    int rc;

    json_object(&j);
    json_key(&j, "type");
    json_cstr(&j, "hit");
    rc = add_hit(&j, a, h, rank);
    json_end(&j);
    return j.failed || rc < 0 ? ERR_NOMEM : buf_addc(out, '\n');
}

/* The facts of an index; with its name where it is one of several. */
static void add_index(struct json *j, const struct manifest *m,
                      const char *name)
{
    char uuid[37], text[SHOWN_TIME];

    uuid_text(m->uuid, uuid);
    json_object(j);
    if (name)
        out_json_index(j, name);
    json_key(j, "uuid");
    json_cstr(j, uuid);
    json_key(j, "generation");
    json_uint(j, m->generation);
    json_key(j, "updated");
    shown_time(m->updated_ns, text);
    json_cstr(j, m->generation ? text : NULL);
    json_key(j, "docs");
    json_uint(j, m->live_docs);
    json_end(j);
}

/* All of several indexes, or null. */
static void add_indexes(struct json *j, const struct session *s)
{
    unsigned i;

    json_key(j, "indexes");
    if (s->nindexes == 1) {
        json_null(j);
        return;
    }
    json_array(j);
    for (i = 0; i < s->nindexes; i++)
        add_index(j, &s->index[i].manifest, buf_cstr(&s->dir[i]));
    json_end(j);
}

static int add_unknown(void *arg, struct view word)
{
    json_str(arg, word);
    return 0;
}

static void add_expansions(struct json *j, const struct also *a)
{
    json_key(j, "expansions");
    json_array(j);
    for (; a; a = a->reported) {
        json_object(j);
        json_key(j, "term");
        json_str(j, a->term);
        json_key(j, "also");
        json_str(j, a->text);
        json_key(j, "documents");
        json_uint(j, a->docs);
        json_end(j);
    }
    json_end(j);
}

static void add_query(struct json *j, struct answer *a)
{
    const struct notes *notes = &a->session->notes;
    unsigned i;

    json_key(j, "query");
    json_object(j);
    json_key(j, "text");
    json_str(j, a->text);
    json_key(j, "parsed");
    json_str(j, buf_view(&a->plan.parsed));
    json_key(j, "unknown");
    json_array(j);
    answer_unknown(a, add_unknown, j);
    json_end(j);
    json_key(j, "warnings");
    json_array(j);
    for (i = 0; i < notes->n; i++)
        json_str(j, notes_get(notes, i));
    json_end(j);
    json_key(j, "suggestion");
    if (a->suggestion.n)
        json_str(j, buf_view(&a->suggestion));
    else
        json_null(j);
    add_expansions(j, a->also);
    json_end(j);
}

static void add_total(struct json *j, const struct answer *a)
{
    size_t seen = a->shown ? a->settings->offset + a->shown : 0;

    seen += dups_below(&a->dups, seen);
    json_key(j, "total");
    json_object(j);
    json_key(j, "value");
    json_uint(j, a->counted ? a->count.total : seen);
    json_key(j, "relation");
    json_cstr(j, a->counted ? "eq" : "ge");
    json_key(j, "all_terms");
    if (a->count.counted && a->counted)
        json_uint(j, a->count.every);
    else
        json_null(j);
    json_end(j);
    json_key(j, "offset");
    json_uint(j, a->settings->offset);
    json_key(j, "limit");
    json_uint(j, a->settings->limit);
    json_key(j, "truncated");
    json_bool(j, a->settings->limit != 0 &&
                     (a->counted ? a->count.total > seen
                                 : a->shown == a->settings->limit));
    json_key(j, "seconds");
    json_seconds(j, answer_seconds(a));
}

void out_json_head(struct json *j, struct answer *a)
{
    json_key(j, "schema");
    json_uint(j, SCHEMA);
    json_key(j, "tool");
    json_cstr(j, QUERY_VERSION);
    json_key(j, "index");
    add_index(j, &a->session->index->manifest, NULL);
    add_indexes(j, a->session);
    add_query(j, a);
}

/* What goes around the hits. */
static void add_envelope(struct json *j, struct answer *a)
{
    out_json_head(j, a);
    add_total(j, a);
}

/* The object is left open at its hits, which are added as they are. */
static int json_begin(struct answer *a, struct buf *out)
{
    struct json j = {.out = out};

    json_object(&j);
    if (buf_add(out, a->head) < 0)
        return ERR_NOMEM;
    add_envelope(&j, a);
    json_key(&j, "hits");
    return j.failed ? ERR_NOMEM : buf_addc(out, '[');
}

static int json_finish(struct answer *a, struct buf *out)
{
    struct json j = {.out = out};

    if (buf_adds(out, "],\"facets\":") < 0)
        return ERR_NOMEM;
    facets_json(&a->facets, &j);
    return j.failed ? ERR_NOMEM : buf_adds(out, "}\n");
}

static int ndjson_end(struct answer *a, struct buf *out)
{
    struct json j = {.out = out};

    json_object(&j);
    json_key(&j, "type");
    json_cstr(&j, "end");
    add_envelope(&j, a);
    json_key(&j, "facets");
    facets_json(&a->facets, &j);
    json_end(&j);
    return j.failed ? ERR_NOMEM : buf_addc(out, '\n');
}

const struct printer print_json = {
    .what = HITS_MATCHES,
    .dups = SIZE_MAX,
    .between = ",",
    .begin = json_begin,
    .hit = json_hit,
    .end = json_finish,
};

const struct printer print_ndjson = {
    .what = HITS_MATCHES,
    .dups = SIZE_MAX,
    .hit = ndjson_hit,
    .end = ndjson_end,
};
