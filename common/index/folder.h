/*
 * folder.h - the index folder: which data file is in use.
 *
 * CURRENT holds one line, the name of the data file, `index-<8 hex>.mdb`. A
 * new data file takes a number that was never used; once it is whole, CURRENT
 * is switched to it by rename, so a reader sees the old or the new one and
 * never a half of either. LMDB tells readers by its lock file, which belongs to
 * one data file: that is why a data file never replaces another of its name.
 */
#ifndef INDEX_FOLDER_H
#define INDEX_FOLDER_H

#include <stdint.h>

#include "base/err.h"

/* The number CURRENT names: 1, 0 where there is no CURRENT (or no folder),
 * ERR_CORRUPT where it says something else, ERR_IO. */
int folder_current(const char *dir, uint32_t *number, struct err *err);

/* Makes CURRENT name data file `number`; survives power loss. */
int folder_switch(const char *dir, uint32_t number, struct err *err);

/* Makes the entry of a new folder survive power loss. */
int folder_sync_parent(const char *dir, struct err *err);

/* A number above that of every data file in the folder. */
int folder_next(const char *dir, uint32_t *number, struct err *err);

/* Removes the data files but `keep`, and their lock files: what a crash or a
 * switch left behind. Needs the writer's lock. Failures do no harm. */
void folder_sweep(const char *dir, uint32_t keep);

/* Removes one data file and its lock file. */
void folder_unlink(const char *dir, uint32_t number);

/* The data file's path, malloc'd; NULL when memory is out. */
char *folder_path(const char *dir, uint32_t number);

#endif
