#include "query/match.h"

#include <stdlib.h>

#include "query/docs_named.h"
#include "query/prune.h"
#include "query/term_set.h"

/* --- leaves --- */

/* Finds the terms that a pattern stands for, and their documents. */
static int open_pattern(struct match *m, struct slot *s, bool title,
                        struct err *err)
{
    struct expand_query q = {
        .form = s->pattern, .term = s->stem, .title = title};
    unsigned i, n = m->ix->manifest.nsegments;
    int rc;

    s->set = arena_alloc(m->arena, n * sizeof *s->set);
    s->expansion = arena_alloc(m->arena, sizeof *s->expansion);
    if (!s->set || !s->expansion)
        return err_nomem(err);
    rc = expand(s->expansion, &q, m->ix, m->lexer, m->arena, err);
    if (rc == 0 && s->expansion->n < s->expansion->found)
        notes_add(m->notes,
                  "'%.*s' stands for %zu terms: the %zu nearest and most "
                  "frequent are searched",
                  NOTE_VIEW(s->word), s->expansion->found, s->expansion->n);
    for (i = 0; i < n && rc >= 0; i++) {
        struct op_env env = match_segment(m, i, err);

        rc = term_set_expanded(&s->set[i], &env, s);
        if (rc > 0)
            s->df += s->set[i]->n;
    }
    return rc < 0 ? rc : 0;
}

