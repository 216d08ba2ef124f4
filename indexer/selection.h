/*
 * selection.h - what the command line says is to be taken in of a folder:
 * --include, --exclude, --hidden, --follow, --one-file-system.
 *
 * It is recorded with the folder's root (roots.h), whole: a run that names the
 * root and gives any of the options replaces what was recorded, one that gives
 * none goes by it.
 */
#ifndef INDEXER_SELECTION_H
#define INDEXER_SELECTION_H

#include "indexer/sources.h"

struct selection {
    bool given;          /* one of the options was */
    unsigned flags;      /* ROOT_HIDDEN … */
    struct buf patterns; /* as in struct root; NUL-ended once there are any */
};

/* Adds a flag, or a pattern of --include (`in`) or --exclude; an empty pattern
 * adds nothing. ERR_USAGE, ERR_NOMEM. */
void selection_flag(struct selection *s, unsigned flag);
int selection_pattern(struct selection *s, bool in, const char *pattern,
                      struct err *err);

/* Records it, if given, with the roots that are the folders of `sources`;
 * *changed is set if any had another one. ERR_USAGE for a folder that is no
 * root, or where there are no folders; ERR_NOMEM. */
int selection_record(const struct selection *s, const struct sources *sources,
                     struct roots *roots, bool *changed, struct err *err);

/* The error of options without a folder they could be about. */
int selection_alone(struct err *err);

/* Appends the options that would give the root its selection, a blank before
 * each. 0 or ERR_NOMEM. */
int selection_text(const struct root *root, struct buf *out);

void selection_release(struct selection *s);

#endif
