/*
 * pages_state.h - what the parts of the walk share: pages.c (the file and its
 * meta pages), pages_walk.c (everything below them).
 */
#ifndef INDEX_PAGES_STATE_H
#define INDEX_PAGES_STATE_H

#include <stdint.h>

#include "index/page.h"
#include "index/pages.h"

struct pages {
    int fd;
    char *path;
    size_t size;   /* bytes of a page */
    uint64_t have; /* whole pages in the file */
    struct page_meta meta[PAGE_METAS];
};

/* n bytes at a place of the file: 0, ERR_CORRUPT where it ends before, ERR_IO. */
int pages_read(struct pages *p, uint64_t at, uint8_t *out, size_t n,
               struct err *err);

/* Walks all that a meta page leads to. 0, ERR_CORRUPT where the file became
 * shorter meanwhile, ERR_IO, ERR_NOMEM. */
int pages_walk_from(struct pages *p, const struct page_meta *meta,
                    struct pages_report *out,
                    void (*say)(void *arg, const char *line), void *arg,
                    struct err *err);

#endif
