#include "indexer/formats/html_flow.h"

#include <stdlib.h>

#include "base/err.h"
#include "indexer/vec.h"

/* The bytes of white space at p, or 0. A no-break space is a blank, too: pages
 * have paragraphs of nothing else. */
static size_t blank(const uint8_t *p, const uint8_t *end)
{
    if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
        return 1;
    return *p == 0xC2 && end - p >= 2 && p[1] == 0xA0 ? 2 : 0;
}

static int add(struct flow *f, const void *p, size_t n)
{
    if (n > f->max - f->out->n)
        return ERR_FULL;
    return buf_add(f->out, view_of(p, n));
}

/* Writes what is to come before the next character. */
static int settle(struct flow *f)
{
    static const char *const gaps[] = {"", " ", "\t", "\n", "\n\n"};
    const char *s = gaps[f->gap];
    const struct buf *out = f->out;

    f->gap = GAP_NONE;
    if (out->n == 0)
        return 0;
    if (out->p[out->n - 1] == '\n') /* of a line in <pre> */
        s = *s == '\n' ? s + 1 : "";
    return *s ? add(f, s, strlen(s)) : 0;
}

static int words(struct flow *f, const uint8_t *p, const uint8_t *end)
{
    int rc = 0;

    while (p < end && rc == 0) {
        const uint8_t *from;
        size_t n;

        while (p < end && (n = blank(p, end)) > 0) {
            flow_gap(f, GAP_BLANK);
            p += n;
        }
        from = p;
        while (p < end && !blank(p, end))
            p++;
        if (p > from) {
            rc = settle(f);
            if (rc == 0)
                rc = add(f, from, (size_t)(p - from));
        }
    }
    return rc;
}

static int lines(struct flow *f, struct view v)
{
    size_t i;
    int rc = settle(f);

    if (rc == 0)
        rc = add(f, v.p, v.n);
    for (i = f->out->n - v.n; rc == 0 && i < f->out->n; i++)
        if (f->out->p[i] == '\f' || f->out->p[i] == '\v')
            f->out->p[i] = ' '; /* a page of it is none of ours */
    return rc;
}

int flow_text(struct flow *f, struct view v, bool pre)
{
    if (v.n == 0)
        return 0;
    return pre ? lines(f, v) : words(f, v.p, v.p + v.n);
}

int64_t flow_part(struct flow *f)
{
    struct flow_part *more =
        vec_grow(f->part, &f->part_cap, f->nparts + 1, sizeof *more);

    if (!more)
        return ERR_NOMEM;
    f->part = more;
    more[f->nparts] =
        (struct flow_part){.start = (uint32_t)f->out->n, .gap = f->gap};
    return (int64_t)f->nparts++;
}

void flow_part_end(struct flow *f, int64_t part)
{
    struct flow_part *p = &f->part[part];

    p->end = (uint32_t)f->out->n;
    flow_gap(f, p->gap); /* it went out with the part's first character */
}

size_t flow_parts(const struct flow *f)
{
    size_t i, n = 0, at = 0;

    for (i = 0; i < f->nparts; i++) {
        const struct flow_part *p = &f->part[i];

        if (p->keep || p->end <= at)
            continue;
        n += p->end - (p->start > at ? p->start : at);
        at = p->end;
    }
    return n;
}

void flow_cut(struct flow *f)
{
    struct buf *out = f->out;
    size_t i, to = 0, at = 0; /* what is before `at` is settled */

    for (i = 0; i < f->nparts; i++) {
        const struct flow_part *p = &f->part[i];

        if (p->keep || p->end <= at)
            continue;
        if (p->start > at) {
            memmove(out->p + to, out->p + at, p->start - at);
            to += p->start - at;
        }
        at = p->end;
    }
    if (out->n > at)
        memmove(out->p + to, out->p + at, out->n - at);
    out->n = to + (out->n - at);
    for (i = 0; i < out->n &&
                (out->p[i] == '\n' || out->p[i] == ' ' || out->p[i] == '\t');)
        i++;
    if (i) {
        memmove(out->p, out->p + i, out->n - i);
        out->n -= i;
    }
    f->nparts = 0;
}

void flow_release(struct flow *f)
{
    free(f->part);
    memset(f, 0, sizeof *f);
}
