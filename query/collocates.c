#include "query/collocates.h"

#include <math.h>
#include <stdlib.h>

#include "query/matching.h"
#include "query/out_json.h"
#include "query/shown.h"
#include "query/tally.h"

/* A word near matches. */
struct near_word {
    uint32_t entry; /* in `folded` */
    uint64_t count; /* near matches */
    uint64_t total; /* in the indexes */
    double expected;
    double ratio;
};

struct collect {
    struct answer *a;
    struct err *err;
    uint32_t window;  /* positions on either side */
    struct hits hits; /* in the index at hand */
    struct hit hit;
    struct tally raw;    /* words as written; other: 1 + their entry in … */
    struct tally folded; /* … this */
    uint64_t matches;
    uint64_t in_windows; /* words that were counted */
    uint64_t all;        /* words of the indexes */
    size_t span;         /* first span whose window does not lie behind us */
    struct arena arena;  /* of one look-up */
    struct near_word *best;
    size_t nbest;
    size_t nwords; /* that are attracted, among those looked at */
};

double collocates_ratio(uint64_t a, uint64_t in_windows, uint64_t total,
                        uint64_t all)
{
    double n = (double)all, row = (double)in_windows, column = (double)total;
    double o[4] = {(double)a, row - (double)a, column - (double)a,
                   n - row - column + (double)a};
    double e[4] = {row * column / n, row * (n - column) / n,
                   (n - row) * column / n, (n - row) * (n - column) / n};
    double sum = 0;
    int i;

    for (i = 0; i < 4; i++)
        if (o[i] > 0 && e[i] > 0)
            sum += o[i] * log(o[i] / e[i]);
    return o[0] > e[0] ? 2 * sum : -2 * sum;
}

/* --- counting --- */

/* Whether a position lies near a match and in none. Asked for in order. */
static bool is_near(struct collect *c, uint32_t pos)
{
    const struct spans *s = &c->hits.spans;
    bool near = false;
    size_t i;

    while (c->span < s->n && (uint64_t)s->span[c->span].to + c->window <= pos)
        c->span++;
    for (i = c->span; i < s->n && s->span[i].from <= (uint64_t)pos + c->window;
         i++) {
        if (pos >= s->span[i].from && pos < s->span[i].to)
            return false;
        if (near && s->span[i].from > pos)
            break;
        near = true;
    }
    return near;
}

static int count_token(void *arg, const struct token *tok)
{
    struct collect *c = arg;
    struct tally_entry *raw, *folded;
    struct lexeme lexeme;

    if (tok->kind == TOKEN_JOINED || tok->kind == TOKEN_UNIGRAM ||
        tok->kind == TOKEN_SECOND || !is_near(c, tok->pos))
        return 0;
    raw = tally_get(&c->raw, tok->raw);
    if (!raw)
        return ERR_NOMEM;
    if (!raw->other) {
        if (lexer_lexeme(c->a->session->list.lexer[0], tok->raw,
                         (enum token_kind)tok->kind, &lexeme) < 0)
            return ERR_NOMEM;
        folded = tally_get(&c->folded, lexeme.folded);
        if (!folded)
            return ERR_NOMEM;
        raw->other = (uint32_t)(folded - c->folded.entry) + 1;
    }
    if (c->folded.entry[raw->other - 1].len == 0)
        return 0; /* nothing but ignorable characters */
    c->folded.entry[raw->other - 1].count++;
    c->in_windows++;
    return 0;
}

/* Whether there is a window within positions [from, to). */
static bool has_window(void *arg, uint32_t from, uint32_t to)
{
    const struct collect *c = arg;
    const struct spans *s = &c->hits.spans;
    size_t lo = 0, hi = s->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if ((uint64_t)s->span[mid].to + c->window <= from)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n && s->span[lo].from < (uint64_t)to + c->window;
}

