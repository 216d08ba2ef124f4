/* Opening a match: the leaves of the plan, their statistics and weights. */
#include <math.h>
#include <stdlib.h>

#include "query/docs_named.h"
#include "query/match.h"
#include "query/term_set.h"

/* --- several indexes --- */

typedef void pass(struct slot *to, const struct slot *from);

/* Passes something on from each slot of a leaf to the same slot of the same
 * leaf in another index. */
static void pass_leaf(struct leaf *to, const struct leaf *from, pass *fn)
{
    unsigned i, k;

    for (i = 0; i < to->nslots; i++)
        fn(&to->slot[i], &from->slot[i]);
    for (i = 0; i < to->nnear; i++)
        for (k = 0; k < to->near[i].nleaves; k++)
            pass_leaf(to->near[i].leaf[k], from->near[i].leaf[k], fn);
}

static void pass_all(struct match *to, const struct match *from, pass *fn)
{
    unsigned i;

    for (i = 0; i < to->plan->nleaves; i++)
        pass_leaf(to->plan->leaf[i], from->plan->leaf[i], fn);
}

static void take_expansion(struct slot *to, const struct slot *from)
{
    to->expansion = from->expansion;
}

static void add_df(struct slot *to, const struct slot *from)
{
    to->df += from->df;
}

static void take_df(struct slot *to, const struct slot *from)
{
    to->df = from->df;
}

/* --- leaves --- */

/* Finds the terms that a pattern stands for in all of n indexes. */
static int expand_slot(struct match *m, unsigned n, struct slot *s, bool title,
                       struct err *err)
{
    struct expand_query q = {
        .form = s->pattern, .term = s->stem, .title = title};
    int rc;

    s->expansion = arena_alloc(m->arena, sizeof *s->expansion);
    if (!s->expansion)
        return err_nomem(err);
    rc = expand(s->expansion, &q, m->ix, n, m->lexers, m->arena, err);
    if (rc == 0 && s->expansion->n < s->expansion->found)
        notes_add(m->notes,
                  "'%.*s' stands for %zu terms: the %zu nearest and most "
                  "frequent are searched",
                  NOTE_VIEW(s->word), s->expansion->found, s->expansion->n);
    return rc;
}

static int expand_leaf(struct match *m, unsigned n, struct leaf *l,
                       struct err *err)
{
    unsigned i, k;
    int rc = 0;

    if (l->kind == LEAF_SET)
        return expand_slot(m, n, l->slot, l->title, err);
    for (i = 0; i < l->nnear; i++)
        for (k = 0; k < l->near[i].nleaves && rc == 0; k++)
            rc = expand_leaf(m, n, l->near[i].leaf[k], err);
    return rc;
}

/* Finds the documents of what a pattern stands for. */
static int open_pattern(struct match *m, struct slot *s, struct err *err)
{
    unsigned i, n = m->ix->manifest.nsegments;
    int rc = 0;

    s->set = arena_alloc(m->arena, n * sizeof *s->set);
    if (!s->set)
        return err_nomem(err);
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
    for (i = 0; i < l->nslots && rc == 0; i++)
        rc = l->kind == LEAF_SET ? open_pattern(m, l->slot, err)
                                 : open_slot(m, &l->slot[i], err);
    for (i = 0; i < l->nnear; i++)
        for (k = 0; k < l->near[i].nleaves && rc == 0; k++)
            rc = open_leaf(m, l->near[i].leaf[k], err);
    return rc;
}

/* Whether two leaves are what languages make of one word: each has the df of
 * both. */
static bool same_word(const struct leaf *a, const struct leaf *b)
{
    return a->nslots == 1 && b->nslots == 1 && a->slot->joint &&
           a->slot->joint == b->slot->joint && a->text.p == b->text.p;
}

