/* Keeps furniture (margins.h) out of passages: hits_clear and others of hits.h.
 *
 * Windows are chosen by positions, before any text is read. Only where one of
 * them turns out to lie in furniture are the bytes of more matches looked for,
 * and windows chosen again among those that do not. */
#include <stdlib.h>

#include "query/hits.h"

enum {
    SPANS = 1000, /* matches that are looked at in a text of pages */
    EDGE_BYTES =
        4096, /* bytes at the ends of another, in which its edges lie */
    SKIP_LINES = 8
};

int hits_in_furniture(struct hits *h, uint32_t at)
{
    uint32_t from, to, tail;
    int rc = margins_line_at(&h->margins, &h->text, at, &from, &to);

    if (rc != 0 || !margins_edge(&h->margins, doctext_view(&h->text, from, to)))
        return rc;
    rc = margins_tail(&h->margins, &h->text, &tail);
    return rc < 0 ? rc : at >= tail;
}

/* Whether a match of window x that was located lies in furniture. */
static int window_in_furniture(struct hits *h, const struct extract *x)
{
    size_t i;
    int rc = 0;

    for (i = x->from; i < x->to && rc == 0; i++)
        if (hits_located(h, i))
            rc = hits_in_furniture(h, h->found[i].start);
    return rc;
}

/* Locates the matches that may lie in furniture, at least the first ones. */
static int locate_some(struct hits *h)
{
    uint32_t bytes = h->doc.text_bytes;
    uint32_t head = bytes < EDGE_BYTES ? bytes : EDGE_BYTES;
    uint32_t tail = bytes > EDGE_BYTES ? bytes - EDGE_BYTES : 0;
    size_t i, n = h->spans.n < SPANS ? h->spans.n : SPANS;

    if (h->margins.own.nrunning)
        hits_want(h, 0, n);
    for (i = 0; i < h->spans.n; i++) {
        uint32_t pos = h->spans.span[i].from;

        if (!hits_located(h, i) && (doctext_near(&h->text, pos, 0, head) ||
                                    doctext_near(&h->text, pos, tail, bytes)))
            hits_want(h, i, i + 1);
    }
    return hits_locate(h);
}

static int room(struct hits *h)
{
    size_t n = h->spans.n;
    void *p;

    if (n <= h->clear_cap)
        return 0;
    p = realloc(h->clear, n * sizeof *h->clear);
    if (!p)
        return err_nomem(h->err);
    h->clear = p;
    p = realloc(h->clear_at, n * sizeof *h->clear_at);
    if (!p)
        return err_nomem(h->err);
    h->clear_at = p;
    h->clear_cap = n;
    return 0;
}

int hits_clear(struct hits *h, size_t n)
{
    size_t i;
    int rc = 0;

    h->nclear_spans = 0;
    h->furniture = false;
    if (h->passages == 0 || !margins_any(&h->margins))
        return 0;
    for (i = 0; i < n && rc == 0; i++)
        rc = window_in_furniture(h, &h->extract[i]);
    if (rc <= 0)
        return rc;
    rc = locate_some(h);
    if (rc == 0)
        rc = room(h);
    for (i = 0; i < h->spans.n && rc >= 0; i++) {
        rc = hits_located(h, i) ? hits_in_furniture(h, h->found[i].start) : 0;
        if (rc != 0)
            continue;
        h->clear[h->nclear_spans] = h->spans.span[i];
        h->clear_at[h->nclear_spans++] = i;
    }
    h->furniture = h->nclear_spans == 0;
    return rc < 0 ? rc : !h->furniture;
}

int hits_narrow(struct hits *h, struct hit_passage *p, uint32_t from,
                uint32_t to, uint32_t *lo, uint32_t *hi)
{
    uint32_t at, start, end;
    bool narrowed = false;
    int rc;

    if (!margins_any(&h->margins))
        return 0;
    for (at = p->byte; at<p->end; at = end> at ? end : at + 1) {
        rc = margins_line_at(&h->margins, &h->text, at, &start, &end);
        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        if (end <= from && end > *lo) {
            *lo = end;
            narrowed = true;
        } else if (start >= to && start < *hi) {
            *hi = start;
            return 1;
        } else if (start >= from && end <= to) {
            p->clear = !h->furniture;
        }
    }
    return narrowed;
}

int hits_furniture(struct hits *h, uint32_t from, uint32_t end, uint32_t *to,
                   uint32_t *next)
{
    uint32_t at;
    int rc;

    for (at = from; at < end; at = *next) {
        rc = margins_line_at(&h->margins, &h->text, at, to, next);
        if (rc < 0)
            return rc;
        if (rc > 0 && *to >= from && *next <= end)
            return 1;
        if (*next <= at)
            *next = at + 1;
    }
    return 0;
}

int hits_skip(struct hits *h, uint32_t *at)
{
    const uint8_t *text;
    uint32_t start, end, next = *at;
    unsigned n;
    int rc;

    if (!margins_any(&h->margins))
        return 0;
    for (n = 0; n < SKIP_LINES; n++) {
        rc = margins_line_at(&h->margins, &h->text, next, &start, &end);
        if (rc < 0)
            return rc;
        text = h->text.text.p;
        while (rc == 0 && start < end && text[start] <= ' ')
            start++;
        if ((rc == 0 && start < end) || end >= h->doc.text_bytes)
            return 0; /* something else stands here, or nothing any more */
        next = end;
        if (rc > 0)
            *at = next;
    }
    return 0;
}
