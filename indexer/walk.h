/*
 * walk.h - the texts below a folder, in byte order of their full paths.
 *
 * Given a folder, get the regular files in it whose names end in .txt, .text or
 * .md (in any case), with what stat says of them. The order is that of memcmp
 * over whole paths, as git sorts: a folder's name counts with a '/' behind it.
 * So the walk can be joined with a table that is sorted by path.
 *
 * Left out: index folders, what an .indexignore names (ignore.h), what is no
 * regular file (FIFOs, sockets and devices are never opened), other roots; and
 * unless the folder's root says so (roots.h), names that begin with a dot and
 * links to folders. The root's patterns decide before an .indexignore and the
 * rule of names do. A .git is left out unless a pattern takes it in. Links to
 * files count as files. Of a folder that is no root itself the walk gives what
 * the walk of its root would give there.
 *
 * What could not be looked at is reported, as a whole folder's failure or as a
 * file's. Cost: one readdir and one stat a file; memory: the names of one
 * folder a level, and OPEN_LEVELS file descriptors; folders may lie deeper than
 * PATH_MAX.
 *
 *     walk_open(&w, folder, &roots);
 *     while ((rc = walk_next(w, &e)) > 0)
 *         use(e.path, e.st);
 *     walk_close(w);
 */
#ifndef INDEXER_WALK_H
#define INDEXER_WALK_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "index/roots.h"
#include "indexer/formats/filter.h"

struct walk;

enum walk_kind {
    WALK_FILE,
    WALK_BAD_FILE,   /* stat failed: `error` says why */
    WALK_BAD_FOLDER, /* could not be read: nothing below it is known */
    WALK_LOOP        /* a link to a folder it lies in, not followed */
};

/* `error` of a folder to walk that its root leaves out. */
enum { WALK_LEFT_OUT = 1 << 16 };

struct walk_entry {
    struct view path; /* with a NUL behind it; until the next call */
    enum walk_kind kind;
    int error;      /* errno, or WALK_LEFT_OUT */
    struct stat st; /* of a WALK_FILE, links followed */
};

/* `folder`: an absolute path without trailing slashes (but "/" itself);
 * `roots` (borrowed until walk_close) may be NULL. 0 or ERR_NOMEM: a folder
 * that cannot be read is the walk's first entry. */
int walk_open(struct walk **out, const char *folder, const struct roots *roots);

/* Names that these filters (borrowed; may be NULL) read are taken in, too. */
void walk_filters(struct walk *w, const struct filters *filters);

/* 1, 0 at the end, ERR_NOMEM. */
int walk_next(struct walk *w, struct walk_entry *e);

void walk_close(struct walk *w); /* NULL is allowed */

/* Why an entry failed, in words. */
const char *walk_error(const struct walk_entry *e);

#endif
