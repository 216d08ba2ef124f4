#include "index/positions_state.h"

#include <stdlib.h>

#include "index/record.h"

enum { FEW = 8 }; /* positions that are added up one by one */

void positions_free(struct positions *ps)
{
    if (!ps)
        return;
    position_blocks_release(&ps->blocks);
    free(ps->occ);
    free(ps->pos);
    free(ps->marks);
    free(ps);
}

/* Room for n more things of `size` bytes behind the first `used`. */
static int reserve(void **array, uint32_t *cap, size_t size, uint32_t used,
                   uint32_t more, struct err *err)
{
    uint64_t to = *cap ? *cap : 16;
    void *bigger;

    if (more <= *cap - used)
        return 0;
    while (to - used < more)
        to *= 2;
    if (to > UINT32_MAX)
        return err_nomem(err);
    bigger = realloc(*array, (size_t)to * size);
    if (!bigger)
        return err_nomem(err);
    *array = bigger;
    *cap = (uint32_t)to;
    return 0;
}

static int reserve_occ(struct positions *ps, uint32_t more, struct err *err)
{
    void *array = ps->occ;
    int rc = reserve(&array, &ps->cap, sizeof *ps->occ, ps->n, more, err);

    ps->occ = array;
    return rc;
}

static int reserve_pos(struct positions *ps, uint32_t more, struct err *err)
{
    void *array = ps->pos;
    int rc;

    if (more <= ps->pos_cap - ps->npos)
        return 0;
    rc = reserve(&array, &ps->pos_cap, sizeof *ps->pos, ps->npos, more, err);
    ps->pos = array;
    return rc;
}

/* Appends n occurrences of the current document; room was reserved. False
 * where a position is not above the one before it. */
static bool add(struct positions *ps, const uint32_t *delta,
                const uint32_t *form, uint32_t n)
{
    struct occurrence *o = ps->occ + ps->n;
    uint64_t pos = ps->n ? o[-1].pos : 0;
    bool same = ps->n && delta[0] == 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        pos += delta[i];
        o[i].pos = (uint32_t)pos;
        o[i].form = form[i];
    }
    for (i = 1; i < n; i++)
        same |= delta[i] == 0;
    ps->n += n;
    return !same && pos <= UINT32_MAX;
}

/* --- inline --- */

static int collect_inline(struct postings *p)
{
    struct positions *ps = p->state->positions;
    uint32_t want = p->state->given - 1, i;
    int rc;

    for (; ps->next < want; ps->next++)
        for (i = 0; i < p->tfs[ps->next] && !ps->rd.bad; i++)
            rd_varint(&ps->rd);
    /* each takes a byte at least: what is missing is not allocated either */
    if (p->tf > rd_left(&ps->rd))
        return postings_bad(p->state, "its positions end early");
    rc = reserve_occ(ps, p->tf, p->state->err);
    if (rc < 0)
        return rc;
    if (!occurrences_read(&ps->rd, ps->blocks.forms, ps->occ, p->tf))
        return postings_bad(p->state, "its positions");
    ps->n = p->tf;
    ps->next++;
    return 0;
}

/* --- chunked --- */

/* The index of the current document's first occurrence. */
static int find_first(struct postings *p, uint32_t *first)
{
    struct postings_state *s = p->state;
    uint64_t at;

    for (; s->summed + 4 < s->given; s->summed += 4)
        s->sum += (uint64_t)p->tfs[s->summed] + p->tfs[s->summed + 1] +
                  ((uint64_t)p->tfs[s->summed + 2] + p->tfs[s->summed + 3]);
    for (; s->summed + 1 < s->given; s->summed++)
        s->sum += p->tfs[s->summed];
    at = s->first_pos + s->sum;
    if (at + p->tf > s->head.info.cf)
        return postings_bad(s, "more occurrences than it has");
    *first = (uint32_t)at;
    return 0;
}

static int collect_chunked(struct postings *p)
{
    struct postings_state *s = p->state;
    struct positions *ps = s->positions;
    uint32_t left = p->tf, at, i, n;
    int rc = find_first(p, &at);

    while (left > 0 && rc == 0) {
        rc = position_blocks_get(s, &ps->blocks, at, BLOCK_DELTAS | BLOCK_FORMS,
                                 &i, &n);
        if (rc < 0)
            break;
        n = n - i < left ? n - i : left;
        rc = reserve_occ(ps, n, s->err);
        if (rc == 0 && !add(ps, ps->blocks.delta + i, ps->blocks.form + i, n))
            rc = postings_bad(s, "its positions");
        at += n;
        left -= n;
    }
    return rc;
}

