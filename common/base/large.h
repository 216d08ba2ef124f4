/*
 * large.h - large arrays in large pages.
 *
 * Where every access is to another place of many megabytes, half the time goes
 * into finding out where its page lies, and more on a virtual machine. Pages of
 * 2 MB need five hundred times fewer such answers. Only advice: where the
 * system gives none, all works as before.
 */
#ifndef BASE_LARGE_H
#define BASE_LARGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum {
    LARGE_PAGE = 2 << 20,
    LARGE_MIN = 4 << 20 /* bytes: in what is smaller too much stays unused */
};

/* Asks for large pages for the n bytes at p, just allocated or grown. */
static inline void large_pages(void *p, size_t n)
{
    uintptr_t from =
        ((uintptr_t)p + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
    uintptr_t to = ((uintptr_t)p + n) & ~(uintptr_t)(LARGE_PAGE - 1);

    if (n >= LARGE_MIN && from < to)
        madvise((void *)from, to - from, MADV_HUGEPAGE);
}

#endif
