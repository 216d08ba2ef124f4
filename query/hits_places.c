/* Where the matches of a hit lie in its text, and the passages around the best
 * of them: hits_places of hits.h.
 *
 * What is needed is known by positions first: the matches to list, and those
 * of the windows that passages are made of. They are located together, so that
 * no frame is cut into words twice; what else matches nearby is found along the
 * way, because it is marked in the passages as well. */
#include <stdlib.h>

#include "query/hits.h"
#include "text/normal.h"

/* Whether the bytes of a span are to be found. */
enum mark { NO, IF_NEAR, NEEDED, DONE };

enum { SLACK = 32 }; /* bytes read beyond the columns wanted */

/* --- locating --- */

static int room_to_find(struct hits *h)
{
    size_t n = h->spans.n, i;
    void *p;

    if (n > h->found_cap) {
        p = realloc(h->found, n * sizeof *h->found);
        if (!p)
            return err_nomem(h->err);
        h->found = p;
        h->found_cap = n;
    }
    for (i = 0; i < n; i++)
        h->found[i].mark = NO;
    return 0;
}

static void mark(struct hits *h, size_t from, size_t to, enum mark m)
{
    size_t i;

    for (i = from; i < to; i++)
        if (h->found[i].mark < m)
            h->found[i].mark = (uint8_t)m;
}

static bool wanted(const struct found *f)
{
    return f->mark == IF_NEAR || f->mark == NEEDED;
}

static int room_for_places(struct hits *h)
{
    size_t i, n = 0;
    void *p;

    for (i = 0; i < h->spans.n; i++)
        n += wanted(&h->found[i]);
    if (2 * n <= h->place_cap)
        return 0;
    p = realloc(h->place, 2 * n * sizeof *h->place);
    if (!p)
        return err_nomem(h->err);
    h->place = p;
    h->place_cap = 2 * n;
    return 0;
}

/* Adds a position behind those there; gives its number. */
static uint32_t add_place(struct hits *h, size_t *n, uint32_t pos, bool needed)
{
    struct place_of *p = *n ? &h->place[*n - 1] : NULL;

    if (!p || p->pos != pos) {
        p = &h->place[(*n)++];
        memset(p, 0, sizeof *p);
        p->pos = pos;
    }
    p->needed |= needed;
    return (uint32_t)(*n - 1);
}

/* Fills h->place with the positions at which the wanted spans begin and end.
 * Both ascend, so they are merged. Until they are found, start and end of a
 * span are the numbers of its places. */
static size_t list_places(struct hits *h)
{
    const struct span *s = h->spans.span;
    struct found *f = h->found;
    size_t n = 0, i = 0, k = 0; /* i begins, k ends next */

    for (;;) {
        while (i < h->spans.n && !wanted(&f[i]))
            i++;
        while (k < h->spans.n && !wanted(&f[k]))
            k++;
        if (k == h->spans.n)
            return n;
        if (i < h->spans.n && s[i].from <= s[k].to - 1) {
            f[i].start = add_place(h, &n, s[i].from, f[i].mark == NEEDED);
            i++;
        } else {
            f[k].end = add_place(h, &n, s[k].to - 1, f[k].mark == NEEDED);
            k++;
        }
    }
}

/* Whether all that may stand at the end of a match is a cluster. */
static bool ends_in_cluster(const struct leaf *l)
{
    const struct near_leaves *last;
    unsigned i;

    if (!l->row)
        return l->slot[l->nslots - 1].cluster;
    last = &l->near[l->nnear - 1];
    for (i = 0; i < last->nleaves && ends_in_cluster(last->leaf[i]); i++)
        ;
    return i == last->nleaves;
}

/* Where a match ends whose last token is `last`: a cluster was found as the
 * first half of a bigram. */
static uint32_t match_end(struct hits *h, const struct leaf *l,
                          const struct place_of *last)
{
    if (!ends_in_cluster(l))
        return last->end;
    return last->start + (uint32_t)normal_cluster(
                             doctext_view(&h->text, last->start, last->end));
}