/* Adds up n positions behind `to`, which the first of a document has not.
 * False where one is not above the one before it. */
static inline bool add_up(uint32_t *to, bool first, const uint32_t *delta,
                          uint32_t n)
{
    uint32_t i, pos, next;
    bool good = true;

    if (n >= FEW) {
        if (first)
            to[0] = delta[0];
        return pack_sums(delta + first, n - first, first ? to[0] : to[-1],
                         to + first);
    }
    pos = first ? delta[0] : to[-1] + delta[0];
    good = first || pos > to[-1];
    to[0] = pos;
    for (i = 1; i < n; i++, pos = next) {
        next = pos + delta[i];
        good = good && next > pos;
        to[i] = next;
    }
    return good;
}

/* Appends n positions of the current document; room was reserved. */
static bool add_pos(struct positions *ps, const uint32_t *delta, uint32_t n)
{
    uint32_t *to = ps->pos + ps->npos;
    bool first = ps->npos == 0;

    ps->npos += n;
    return add_up(to, first, delta, n);
}

/* Goes on with the current document's positions until one is above `upto`. */
static inline int extend_chunked(struct postings *p, uint32_t upto)
{
    struct postings_state *s = p->state;
    struct positions *ps = s->positions;
    uint32_t i, n;
    int rc = 0;

    while (rc == 0 && ps->npos < p->tf &&
           (ps->npos == 0 || ps->pos[ps->npos - 1] <= upto)) {
        rc = position_blocks_get(s, &ps->blocks, ps->first + ps->npos,
                                 BLOCK_DELTAS, &i, &n);
        if (rc < 0)
            break;
        n = n - i < p->tf - ps->npos ? n - i : p->tf - ps->npos;
        rc = reserve_pos(ps, n, s->err);
        if (rc == 0 && !add_pos(ps, ps->blocks.delta + i, n)) {
            ps->pos_docid = 0;
            rc = postings_bad(s, "its positions");
        }
    }
    return rc;
}

/* --- */

int positions_open(struct postings_state *s)
{
    struct positions *ps;

    if (!s->positions) {
        ps = s->positions = calloc(1, sizeof *ps);
        if (!ps)
            return err_nomem(s->err);
        ps->blocks.forms = s->head.forms;
        if (!s->head.chunked) {
            ps->rd = s->head.rest;
            ps->blocks.forms = forms_skip(&ps->rd, false);
        }
    }
    return s->positions->blocks.forms ? 0 : postings_bad(s, "its forms");
}

static int positions_begin(struct postings *p)
{
    if (p->docid == 0 || p->docid == POSTINGS_END)
        return err_set(p->state->err, ERR_USAGE, "positions of no document");
    return positions_open(p->state);
}

int postings_occurrences(struct postings *p, uint32_t at,
                         const uint32_t **delta, const uint32_t **form,
                         uint32_t *n)
{
    struct postings_state *s = p->state;
    uint32_t i = 0;
    int rc;

    *n = 0;
    if (!s->head.chunked || at >= s->head.info.cf)
        return err_set(s->err, ERR_USAGE, "no such occurrences");
    rc = positions_open(s);
    if (rc == 0)
        rc = position_blocks_get(s, &s->positions->blocks, at,
                                 BLOCK_DELTAS | BLOCK_FORMS, &i, n);
    if (rc < 0)
        return rc;
    *delta = s->positions->blocks.delta + i;
    *form = s->positions->blocks.form + i;
    *n -= i;
    return 0;
}

int postings_positions(struct postings *p, const struct occurrence **out,
                       uint32_t *n)
{
    struct positions *ps;
    int rc = positions_begin(p);

    *out = NULL;
    *n = 0;
    if (rc < 0)
        return rc;
    ps = p->state->positions;
    if (ps->docid != p->docid) {
        ps->n = 0;
        ps->docid = 0;
        rc = p->state->head.chunked ? collect_chunked(p) : collect_inline(p);
        if (rc < 0)
            return rc;
        ps->docid = p->docid;
    }
    *out = ps->occ;
    *n = ps->n;
    return 0;
}

