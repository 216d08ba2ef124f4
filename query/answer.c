#include "query/answer.h"

#include <stdlib.h>

#include "query/also.h"
#include "query/by_year.h"
#include "query/collocates.h"
#include "query/kwic.h"
#include "query/order.h"
#include "query/shown.h"
#include "query/strict.h"
#include "query/suggest.h"

double answer_seconds(const struct answer *a)
{
    return (double)(timing_now() - a->start_ns) / 1e9;
}

const char *answer_index(const struct answer *a, uint32_t part)
{
    struct session *s = a->session;

    return s->nindexes > 1 ? buf_cstr(&s->dir[part]) : NULL;
}

static const struct printer *printer_of(enum format f)
{
    static const struct printer *const all[] = {
        [FORMAT_TEXT] = &print_text,     [FORMAT_JSON] = &print_json,
        [FORMAT_NDJSON] = &print_ndjson, [FORMAT_TSV] = &print_tsv,
        [FORMAT_TREC] = &print_trec,     [FORMAT_PATHS] = &print_paths,
    };

    return all[f];
}

/* Why nothing can match, whatever is in the index. */
static void note_nothing(const struct answer *a)
{
    const struct limits *l = &a->settings->limits;
    struct notes *notes = &a->session->notes;

    if (!a->plan.root)
        notes_add(notes, "there is no word in the query");
    if (l->since_set && l->until_set && l->since >= l->until)
        notes_add(notes, "--since is not before --until");
}

/* A plan for each index. */
static int plan_for_all(struct answer *a, const struct leaf_maker *maker,
                        const struct node *query)
{
    struct session *s = a->session;
    struct plan_query *plan = &a->plan;
    unsigned i;
    int rc = 0;

    for (i = 0; i < s->nindexes && rc == 0; i++) {
        struct leaf_maker m = *maker;

        if (i) {
            plan->next = arena_alloc(&s->arena, sizeof *plan);
            if (!plan->next)
                return err_nomem(s->err);
            plan = plan->next;
        }
        rc = plan_make(plan, &m, query, s->err);
        if (rc == 0)
            rc =
                plan_titles(plan, &s->arena, a->settings->title_weight, s->err);
    }
    return rc;
}

/* Adds acronyms and their long forms to what the words find. */
static int widen(struct answer *a, struct leaf_maker *m, struct node *query)
{
    struct session *s = a->session;
    const struct senses_env env = {s->index, s->nindexes, m};

    return also_find(&env, query, &a->also, s->err);
}

/* From text to plan. */
static int understand(struct answer *a, const struct question *q)
{
    struct session *s = a->session;
    struct parse p = {
        .arena = &s->arena,
        .notes = &s->notes,
        .all = a->settings->all,
        .least = (unsigned)a->settings->min_match,
        .percent = a->settings->min_percent,
    };
    struct leaf_maker m = {.lexers = &s->list,
                           .ix = s->index,
                           .nindexes = s->nindexes,
                           .words = s->words,
                           .arena = &s->arena,
                           .notes = &s->notes};
    struct node *query = NULL, *more = NULL;
    size_t i;
    int rc = 0;

    for (i = 0; i < q->nparts && rc == 0; i++) {
        rc = (q->plain ? parse_words : parse_query)(&p, q->part[i], &more,
                                                    s->err);
        if (rc == 0 && query)
            parse_or(query, more);
        else
            query = more;
    }
    if (rc == 0 && a->settings->expand && !q->exact)
        rc = widen(a, &m, query);
    if (rc == 0)
        rc = plan_for_all(a, &m, query);
    if (rc == 0)
        note_nothing(a);
    for (i = 0; i < q->nparts && rc == 0 && a->settings->strict; i++)
        rc = strict_check(s, q->part[i]);
    return rc;
}

/* Where the hit of rank i (from 0) lies in what the printer wrote. */
struct piece {
    size_t i;
    uint32_t part;
    uint32_t docid;
    size_t start;
    size_t end;
};

