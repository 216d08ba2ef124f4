/*
 * intake.h - takes sources in: each gets its verdict, and what is new or has
 * changed goes into the batch.
 *
 * Reading, meta, analysis and inversion happen here; a batch that is full is
 * committed on the way (commit.h), and segments are merged when they get many.
 */
#ifndef INDEXER_INTAKE_H
#define INDEXER_INTAKE_H

#include "indexer/commit.h"
#include "indexer/formats/filter.h"
#include "indexer/formats/worker.h"
#include "indexer/records.h"
#include "indexer/renames.h"
#include "indexer/report.h"

/* How --memory is divided. */
struct memory {
    uint64_t total;    /* bytes */
    size_t budget;     /* for text, log and tables of a batch */
    size_t text_max;   /* so much text is stored at once */
    size_t slow_max;   /* a batch with as much that was costly to get is full */
    size_t dirty_max;  /* pages a transaction may change */
    uint64_t size_max; /* the largest --max-size that fits */
};

enum { MEMORY_LEAST = 64 }; /* megabytes */

void memory_divide(struct memory *m, uint64_t total);

struct intake {
    struct commit *commit; /* borrowed, as are report and renames */
    struct report *report;
    struct renames *renames;
    bool force; /* also what has not changed */
    bool dry;   /* verdicts are reported, but nothing is taken */
    struct memory memory;
    uint64_t max_size;     /* bytes of a file or record */
    struct lexers *lexers; /* borrowed */
    struct detector
        *detector; /* where they are by document, once there is one */
    const struct filters *filters;
    struct worker_options convert;
    struct txn *old; /* of the index that is made anew, or NULL */
    struct invert *invert;
    struct worker *worker;
    struct derived derived; /* of the file at hand … */
    struct buf format;      /* … and how that is called */
    bool derived_now;       /* it is the one that becomes a document */
    const char *bare;       /* what it is, if a PDF with a title and no text */
    struct batch batch;
    struct meta meta;
    size_t slow;      /* bytes of text in the batch that were costly to get */
    uint64_t commits; /* done so far */
};

/* The fields above `invert` are set. 0 or ERR_NOMEM. */
int intake_open(struct intake *in, struct err *err);

/* Each takes one source: 0 with its verdict reported, or a failure of the index
 * (not of the source), after which nothing but intake_close is left. */
int intake_file(struct intake *in, struct view path, bool named,
                struct err *err);
int intake_record(struct intake *in, const struct record *rec, struct err *err);
/* Takes over document d of another index as it is stored there, with the
 * record `row` of its path. */
int intake_stored(struct intake *in, struct documents *ds,
                  const struct document *d, const struct source *row,
                  struct err *err);
/* Removes the source whose key that is. */
int intake_remove(struct intake *in, struct view key, struct err *err);

/* Commits what is in the batch, if anything is. */
int intake_flush(struct intake *in, struct err *err);

/* Merges what ought to be after a run; the batch is empty. */
int intake_merge(struct intake *in, struct err *err);

void intake_close(struct intake *in);

#endif