/* Locates the spans that are marked. */
static int locate(struct hits *h)
{
    size_t i, n;
    int rc = room_for_places(h);

    if (rc < 0)
        return rc;
    n = list_places(h);
    rc = doctext_find(&h->text, h->place, n, 2 * h->width, h->err);
    for (i = 0; i < h->spans.n && rc == 0; i++) {
        struct found *f = &h->found[i];
        const struct place_of *a, *b;

        if (!wanted(f))
            continue;
        a = &h->place[f->start];
        b = &h->place[f->end];
        if (a->seen && b->seen)
            f->mark = DONE;
        f->start = f->end = 0;
        if (!a->end || !b->end)
            continue;
        f->start = a->start;
        f->end = match_end(h, h->spans.span[i].leaf, b);
        if (f->end <= f->start)
            f->end = 0; /* the index lies about this document */
    }
    return rc;
}

static bool located(const struct found *f)
{
    return f->mark == DONE && f->end;
}

int hits_want_none(struct hits *h)
{
    return room_to_find(h);
}

void hits_want(struct hits *h, size_t from, size_t to)
{
    mark(h, from, to, NEEDED);
}

int hits_locate(struct hits *h)
{
    return locate(h);
}

bool hits_located(const struct hits *h, size_t i)
{
    return located(&h->found[i]);
}

int hits_match(struct hits *h, size_t i, struct hit_match *m)
{
    const struct found *f = &h->found[i];
    int rc;

    m->byte = f->start;
    m->len = f->end - f->start;
    m->term = h->spans.span[i].leaf->text;
    rc = doctext_line(&h->text, f->start, &m->line, &m->col, h->err);
    if (rc == 0)
        rc = doctext_page(&h->text, f->start, &m->page, h->err);
    if (rc < 0 || h->what == HITS_PASSAGE)
        return rc;
    return doctext_paragraph(&h->text, f->start, &m->paragraph, h->err);
}

/* --- passages --- */

/* Spans [*lo, *hi) stand near window x: what of them is shown is marked. */
static void around(const struct hits *h, const struct extract *x, size_t *lo,
                   size_t *hi)
{
    const struct span *s = h->spans.span;
    uint32_t near = h->width / 2;

    for (*lo = x->from; *lo > 0 && s[*lo - 1].to + near > s[x->from].from;)
        --*lo;
    for (*hi = x->to; *hi < h->spans.n && s[*hi].from < s[x->to - 1].to + near;)
        ++*hi;
}

/* Cuts a passage around bytes [from, to) within [lo, hi), and reads no more
 * than it takes. */
static int cut_within(struct hits *h, uint32_t lo, uint32_t hi, uint32_t from,
                      uint32_t to, struct hit_passage *p)
{
    uint32_t before = h->width * 2 / 5 + SLACK;
    uint32_t after = h->width * 3 / 5 + SLACK;
    int limits, rc;

    for (;;) {
        uint32_t a = from - lo > before ? from - before : lo;
        uint32_t b = hi - to > after ? to + after : hi;

        rc = doctext_read(&h->text, a, b, h->err);
        if (rc < 0)
            return rc;
        limits = passage_cut(view_of(h->text.text.p, b), a, b, from, to,
                             h->width, &p->byte, &p->end);
        if ((limits & PASSAGE_LIMIT_END) && b < hi && after < 64 * h->width)
            after *= 4;
        else if ((limits & PASSAGE_LIMIT_START) && a > lo &&
                 before < 64 * h->width)
            before *= 4;
        else
            return 0;
    }
}

/* The same, without lines of furniture around these bytes. */
static int cut(struct hits *h, uint32_t lo, uint32_t hi, uint32_t from,
               uint32_t to, struct hit_passage *p)
{
    struct zone z = doctext_zone(&h->doc, from);
    int rc;

    lo = lo > z.start ? lo : z.start;
    hi = hi < z.end ? hi : z.end;
    if (to > hi)
        to = hi;
    if (to - from > 8 * h->width)
        to = from + 8 * h->width;
    p->clear = false;
    do {
        rc = cut_within(h, lo, hi, from, to, p);
        if (rc == 0)
            rc = hits_narrow(h, p, from, to, &lo, &hi);
    } while (rc > 0);
    p->cut_start = p->byte > z.start + 8;
    p->cut_end = p->end + 8 < z.end;
    return rc < 0 ? rc : p->byte < p->end;
}

