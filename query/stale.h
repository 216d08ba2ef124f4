/*
 * stale.h - whether a file is still what it was when it was indexed.
 *
 * As `indexer` does: one of the same size, time and inode is; one of another
 * size is not; else its content is read and its hash decides. So a file that
 * was only touched or copied keeps its places, and one stat(2) answers for
 * most.
 */
#ifndef QUERY_STALE_H
#define QUERY_STALE_H

#include "index/source.h"

/* 1 where the file of that name has changed, is gone or cannot be read, 0
 * where it has not, ERR_NOMEM. */
int stale_check(struct view path, const struct source *src);

#endif
