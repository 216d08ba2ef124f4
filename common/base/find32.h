/*
 * find32.h - where a number belongs in an ascending array: made for targets
 * that are not far, as those of postings and positions are.
 *
 * Sixteen numbers at a time are passed over, or counted without a branch: a
 * search by halves costs as many mispredicted branches as steps.
 */
#ifndef BASE_FIND32_H
#define BASE_FIND32_H

#include <stddef.h>
#include <stdint.h>

enum { FIND_STEP = 16 };

typedef uint32_t find_v4 __attribute__((vector_size(16)));
typedef uint32_t find_v4u
    __attribute__((vector_size(16), aligned(1), may_alias));

static inline find_v4 find_below(const uint32_t *p, find_v4 x)
{
    return (find_v4)(*(const find_v4u *)(const void *)p < x);
}

/* How many of FIND_STEP numbers are below x. */
static inline size_t find_count(const uint32_t *p, uint32_t x)
{
    const find_v4 all = {x, x, x, x};
    find_v4 n = find_below(p, all) + find_below(p + 4, all) +
                find_below(p + 8, all) +
                find_below(p + 12, all); /* -1 where it is so */

    return 0 - (n[0] + n[1] + n[2] + n[3]);
}

/* The first index from `from` on whose number is not below x; n if none. */
static inline size_t find32(const uint32_t *a, size_t n, size_t from,
                            uint32_t x)
{
    while (from + FIND_STEP <= n) {
        if (a[from + FIND_STEP - 1] >= x)
            return from + find_count(a + from, x);
        from += FIND_STEP;
    }
    while (from < n && a[from] < x)
        from++;
    return from;
}

#endif
