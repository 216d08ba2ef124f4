/*
 * open.h - files and folders by paths of any length.
 *
 * The system takes no path of PATH_MAX (4096) bytes or more, though folders
 * may lie deeper: these go there in steps, each from the folder the one before
 * led to. Cost: one call more for each 4 KB of the path.
 */
#ifndef INDEXER_OPEN_H
#define INDEXER_OPEN_H

#include <sys/stat.h>

/* As open(2), with O_CLOEXEC, and stat(2): -1 with errno. */
int open_path(const char *path, int flags);
int stat_path(const char *path, struct stat *st);

#endif