static int add_part(struct hits *h, uint32_t from, uint32_t to, bool match)
{
    struct hit_part *more;

    if (from >= to)
        return 0;
    if (h->nparts == h->part_cap) {
        size_t cap = h->part_cap ? h->part_cap * 2 : 32;

        more = realloc(h->part, cap * sizeof *more);
        if (!more)
            return err_nomem(h->err);
        h->part = more;
        h->part_cap = cap;
    }
    h->part[h->nparts].text = doctext_view(&h->text, from, to);
    h->part[h->nparts++].match = match;
    return 0;
}

/* Adds what stands between matches. */
static int add_between(struct hits *h, const struct hit_passage *p,
                       uint32_t from, uint32_t to)
{
    uint32_t end, next;
    int rc = 1;

    while (p->clear && from < to && rc > 0) {
        rc = hits_furniture(h, from, to, &end, &next);
        if (rc <= 0)
            break;
        if (add_part(h, from, end, false) < 0)
            return ERR_NOMEM;
        from = next;
    }
    return rc < 0 ? rc : add_part(h, from, to, false);
}

int hits_divide(struct hits *h, struct hit_passage *p, size_t lo, size_t hi)
{
    size_t i, before = h->nparts;
    uint32_t at = p->byte;
    int rc = 0, inside;

    for (i = lo; i < hi && rc == 0; i++) {
        const struct found *f = &h->found[i];
        uint32_t from = f->start;

        if (!located(f) || f->end <= at || f->start >= p->end)
            continue;
        inside = p->clear ? hits_in_furniture(h, from) : 0;
        if (inside < 0)
            return inside;
        if (inside)
            continue;
        if (from < at)
            from = at;
        rc = add_between(h, p, at, from);
        at = f->end < p->end ? f->end : p->end;
        if (rc == 0)
            rc = add_part(h, from, at, true);
    }
    if (rc == 0)
        rc = add_between(h, p, at, p->end);
    p->nparts = h->nparts - before;
    return rc < 0 ? rc
                  : doctext_line(&h->text, p->byte, &p->line, NULL, h->err);
}

/* The passage for a document in which nothing matched: its beginning. */
static int beginning(struct hits *h, struct hit *out)
{
    const struct document *d = &h->doc;
    size_t i = doctext_body(d);
    uint32_t at = i < d->nzones ? d->zone[i].start : 0;
    int rc;

    if (at >= d->text_bytes || h->passages == 0)
        return 0;
    rc = hits_skip(h, &at);
    if (rc < 0)
        return rc;
    rc = cut(h, 0, d->text_bytes, at, at, &h->passage[0]);
    if (rc <= 0)
        return rc;
    out->npassages = 1;
    return hits_divide(h, &h->passage[0], 0, 0);
}

/* The bytes of the first match of window x that was located, and behind its
 * last one; false where there is none. */
static bool bytes_of(const struct hits *h, const struct extract *x,
                     uint32_t *from, uint32_t *to)
{
    size_t i;

    *to = 0;
    for (i = x->from; i < x->to; i++) {
        const struct found *f = &h->found[i];

        if (!located(f))
            continue;
        if (!*to)
            *from = f->start;
        if (f->end > *to)
            *to = f->end;
    }
    return *to > 0 && *from < *to;
}

/* Cuts a passage for each of the n windows, none into the next one. */
static int cut_all(struct hits *h, size_t n, struct hit *out)
{
    uint32_t from, to, lo = 0, hi, next_to;
    size_t i, k;
    int rc = 0;

    for (i = 0; i < n && rc >= 0; i++) {
        if (!bytes_of(h, &h->extract[i], &from, &to) || from < lo)
            continue;
        hi = h->doc.text_bytes;
        for (k = i + 1; k < n; k++)
            if (bytes_of(h, &h->extract[k], &hi, &next_to))
                break;
        if (k == n)
            hi = h->doc.text_bytes;
        if (hi <= from)
            continue;
        rc = cut(h, lo, hi, from, to, &h->passage[out->npassages]);
        if (rc <= 0)
            continue;
        lo = h->passage[out->npassages].end;
        h->extract[out->npassages++] = h->extract[i];
    }
    return rc < 0 ? rc : 0;
}

/* A passage may reach into frames beside that of its window: locates what
 * matches there. */