/* All positions of a document of an inline term, which are few. */
static int copy_inline(struct postings *p)
{
    struct positions *ps = p->state->positions;
    const struct occurrence *occ;
    uint32_t n, i;
    int rc = postings_positions(p, &occ, &n);

    if (rc == 0)
        rc = reserve_pos(ps, n, p->state->err);
    for (i = 0; i < n && rc == 0; i++)
        ps->pos[i] = occ[i].pos;
    ps->npos = n;
    return rc;
}

/* Makes `pos` and `first` those of the current document. */
static int enter(struct postings *p)
{
    struct positions *ps = p->state->positions;
    int rc;

    if (ps && ps->pos_docid == p->docid)
        return 0;
    rc = positions_begin(p);
    if (rc < 0)
        return rc;
    ps = p->state->positions;
    ps->npos = 0;
    ps->pos_docid = 0;
    rc = p->state->head.chunked ? find_first(p, &ps->first) : copy_inline(p);
    if (rc == 0)
        ps->pos_docid = p->docid;
    return rc;
}

/* Enters the current document of a chunked term, with all its positions if
 * they lie in the decoded block. */
static int enter_chunked(struct postings *p)
{
    struct positions *ps = p->state->positions;
    const struct position_blocks *b = &ps->blocks;
    uint32_t i, n = p->tf;
    int rc;

    ps->pos_docid = 0;
    ps->npos = 0;
    rc = find_first(p, &ps->first);
    if (rc < 0)
        return rc;
    i = ps->first - b->start;
    if (b->have & BLOCK_DELTAS && i < b->held && n <= b->held - i) {
        rc = reserve_pos(ps, n, p->state->err);
        if (rc == 0 && !add_pos(ps, b->delta + i, n))
            rc = postings_bad(p->state, "its positions");
    }
    if (rc == 0)
        ps->pos_docid = p->docid;
    return rc;
}

int postings_pos(struct postings *p, uint32_t upto, const uint32_t **out,
                 uint32_t *n)
{
    struct positions *ps = p->state->positions;
    bool chunked = p->state->head.chunked;
    int rc = 0;

    if (!ps || !chunked || !p->tf)
        rc = enter(p);
    else if (ps->pos_docid != p->docid)
        rc = enter_chunked(p);
    if (rc == 0 && chunked)
        rc = extend_chunked(p, upto);
    ps = p->state->positions;
    *out = rc == 0 ? ps->pos : NULL;
    *n = rc == 0 ? ps->npos : 0;
    return rc;
}

int postings_form(struct postings *p, uint32_t i, const uint32_t **form,
                  uint32_t *n)
{
    struct postings_state *s = p->state;
    uint32_t at;
    int rc = enter(p);

    *form = NULL;
    *n = 1;
    if (rc < 0)
        return rc;
    if (!s->head.chunked) {
        *form = &s->positions->occ[i].form;
        return 0;
    }
    rc = position_blocks_get(s, &s->positions->blocks, s->positions->first + i,
                             BLOCK_FORMS, &at, n);
    *form = s->positions->blocks.form + at;
    *n = *n - at < p->tf - i ? *n - at : p->tf - i;
    return rc;
}

int postings_forms(struct postings *p, const struct forms **out)
{
    struct postings_state *s = p->state;
    struct view word = term_word(postings_term(s));
    bool chunked = s->head.chunked;
    struct rd r = s->head.rest;
    struct buf joined = {0};
    int rc = 1;

    *out = &s->forms;
    if (s->have_forms)
        return 0;
    if (chunked) {
        size_t n = forms_key(s->key, s->term_n);

        rc = record_get(s->segment->txn, s->segment->x, view_of(s->key, n),
                        &joined, s->err);
        r = rd_of(buf_view(&joined));
    }
    if (rc == 0 || rc == ERR_CORRUPT)
        rc = postings_bad(s, "its forms");
    if (rc > 0)
        rc = forms_decode(&s->forms, word, &r, chunked, s->err);
    if (rc == 0 && chunked && s->forms.n != s->head.forms)
        rc = postings_bad(s, "its forms");
    buf_release(&joined);
    s->have_forms = rc == 0;
    return rc;
}
