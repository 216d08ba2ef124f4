/*
 * listing.h - the names in one folder that a walk may want, in its order.
 *
 * That is the order of strcmp with a '/' behind the names of folders. An index
 * folder, one with CURRENT and writer.lock in it, has none.
 */
#ifndef INDEXER_LISTING_H
#define INDEXER_LISTING_H

#include <dirent.h>

#include "base/buf.h"
#include "indexer/formats/filter.h"

struct listing {
    struct buf names; /* NUL behind each; folders with a slash */
    uint32_t *name;   /* places in `names`, sorted */
    size_t n, cap;
    size_t at;  /* of the next one, for the caller's use */
    bool rules; /* there is an .indexignore */
};

struct listing_options {
    bool hidden; /* names that begin with a dot, too */
    bool follow; /* a link to a folder is one */
    bool all;    /* files of any name, not only those that are read */
    const struct filters *filters; /* of this run; may be NULL */
};

/* Whether a walk takes in a file for its name: that of a text, of a format that
 * is read (formats/format.h), or one that a filter reads. */
bool listing_takes(const char *name, const struct filters *filters);

/* Fills a zeroed listing. 0, ERR_NOMEM, or an errno above 0. */
int listing_read(struct listing *l, DIR *dir, const struct listing_options *o);

static inline const char *listing_name(const struct listing *l, size_t i)
{
    return (const char *)l->names.p + l->name[i];
}

void listing_release(struct listing *l);

#endif
