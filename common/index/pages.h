/*
 * pages.h - walks all pages of a data file by pread, without LMDB, and says
 * what is wrong with them.
 *
 * LMDB's pages carry no checksum and LMDB trusts them, so a damaged file can
 * end any process that reads it. The walk visits every page of one commit once:
 * the table of tables, each table, the values in overflow pages, the list of
 * free pages. Each page must be of the right kind, its nodes inside it, its
 * keys in order and between those of the branches above; each is reached once,
 * none is left over, and all counts are true. A file that passes can be read
 * by LMDB without harm. What is not looked at cannot do any: free pages, free
 * space in a page, values (sealed, see FORMAT.md), and of the older meta page
 * all but its header.
 *
 * Cost: one read of every page in use, a bit for every page of the file, and
 * one page for each level of two trees. Nothing else depends on what is found.
 *
 * A walk beside a writer: pages of a commit stay as they are while a reader of
 * it holds its slot, so
 *
 *     pages_open(&p, path, &err);          // ERR_CORRUPT: LMDB keeps out
 *     store_open, txn_begin                // LMDB reads meta pages alone
 *     pages_walk(p, txn_commit_number(t), &report, say, arg, &err);
 *     pages_close(p);
 *     store_close
 *
 * Closing a file drops the process's POSIX locks on it; LMDB has its locks on
 * the lock file, so a second descriptor of the data file is no danger to them.
 */
#ifndef INDEX_PAGES_H
#define INDEX_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* LMDB lays pages out by the machine's integers: on others than these the walk
 * knows nothing. */
#define PAGES_KNOWN                                                            \
    (sizeof(size_t) == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

#define PAGES_NEWEST UINT64_MAX /* the commit that LMDB would read */

struct pages;

struct pages_report {
    uint64_t pages;    /* read */
    uint64_t problems; /* said */
};

/* Opens the file and reads its meta pages. ERR_CORRUPT with a message where
 * LMDB would not know what to read: no regular file, a meta page damaged, two
 * that are not of adjacent commits. ERR_NOTFOUND, ERR_IO, ERR_NOMEM. */
int pages_open(struct pages **out, const char *path, struct err *err);

/* Walks the pages of that commit; `say` gets a line for each problem. 1, or 0
 * where the meta page of the commit has been written over since: begin again.
 * ERR_CORRUPT as pages_open, ERR_IO, ERR_NOMEM. */
int pages_walk(struct pages *p, uint64_t commit, struct pages_report *out,
               void (*say)(void *arg, const char *line), void *arg,
               struct err *err);

void pages_close(struct pages *p); /* NULL is allowed */

#endif