static int count_document(struct collect *c, uint32_t docid)
{
    struct top_hit hit = {.docid = docid};
    int rc = hits_get(&c->hits, &hit, &c->hit, c->err);

    if (rc < 0 || c->hit.count == 0)
        return rc < 0 ? rc : 0;
    if (!(c->hits.doc.flags & DOCUMENT_TEXT))
        return err_set(c->err, ERR_USAGE,
                       "the index was made without texts (--no-text)");
    c->a->count.total++;
    c->matches += c->hit.count;
    c->span = 0;
    return doctext_tokens(&c->hits.text, has_window, count_token, c, c->err);
}

static int count_index(struct collect *c, struct match *match)
{
    struct matching m;
    uint32_t docid;
    int rc = hits_open(&c->hits, match, HITS_SPANS, c->err);

    matching_begin(&m, match);
    while (rc >= 0 && (rc = matching_next(&m, &docid, c->err)) > 0)
        rc = count_document(c, docid);
    matching_end(&m);
    hits_close(&c->hits);
    return rc;
}

static int count_all(struct collect *c)
{
    struct match *m;
    int rc = 0;

    for (m = &c->a->match; m && rc == 0; m = m->next) {
        c->all += m->ix->manifest.live_positions;
        rc = count_index(c, m);
    }
    return rc;
}

/* --- how often a word is in the index --- */

static int count_leaf(struct collect *c, struct match *m, struct leaf *leaf,
                      uint64_t *total)
{
    const struct index *ix = m->ix;
    unsigned i;
    uint32_t d;

    for (i = 0; i < ix->manifest.nsegments; i++) {
        struct op_env env = match_segment(m, i, c->err);
        struct op *op = op_make_leaf(&env, leaf);

        if (!op)
            return env.rc ? env.rc : err_nomem(c->err);
        for (d = op_seek(op, 1); d != OP_END; d = op_seek(op, d + 1))
            if (norms_code(env.norms, d) && norms_counts(env.norms, d) &&
                op_confirm(op))
                *total += op->class->tf(op);
        op_release(op);
        if (env.rc < 0)
            return env.rc;
    }
    return 0;
}

/* A plan of an exact word for each index; without leaves where it is none. */
static int plan_word(struct collect *c, struct leaf_maker *maker,
                     const struct node *node, struct plan_query *plan)
{
    struct unit unit;
    unsigned i;
    int rc = 0;

    for (i = 0; i < c->a->session->nindexes && rc == 0; i++) {
        if (i) {
            plan->next = arena_alloc(&c->arena, sizeof *plan);
            if (!plan->next)
                return err_nomem(c->err);
            plan = plan->next;
        }
        rc = leaf_exact(maker, node, &unit, c->err);
        plan->leaf = unit.leaf;
        plan->nleaves = unit.nleaves;
    }
    return rc;
}

/* Occurrences of a folded word in all living documents, titles included. */
static int look_up(struct collect *c, struct view word, uint64_t *total)
{
    struct session *s = c->a->session;
    struct node node = {.kind = NODE_PHRASE, .text = word};
    struct leaf_maker maker = {.lexers = &s->list,
                               .words = s->words,
                               .arena = &c->arena,
                               .ix = s->index,
                               .nindexes = s->nindexes};
    struct match_env env = {.ix = s->index,
                            .lexers = &s->list,
                            .arena = &c->arena,
                            .notes = &s->notes,
                            .score = &s->score,
                            .k1 = s->settings->k1,
                            .b = s->settings->b};
    struct plan_query plan = {0};
    struct match first = {0}, *m;
    unsigned i;
    int rc;

    *total = 0;
    arena_clear(&c->arena);
    rc = plan_word(c, &maker, &node, &plan);
    if (rc < 0 || plan.nleaves == 0)
        return rc;
    rc = match_open(&first, &env, &plan, c->err);
    for (m = &first; m && rc == 0; m = m->next)
        for (i = 0; i < m->plan->nleaves && rc == 0; i++)
            rc = count_leaf(c, m, m->plan->leaf[i], total);
    match_close(&first);
    return rc;
}

