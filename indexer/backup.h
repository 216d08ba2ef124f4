/*
 * backup.h - the mode --backup.
 */
#ifndef INDEXER_BACKUP_H
#define INDEXER_BACKUP_H

#include <stdbool.h>

/* Copies the index in `dir` into the folder `to` (store_backup). Returns the
 * exit code; messages go to stderr, `verbose` says how much it was. */
int mode_backup(const char *dir, const char *to, bool verbose);

#endif
