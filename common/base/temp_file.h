/*
 * temp_file.h - a file without a name, for what does not fit into memory.
 *
 * It lies in $TMPDIR or /tmp and is unlinked before it is given, so nothing is
 * left behind however the program ends.
 */
#ifndef BASE_TEMP_FILE_H
#define BASE_TEMP_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* A descriptor, to be closed by the caller, or ERR_IO, ERR_NOMEM. */
int temp_file_open(struct err *err);

/* Writes all of v at the end: 0; ERR_FULL, ERR_IO. */
int temp_file_add(int fd, struct view v, struct err *err);

#endif
