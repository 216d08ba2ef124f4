#include "query/top.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void top_init(struct top *t, size_t k)
{
    memset(t, 0, sizeof *t);
    t->k = k;
    t->bar = k ? -1 : INFINITY;
}

static bool worse(const struct top_hit *a, const struct top_hit *b)
{
    return a->score < b->score ||
           (!(a->score > b->score) && a->docid > b->docid);
}

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

int top_add(struct top *t, double score, uint32_t docid)
{
    struct top_hit h = {score, docid};
    struct top_hit *more;
    size_t cap, i;

    if (t->n == t->k) {
        t->hit[0] = h;
        sift_down(t, 0);
        t->bar = t->hit[0].score;
        return 0;
    }
    if (t->n == t->cap) {
        cap = t->cap ? t->cap * 2 : 64;
        more = realloc(t->hit, cap * sizeof *more);
        if (!more)
            return ERR_NOMEM;
        t->hit = more;
        t->cap = cap;
    }
    t->hit[t->n++] = h;
    if (t->n == t->k) {
        for (i = t->n / 2; i-- > 0;)
            sift_down(t, i);
        t->bar = t->hit[0].score;
    }
    return 0;
}

static int better_first(const void *a, const void *b)
{
    return worse(a, b) ? 1 : -1;
}

void top_sort(struct top *t)
{
    if (t->n > 1)
        qsort(t->hit, t->n, sizeof *t->hit, better_first);
}

void top_release(struct top *t)
{
    free(t->hit);
    memset(t, 0, sizeof *t);
}
