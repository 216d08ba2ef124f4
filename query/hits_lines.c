/* Whole lines around the passages of a hit: hits_lines of hits.h.
 *
 * As grep prints them: the lines in which something matched, so many in front
 * and behind, and no line twice. A line is shown from not far before its first
 * match on, where it is very long. */
#include <stdlib.h>

#include "query/hits.h"
#include "text/utf8.h"

enum { LINE_BYTES = 4096, LINE_BEFORE = 1024 };

/* Bytes [*from, *to) of the matches of window x; false where there are none. */
static bool matches_of(const struct hits *h, const struct extract *x,
                       uint32_t *from, uint32_t *to)
{
    size_t i;

    *from = UINT32_MAX;
    *to = 0;
    for (i = x->from; i < x->to; i++) {
        const struct found *f = &h->found[i];

        if (!hits_located(h, i))
            continue;
        *from = f->start < *from ? f->start : *from;
        *to = f->end > *to ? f->end : *to;
    }
    return *to > 0;
}

/* Locates all that matches in the frames of [from, to). */
static int locate_all(struct hits *h, uint32_t from, uint32_t to)
{
    size_t i, n = 0;

    for (i = 0; i < h->spans.n; i++)
        if (!hits_located(h, i) &&
            doctext_near(&h->text, h->spans.span[i].from, from, to)) {
            hits_want(h, i, i + 1);
            n++;
        }
    return n ? hits_locate(h) : 0;
}

/* Spans [*lo, *hi) that may lie in bytes [from, to): those located. */
static void spans_of(const struct hits *h, uint32_t from, uint32_t to,
                     size_t *lo, size_t *hi)
{
    while (*lo < h->spans.n &&
           (!hits_located(h, *lo) || h->found[*lo].end <= from))
        ++*lo;
    for (*hi = *lo; *hi < h->spans.n; ++*hi)
        if (hits_located(h, *hi) && h->found[*hi].start >= to)
            break;
}

static struct hit_line *new_line(struct hits *h)
{
    if (h->nlines == h->line_cap) {
        size_t cap = h->line_cap ? 2 * h->line_cap : 32;
        struct hit_line *more = realloc(h->line, cap * sizeof *more);

        if (!more)
            return NULL;
        h->line = more;
        h->line_cap = cap;
    }
    memset(&h->line[h->nlines], 0, sizeof *h->line);
    return &h->line[h->nlines];
}

/* Leaves out what is too much of a line, or white space at its ends. */
static void cut_line(const struct hits *h, struct hit_passage *p,
                     uint32_t match)
{
    const uint8_t *text = h->text.text.p;
    uint32_t end = p->end;

    if (p->end > p->byte && text[p->end - 1] == '\r')
        end = --p->end;
    while (p->byte < p->end && text[p->byte] == '\f')
        p->byte++;
    if (p->end - p->byte <= LINE_BYTES)
        return;
    if (match > p->byte + LINE_BEFORE) {
        p->byte = passage_boundary(view_of(text, end), p->byte, end,
                                   match - LINE_BEFORE, false);
        p->cut_start = true;
    }
    if (p->end - p->byte > LINE_BYTES) {
        p->end = passage_boundary(view_of(text, end), p->byte, end,
                                  p->byte + LINE_BYTES, true);
        p->cut_end = true;
    }
}

/* Adds line [from, to), whose matches are among spans from *lo on. */
static int add_line(struct hits *h, uint32_t from, uint32_t to, size_t *lo)
{
    struct hit_line *line = new_line(h);
    size_t hi;
    int rc;

    if (!line)
        return err_nomem(h->err);
    spans_of(h, from, to, lo, &hi);
    line->match = *lo < hi;
    line->text.byte = from;
    line->text.end = to;
    cut_line(h, &line->text, line->match ? h->found[*lo].start : from);
    rc = hits_divide(h, &line->text, *lo, hi);
    h->nlines += rc == 0;
    return rc;
}

/* Adds the lines around a window, but those before byte *behind, at which a
 * line begins. */
static int add_lines(struct hits *h, const struct extract *x, uint32_t *behind)
{
    uint32_t from, to, start, end, eol;
    size_t lo = 0;
    int rc = 0;

    if (!matches_of(h, x, &from, &to))
        return 0;
    rc = doctext_line_start(&h->text, from, h->before, &start, h->err);
    if (rc == 0)
        rc = doctext_line_end(&h->text, to, h->after, &end, h->err);
    if (rc == 0 && start < *behind)
        start = *behind;
    if (rc == 0)
        rc = doctext_read(&h->text, start, end, h->err);
    if (rc == 0)
        rc = locate_all(h, start, end > start ? end : start + 1);
    while (rc == 0 && start <= end && start < h->doc.text_bytes) {
        rc = doctext_line_end(&h->text, start, 0, &eol, h->err);
        if (rc == 0)
            rc = add_line(h, start, eol, &lo);
        start = eol + 1;
    }
    *behind = start;
    return rc;
}

int hits_lines(struct hits *h, size_t n)
{
    uint32_t behind = 0;
    size_t i;
    int rc = 0;

    for (i = 0; i < n && rc == 0; i++)
        rc = add_lines(h, &h->extract[i], &behind);
    return rc;
}
