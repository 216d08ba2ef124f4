/*
 * sources.h - what the operands of a run mean: folders and files by their
 * absolute paths.
 *
 * The id of a file is its absolute path: its folder's real path and its own
 * name, so that a link to a file is a source of its own.
 */
#ifndef INDEXER_SOURCES_H
#define INDEXER_SOURCES_H

#include "index/source.h"

struct sources {
    struct buf names; /* absolute paths, a NUL behind each */
    size_t *folder;   /* places in `names`: folders to mirror, sorted, each
                       * without the roots in it */
    size_t nfolders, folder_cap;
    size_t *file; /* and files, sorted, each once */
    size_t nfiles, file_cap;
};

static inline const char *sources_name(const struct sources *s, size_t place)
{
    return (const char *)s->names.p + place;
}

/* Adds an operand: a folder (which becomes a root unless it lies in one; then
 * *new_root is set), a file, or a root that is no more. ERR_NOTFOUND for what
 * is neither there nor recorded; ERR_NOMEM. */
int sources_operand(struct sources *s, struct roots *roots, const char *path,
                    bool *new_root, struct err *err);

/* Adds the recorded roots. ERR_USAGE if there are none. */
int sources_roots(struct sources *s, const struct roots *roots,
                  struct err *err);

/* Adds the files that are named in `list` ("-" is stdin), a line each or, with
 * `null`, a NUL behind each. ERR_IO, ERR_NOMEM. */
int sources_list(struct sources *s, const char *list, bool null,
                 struct err *err);

/* Adds the file of that id. 0 or ERR_NOMEM. */
int sources_file(struct sources *s, struct view id);

/* Drops roots that are gone from within a folder of `s` (of any root, where `s`
 * is NULL): what was below them is the outer root's now. *changed is set if
 * there were any. */
void sources_forget(const struct sources *s, struct roots *roots,
                    bool *changed);

/* Sorts both and drops what is there twice. A root in a folder is walked for
 * itself, so it is added to the folders; any other folder in a folder is
 * dropped. 0 or ERR_NOMEM. */
int sources_sort(struct sources *s, const struct roots *roots);

/* Whether the folders cover all roots. */
bool sources_cover(const struct sources *s, const struct roots *roots);

/* Appends the id of the file that `path` names, which need not exist. 0 or
 * ERR_NOMEM. */
int sources_id(const char *path, struct buf *out);

void sources_release(struct sources *s);

#endif