static int locate_rest(struct hits *h, size_t n)
{
    size_t i, k, lo, hi;
    bool any = false;

    for (i = 0; i < n; i++) {
        const struct hit_passage *p = &h->passage[i];

        around(h, &h->extract[i], &lo, &hi);
        for (k = lo; k < hi; k++)
            if (h->found[k].mark != DONE &&
                doctext_near(&h->text, h->spans.span[k].from, p->byte,
                             p->end)) {
                h->found[k].mark = NEEDED;
                any = true;
            }
    }
    return any ? locate(h) : 0;
}

/* Makes passages of the n windows. */
static int make_passages(struct hits *h, size_t n, struct hit *out)
{
    size_t i, lo, hi;
    int rc = cut_all(h, n, out);

    if (rc == 0)
        rc = locate_rest(h, out->npassages);
    for (i = 0; i < out->npassages && rc == 0; i++) {
        around(h, &h->extract[i], &lo, &hi);
        rc = hits_divide(h, &h->passage[i], lo, hi);
    }
    return rc;
}

/* Chooses windows among the spans, or among h->clear. The title is shown
 * anyway: rather passages of what stands below it. */
static int choose(struct hits *h, bool clear, size_t *n, size_t *best)
{
    const struct span *s = clear ? h->clear : h->spans.span;
    size_t body, i, lo, hi, all = clear ? h->nclear_spans : h->spans.n;
    uint32_t below;
    int rc = doctext_body_position(&h->text, &below, h->err);

    if (rc < 0)
        return rc;
    for (body = 0; body < all && s[body].from < below; body++)
        ;
    if (body == all)
        body = 0;
    *n = passage_choose(s + body, all - body,
                        passage_reach(s + body, all - body, h->width),
                        h->passages ? h->passages : 1, h->extract, best);
    for (i = 0; i < *n; i++) {
        h->extract[i].from += body;
        h->extract[i].to += body;
        if (clear) {
            h->extract[i].from = h->clear_at[h->extract[i].from];
            h->extract[i].to = h->clear_at[h->extract[i].to - 1] + 1;
        }
        if (h->passages) {
            around(h, &h->extract[i], &lo, &hi);
            mark(h, lo, hi, IF_NEAR);
        }
        mark(h, h->extract[i].from, h->extract[i].to, NEEDED);
    }
    return 0;
}

/* The first match of the best window. */
static int set_place(struct hits *h, const struct extract *x, struct hit *out)
{
    size_t i;

    for (i = x->from; i < x->to; i++)
        if (located(&h->found[i])) {
            out->placed = true;
            return hits_match(h, i, &out->place);
        }
    return 0;
}

int hits_places(struct hits *h, struct hit *out)
{
    bool list = h->what == HITS_MATCHES && !out->stale;
    size_t i, n = 0, best = 0, first = list ? HITS_SHOWN : 0;
    int rc = 0;

    if (first > h->spans.n)
        first = h->spans.n;
    h->nparts = 0;
    if (h->spans.n == 0)
        rc = beginning(h, out);
    else
        rc = room_to_find(h);
    if (rc == 0)
        mark(h, 0, first, NEEDED);
    if (rc == 0 && h->spans.n && (h->passages || h->what != HITS_MATCHES))
        rc = choose(h, false, &n, &best);
    if (rc == 0 && (n || first))
        rc = locate(h);
    if (rc == 0 && n) {
        rc = hits_clear(h, n);
        if (rc > 0) {
            rc = choose(h, true, &n, &best);
            if (rc == 0)
                rc = locate(h);
        }
    }
    for (i = 0; i < first && rc == 0; i++)
        if (located(&h->found[i]))
            rc = hits_match(h, i, &h->match[out->nmatches++]);
    out->match = h->match;
    if (rc == 0 && n)
        rc = set_place(h, &h->extract[best], out);
    if (rc == 0 && n && h->passages)
        rc = make_passages(h, n, out);
    h->nlines = 0;
    if (rc == 0 && h->context && n)
        rc = hits_lines(h, out->npassages);
    if (rc == 0 && n && out->npassages == 0)
        rc = beginning(h, out);
    out->passage = h->passage;
    out->line = h->line;
    out->nlines = h->nlines;
    for (i = n = 0; i < out->npassages; n += h->passage[i++].nparts)
        h->passage[i].part = h->part + n;
    for (i = 0; i < out->nlines; n += h->line[i++].text.nparts)
        h->line[i].text.part = h->part + n;
    return rc;
}
