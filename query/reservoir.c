#include "query/reservoir.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* The n-th number of the generator SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, OOPSLA 2014). */
static uint64_t random_of(uint64_t seed, uint64_t n)
{
    uint64_t z = seed + (n + 1) * 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void rise(struct sampled *item, size_t i)
{
    struct sampled x = item[i];

    for (; i && item[(i - 1) / 2].random < x.random; i = (i - 1) / 2)
        item[i] = item[(i - 1) / 2];
    item[i] = x;
}

static void sink(struct sampled *item, size_t n)
{
    struct sampled x = item[0];
    size_t i = 0, child;

    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && item[child + 1].random > item[child].random)
            child++;
        if (item[child].random <= x.random)
            break;
        item[i] = item[child];
        i = child;
    }
    item[i] = x;
}

int reservoir_offer(struct reservoir *r, uint32_t part, uint32_t docid,
                    uint32_t index)
{
    struct sampled x = {
        .number = r->seen++, .part = part, .docid = docid, .index = index};

    x.random = random_of(r->seed, x.number);
    if (r->n == r->size) {
        if (r->n == 0 || x.random >= r->item[0].random)
            return 0;
        r->item[0] = x;
        sink(r->item, r->n);
        return 0;
    }
    if (r->n == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : 256;
        struct sampled *more = realloc(r->item, cap * sizeof *more);

        if (!more)
            return ERR_NOMEM;
        r->item = more;
        r->cap = cap;
    }
    r->item[r->n] = x;
    rise(r->item, r->n++);
    return 0;
}

static int by_number(const void *a, const void *b)
{
    const struct sampled *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

void reservoir_sort(struct reservoir *r)
{
    if (r->n)
        qsort(r->item, r->n, sizeof *r->item, by_number);
}

void reservoir_release(struct reservoir *r)
{
    free(r->item);
    memset(r, 0, sizeof *r);
}