static int by_docid(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;

    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

static int by_rank(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;

    return x->i < y->i ? -1 : x->i > y->i;
}

/* The hits of one index. */
struct shelf {
    struct hits hits;
    struct explain explain;
    bool opened;
};

static struct match *match_in(struct answer *a, uint32_t part)
{
    struct match *m = &a->match;

    while (m->part < part)
        m = m->next;
    return m;
}

static int open_shelf(struct answer *a, const struct printer *pr,
                      struct shelf *s, uint32_t part)
{
    struct match *m = match_in(a, part);
    struct err *err = a->session->err;
    int rc = hits_open(&s->hits, m, pr->what, err);

    memset(&s->explain, 0, sizeof s->explain);
    s->opened = true;
    s->hits.passages = (unsigned)a->settings->snippets;
    s->hits.width = (unsigned)a->settings->snippet_width;
    s->hits.context = a->settings->context;
    s->hits.before = a->settings->before;
    s->hits.after = a->settings->after;
    if (rc == 0 && a->settings->explain)
        rc = explain_open(&s->explain, m, err);
    return rc;
}

static void close_shelf(struct shelf *s)
{
    if (!s->opened)
        return;
    explain_close(&s->explain);
    hits_close(&s->hits);
}

/* What is printed of a hit, to the end of out. */
static int print_hit(struct answer *a, const struct printer *pr,
                     struct shelf *shelves, const struct top_hit *hit, size_t i,
                     struct buf *out)
{
    struct shelf *s = &shelves[hit[i].part];
    struct err *err = a->session->err;
    struct hit shown;
    int rc = s->opened ? 0 : open_shelf(a, pr, s, hit[i].part);

    if (rc < 0)
        return rc;
    rc = hits_get(&s->hits, &hit[i], &shown, err);
    if (rc == 0)
        rc = err_set(err, ERR_CORRUPT, "index damaged: document %u is missing",
                     (unsigned)hit[i].docid);
    if (rc >= 0 && a->settings->explain)
        rc = explain_get(&s->explain, hit[i].docid, err);
    if (rc >= 0)
        rc = dups_name(&a->dups, a->settings->offset + i, a->session->index,
                       pr->dups, &shown, err);
    if (rc < 0)
        return rc;
    a->explain = &s->explain;
    return pr->hit(a, &shown, a->settings->offset + i + 1, out);
}

/* What is printed of the hits, in order of docid, so that everything is read
 * front to back; piece[] says which is where. */
static int print_pieces(struct answer *a, const struct printer *pr,
                        struct shelf *shelves, const struct top_hit *hit,
                        struct piece *piece, struct buf *pieces)
{
    size_t i;
    int rc = 0;

    for (i = 0; i < a->shown; i++) {
        piece[i].i = i;
        piece[i].part = hit[i].part;
        piece[i].docid = hit[i].docid;
    }
    qsort(piece, a->shown, sizeof *piece, by_docid);
    for (i = 0; i < a->shown && rc == 0; i++) {
        piece[i].start = pieces->n;
        rc = print_hit(a, pr, shelves, hit, piece[i].i, pieces);
        piece[i].end = pieces->n;
    }
    qsort(piece, a->shown, sizeof *piece, by_rank);
    return rc;
}

static int print_by_docid(struct answer *a, const struct printer *pr,
                          struct shelf *shelves, const struct top_hit *hit,
                          struct buf *out)
{
    struct piece *piece = calloc(a->shown + 1, sizeof *piece);
    struct buf pieces = {0};
    size_t i;
    int rc = 0;

    if (!piece)
        return ERR_NOMEM;
    if (a->shown)
        rc = print_pieces(a, pr, shelves, hit, piece, &pieces);
    if (rc == 0 && pr->begin)
        rc = pr->begin(a, out);
    for (i = 0; i < a->shown && rc == 0; i++) {
        if (i && pr->between)
            rc = buf_adds(out, pr->between);
        if (rc == 0)
            rc = buf_add(
                out, view_sub(buf_view(&pieces), piece[i].start, piece[i].end));
    }
    buf_release(&pieces);
    free(piece);
    return rc;
}

/* Paths alone are found in any order. */
static int print_by_rank(struct answer *a, const struct printer *pr,
                         struct shelf *shelves, const struct top_hit *hit,
                         struct buf *out)
{
    size_t i;
    int rc = pr->begin ? pr->begin(a, out) : 0;

    for (i = 0; i < a->shown && rc == 0; i++) {
        if (i && pr->between)
            rc = buf_adds(out, pr->between);
        if (rc == 0)
            rc = print_hit(a, pr, shelves, hit, i, out);
    }
    return rc;
}

static int print(struct answer *a, const struct printer *pr,
                 const struct top_hit *hit)
{
    struct buf *out = &a->session->out;
    struct err *err = a->session->err;
    size_t before = out->n;
    unsigned i, n = a->session->nindexes;
    struct shelf *shelves = malloc(n * sizeof *shelves);
    int rc;

    if (!shelves)
        return err_nomem(err);
    for (i = 0; i < n; i++) /* no more: hits are large */
        shelves[i].opened = false;
    rc = (pr->what == HITS_PATH ? print_by_rank
                                : print_by_docid)(a, pr, shelves, hit, out);
    if (rc == 0 && pr->end)
        rc = pr->end(a, out);
    if (rc < 0)
        out->n = before;
    if (rc == ERR_NOMEM)
        err_nomem(err);
    for (i = 0; i < n; i++)
        close_shelf(&shelves[i]);
    free(shelves);
    return rc;
}

/* Which formats say how many there are, and how many have every word. */
static bool wants_every(const struct answer *a)
{
    if (a->settings->total == TOTAL_NONE)
        return false;
    if (a->settings->format == FORMAT_TEXT)
        return a->plan.plain && a->plan.nwords > 1;
    return a->settings->format == FORMAT_JSON ||
           a->settings->format == FORMAT_NDJSON;
}

/* Lists of paths and TREC runs have no place for a total. */
static bool wants_total(const struct answer *a)
{
    enum format f = a->settings->format;

    return a->settings->total == TOTAL_EXACT ||
           (a->settings->total == TOTAL_AUTO &&
            (f == FORMAT_TEXT || f == FORMAT_JSON || f == FORMAT_NDJSON));
}

int answer_undated(struct answer *a, bool counted)
{
    struct session *s = a->session;
    const char *by = a->match.filter.dated_by;
    uint64_t n;
    int rc;

    if (!counted && s->undated)
        return 0;
    rc = match_undated(&a->match, !counted, &n, s->err);
    if (rc < 0 || n == 0)
        return rc;
    s->undated = s->settings->file != NULL;
    if (!counted)
        notes_add(&s->notes,
                  "documents without a date of their own were left out by %s",
                  by);
    else
        notes_add(&s->notes,
                  "%llu document%s without a date of %s own %s left out by %s",
                  (unsigned long long)n, n == 1 ? "" : "s",
                  n == 1 ? "its" : "their", n == 1 ? "was" : "were", by);
    return 0;
}

/* Nothing matched: looks for words of the index that were meant. Where many
 * queries are answered as text there is no place to say so. */
static int look_further(struct answer *a)
{
    struct session *s = a->session;
    struct suggest sg = {s->index, s->nindexes, &s->list, s->words, &s->arena};
    enum format f = a->settings->format;
    int rc = 0;

    if (f == FORMAT_JSON || f == FORMAT_NDJSON ||
        (f == FORMAT_TEXT && !a->settings->file))
        rc = suggest(&sg, &a->plan, a->question->part, a->question->nparts,
                     &a->suggestion, s->err);
    return rc < 0 ? rc : 0;
}

/* Runs the match, and counts by facets what there is. With `counted` false no
 * total is wanted for itself. */
static int run(struct answer *a, struct top *top, bool counted)
{
    const struct facet_names *facets = &a->settings->facets;
    struct session *s = a->session;
    struct match *m = &a->match;
    int rc = 0;

    if (facets->n == 0 || a->settings->quiet)
        return match_run(m, top, a->settings->quiet, counted ? &a->count : NULL,
                         s->err);
    for (; m && rc == 0; m = m->next) {
        m->seen = calloc(m->norms->npages + 1, FIELDS_BITS);
        rc = m->seen ? 0 : err_nomem(s->err);
    }
    if (rc == 0)
        rc = match_run(&a->match, top, false, &a->count, s->err);
    for (m = &a->match; m; m = m->next) {
        if (rc == 0)
            rc = facets_add(&a->facets, facets, m->ix, m->seen, s->err);
        free(m->seen);
        m->seen = NULL;
    }
    facets_end(&a->facets);
    return rc;
}

static int count_only(struct answer *a)
{
    struct session *s = a->session;
    int rc = run(a, NULL, true);

    if (rc < 0 || a->settings->quiet)
        return rc;
    rc = answer_undated(a, true);
    if (rc == 0 &&
        (buf_addf(&s->out, "%llu\n", (unsigned long long)a->count.total) < 0 ||
         facets_text(&a->facets, &s->out) < 0))
        rc = err_nomem(s->err);
    return rc;
}

/* Whether a number that is all that is asked for goes into a whole answer. */
static bool counts_in_json(const struct answer *a)
{
    const struct settings *set = a->settings;

    return set->mode == MODE_BATCH ||
           (set->facets.n && set->format != FORMAT_TEXT);
}

/* The number in a JSON answer without hits. */
static int count_json(struct answer *a)
{
    struct session *s = a->session;
    int rc = run(a, NULL, true);

    a->counted = true;
    if (rc == 0)
        rc = answer_undated(a, true);
    if (rc == 0 && wants_every(a))
        rc = match_every(&a->match, &a->count, s->err);
    if (rc == 0 && a->count.total == 0)
        rc = look_further(a);
    return rc < 0 ? rc : print(a, printer_of(a->settings->format), NULL);
}

/* The k first of the hits, in their order. */
static int best(struct answer *a, struct top *top, size_t k, bool again)
{
    const struct settings *set = a->settings;
    struct session *s = a->session;
    int rc;

    top_init(top, set->sort == SORT_SCORE ? k : SIZE_MAX);
    rc = again ? match_run(&a->match, top, false, NULL, s->err)
               : run(a, top, a->counted);
    if (rc == 0 && set->sort == SORT_SCORE)
        top_sort(top);
    else if (rc == 0)
        rc = order_best(top, s->index, s->nindexes, set->sort, k, s->err);
    return rc;
}

/* The `want` first when near-duplicates do not count. It takes more than that to
 * find them, and some more again where there are many. */
static int best_collapsed(struct answer *a, struct top *top, size_t want)
{
    struct session *s = a->session;
    size_t k = want < SIZE_MAX / 8 ? want + want / 2 + 1 : SIZE_MAX, found;
    bool again = false;
    int rc;

    for (;;) {
        rc = best(a, top, k, again);
        found = top->n;
        if (rc == 0)
            rc = dups_collapse(&a->dups, s->index, top, s->err);
        if (rc < 0 || top->n >= want || found < k)
            break;
        k = k < SIZE_MAX / 8 ? k * 4 : SIZE_MAX;
        dups_release(&a->dups);
        top_release(top);
        again = true;
    }
    if (top->n > want)
        top->n = want;
    return rc;
}

static int list(struct answer *a)
{
    const struct settings *set = a->settings;
    const struct printer *pr = printer_of(set->format);
    struct session *s = a->session;
    struct top top;
    size_t k = set->limit ? set->offset + set->limit : SIZE_MAX, i;
    int rc;

    a->counted = wants_total(a);
    a->collapsed = pr->dups && !set->show_dups;
    rc = a->collapsed ? best_collapsed(a, &top, k) : best(a, &top, k, false);
    if (rc == 0)
        rc = answer_undated(a, a->counted);
    if (rc == 0 && wants_every(a))
        rc = match_every(&a->match, &a->count, s->err);
    if (rc == 0 && top.n == 0)
        rc = look_further(a);
    if (rc == 0) {
        if (top.n > set->offset)
            a->shown = top.n - set->offset;
        a->rank_width = 2;
        for (i = set->offset + a->shown; i >= 100; i /= 10)
            a->rank_width++;
        rc = print(a, pr, a->shown ? top.hit + set->offset : NULL);
    }
    top_release(&top);
    return rc;
}

/* A word that no document has, as it is named to the user. */
static struct view unknown_name(const struct answer *a, const struct leaf *l)
{
    struct view name = l->text;
    uint8_t *p;

    if (!l->title)
        return name;
    p = arena_alloc(&a->session->arena, name.n + sizeof "title:");
    if (!p)
        return name;
    memcpy(p, "title:", 6);
    memcpy(p + 6, name.p, name.n);
    return view_of(p, name.n + 6);
}

/* Of words near each other each is known or not by itself. */
static int unknown_near(const struct answer *a, const struct leaf *l,
                        int (*fn)(void *arg, struct view), void *arg)
{
    unsigned i, k;
    int rc = 0;

    for (i = 0; i < l->nnear; i++)
        for (k = 0; k < l->near[i].nleaves && rc == 0; k++)
            if (!match_known(l->near[i].leaf[k]))
                rc = fn(arg, unknown_name(a, l->near[i].leaf[k]));
    return rc;
}

int answer_unknown(const struct answer *a, int (*fn)(void *arg, struct view),
                   void *arg)
{
    const struct plan_query *q = &a->plan;
    unsigned i, k;
    bool known;
    int rc = 0;

    for (i = 0; i < q->nleaves && !q->leaf[i]->bonus && rc == 0; i = k) {
        known = false;
        for (k = i; k < q->nleaves && q->leaf[k]->word == q->leaf[i]->word &&
                    q->leaf[k]->kind != LEAF_DOCS;
             k++)
            known |= match_known(q->leaf[k]);
        if (k == i) /* a path or number */
            k++;
        else if (q->leaf[i]->kind == LEAF_NEAR)
            rc = unknown_near(a, q->leaf[i], fn, arg);
        else if (!known && !q->leaf[i]->also)
            rc = fn(arg, unknown_name(a, q->leaf[i]));
    }
    return rc;
}

int answer_remark(const struct answer *a, struct buf *out)
{
    int rc = buf_adds(out, "query: ");

    return rc < 0 || !a->question->line
               ? rc
               : buf_addf(out, "%s: line %zu: ", a->settings->file,
                          a->question->line);
}

/* Notes go to standard error, but where the answer itself has them. */
static int add_notes(const struct answer *a)
{
    struct session *s = a->session;
    const struct also *also;
    unsigned i;
    int rc = 0;

    if (s->settings->quiet || ((s->settings->format == FORMAT_JSON ||
                                s->settings->format == FORMAT_NDJSON) &&
                               (!s->settings->count || counts_in_json(a))))
        return 0;
    for (i = 0; i < s->notes.n && rc == 0; i++) {
        rc = answer_remark(a, &s->messages);
        if (rc == 0)
            rc = shown_safe(&s->messages, notes_get(&s->notes, i), false);
        if (rc == 0)
            rc = buf_addc(&s->messages, '\n');
    }
    for (also = s->settings->format == FORMAT_TREC || s->settings->file
                    ? NULL
                    : a->also;
         also && rc == 0; also = also->reported) {
        rc = answer_remark(a, &s->messages);
        if (rc == 0)
            rc = also_text(also, &s->messages);
    }
    if (rc == 0 && s->settings->explain) {
        rc = answer_remark(a, &s->messages) < 0
                 ? ERR_NOMEM
                 : buf_adds(&s->messages, "read as: ");
        if (rc == 0)
            rc = shown_safe(&s->messages, buf_view(&a->plan.parsed), false);
        if (rc == 0)
            rc = buf_addc(&s->messages, '\n');
    }
    return rc < 0 ? err_nomem(s->err) : 0;
}

int answer(struct session *s, const struct question *q)
{
    struct answer a = {.session = s,
                       .settings = s->settings,
                       .qid = q->qid,
                       .text = q->text,
                       .head = q->head,
                       .question = q};
    struct match_env env = {
        .arena = &s->arena,
        .notes = &s->notes,
        .score = &s->score,
        .limits = &s->settings->limits,
        .k1 = s->settings->k1,
        .b = s->settings->b,
    };
    int rc;

    a.start_ns = timing_now();
    arena_clear(&s->arena);
    notes_clear(&s->notes);
    rc = session_begin(s);
    env.ix = s->index;
    env.lexers = &s->list;
    if (rc == 0)
        rc = understand(&a, q);
    if (rc == 0)
        rc = match_open(&a.match, &env, &a.plan, s->err);
    if (rc == 0)
        rc = s->settings->quiet        ? count_only(&a)
             : s->settings->collocates ? collocates(&a)
             : s->settings->by_year    ? by_year(&a)
             : s->settings->kwic       ? kwic(&a)
             : !s->settings->count     ? list(&a)
             : counts_in_json(&a)      ? count_json(&a)
                                       : count_only(&a);
    if (rc == 0)
        rc = add_notes(&a);
    if (rc == 0 && s->settings->time && timing_add(&s->timing, a.start_ns) < 0)
        rc = err_nomem(s->err);
    facets_release(&a.facets);
    buf_release(&a.around);
    buf_release(&a.suggestion);
    dups_release(&a.dups);
    match_close(&a.match);
    plan_release(&a.plan);
    return rc < 0 ? rc : a.shown > 0 || a.count.total > 0;
}
