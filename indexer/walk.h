/*
 * walk.h - the texts below a folder, in byte order of their full paths.
 *
 * Given a folder, get the regular files in it whose names end in .txt, .text or
 * .md (in any case), with what stat says of them. The order is that of memcmp
 * over whole paths, as git sorts: a folder's name counts with a '/' behind it.
 * So the walk can be joined with a table that is sorted by path.
 *
 * Left out: names that begin with a dot, index folders, what an .indexignore
 * names (ignore.h), links to folders, and what is no regular file (FIFOs, sockets and devices are never opened). Links
 * to files count as files. What could not be looked at is reported, as a
 * whole folder's failure or as a file's. Cost: one readdir and one stat a file;
 * memory: the names of one folder a level.
 *
 *     walk_open(&w, root, &err);
 *     while ((rc = walk_next(w, &e)) > 0)
 *         use(e.path, e.st);
 *     walk_close(w);
 */
#ifndef INDEXER_WALK_H
#define INDEXER_WALK_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"

struct walk;

enum walk_kind {
    WALK_FILE,
    WALK_BAD_FILE,  /* stat failed: `error` says why */
    WALK_BAD_FOLDER /* could not be read: nothing below it is known */
};

struct walk_entry {
    struct view path; /* with a NUL behind it; until the next call */
    enum walk_kind kind;
    int error;      /* errno */
    struct stat st; /* of a WALK_FILE, links followed */
};

/* `root`: an absolute path without trailing slashes (but "/" itself). 0 or
 * ERR_NOMEM: a root that cannot be read is the walk's first entry. */
int walk_open(struct walk **out, const char *root);

/* 1, 0 at the end, ERR_NOMEM. */
int walk_next(struct walk *w, struct walk_entry *e);

void walk_close(struct walk *w); /* NULL is allowed */

/* Whether a file of that name is taken for a text. */
bool walk_wanted(const char *name);

#endif
