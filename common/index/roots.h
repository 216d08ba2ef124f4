/*
 * roots.h - the folders an index mirrors, and how paths in them are shown.
 *
 * A source id is an absolute path; people gave a root's name, "docs", and
 * want to see "docs/a.md". Ids that lie in no root (records, say) are shown
 * as they are.
 *
 * With a root goes what of it is taken in, so that a later run that names no
 * root sees the same files. It holds for what lies in that root and in no root
 * within it.
 */
#ifndef INDEX_ROOTS_H
#define INDEX_ROOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "index/store.h"

/* Flags of a root. Stored: only append. */
enum {
    ROOT_HIDDEN = 1, /* names that begin with a dot, too */
    ROOT_FOLLOW = 2, /* links to folders are folders */
    ROOT_ONE_FS = 4, /* folders of other file systems are left out */
    ROOT_FLAGS = 7   /* all of them */
};

struct root {
    char *path;     /* absolute, no trailing slash but "/" itself */
    char *name;     /* as the user gave it, without trailing slashes or "./";
                      * "" for "." */
    unsigned flags; /* ROOT_HIDDEN … */
    char *patterns; /* each '+' (take in) or '-' (leave out), a pattern as of
                      * gitignore(5), a line end; the last that fits decides */
};

struct roots {
    struct root *root;
    size_t n;
};

/* Fills *out, with no roots where none are stored. 0, or negative with *out
 * empty. */
int roots_read(struct txn *t, struct roots *out, struct err *err);
int roots_write(struct txn *t, const struct roots *r, struct err *err);

/* Adds a root (strings are copied and trimmed as above); one with that path
 * is left as it is. A name another root has already gives way to the path.
 * 0 or ERR_NOMEM. */
int roots_add(struct roots *r, const char *path, const char *name);

/* Forgets the root of that path and those that lie in it: whether there was
 * one. */
bool roots_remove(struct roots *r, struct view path);

/* Sets what is taken in of a root: 1, or 0 where that is what was set, or
 * ERR_NOMEM. */
int roots_select(struct root *root, unsigned flags, const char *patterns);

/* Forgets the i-th root. */
void roots_drop(struct roots *r, size_t i);

/* Whether `path` is `folder` or lies in it, by their names. */
bool roots_lies_in(struct view path, struct view folder);

/* The root that path lies in (the longest), or NULL. */
const struct root *roots_of(const struct roots *r, struct view path);

/* Appends how a source id is shown: with its root's name in place of its
 * root's path. 0 or ERR_NOMEM. */
int roots_show(const struct roots *r, struct view id, struct buf *out);

/* And back: appends the source id a shown path means. The longest name it
 * begins with counts; a relative one that begins with none lies in the root
 * shown as ".", if there is one, else it is taken as it is. So the id of a
 * record may come out as a path: look for it as written first. */
int roots_resolve(const struct roots *r, struct view shown, struct buf *out);

void roots_release(struct roots *r);

#endif