/* --- the best --- */

static int by_count(const void *a, const void *b, void *arg)
{
    const struct near_word *x = a, *y = b;
    const struct tally *t = arg;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return view_cmp(tally_view(t, &t->entry[x->entry]),
                    tally_view(t, &t->entry[y->entry]));
}

static int by_ratio(const void *a, const void *b, void *arg)
{
    const struct near_word *x = a, *y = b;

    if (x->ratio != y->ratio)
        return x->ratio > y->ratio ? -1 : 1;
    return by_count(a, b, arg);
}

/* Fills in a word. 1 where it is attracted, else 0. */
static int judge(struct collect *c, struct near_word *w)
{
    struct view word = tally_view(&c->folded, &c->folded.entry[w->entry]);
    int rc = look_up(c, word, &w->total);

    if (rc < 0)
        return rc;
    if (w->total < w->count)
        w->total = w->count; /* the text and the forms disagree: trust text */
    w->expected = (double)c->in_windows * (double)w->total / (double)c->all;
    w->ratio = collocates_ratio(w->count, c->in_windows, w->total, c->all);
    return w->ratio > 0;
}

/* Puts the best `want` words first in c->best. They come by falling count, so
 * it ends where no other can get in. */
static int choose(struct collect *c, struct near_word *word, size_t n,
                  uint64_t want)
{
    double bar = 0;
    size_t i, since = 0;
    int rc;

    c->best = word;
    for (i = 0; i < n; i++) {
        struct near_word w = word[i];

        if (c->nbest >= want &&
            collocates_ratio(w.count, c->in_windows, w.count, c->all) < bar)
            break;
        rc = judge(c, &w);
        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        c->best[c->nbest++] = w; /* nbest <= i: its place is free */
        if (c->nbest >= want && ++since >= want / 4 + 8) {
            qsort_r(c->best, c->nbest, sizeof w, by_ratio, &c->folded);
            c->nbest = want;
            bar = c->best[want - 1].ratio;
            since = 0;
        }
    }
    qsort_r(c->best, c->nbest, sizeof *c->best, by_ratio, &c->folded);
    if (c->nbest > want)
        c->nbest = want;
    return 0;
}

static int find_best(struct collect *c)
{
    const struct settings *set = c->a->settings;
    struct near_word *word = calloc(c->folded.n + 1, sizeof *word);
    size_t i, n = 0;

    if (!word)
        return err_nomem(c->err);
    c->best = word;
    for (i = 0; i < c->folded.n; i++)
        if (c->folded.entry[i].count) {
            word[n].entry = (uint32_t)i;
            word[n++].count = c->folded.entry[i].count;
        }
    qsort_r(word, n, sizeof *word, by_count, &c->folded);
    return choose(c, word, n,
                  set->limit ? set->offset + set->limit : UINT64_MAX);
}

/* --- printing --- */

static int add_line(struct collect *c, const struct near_word *w,
                    struct buf *out)
{
    struct view word = tally_view(&c->folded, &c->folded.entry[w->entry]);
    unsigned long long count = w->count, total = w->total;
    bool text = c->a->settings->format == FORMAT_TEXT;
    int rc = text ? buf_addf(out, "%10.2f %9llu %12.2f %9llu  ", w->ratio,
                             count, w->expected, total)
                  : 0;

    if (rc == 0)
        rc = text || c->a->settings->terminal ? shown_safe(out, word, false)
                                              : shown_field(out, word);
    if (rc == 0 && !text)
        rc = buf_addf(out, "\t%llu\t%.9g\t%llu\t%.9g", count, w->expected,
                      total, w->ratio);
    return rc < 0 ? rc : buf_addc(out, '\n');
}

