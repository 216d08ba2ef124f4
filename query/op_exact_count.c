/* Counts the matches of an exact word or phrase in a candidate. */
#include <stdlib.h>

#include "base/find32.h"
#include "query/narrow.h"
#include "query/op_exact.h"

/* Orders the narrowers by what the candidate has of them. Returns how many of
 * them it must have: where a joined token is, it may lack the parts. */
static unsigned rarest_first(struct op_exact *x)
{
    struct narrower *nr = x->narrower, moved;
    unsigned i, k, needed = 0;

    for (i = 0; i < x->nnarrowers; i++) {
        const struct place *joined = nr[i].joined;

        nr[i].tf = joined && joined->docid == x->op.docid ? UINT32_MAX
                                                          : nr[i].place->p->tf;
        needed += nr[i].tf < UINT32_MAX;
        if (i == 0 || nr[i - 1].tf <= nr[i].tf)
            continue;
        moved = nr[i];
        for (k = i; k > 0 && nr[k - 1].tf > moved.tf; k--)
            nr[k] = nr[k - 1];
        nr[k] = moved;
    }
    return needed;
}

/* The positions of place pl that are not above p + d, and maybe more. */
static int positions_upto(const struct place *pl, uint32_t p, int64_t d,
                          const uint32_t **pos, uint32_t *n)
{
    int64_t upto = p + d;

    if (upto > UINT32_MAX)
        upto = UINT32_MAX;
    return postings_pos(pl->p, upto < 0 ? 0 : (uint32_t)upto, pos, n);
}

static int found_reserve(struct op_exact *x, size_t n)
{
    uint32_t *more;

    if (n <= x->found_cap)
        return 0;
    more = realloc(x->found, 2 * n * sizeof *more);
    if (!more)
        return ERR_NOMEM;
    x->found = more;
    x->found_cap = 2 * n;
    return 0;
}

/* Of n positions `from` of the first narrower, found[] keeps those that have
 * the word of place pl at the right distance, or with `least` at the least. */
static int keep_near(struct op_exact *x, const struct place *pl, bool least,
                     const uint32_t *from, size_t *n)
{
    const struct place *first = x->narrower[0].place;
    int64_t lo = pl->lo - first->lo, hi = lo;
    const uint32_t *pos;
    uint32_t npos;
    int rc;

    if (!least)
        exact_distance(pl, first, &lo, &hi);
    rc = positions_upto(pl, from[*n - 1], hi, &pos, &npos);
    if (rc < 0)
        return rc;
    if (!narrow_maps(*n, pos, npos, lo, hi)) {
        *n = narrow(x->found, from, *n, pos, npos, lo, hi);
        return 0;
    }
    if (!x->map)
        x->map = arena_alloc(x->op.env->arena, NARROW_MAP);
    if (!x->map)
        return ERR_NOMEM;
    *n = narrow_map(x->map, x->found, from, *n, pos, npos, lo, hi);
    return 0;
}

/* Of n found, keeps those whose form of the word of place pl passes. */
static int keep_passing(struct op_exact *x, const struct place *pl, size_t *n)
{
    int64_t d = pl->lo - x->narrower[0].place->lo;
    const uint32_t *pos;
    const uint32_t *form;
    uint32_t npos, run;
    size_t i, k = 0, kept = 0;
    int rc = positions_upto(pl, x->found[*n - 1], d, &pos, &npos);

    for (i = 0; i < *n && rc == 0; i++) {
        k = find32(pos, npos, k, (uint32_t)(x->found[i] + d));
        rc = postings_form(pl->p, (uint32_t)k, &form, &run);
        if (rc == 0 && form_set_has(&pl->forms, *form))
            x->found[kept++] = x->found[i];
    }
    *n = kept;
    return rc;
}

/* How many of the occurrences in the candidate pass, up to `enough`. */
static int count_passing(const struct place *pl, uint32_t enough,
                         uint32_t *count)
{
    const uint32_t *form;
    uint32_t i, k, n;
    int rc = 0;

    *count = 0;
    for (i = 0; i < pl->p->tf && *count < enough && rc == 0; i += n) {
        rc = postings_form(pl->p, i, &form, &n);
        for (k = 0; k < n && rc == 0; k++)
            *count += form_set_has(&pl->forms, form[k]);
    }
    return rc;
}

/* Whether the candidate has each word of few passing forms in one of them: 1,
 * 0, negative. */
static int has_forms(const struct op_exact *x, unsigned needed)
{
    uint32_t count = 1;
    unsigned i;
    int rc = 0;

    for (i = 0; x->picky && i < needed && count && rc == 0; i++)
        if (x->narrower[i].place->picky)
            rc = count_passing(x->narrower[i].place, 1, &count);
    return rc < 0 ? rc : count > 0;
}

/* Whether an occurrence in the candidate of any word covers more than its
 * least: 1, 0, negative. */
static int has_wide(const struct op_exact *x)
{
    const uint32_t *form;
    uint32_t i, k, n;
    unsigned w;
    int rc = 0;

    for (w = 0; w < x->nnarrowers; w++) {
        const struct place *pl = x->narrower[w].place;

        for (i = 0; pl->wide && i < pl->p->tf && rc == 0; i += n) {
            rc = postings_form(pl->p, i, &form, &n);
            for (k = 0; k < n && rc == 0; k++)
                if (place_span(pl, form[k]) > pl->least)
                    return 1;
        }
    }
    return rc;
}

