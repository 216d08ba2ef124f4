#include "indexer/told.h"

#include <stdlib.h>

#include "base/hash.h"

static int compare(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

bool told_new(struct told *t, struct view message)
{
    uint64_t hash = hash64(message);

    if (buf_add(&t->now, view_of(&hash, sizeof hash)) < 0)
        return true;
    return t->before.n == 0 ||
           !bsearch(&hash, t->before.p, t->before.n / sizeof hash, sizeof hash,
                    compare);
}

void told_turn(struct told *t)
{
    struct buf before = t->before;

    t->before = t->now;
    t->now = before;
    buf_clear(&t->now);
    if (t->before.n)
        qsort(t->before.p, t->before.n / sizeof(uint64_t), sizeof(uint64_t),
              compare);
}

void told_release(struct told *t)
{
    buf_release(&t->before);
    buf_release(&t->now);
}
