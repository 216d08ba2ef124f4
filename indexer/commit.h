/*
 * commit.h - writes a batch: one transaction, after which all of it is there.
 *
 * In it: the documents and their texts, their segment, their norms and columns,
 * the path table, the end of the documents that died, the log of it all, and
 * last the manifest. Only texts, and a segment that would make the transaction too
 * large, go ahead in transactions of their own; until the manifest names the
 * segment, and a number behind those of the documents, they do not exist.
 *
 *     commit_open(&c, store, &err);
 *     for each batch
 *         fill it, asking commit_source what is known of a source,
 *             commit_texts(c, &batch, &err) as often as its texts get many
 *         commit_batch(c, &batch, invert, &err)
 *     commit_close(c);
 */
#ifndef INDEXER_COMMIT_H
#define INDEXER_COMMIT_H

#include "index/languages.h"
#include "index/manifest.h"
#include "indexer/ahead.h"
#include "indexer/batch.h"
#include "indexer/encodings.h"
#include "text/lexers.h"

struct commit {
    struct store *store;        /* borrowed */
    struct txn *txn;            /* NULL while none is open */
    struct manifest manifest;   /* as of the last commit */
    struct languages languages; /* likewise */
    struct roots roots;
    struct encodings encodings;  /* as recorded, or to be */
    struct buf config;           /* settings, to be written if new */
    const struct lexers *lexers; /* borrowed */
    uint64_t run_start_ns;       /* written if not 0 */
    size_t dirty_max;            /* bytes a transaction may change */
    size_t text_max;             /* bytes of texts that are in hand, about */
    struct ahead ahead;          /* texts that are packed by another thread */
    struct document_writer *writer;
    unsigned jobs;          /* threads at work: 1 or more */
    bool fresh;             /* it gets its uuid and settings with the first */
    bool roots_changed;     /* to be written with the next commit */
    bool encodings_changed; /* likewise */
    bool text;              /* texts are stored */
    bool trained;           /* a dictionary was tried for */
    bool last; /* the next batch is a run's last: small segments are merged
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

/* Stores records and texts of the batch's documents and forgets the texts; all
 * else waits for commit_batch, before which nobody knows of the documents. What
 * a batch that is never committed leaves of them, commit_sweep removes. On
 * failure only commit_close is left to do. */
int commit_texts(struct commit *c, struct batch *b, struct err *err);

/* Removes documents that no commit knows of, as a run leaves them that was
 * killed: to be called before the first batch. */
int commit_sweep(struct commit *c, struct err *err);

/* Writes the batch and clears it and the documents of v. An empty one still
 * makes a generation. On failure nothing is changed. */
int commit_batch(struct commit *c, struct batch *b, struct invert *v,
                 struct err *err);

void commit_close(struct commit *c);

#endif
