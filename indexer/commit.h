/*
 * commit.h - writes a batch: one transaction, after which all of it is there.
 *
 * In it: the documents and their texts, their segment, their norms and columns,
 * the path table, the end of the documents that died, the log of it all, and
 * last the manifest. Only a segment that would make the transaction too large
 * goes ahead in transactions of its own; until the manifest names it, it does
 * not exist.
 *
 *     commit_open(&c, store, &err);
 *     for each batch
 *         fill it, asking commit_source what is known of a source
 *         commit_batch(c, &batch, invert, &err)
 *     commit_close(c);
 */
#ifndef INDEXER_COMMIT_H
#define INDEXER_COMMIT_H

#include "index/languages.h"
#include "index/manifest.h"
#include "indexer/batch.h"
#include "indexer/encodings.h"
#include "text/lexers.h"

struct commit {
    struct store *store;        /* borrowed */
    struct txn *txn;            /* NULL while none is open */
    struct manifest manifest;   /* as of the last commit */
    struct languages languages; /* likewise */
    struct roots roots;
    bool fresh;         /* it gets its uuid and settings with the first */
    bool roots_changed; /* to be written with the next commit */
    struct encodings encodings;  /* as recorded, or to be */
    bool encodings_changed;      /* to be written, too */
    struct buf config;           /* settings, to be written if new */
    bool text;                   /* texts are stored */
    const struct lexers *lexers; /* borrowed */
    uint64_t run_start_ns;       /* written if not 0 */
    size_t dirty_max;            /* bytes a transaction may change */
    unsigned jobs;               /* threads at work: 1 or more */
    size_t ahead_max;            /* bytes of texts that are packed ahead */
    struct document_writer *writer;
    bool trained; /* a dictionary was tried for */
    bool last;    /* the next batch is a run's last: small segments are merged
                   * in its transaction, which spares them one of their own */
};

/* Reads manifest and roots; `store` may be NULL, of an index that is not there
 * yet: then nothing is known and nothing can be committed. config, text, lexers, run_start_ns and dirty_max
 * are the caller's to fill; without lexers languages are not counted. */
int commit_open(struct commit *c, struct store *store, struct err *err);

/* What is known of a source: 1, 0 nothing, negative. Not of those in the batch
 * being filled. */
int commit_source(struct commit *c, struct view id, struct source *out,
                  struct err *err);

/* The transaction that is open, or a new one. */
int commit_begin(struct commit *c, struct err *err);
/* Ends it; nothing was written. */
void commit_end(struct commit *c);

/* Writes the batch and clears it and the documents of v. An empty one still
 * makes a generation. On failure nothing is changed. */
int commit_batch(struct commit *c, struct batch *b, struct invert *v,
                 struct err *err);

void commit_close(struct commit *c);

#endif
