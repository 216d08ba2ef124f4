/*
 * spool.h - output that is kept back until all of it is known.
 *
 * A program that waits for its reader while it holds a moment of the index
 * keeps the pages of that moment from being used again, and the file grows for
 * as long as somebody looks at the first screen of `less`. So it gathers what
 * it has to say, lets go of the index, and prints then. Up to SPOOL_MEMORY
 * bytes are kept in memory, what is more in a file without a name in $TMPDIR or
 * /tmp.
 *
 *     struct spool s = {0};
 *     spool_add(&s, line, &err) ...
 *     txn_abort(t);
 *     spool_print(&s, STDOUT_FILENO);
 *     spool_release(&s);
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { SPOOL_MEMORY = 32 << 20 };

struct spool {
    struct buf tail; /* what is not in the file */
    size_t memory;   /* bytes `tail` may have; 0 = SPOOL_MEMORY */
    int fd;          /* of the file, if there is one */
    bool has_file;
    uint64_t stored; /* bytes in the file */
};

/* Appends v. 0; ERR_NOMEM; ERR_FULL, ERR_IO: the file cannot be written. */
int spool_add(struct spool *s, struct view v, struct err *err);

/* Forgets what was added. */
void spool_clear(struct spool *s);

/* Writes all of it to a descriptor: 0, or -1 with errno. */
int spool_print(struct spool *s, int fd);

void spool_release(struct spool *s);

#endif
