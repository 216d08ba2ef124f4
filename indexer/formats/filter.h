/*
 * filter.h - --filter 'EXT=COMMAND': programs that turn files of some name into
 * text.
 *
 * The command is cut into words as a shell would cut it, quotes and all, and
 * run without one (child.h). `{}` in a word becomes the file's absolute path,
 * which begins with a slash and so is never taken for an option; without any
 * the file is the command's standard input. What it writes is the text, UTF-8.
 *
 * Filters belong to a run. No index holds one: who opens another's index must
 * not run another's commands.
 */
#ifndef INDEXER_FORMATS_FILTER_H
#define INDEXER_FORMATS_FILTER_H

#include "base/buf.h"
#include "base/err.h"

struct extract;
struct extract_limits;

struct file_filter {
    struct buf suffix; /* ".doc" */
    struct buf words;  /* a NUL behind each */
};

struct filters {
    struct file_filter *filter;
    size_t n, cap;
};

/* Adds one; the last of a suffix counts. ERR_USAGE for what is none, ERR_NOMEM. */
int filters_add(struct filters *f, const char *spec, struct err *err);

/* The one for files of that name, or NULL. */
const struct file_filter *filters_find(const struct filters *f,
                                       struct view path);

void filters_release(struct filters *f);

/* Runs a filter's words, as an extract function; `path`: of the file. */
int filter_extract(struct view words, struct view path, struct view bytes,
                   const struct extract_limits *limits, struct extract *x,
                   struct err *err);

#endif