/* Keeps those positions of the candidate's rarest word, found[0..n), around
 * which the others are. */
static int keep_all_near(struct op_exact *x, unsigned needed, bool least,
                         const uint32_t *from, size_t *n)
{
    unsigned i;
    int rc = 0;

    for (i = 1; i < needed && rc == 0 && exact_worth(x, x->op.docid, *n); i++) {
        rc = keep_near(x, x->narrower[i].place, least, from, n);
        from = x->found;
    }
    return rc;
}

/* Counts the matches among n that were found by position, in a candidate
 * without wide tokens. */
static int count_found(struct op_exact *x, unsigned needed, size_t n)
{
    unsigned i;
    int rc = 0;

    for (i = 0; i < needed && rc == 0 && exact_worth(x, x->op.docid, n); i++) {
        const struct place *pl = x->narrower[i].place;

        if (pl->forms.passed < pl->forms.n)
            rc = keep_passing(x, pl, &n);
    }
    x->tf = exact_worth(x, x->op.docid, n) ? (uint32_t)n : 0;
    return rc;
}

int exact_ways(struct op_exact *x)
{
    int rc = ways_find(x->reach, x->leaf, x->place, x->op.env, x->op.docid);

    x->tf = (uint32_t)x->reach[x->leaf->length].n;
    return rc;
}

/* How often at most places a and b of the candidate are beside each other. 0
 * or negative. */
static int count_pair(const struct place *a, const struct place *b,
                      uint8_t *count)
{
    uint8_t in_a = (uint8_t)postings_index(a->p);
    uint8_t in_b = (uint8_t)postings_index(b->p);
    int64_t lo, hi;

    exact_distance(b, a, &lo, &hi);
    return postings_near(a->p, b->p, &in_a, &in_b, 1, lo, hi, count);
}

/* Whether the candidate of a plain phrase, which has the two rarest words, has
 * the others, and beside the rarest: 1, 0, negative. */
static int has_words(const struct op_exact *x)
{
    uint8_t near;
    unsigned i;

    for (i = 2; i < x->nwords; i++) {
        struct postings *p = x->word[i];

        if (p->docid < x->op.docid && postings_seek(p, x->op.docid) < 0)
            return ERR_CORRUPT;
        if (p->docid != x->op.docid)
            return 0;
        if (count_pair(x->where[0], x->where[i], &near) < 0)
            return ERR_CORRUPT;
        if (near == 0)
            return 0;
    }
    return 1;
}

/* Whether the candidate has all words and, as far as that is found out without
 * listing positions, some beside each other: 1, 0, negative. *near: how often
 * two of them are, or NEAR_UNKNOWN. */
static int may_match(struct op_exact *x, unsigned *needed, uint8_t *near)
{
    struct exact_window *w = &x->window;
    int rc = 0;

    *near = NEAR_UNKNOWN;
    if (x->nwords) {
        rc = x->op.alone ? 0 : exact_near(x, w->at, 1);
        *near = w->near[w->at];
        if (rc == 0 && *near > 0)
            rc = has_words(x);
        if (rc <= 0)
            return rc;
    }
    *needed = rarest_first(x);
    if (x->nwords == 0)
        rc = *needed >= 2
                 ? count_pair(x->narrower[0].place, x->narrower[1].place, near)
                 : 0;
    if (rc < 0 || *near == NEAR_UNKNOWN)
        return rc < 0 ? rc : has_forms(x, *needed);
    return exact_worth(x, x->op.docid, *near);
}

static int count_phrase(struct op_exact *x)
{
    unsigned needed = 0;
    const uint32_t *from;
    uint32_t all;
    size_t n;
    uint8_t near;
    int rc = may_match(x, &needed, &near);

    x->tf = 0;
    if (rc <= 0)
        return rc;
    if (x->paired && near < NEAR_UNKNOWN) {
        x->tf = near;
        return 0;
    }
    if (needed < 2)
        return exact_ways(x);
    rc = postings_pos(x->narrower[0].place->p, UINT32_MAX, &from, &all);
    if (rc == 0)
        rc = found_reserve(x, all);
    n = all;
    if (rc == 0)
        rc = keep_all_near(x, needed, false, from, &n);
    if (rc < 0 || !exact_worth(x, x->op.docid, n))
        return rc;
    if (!x->sure) {
        rc = x->plain ? has_wide(x) : 1;
        if (rc > 0)
            return exact_ways(x);
        if (rc == 0)
            rc = keep_all_near(x, needed, true, x->found, &n);
    }
    return rc < 0 ? rc : count_found(x, needed, n);
}

int exact_count(struct op_exact *x)
{
    const struct place *pl = x->place;

    if (x->leaf->nslots > 1 || !pl->p)
        return count_phrase(x);
    if (pl->forms.passed < pl->forms.n)
        return count_passing(pl, UINT32_MAX, &x->tf);
    x->tf = pl->p->tf;
    return 0;
}
