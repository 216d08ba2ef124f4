/*
 * check_state.h - what the parts of the check share: check.c (settings, log),
 * check_docs.c (sources, documents, norms, columns), check_names.c (paths by
 * docid), check_terms.c (segments).
 */
#ifndef INDEXER_CHECK_STATE_H
#define INDEXER_CHECK_STATE_H

#include "indexer/check.h"

struct check {
    struct index *ix; /* borrowed, as are all pointers */
    struct check_report *report;
    void (*say)(void *arg, const char *line);
    void *arg;
    struct err err; /* of what was called last */
};

/* One problem, printf style. */
void check_say(struct check *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Where rc is ERR_CORRUPT: says c->err and returns 0, so that the check goes
 * on with something else. Other codes are returned. */
int check_rc(struct check *c, int rc);

/* Calls fn for each entry of a table: 0 (also where there is no such table) or
 * the first negative code of fn or of reading. */
int check_table(struct check *c, const char *name,
                int (*fn)(struct check *c, void *arg, struct view key,
                          struct view val),
                void *arg);

int check_documents(struct check *c);

/* The table of paths by docid, and whether it has `path` for a document. */
int check_names(struct check *c);
int check_name(struct check *c, uint32_t docid, struct view path);

int check_segment(struct check *c, struct segment *s);

#endif
