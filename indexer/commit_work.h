/*
 * commit_work.h - a commit under way, shared by the files that do it: commit.c
 * (transaction, segment, manifest), commit_docs.c (new documents),
 * commit_kill.c (dead ones, and the log of both).
 */
#ifndef INDEXER_COMMIT_WORK_H
#define INDEXER_COMMIT_WORK_H

#include "index/fields.h"
#include "indexer/commit.h"

struct work {
    struct commit *c;
    struct batch *b;
    struct invert *v;
    struct manifest m;          /* as it will be */
    struct languages languages; /* likewise */
    uint32_t first;             /* docid of the batch's first document */
    struct documents *old;      /* reads what dies or moves */
    struct field_keys keys;     /* of documents that come or go */
    struct buf log;             /* operations */
    uint64_t nlog;
    struct err *err;
};

/* Stores what was handed over, readies the writer of documents, and trains its dictionary if it has none. */
int work_begin_documents(struct work *w);

/* Commits what was written so far and goes on in a new transaction. */
int work_turn_over(struct work *w);

/* Has what is not stored yet of the batch's texts packed by another thread, if
 * that is allowed and worth while. */
int work_hand_over(struct work *w);

/* Writes the batch's documents that are not stored yet, all path records, norms
 * and columns. */
int work_add_documents(struct work *w);

/* Ends the documents that those of the batch, or its changes, replace. */
int work_kill_documents(struct work *w);

/* Gives documents their new paths and dates, and deletes the records of the
 * old ones. */
int work_move_documents(struct work *w);

/* A document in that language comes (1) or goes (-1). */
void work_count_language(struct work *w, struct view language, int by);

/* Logs documents [w->first, last] as added. */
int work_log_added(struct work *w, uint32_t last);

/* Writes the log of this generation and drops that of a very old one. */
int work_write_log(struct work *w);

/* The value of COLUMN_DATE for a document of these, or of its file's time. */
int32_t work_date(int32_t days, unsigned source, const struct source *row);

/* The file of a document that stays has another time: so has the document, if
 * that is its date. */
int work_touch(struct work *w, const struct source *row);

#endif
