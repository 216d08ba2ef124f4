/*
 * lock.h - writer.lock: one process writes to an index.
 *
 * The lock is flock(2) on the file, so it ends with the process, however that
 * ends. What is in the file, the number of the process that has it, is only for
 * messages.
 */
#ifndef INDEX_LOCK_H
#define INDEX_LOCK_H

#include "index/store.h"

/* Makes the folder if it is missing and takes the lock; *fd is to be closed to
 * give it back. While another process has it: waits as `o` says, then ERR_BUSY,
 * or ERR_STOPPED. ERR_IO. */
int lock_take(const char *dir, const struct store_options *o, int *fd,
              struct err *err);

#endif