static int open_slot(struct match *m, struct slot *s, struct err *err)
{
    unsigned i, n = m->ix->manifest.nsegments;
    int rc;

    if (s->cluster)
        s->set = arena_alloc(m->arena, n * sizeof *s->set);
    else
        s->postings = arena_alloc(m->arena, n * sizeof *s->postings);
    if (!s->set && !s->postings)
        return err_nomem(err);
    for (i = 0; i < n; i++) {
        struct segment *seg = &m->ix->segment[i];

        if (s->cluster) {
            rc = term_set_cluster(&s->set[i], seg, s->term, m->notes, err);
            if (rc > 0)
                s->df += s->set[i]->n;
        } else {
            rc = postings_open(&s->postings[i], seg, s->term, err);
            if (rc > 0)
                s->df += s->postings[i]->info.df;
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* What a word of LEAF_NEAR weighs: as much as its commonest leaf, so often as
 * it is wanted. */
static double near_idf(const struct near_leaves *w)
{
    double least = w->leaf[0]->weight;
    unsigned k;

    for (k = 1; k < w->nleaves; k++)
        if (w->leaf[k]->weight < least)
            least = w->leaf[k]->weight;
    return least * w->times;
}

static int open_leaf(struct match *m, struct leaf *l, struct err *err)
{
    unsigned i, k;
    int rc = 0;

    if (l->kind == LEAF_DOCS)
        return l->everything ? 0 : docs_named(l, m->ix, err);
    for (i = 0; i < l->nslots && rc == 0; i++) {
        rc = l->kind == LEAF_SET ? open_pattern(m, l->slot, l->title, err)
                                 : open_slot(m, &l->slot[i], err);
        if (l->nslots == 1 || l->slot[i].kind != TOKEN_JOINED)
            l->idf += score_idf(m->score, l->slot[i].df);
    }
    for (i = 0; i < l->nnear; i++)
        for (k = 0; k < l->near[i].nleaves && rc == 0; k++)
            rc = open_leaf(m, l->near[i].leaf[k], err);
    for (i = 0; i < l->nnear && rc == 0; i++)
        l->idf += near_idf(&l->near[i]);
    l->weight = l->idf * l->boost;
    return rc;
}

bool match_known(const struct leaf *l)
{
    unsigned i, k;

    for (i = 0; i < l->nslots; i++)
        if (l->slot[i].df)
            return true;
    for (i = 0; i < l->nnear; i++)
        for (k = 0; k < l->near[i].nleaves; k++)
            if (match_known(l->near[i].leaf[k]))
                return true;
    return l->kind == LEAF_DOCS;
}

int match_open(struct match *m, const struct match_env *env,
               struct plan_query *plan, struct err *err)
{
    static const struct limits none;
    double most = 0; /* that a document could score */
    unsigned i;
    int rc;

    memset(m, 0, sizeof *m);
    m->ix = env->ix;
    m->norms = &env->ix->norms;
    m->plan = plan;
    m->lexer = env->lexer;
    m->arena = env->arena;
    m->notes = env->notes;
    m->score = env->score;
    score_renew(env->score, env->k1, env->b, index_docs(env->ix),
                index_positions(env->ix));
    rc = filter_open(&m->filter, env->limits ? env->limits : &none, m->ix, plan,
                     m->arena, err);
    for (i = 0; i < plan->nleaves && rc == 0; i++) {
        rc = open_leaf(m, plan->leaf[i], err);
        most += plan->leaf[i]->weight * plan->leaf[i]->times;
    }
    if (rc == 0 && filter_any(&m->filter)) {
        rc = mask_open(&m->mask, &m->filter, FILTER_PASS, err);
        m->norms = &m->mask.norms;
        m->lead = filter_lead(&m->filter, m->arena);
    }
    if (rc == 0 && most >= SCORE_MAX)
        rc = err_set(err, ERR_USAGE,
                     "the boosts of the query are too large: together they "
                     "allow scores up to %.0f, and %d is the limit",
                     most, SCORE_MAX);
    return rc;
}

static void close_slot(struct match *m, struct slot *s)
{
    unsigned i;

    for (i = 0; i < m->ix->manifest.nsegments; i++) {
        if (s->postings)
            postings_close(s->postings[i]);
        if (s->set)
            term_set_close(s->set[i]);
    }
    s->postings = NULL;
    s->set = NULL;
}

static void close_leaf(struct match *m, struct leaf *l)
{
    unsigned i, k;

    for (i = 0; i < l->nslots; i++)
        close_slot(m, &l->slot[i]);
    for (i = 0; i < l->nnear; i++)
        for (k = 0; k < l->near[i].nleaves; k++)
            close_leaf(m, l->near[i].leaf[k]);
    free(l->docs);
    l->docs = NULL;
}

void match_close(struct match *m)
{
    unsigned i;

    for (i = 0; m->plan && i < m->plan->nleaves; i++)
        close_leaf(m, m->plan->leaf[i]);
    filter_close(&m->filter);
    mask_release(&m->mask);
    m->plan = NULL;
}

/* --- running --- */

/* Where matches go. */
struct sink {
    struct top *top; /* NULL: only counted */
    bool first;      /* one is enough */
    bool prune;      /* what cannot enter top is nobody's business */
    unsigned need;   /* operands of a simple plan; 0: not to be counted */
    uint64_t total;
    uint64_t all;  /* matches of every operand */
    uint8_t *seen; /* a bit for each match; NULL: not wanted */
};

/* Windows are worth their clearing and reading from so many operand matches
 * to a document on. */
enum { DENSE = 16 };

enum { LANES = 16 };
typedef uint8_t lanes __attribute__((vector_size(LANES)));
_Static_assert(NORM_DOCS % LANES == 0 && NORM_DOCS / LANES <= UINT8_MAX,
               "a lane counts all of its documents");

struct op_env match_segment(struct match *m, unsigned i, struct err *err)
{
    struct op_env env = {
        .segment = &m->ix->segment[i],
        .number = i,
        .norms = m->norms,
        .score = m->score,
        .lexer = m->lexer,
        .arena = m->arena,
        .notes = m->notes,
        .err = err,
    };

    return env;
}

/* Document by document. */
static int run_seek(struct op *op, struct sink *out)
{
    struct op_env *env = op->env;
    uint32_t d;

    if (out->need > 1) /* operands are not counted here */
        out->need = 0;
    op->alone = !out->first;
    if (out->prune)
        op->bar = &out->top->bar;
    for (d = op_seek(op, 1); d != OP_END; d = op_seek(op, d + 1)) {
        if (norms_code(env->norms, d) == 0 ||
            (out->prune && out->top->bar >= 0 &&
             !top_wants(out->top, op_bound(op))) ||
            !op_confirm(op))
            continue;
        out->total++;
        if (out->seen)
            out->seen[d / 8] |= (uint8_t)(1u << d % 8);
        if (out->first)
            break;
        if (out->top) {
            double score = op->class->score(op);

            if (top_wants(out->top, score) && top_add(out->top, score, d) < 0)
                return err_nomem(env->err);
        }
    }
    return env->rc;
}

static uint64_t sum(lanes v)
{
    uint64_t n = 0;
    unsigned i;

    for (i = 0; i < LANES; i++)
        n += v[i];
    return n;
}

/* Counts the living documents of a window that were hit, and those that all
 * operands hit. Outside of [lo, end) hits are 0. */
static void count(const struct window *w, struct sink *out)
{
    lanes need, total = {0}, all = {0}, hits, codes;
    size_t i;

    memset(&need, (int)out->need, sizeof need);
    for (i = 0; i < NORM_DOCS; i += LANES) {
        memcpy(&hits, w->hits + i, LANES);
        memcpy(&codes, w->codes + i, LANES);
        /* a comparison that holds gives -1 */
        total -= (lanes)((hits != 0) & (codes != 0));
        all -= (lanes)((hits == need) & (codes != 0));
    }
    out->total += sum(total);
    if (out->need)
        out->all += sum(all);
}

/* Sets the bits of a window's matches. */
static void see(const struct window *w, uint8_t *seen)
{
    uint32_t i;

    for (i = 0; i < NORM_DOCS; i++) {
        uint32_t d = w->base + i;

        seen[d / 8] |=
            (uint8_t)((unsigned)(w->hits[i] && w->codes[i]) << d % 8);
    }
}

static int offer(const struct window *w, struct top *top, uint32_t i)
{
    if (!top_wants(top, w->acc[i]) || !w->hits[i] || !w->codes[i])
        return 0;
    return top_add(top, w->acc[i], w->base + i);
}

/* Hands the matches of a window to the sink. */
static int drain(const struct window *w, struct sink *out)
{
    uint32_t i = w->lo - w->base, n = w->end - w->base;
    const double *acc = w->acc;
    uint64_t before = out->total;
    int rc = 0;

    count(w, out);
    if (out->seen)
        see(w, out->seen);
    if (!out->top || out->total == before)
        return 0;
    for (; i + 4 <= n && rc == 0; i += 4) {
        double bar = out->top->bar;

        if ((acc[i] > bar) | (acc[i + 1] > bar) | (acc[i + 2] > bar) |
            (acc[i + 3] > bar))
            rc = offer(w, out->top, i) | offer(w, out->top, i + 1) |
                 offer(w, out->top, i + 2) | offer(w, out->top, i + 3);
    }
    for (; i < n && rc == 0; i++)
        rc = offer(w, out->top, i);
    return rc;
}

/* Window by window: documents that any of n operands matches. */
static int run_windows(struct op **operand, unsigned n, struct window *w,
                       struct sink *out)
{
    struct op_env *env = operand[0]->env;
    const struct segment_info *info = &env->segment->info;
    uint64_t lo = info->doc_lo, end, page;
    unsigned i;

    w->counting = out->need > 0;
    for (i = 0; i < n; i++)
        operand[i]->alone = true;
    for (; lo <= info->doc_hi; lo = end) {
        page = lo / NORM_DOCS;
        end = (page + 1) * NORM_DOCS;
        if (end > (uint64_t)info->doc_hi + 1)
            end = (uint64_t)info->doc_hi + 1;
        w->base = (uint32_t)(page * NORM_DOCS);
        w->lo = (uint32_t)lo;
        w->end = (uint32_t)end;
        w->codes = norms_page(env->norms, w->lo);
        memset(w->acc, 0, sizeof w->acc);
        memset(w->hits, 0, sizeof w->hits);
        for (i = 0; i < n; i++)
            op_collect(operand[i], w);
        if (env->rc < 0)
            return env->rc;
        if (drain(w, out) < 0)
            return err_nomem(env->err);
    }
    return 0;
}

/* Whether what cannot enter the heap is passed over: not where documents lead,
 * nor where a boost may leave a match without a score. */
static bool prunes(const struct match *m, const struct sink *out)
{
    unsigned i;

    if (!out->prune || m->lead ||
        !(prune_fits(m->plan) || prune_fits_all(m->plan)))
        return false;
    for (i = 0; i < m->plan->nleaves; i++) {
        const struct leaf *l = m->plan->leaf[i];

        if (l->kind == LEAF_TERM && l->slot->df &&
            !score_shows(m->score, l->weight))
            return false;
    }
    return true;
}

/* Without a window w by pruning. */
static int run_segment(struct match *m, const struct plan *plan, unsigned i,
                       struct window *w, struct sink *out, struct err *err)
{
    struct op_env env = match_segment(m, i, err);
    struct op *op, **operand;
    unsigned n = 1;
    int rc;

    if (!w)
        return (prune_fits(m->plan) ? prune_segment
                                    : prune_segment_all)(m, i, out->top, err);
    op = op_make(&env, plan);
    if (!op)
        return env.rc ? env.rc : err_nomem(err);
    operand = op->class->collect ? &op : op_alternatives(op, &n);
    rc = env.rc;
    if (rc == 0 && operand && !out->first &&
        op->cost * DENSE >= env.segment->info.docs)
        rc = run_windows(operand, n, w, out);
    else if (rc == 0)
        rc = run_seek(op, out);
    op_release(op);
    return rc;
}

/* A norm page that could not be read gave zeros, and left a message. */
static int norms_failed(const struct match *m, struct err *err)
{
    const struct err *e = &m->ix->norms.err;

    if (e->code == 0)
        e = &m->norms->err;
    if (e->code != 0)
        *err = *e;
    return e->code;
}

/* The plan behind the documents that lead. */
static const struct plan *led(const struct plan *lead, const struct plan *plan,
                              struct plan part[3])
{
    if (!lead)
        return plan;
    part[0] = (struct plan){.kind = PLAN_BOOL, .child = &part[1]};
    part[1] = *lead;
    part[1].occur = PLAN_FILTER;
    part[1].next = &part[2];
    part[2] = *plan;
    part[2].occur = PLAN_MUST;
    part[2].next = NULL;
    return part;
}

static int run(struct match *m, const struct plan *plan, struct sink *out,
               struct err *err)
{
    struct window *w = NULL;
    struct plan part[3];
    unsigned i;
    int rc = 0;

    if (!plan)
        return 0;
    plan = led(m->lead, plan, part);
    if (!prunes(m, out) && !(w = malloc(sizeof *w)))
        return err_nomem(err);
    for (i = 0; i < m->ix->manifest.nsegments && rc == 0; i++) {
        rc = run_segment(m, plan, i, w, out, err);
        if (out->first && out->total)
            break;
    }
    free(w);
    return rc < 0 ? rc : norms_failed(m, err);
}

/* Operands of a simple plan. */
static unsigned operands(const struct plan *p)
{
    unsigned n = 1;

    if (p->kind == PLAN_BOOL)
        for (n = 0, p = p->child; p; p = p->next)
            n++;
    return n;
}

int match_run(struct match *m, struct top *top, bool first,
              struct match_count *c, struct err *err)
{
    struct sink out = {.top = top, .first = first, .seen = m->seen};
    int rc;

    out.prune = !c && top->k != SIZE_MAX;
    if (c && m->plan->root && m->plan->simple)
        out.need = operands(m->plan->root);
    if (out.need > WINDOW_OPERANDS)
        out.need = 0;
    rc = run(m, m->plan->root, &out, err);
    if (!c)
        return rc;
    c->total = out.total;
    c->every = out.need == 1 ? out.total : out.all;
    c->counted = out.need > 0;
    return rc;
}

int match_undated(struct match *m, bool first, uint64_t *n, struct err *err)
{
    struct sink out = {.first = first};
    const struct plan *lead = m->lead;
    struct norms *norms = m->norms;
    struct mask undated;
    int rc;

    *n = 0;
    if (!m->filter.dated || !m->filter.undated)
        return 0;
    rc = mask_open(&undated, &m->filter, FILTER_UNDATED, err);
    if (rc == 0 && !lead)
        rc = mask_lead(&undated, m->arena, &m->lead, err);
    if (rc >= 0) {
        m->norms = &undated.norms;
        rc = run(m, m->plan->root, &out, err);
        m->norms = norms;
        m->lead = lead;
        *n = out.total;
    }
    mask_release(&undated);
    return rc;
}

int match_every(struct match *m, struct match_count *c, struct err *err)
{
    struct sink out = {0};
    int rc;

    if (c->counted)
        return 0;
    rc = run(m, m->plan->every, &out, err);
    c->every = m->plan->every ? out.total : c->total;
    c->counted = rc == 0;
    return rc;
}
