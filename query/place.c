#include "query/place.h"

static struct place *find_same(const struct slot *s, struct place *earlier,
                               unsigned n)
{
    unsigned i;

    for (i = 0; i < n; i++) {
        const struct slot *t = earlier[i].slot;

        if (!t->cluster && t->kind == s->kind && t->test == s->test &&
            view_eq(t->term, s->term) && view_eq(t->word, s->word))
            return earlier[i].same ? earlier[i].same : &earlier[i];
    }
    return NULL;
}

/* Whether most occurrences of a term do not pass; forms of an inline term,
 * which have no counts, count as one each. */
static bool is_picky(const struct form_set *fs)
{
    uint64_t all = 0, passed = 0;
    uint32_t i;

    for (i = 0; i < fs->n; i++) {
        uint64_t count = (uint64_t)fs->forms->form[i].count + 1;

        all += count;
        passed += fs->pass[i] ? count : 0;
    }
    return passed < all / 2;
}

static void find_spans(struct place *pl)
{
    const struct form_set *fs = &pl->forms;
    uint32_t i, span;

    pl->least = pl->most = 0;
    for (i = 0; i < fs->n; i++) {
        span = place_span(pl, i);
        if (span && (!pl->least || span < pl->least))
            pl->least = span;
        if (span > pl->most)
            pl->most = span;
    }
    pl->wide = pl->least != pl->most;
    if (!pl->least)
        pl->least = pl->most = 1;
}

int place_open(struct op_env *env, struct place *pl, struct slot *s,
               struct place *earlier, unsigned n)
{
    struct place *same;
    int rc;

    pl->slot = s;
    pl->least = pl->most = 1;
    if (s->cluster) {
        pl->set = s->set[env->number];
        return 0;
    }
    same = find_same(s, earlier, n);
    if (same) {
        *pl = *same;
        pl->same = same;
        pl->slot = s;
        return 0;
    }
    rc = op_postings(env, s, &pl->p);
    if (rc > 0)
        rc = form_set_make(&pl->forms, env, s, pl->p);
    if (rc == 0 && pl->p && pl->forms.passed == 0)
        pl->docid = OP_END; /* never written so here */
    if (rc == 0 && pl->p) {
        pl->picky = is_picky(&pl->forms);
        find_spans(pl);
    }
    return rc;
}

void place_close(struct place *pl)
{
    if (!pl->same)
        postings_close(pl->p);
}

uint32_t place_seek(struct op_env *env, struct place *pl, uint32_t d)
{
    int rc;

    if (pl->docid >= d)
        return pl->docid;
    if (pl->same) {
        pl->docid = place_seek(env, pl->same, d);
    } else if (pl->p) {
        rc = postings_seek(pl->p, d);
        pl->docid = rc < 0 ? op_fail(env, rc) : pl->p->docid;
    } else if (pl->set) {
        while (pl->at < pl->set->n && pl->set->docs[pl->at] < d)
            pl->at++;
        pl->docid = pl->at < pl->set->n ? pl->set->docs[pl->at] : OP_END;
    } else {
        pl->docid = OP_END;
    }
    return pl->docid;
}

uint64_t place_cost(const struct place *pl)
{
    if (pl->docid == OP_END)
        return 0;
    return pl->p ? pl->p->info.df : pl->set ? pl->set->n : 0;
}

uint32_t place_tf(const struct place *pl, uint32_t d)
{
    if (pl->docid != d)
        return 0;
    return pl->set ? pl->set->tfs[pl->at] : pl->p->tf;
}

int place_load(struct place *pl)
{
    uint32_t n = 0;
    int rc;

    if (pl->set)
        return term_set_positions(pl->set, pl->docid, &pl->occ, &pl->nocc);
    rc = postings_positions(pl->p, &pl->occ, &n);
    pl->nocc = n;
    return rc;
}
