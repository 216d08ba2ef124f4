/*
 * plan_work.h - a plan under way, shared by plan.c (walks), plan_list.c (lists
 * that are complete) and plan_guard.c (may it be done?).
 */
#ifndef INDEXER_PLAN_WORK_H
#define INDEXER_PLAN_WORK_H

#include "indexer/plan.h"

/* Keys of paths that are cut and hashed are not in the order of the paths. */
enum { LONG_KEY = SOURCE_KEY_MAX };

struct long_key {
    uint8_t key[LONG_KEY];
};

/* What the guard wants to know of a root, or of a list that is complete. */
struct tally {
    const char *path; /* NULL for a list */
    uint64_t live;    /* documents below it */
    uint64_t files;   /* seen in the walk */
};

struct plan {
    struct report *report; /* borrowed, as are txn, todo and renames */
    struct txn *txn;
    struct plan_rules rules;
    struct cursor *cursor; /* over the path table; NULL while it is empty */
    struct err *err;
    struct todo *todo;
    struct renames *renames;
    struct tally *tally;
    size_t ntallies, tally_cap;
    uint64_t *vanish; /* by tally: its documents without a file */
    size_t vanish_cap;
    /* the root at hand */
    struct buf below;  /* its path, with a slash */
    struct buf barred; /* a folder that could not be read, with a slash */
    struct view key;   /* where the cursor stands … */
    struct source row;
    bool more;               /* … if it does */
    const struct root *root; /* the one it is or lies in, if any is in it */
    bool inner;              /* there are roots in it */
    struct long_key *seen;   /* long keys of files in the walk */
    size_t nseen, seen_cap;
    struct long_key *pending; /* long keys of records */
    size_t npending, pending_cap;
};

/* Begins to count for a root, or (NULL) for a list. 0 or ERR_NOMEM. */
int plan_tally(struct plan *p, const char *path);

/* The file of the record p->row is gone. */
int plan_vanished(struct plan *p, struct view key);

bool plan_is_long(struct view key);

/* Puts a long key among those seen; plan_sort_seen, and plan_was_seen finds it.
 * 0 or ERR_NOMEM. */
int plan_keep_seen(struct plan *p, struct view key);
void plan_sort_seen(struct plan *p);
bool plan_was_seen(const struct plan *p, struct view key);

/* Whether nothing is at that path. */
bool plan_gone(const char *path);

#endif
