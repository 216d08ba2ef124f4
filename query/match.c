#include "query/match.h"

#include <stdlib.h>

#include "query/prune.h"

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
        .lexers = m->lexers,
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
            !norms_counts(env->norms, d) || !op_confirm(op))
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

/* Makes the code of each match that does not count 0. */
static void settle(const struct window *w, struct norms *norms)
{
    uint32_t i;

    for (i = w->lo - w->base; norms->counts && i < w->end - w->base; i++)
        if (w->hits[i] && w->codes[i])
            norms_counts(norms, w->base + i);
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
    w->scoring = out->top != NULL;
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
        if (w->scoring)
            memset(w->acc, 0, sizeof w->acc);
        memset(w->hits, 0, sizeof w->hits);
        for (i = 0; i < n; i++)
            op_collect(operand[i], w);
        if (env->rc < 0)
            return env->rc;
        settle(w, env->norms);
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

        if (((l->kind == LEAF_TERM && l->slot->df) || l->also) &&
            !score_shows(m->score, l->weight))
            return false;
    }
    return true;
}

/* The only one of n alternatives that the segment has anything of, or NULL:
 * what other languages make of a phrase is mostly nowhere. */
static struct op *only_one(struct op **operand, unsigned n)
{
    struct op *one = NULL;
    unsigned i;

    for (i = 0; i < n; i++) {
        if (operand[i]->cost > 0 && one)
            return NULL;
        if (operand[i]->cost > 0)
            one = operand[i];
    }
    return one;
}

/* Without a window w by pruning. */
static int run_segment(struct match *m, const struct plan *plan, unsigned i,
                       struct window *w, struct sink *out, struct err *err)
{
    struct op_env env = match_segment(m, i, err);
    struct op *op, *one, **operand;
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
    one = out->prune && operand ? only_one(operand, n) : NULL;
    if (rc == 0 && one)
        rc = run_seek(one, out);
    else if (rc == 0 && operand && !out->first &&
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
    if (!prunes(m, out)) {
        w = malloc(sizeof *w);
        if (!w)
            return err_nomem(err);
    }
    for (i = 0; !w && i < m->plan->nleaves; i++)
        m->also |= m->plan->leaf[i]->also;
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

/* match_run on one index. */
static int run_one(struct match *m, struct top *top, bool first,
                   struct match_count *c, struct err *err)
{
    struct sink out = {.top = top, .first = first, .seen = m->seen};
    struct sink best = {.top = top, .prune = top && top->k != SIZE_MAX};
    int rc = 0;

    m->also = false;
    /* counting alone and pruning are less work than scoring all */
    if (!c || prunes(m, &best)) {
        rc = run(m, m->plan->root, &best, err);
        out.top = NULL;
    }
    if (!c || rc < 0)
        return rc;
    if (m->plan->root && m->plan->simple)
        out.need = operands(m->plan->root);
    if (out.need > WINDOW_OPERANDS)
        out.need = 0;
    rc = run(m, m->plan->root, &out, err);
    c->total = out.total;
    c->every = out.need == 1 ? out.total : out.all;
    c->counted = out.need > 0;
    return rc;
}

int match_run(struct match *m, struct top *top, bool first,
              struct match_count *c, struct err *err)
{
    struct match_count of = {0};
    struct match *first_match = m;
    int rc = 0;

    if (c)
        *c = (struct match_count){.counted = true};
    for (; m && rc == 0 && !(first && of.total); m = m->next) {
        if (top)
            top->part = m->part;
        rc = run_one(m, top, first, c ? &of : NULL, err);
        if (!c)
            continue;
        c->total += of.total;
        c->every += of.every;
        c->counted &= of.counted;
    }
    return rc == 0 && top ? prune_also(first_match, top, err) : rc;
}

/* match_undated on one index. */
static int undated_one(struct match *m, bool first, uint64_t *n,
                       struct err *err)
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

int match_undated(struct match *m, bool first, uint64_t *n, struct err *err)
{
    uint64_t of;
    int rc = 0;

    for (*n = 0; m && rc == 0 && !(first && *n); m = m->next) {
        rc = undated_one(m, first, &of, err);
        *n += of;
    }
    return rc;
}

int match_every(struct match *m, struct match_count *c, struct err *err)
{
    struct sink out = {0};
    int rc = 0;

    if (c->counted)
        return 0;
    c->every = m->plan->every ? 0 : c->total;
    for (; m && rc == 0; m = m->next)
        rc = run(m, m->plan->every, &out, err);
    c->every += out.total;
    c->counted = rc == 0;
    return rc;
}
