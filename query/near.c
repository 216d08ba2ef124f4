#include "query/near.h"

#include <stdlib.h>

static int by_from(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

void near_sort(struct spans *s)
{
    size_t i, kept = 0;

    if (s->n > 1)
        qsort(s->span, s->n, sizeof *s->span, by_from);
    for (i = 0; i < s->n; i++)
        if (kept == 0 || by_from(&s->span[kept - 1], &s->span[i]) != 0)
            s->span[kept++] = s->span[i];
    s->n = kept;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* How many of v[0..n), ascending, are not above x. */
static size_t up_to(const uint32_t *v, size_t n, uint64_t x)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (v[mid] <= x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static int reserve(struct near_room *r, size_t n)
{
    uint32_t *from, *to;

    if (n <= r->cap)
        return 0;
    from = realloc(r->from, n * sizeof *from);
    if (from)
        r->from = from;
    to = realloc(r->to, n * sizeof *to);
    if (to)
        r->to = to;
    if (!from || !to)
        return ERR_NOMEM;
    r->cap = n;
    return 0;
}

static int reserve_marks(struct near_word *w)
{
    uint8_t *more;

    if (w->spans.n <= w->in_cap)
        return 0;
    more = realloc(w->in, w->spans.n);
    if (!more)
        return ERR_NOMEM;
    w->in = more;
    w->in_cap = w->spans.n;
    return 0;
}

/* Unmarks the places of `w` that have no marked one of `other` near them. */
static int keep_near(struct near_word *w, const struct near_word *other,
                     uint32_t beside, struct near_room *r)
{
    size_t i, n = 0, k;

    if (reserve(r, other->spans.n) < 0)
        return ERR_NOMEM;
    for (i = 0; i < other->spans.n; i++)
        if (other->in[i]) {
            r->from[n] = other->spans.span[i].from;
            r->to[n++] = other->spans.span[i].to;
        }
    if (n > 1)
        qsort(r->to, n, sizeof *r->to, by_number);
    w->part = 0;
    for (i = 0; i < w->spans.n; i++) {
        const struct span *s = &w->spans.span[i];
        bool near;

        if (!w->in[i])
            continue;
        k = up_to(r->to, n, s->from); /* those that end before it */
        near = k > 0 && s->from - r->to[k - 1] < beside;
        k = s->to ? up_to(r->from, n, s->to - 1) : 0;
        near = near || (k < n && r->from[k] - s->to < beside);
        w->in[i] = near;
        w->part += near;
    }
    return 0;
}

/* Marks all places of all words. */
static int mark_all(struct near_word *w, unsigned n)
{
    unsigned i;
    int rc = 0;

    for (i = 0; i < n && rc == 0; i++) {
        rc = reserve_marks(&w[i]);
        if (rc == 0 && w[i].spans.n)
            memset(w[i].in, 1, w[i].spans.n);
        w[i].part = w[i].spans.n;
    }
    return rc;
}

int near_chain(struct near_word *w, unsigned n, struct near_room *room)
{
    unsigned i;
    int rc = mark_all(w, n);

    for (i = 1; i < n && rc == 0; i++)
        rc = keep_near(&w[i], &w[i - 1], w[i].beside, room);
    for (i = n - 1; i > 0 && rc == 0; i--)
        rc = keep_near(&w[i - 1], &w[i], w[i].beside, room);
    return rc;
}

/* Unmarks the places of `w` that no marked one of `other` touches: in front of
 * them, or with `behind` behind them. */
static int keep_touching(struct near_word *w, const struct near_word *other,
                         bool behind, struct near_room *r)
{
    size_t i, n = 0, k;

    if (reserve(r, other->spans.n) < 0)
        return ERR_NOMEM;
    for (i = 0; i < other->spans.n; i++)
        if (other->in[i])
            r->from[n++] =
                behind ? other->spans.span[i].from : other->spans.span[i].to;
    if (n > 1)
        qsort(r->from, n, sizeof *r->from, by_number);
    w->part = 0;
    for (i = 0; i < w->spans.n; i++) {
        uint32_t x = behind ? w->spans.span[i].to : w->spans.span[i].from;

        if (!w->in[i])
            continue;
        k = up_to(r->from, n, x);
        w->in[i] = k > 0 && r->from[k - 1] == x;
        w->part += w->in[i];
    }
    return 0;
}

int near_row(struct near_word *w, unsigned n, struct near_room *room)
{
    unsigned i;
    int rc = mark_all(w, n);

    for (i = 1; i < n && rc == 0; i++)
        rc = keep_touching(&w[i], &w[i - 1], false, room);
    for (i = n - 1; i > 0 && rc == 0; i--)
        rc = keep_touching(&w[i - 1], &w[i], true, room);
    return rc;
}

/* The first of the places of w that does not begin before `from`. */
static size_t first_from(const struct near_word *w, uint32_t from)
{
    size_t lo = 0, hi = w->spans.n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (w->spans.span[mid].from < from)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Lengthens each of the stretches `from` by the places of w that follow it. */
static int lengthen(const struct spans *from, const struct near_word *w,
                    struct leaf *leaf, struct spans *to)
{
    size_t i, k;
    int rc = 0;

    to->n = 0;
    for (i = 0; i < from->n; i++)
        for (k = first_from(w, from->span[i].to);
             k < w->spans.n && w->spans.span[k].from == from->span[i].to &&
             rc == 0;
             k++)
            if (w->in[k])
                rc = spans_add(to, from->span[i].from, w->spans.span[k].to,
                               leaf);
    near_sort(to);
    return rc;
}

int near_row_spans(const struct near_word *w, unsigned n, struct leaf *leaf,
                   struct spans *out)
{
    struct spans a = {0}, b = {0}, swap;
    unsigned k;
    size_t i;
    int rc = 0;

    for (i = 0; i < w[0].spans.n && rc == 0; i++)
        if (w[0].in[i])
            rc = spans_add(&a, w[0].spans.span[i].from, w[0].spans.span[i].to,
                           leaf);
    for (k = 1; k < n && rc == 0; k++) {
        rc = lengthen(&a, &w[k], leaf, &b);
        swap = a;
        a = b;
        b = swap;
    }
    for (i = 0; i < a.n && rc == 0; i++)
        rc = spans_add(out, a.span[i].from, a.span[i].to, leaf);
    free(a.span);
    free(b.span);
    return rc;
}

/* Positions of word w in [from, to), by two counts: of those that end early
 * enough those are taken off that begin too early, which end before `to`. */
static size_t inside(const struct near_word *w, size_t *early, size_t *late,
                     const uint32_t *ends, uint32_t from, uint64_t to)
{
    while (*early < w->spans.n && w->spans.span[*early].from < from)
        ++*early;
    while (*late < w->spans.n && ends[*late] <= to)
        ++*late;
    return *late - *early;
}

/* Where word w ends, ascending, appended at `at`. */
static void list_ends(const struct near_word *w, uint32_t *at)
{
    size_t i;

    for (i = 0; i < w->spans.n; i++)
        at[i] = w->spans.span[i].to;
    if (w->spans.n > 1)
        qsort(at, w->spans.n, sizeof *at, by_number);
}

/* Starts of stretches that hold all words go to the front of r->from, which has
 * the candidates, ascending. Returns how many. */
static size_t good_starts(struct near_word *w, unsigned n, uint32_t reach,
                          struct near_room *r, size_t candidates)
{
    size_t i, good = 0, *at = calloc(2 * n + 1, sizeof *at);
    unsigned k;

    if (!at)
        return SIZE_MAX;
    for (i = 0; i < candidates; i++) {
        uint32_t from = r->from[i], *ends = r->to;
        bool all = true;

        for (k = 0; k < n; ends += w[k++].spans.n)
            if (inside(&w[k], &at[2 * k], &at[2 * k + 1], ends, from,
                       (uint64_t)from + reach + 1) < w[k].times)
                all = false;
        if (all)
            r->from[good++] = from;
    }
    free(at);
    return good;
}

/* Drops what fits in no stretch. */
static void drop_long(struct near_word *w, uint32_t reach)
{
    size_t i, kept = 0;

    for (i = 0; i < w->spans.n; i++)
        if (w->spans.span[i].to - w->spans.span[i].from <= (uint64_t)reach + 1)
            w->spans.span[kept++] = w->spans.span[i];
    w->spans.n = kept;
}

int near_window(struct near_word *w, unsigned n, uint32_t reach,
                struct near_room *r)
{
    size_t all = 0, candidates = 0, good, i, a;
    unsigned k;

    for (k = 0; k < n; k++) {
        drop_long(&w[k], reach);
        if (reserve_marks(&w[k]) < 0)
            return ERR_NOMEM;
        all += w[k].spans.n;
        w[k].part = 0;
    }
    if (reserve(r, all) < 0)
        return ERR_NOMEM;
    for (k = 0; k < n; candidates += w[k++].spans.n) {
        list_ends(&w[k], r->to + candidates);
        for (i = 0; i < w[k].spans.n; i++)
            r->from[candidates + i] = w[k].spans.span[i].from;
    }
    if (candidates > 1)
        qsort(r->from, candidates, sizeof *r->from, by_number);
    good = good_starts(w, n, reach, r, candidates);
    if (good == SIZE_MAX)
        return ERR_NOMEM;
    for (k = 0; k < n; k++)
        for (i = 0; i < w[k].spans.n; i++) {
            const struct span *s = &w[k].spans.span[i];

            /* the last stretch that begins before it reaches behind it */
            a = up_to(r->from, good, s->from);
            w[k].in[i] = a > 0 && (uint64_t)r->from[a - 1] + reach + 1 >= s->to;
            w[k].part += w[k].in[i];
        }
    return 0;
}

uint32_t near_count(const struct near_word *w, unsigned n)
{
    size_t least = SIZE_MAX;
    unsigned k;

    for (k = 0; k < n; k++)
        if (w[k].part / w[k].times < least)
            least = w[k].part / w[k].times;
    return least < UINT32_MAX ? (uint32_t)least : UINT32_MAX;
}

void near_word_release(struct near_word *w)
{
    free(w->spans.span);
    free(w->in);
    memset(w, 0, sizeof *w);
}

void near_room_release(struct near_room *room)
{
    free(room->from);
    free(room->to);
    memset(room, 0, sizeof *room);
}
