#include "query/top.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum {
    FEW = 32,            /* hits that are sorted by insertion */
    BUCKETS_MAX = 65536, /* of a sort */
    DEPTH = 4,           /* buckets within buckets; then qsort */
    SELECT_PARTS = 1024, /* of the range of scores, to find the k-th */
    SELECT_EDGE = 256    /* hits in the part of the k-th; more: all sorted */
};

void top_init(struct top *t, size_t k)
{
    memset(t, 0, sizeof *t);
    t->k = k;
    t->bar = k ? -1 : INFINITY;
    t->low = INFINITY;
}

/* The order in which hits are offered. */
static uint64_t place(const struct top_hit *h)
{
    return (uint64_t)h->part << 32 | h->docid;
}

static bool worse(const struct top_hit *a, const struct top_hit *b)
{
    return a->score < b->score ||
           (!(a->score > b->score) && place(a) > place(b));
}

/* --- sorting --- */

/* The range of n scores; whether the hits are in order. */
struct range {
    double low;
    double high;
    bool sorted;
};

static struct range range_of(const struct top_hit *h, size_t n)
{
    struct range r = {h[0].score, h[0].score, true};
    size_t i;

    for (i = 1; i < n; i++) {
        r.sorted &= !worse(&h[i - 1], &h[i]);
        r.low = h[i].score < r.low ? h[i].score : r.low;
        r.high = h[i].score > r.high ? h[i].score : r.high;
    }
    return r;
}

/* Parts of the range to a unit; infinite where there is no range. */
static double scale_of(const struct range *r, size_t buckets)
{
    return (double)(buckets - 1) / (r->high - r->low);
}

/* Which part of the scores from `high` down a score lies in: rounding is the
 * same way for all, so a better one is never in a later part. */
static size_t bucket_of(double score, double high, double scale)
{
    return (size_t)((high - score) * scale);
}

static int better_first(const void *a, const void *b)
{
    return worse(a, b) ? 1 : -1;
}

static void sort_few(struct top_hit *h, size_t n)
{
    size_t i, k;

    for (i = 1; i < n; i++) {
        struct top_hit moved = h[i];

        for (k = i; k > 0 && worse(&h[k - 1], &moved); k--)
            h[k] = h[k - 1];
        h[k] = moved;
    }
}

/* Deals the hits to `to`, by parts of the range of scores; end[i], zeroed
 * before, becomes where part i ends. */
static void deal(const struct top_hit *h, size_t n, double high, double scale,
                 uint32_t *end, size_t buckets, struct top_hit *to)
{
    uint32_t sum = 0;
    size_t i;

    for (i = 0; i < n; i++)
        end[bucket_of(h[i].score, high, scale)]++;
    for (i = 0; i < buckets; i++) {
        uint32_t count = end[i];

        end[i] = sum;
        sum += count;
    }
    for (i = 0; i < n; i++)
        to[end[bucket_of(h[i].score, high, scale)]++] = h[i];
}

static void sort(struct top_hit *h, size_t n, unsigned depth);

/* Sorts by as many parts of the range as there are hits, and each part in the
 * same way: false where that cannot be done. */
static bool sort_dealt(struct top_hit *h, size_t n, const struct range *r,
                       unsigned depth)
{
    size_t i, from, buckets = FEW;
    struct top_hit *to;
    uint32_t *end;
    double scale;

    while (buckets < n && buckets < BUCKETS_MAX)
        buckets *= 2;
    scale = scale_of(r, buckets);
    if (depth == 0 || n > UINT32_MAX || !(scale < INFINITY))
        return false;
    to = malloc(n * sizeof *to);
    end = to ? calloc(buckets, sizeof *end) : NULL;
    if (end) {
        deal(h, n, r->high, scale, end, buckets, to);
        memcpy(h, to, n * sizeof *h);
        for (i = from = 0; i < buckets; from = end[i++])
            if (end[i] - from > 1)
                sort(h + from, end[i] - from, depth - 1);
    }
    free(to);
    free(end);
    return end != NULL;
}

static void sort(struct top_hit *h, size_t n, unsigned depth)
{
    struct range r;

    if (n <= FEW) {
        sort_few(h, n);
        return;
    }
    r = range_of(h, n);
    if (!r.sorted && !sort_dealt(h, n, &r, depth))
        qsort(h, n, sizeof *h, better_first);
}

/* --- selecting --- */

/* Puts the hits of parts before `last`, which holds the k-th, first, and those
 * of part `last`, SELECT_EDGE at most, behind them. *sure: how many come first.
 * Gives how many are left. No branch: half of them would be guessed wrongly. */
