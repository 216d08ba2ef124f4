/*
 * filesystem.h - what kind of file system a folder lies on.
 *
 * An index is a shared map with locks in it, and both are sound only where
 * all who open it share one page cache: a file system of this machine. One
 * that is served by another machine may hand out stale pages, lose locks or
 * write pages in another order than it was told (lmdb.h, "Caveats").
 */
#ifndef INDEX_FILESYSTEM_H
#define INDEX_FILESYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The name of the network file system with this f_type of statfs(2), or NULL
 * for a local one and for one that is not known. */
const char *filesystem_network(uint32_t magic);

/* 0 where the folder, or the one it would be made in, is on a local file
 * system or on one that cannot be told; else ERR_IO with a message that names
 * the way round. */
int filesystem_check(const char *dir, struct err *err);

/* Whether the folder is on FUSE, which may be either: a local disk or a
 * program that talks to another machine. */
bool filesystem_is_fuse(const char *dir);

#endif