static void json_line(struct json *j, const struct collect *c,
                      const struct near_word *w, bool typed)
{
    json_object(j);
    if (typed) {
        json_key(j, "type");
        json_cstr(j, "word");
    }
    json_key(j, "word");
    json_str(j, tally_view(&c->folded, &c->folded.entry[w->entry]));
    json_key(j, "count");
    json_uint(j, w->count);
    json_key(j, "expected");
    json_score(j, w->expected);
    json_key(j, "total");
    json_uint(j, w->total);
    json_key(j, "loglikelihood");
    json_score(j, w->ratio);
    json_end(j);
}

static void add_number(struct json *j, const char *key, uint64_t x)
{
    json_key(j, key);
    json_uint(j, x);
}

static void add_envelope(struct json *j, const struct collect *c)
{
    out_json_head(j, c->a);
    json_key(j, "total");
    json_object(j);
    add_number(j, "value", c->a->count.total);
    json_key(j, "relation");
    json_cstr(j, "eq");
    json_end(j);
    add_number(j, "matches", c->matches);
    add_number(j, "in_windows", c->in_windows);
    add_number(j, "words", c->all);
    add_number(j, "window", c->window);
    add_number(j, "offset", c->a->settings->offset);
    add_number(j, "limit", c->a->settings->limit);
    json_key(j, "seconds");
    json_seconds(j, answer_seconds(c->a));
}

static int as_json(const struct collect *c, const struct near_word *w, size_t n)
{
    struct buf *out = &c->a->session->out;
    bool lines = c->a->settings->format == FORMAT_NDJSON;
    struct json j = {.out = out};
    size_t i;

    for (i = 0; i < n && lines; i++) {
        struct json line = {.out = out};

        json_line(&line, c, &w[i], true);
        if (line.failed || buf_addc(out, '\n') < 0)
            return ERR_NOMEM;
    }
    json_object(&j);
    if (lines) {
        json_key(&j, "type");
        json_cstr(&j, "end");
    } else if (buf_add(out, c->a->head) < 0) {
        return ERR_NOMEM;
    }
    add_envelope(&j, c);
    if (!lines) {
        json_key(&j, "collocates");
        json_array(&j);
        for (i = 0; i < n; i++)
            json_line(&j, c, &w[i], false);
        json_end(&j);
    }
    json_end(&j);
    return j.failed ? ERR_NOMEM : buf_addc(out, '\n');
}

static int print(struct collect *c)
{
    const struct settings *set = c->a->settings;
    struct session *s = c->a->session;
    size_t from = set->offset < c->nbest ? set->offset : c->nbest, i;
    int rc = 0;

    c->a->shown = c->nbest - from;
    if (set->format == FORMAT_JSON || set->format == FORMAT_NDJSON)
        return as_json(c, c->best + from, c->a->shown);
    if (set->format == FORMAT_TEXT && c->a->shown)
        rc = buf_adds(&s->out,
                      "     ratio      near     expected     total  word\n");
    for (i = from; i < c->nbest && rc == 0; i++)
        rc = add_line(c, &c->best[i], &s->out);
    if (rc == 0 && set->format == FORMAT_TEXT && !set->file)
        rc = buf_addf(
            &s->messages, "%llu words near %llu match%s in %llu document%s\n",
            (unsigned long long)c->in_windows, (unsigned long long)c->matches,
            c->matches == 1 ? "" : "es", (unsigned long long)c->a->count.total,
            c->a->count.total == 1 ? "" : "s");
    return rc;
}

int collocates(struct answer *a)
{
    struct collect c = {
        .a = a,
        .err = a->session->err,
        .window = (uint32_t)a->settings->collocates,
    };
    int rc = count_all(&c);

    if (rc == 0)
        rc = find_best(&c);
    if (rc == 0)
        rc = answer_undated(a, true);
    if (rc == 0 && print(&c) < 0)
        rc = err_nomem(c.err);
    arena_release(&c.arena);
    tally_release(&c.raw);
    tally_release(&c.folded);
    free(c.best);
    return rc;
}