static size_t keep_parts(struct top_hit *h, size_t n, const struct range *r,
                         double scale, size_t last, size_t *sure)
{
    struct top_hit edge[SELECT_EDGE + 1];
    size_t i, kept = 0, nedge = 0;

    for (i = 0; i < n; i++) {
        size_t part = bucket_of(h[i].score, r->high, scale);
        struct top_hit hit = h[i];

        h[kept] = hit;
        edge[nedge] = hit;
        kept += part < last;
        nedge += part == last;
    }
    memcpy(h + kept, edge, nedge * sizeof *edge);
    *sure = kept;
    return kept + nedge;
}

/* Leaves the k best of n first, in any order. */
static void select_best(struct top_hit *h, size_t n, size_t k,
                        const struct range *r)
{
    uint32_t count[SELECT_PARTS] = {0};
    double scale = scale_of(r, SELECT_PARTS);
    size_t i, part, sum, sure;

    if (n > UINT32_MAX || !(scale < INFINITY)) {
        sort(h, n, DEPTH);
        return;
    }
    for (i = 0; i < n; i++)
        count[bucket_of(h[i].score, r->high, scale)]++;
    for (part = sum = 0; sum + count[part] < k; part++)
        sum += count[part];
    if (count[part] > SELECT_EDGE) {
        sort(h, n, DEPTH);
        return;
    }
    n = keep_parts(h, n, r, scale, part, &sure);
    sort(h + sure, n - sure, DEPTH);
}

/* --- adding --- */

static void sift_down(struct top *t, size_t i)
{
    struct top_hit moved = t->hit[i];
    size_t child;

    while ((child = 2 * i + 1) < t->n) {
        if (child + 1 < t->n && worse(&t->hit[child + 1], &t->hit[child]))
            child++;
        if (!worse(&t->hit[child], &moved))
            break;
        t->hit[i] = t->hit[child];
        i = child;
    }
    t->hit[i] = moved;
}

static int grow(struct top *t)
{
    size_t cap = t->cap ? t->cap * 2 : 64;
    struct top_hit *more = realloc(t->hit, cap * sizeof *more);

    if (!more)
        return ERR_NOMEM;
    t->hit = more;
    t->cap = cap;
    return 0;
}

/* Leaves the k best. */
static void drop_worst(struct top *t)
{
    const struct range r = {.low = t->low, .high = t->high};
    size_t i;

    select_best(t->hit, t->n, t->k, &r);
    t->n = t->k;
    t->bar = t->hit[0].score;
    for (i = 1; i < t->k; i++)
        t->bar = t->hit[i].score < t->bar ? t->hit[i].score : t->bar;
    t->low = t->bar;
}

/* There are k hits for the first time. */
static void first_bar(struct top *t)
{
    size_t i;

    if (t->k <= TOP_HEAP)
        for (i = t->n / 2; i-- > 0;)
            sift_down(t, i);
    t->bar = t->low > t->bar ? t->low : t->bar;
}

int top_add(struct top *t, double score, uint32_t docid)
{
    struct top_hit h = {score, docid, t->part};

    if (t->n == t->k && t->k <= TOP_HEAP) {
        t->hit[0] = h;
        sift_down(t, 0);
        t->bar = t->hit[0].score;
        return 0;
    }
    if (t->n == t->cap && grow(t) < 0)
        return ERR_NOMEM;
    t->hit[t->n++] = h;
    t->high = score > t->high ? score : t->high;
    if (t->n <= t->k) {
        t->low = score < t->low ? score : t->low;
        if (t->n == t->k)
            first_bar(t);
    } else if (t->n - t->k == t->k) {
        drop_worst(t);
    }
    return 0;
}

void top_sort(struct top *t)
{
    if (t->n > t->k)
        drop_worst(t);
    sort(t->hit, t->n, DEPTH);
}

static int by_place(const void *a, const void *b)
{
    uint64_t x = place(a), y = place(b);

    return x < y ? -1 : x > y;
}

int top_correct(struct top *t, struct top *more)
{
    size_t i, n = 0;

    if (more->n == 0)
        return 0;
    qsort(more->hit, more->n, sizeof *more->hit, by_place);
    for (i = 0; i < t->n; i++)
        if (!bsearch(&t->hit[i], more->hit, more->n, sizeof *t->hit, by_place))
            t->hit[n++] = t->hit[i];
    t->n = n;
    for (i = 0; i < more->n; i++) {
        if (t->n == t->cap && grow(t) < 0)
            return ERR_NOMEM;
        t->hit[t->n++] = more->hit[i];
    }
    sort(t->hit, t->n, DEPTH);
    if (t->n > t->k)
        t->n = t->k;
    return 0;
}

void top_release(struct top *t)
{
    free(t->hit);
    memset(t, 0, sizeof *t);
}