/* What the leaf weighs by the documents its slots have. */
static void weigh(const struct score *score, struct leaf *l)
{
    unsigned i, k;

    for (i = 0; i < l->nslots; i++)
        if (l->found)
            l->idf = fmax(l->idf, score_idf(score, leaf_df(&l->slot[i])));
        else if (l->nslots == 1 || l->slot[i].kind != TOKEN_JOINED)
            l->idf += score_idf(score, leaf_df(&l->slot[i]));
    for (i = 0; i < l->nnear; i++) {
        for (k = 0; k < l->near[i].nleaves; k++)
            weigh(score, l->near[i].leaf[k]);
        l->idf += near_idf(&l->near[i]);
    }
    if (l->also)
        for (i = 0, l->idf = 0; i < l->ninstead; i++)
            if (i == 0 || !same_word(l->instead[i - 1], l->instead[i]))
                l->idf += l->instead[i]->idf;
    l->weight = l->idf * l->boost;
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

/* --- matches --- */

static void init(struct match *m, const struct match_env *env, unsigned part,
                 struct plan_query *plan)
{
    memset(m, 0, sizeof *m);
    m->part = part;
    m->ix = env->ix + part;
    m->norms = &m->ix->norms;
    m->plan = plan;
    m->lexers = env->lexers;
    m->arena = env->arena;
    m->notes = env->notes;
    m->score = env->score;
}

/* A match for each plan behind that of m. */
static int chain(struct match *m, const struct match_env *env, struct err *err)
{
    struct plan_query *plan;

    for (plan = m->plan->next; plan; plan = plan->next) {
        m->next = arena_alloc(env->arena, sizeof *m);
        if (!m->next)
            return err_nomem(err);
        init(m->next, env, m->part + 1, plan);
        m = m->next;
    }
    return 0;
}

/* The statistics of all indexes; how many indexes there are. */
static unsigned gather(struct match *m, const struct match_env *env)
{
    uint64_t docs = 0, positions = 0;
    unsigned n = 0;

    for (; m; m = m->next, n++) {
        docs += index_docs(m->ix);
        positions += index_positions(m->ix);
    }
    score_renew(env->score, env->k1, env->b, docs, positions);
    return n;
}

static int open_leaves(struct match *m, const struct match_env *env,
                       struct err *err)
{
    static const struct limits none;
    unsigned i;
    int rc = filter_open(&m->filter, env->limits ? env->limits : &none, m->ix,
                         m->plan, m->arena, err);

    for (i = 0; i < m->plan->nleaves && rc == 0; i++)
        rc = open_leaf(m, m->plan->leaf[i], err);
    return rc;
}

/* Weighs all leaves, and makes the mask. */
static int finish(struct match *m, struct err *err)
{
    double most = 0; /* that a document could score */
    unsigned i;
    int rc = 0;

    for (i = 0; i < m->plan->nleaves; i++) {
        weigh(m->score, m->plan->leaf[i]);
        most += m->plan->leaf[i]->weight * m->plan->leaf[i]->times;
    }
    if (filter_any(&m->filter)) {
        rc = mask_open(&m->mask, &m->filter, FILTER_PASS, err);
        m->norms = &m->mask.norms;
        if (rc == 0)
            rc = filter_lead(&m->filter, m->plan, m->arena, &m->lead, err);
    }
    if (rc == 0 && most >= SCORE_MAX)
        rc = err_set(err, ERR_USAGE,
                     "the boosts of the query are too large: together they "
                     "allow scores up to %.0f, and %d is the limit",
                     most, SCORE_MAX);
    return rc;
}

int match_open(struct match *m, const struct match_env *env,
               struct plan_query *plan, struct err *err)
{
    struct match *first = m;
    unsigned i, n;
    int rc;

    init(m, env, 0, plan);
    rc = chain(m, env, err);
    n = gather(m, env);
    for (i = 0; i < plan->nleaves && rc == 0; i++)
        rc = expand_leaf(m, n, plan->leaf[i], err);
    for (m = first->next; m; m = m->next)
        pass_all(m, first, take_expansion);
    for (m = first; m && rc == 0; m = m->next)
        rc = open_leaves(m, env, err);
    for (m = first->next; m; m = m->next)
        pass_all(first, m, add_df);
    for (m = first->next; m; m = m->next)
        pass_all(m, first, take_df);
    for (m = first; m && rc == 0; m = m->next)
        rc = finish(m, err);
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

    for (; m && m->plan; m = m->next) {
        for (i = 0; i < m->plan->nleaves; i++)
            close_leaf(m, m->plan->leaf[i]);
        filter_close(&m->filter);
        mask_release(&m->mask);
        m->plan = NULL;
    }
}
