/* write_all.h - a write that does not stop half-way. */
#ifndef BASE_WRITE_ALL_H
#define BASE_WRITE_ALL_H

#include "base/buf.h"

/* Writes all of v to a descriptor: 0, or -1 with errno. */
int write_all(int fd, struct view v);

#endif
