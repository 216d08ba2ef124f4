/*
 * rebuild.h - all documents of an index anew, into a new data file that takes
 * the old one's place when it is whole. run.c does it; this is what such a run
 * asks of the old index.
 *
 * Folders are walked and files read as in a first run. What the old index knows
 * says which: its roots, files that were named one by one, and records of
 * --input, which have no other source than their stored text; that, what is
 * known of each and the hash of its line are taken over, so a later run over the
 * same lines finds them unchanged. The settings are the old ones unless others
 * were asked for: this is how an index gets another language or text chain.
 *
 * The purge guard judges by the old records, before anything is read and once
 * more at the end, since a file that cannot be read keeps no document here.
 *
 * Documents get new numbers, and so the new index a new uuid. Generations go on
 * behind a gap of one: the log cannot bridge it, so whoever asks what changed
 * since a generation of the old index is told to read everything anew, and
 * misses nothing.
 *
 *     rebuild_store(&store, dir, &err);
 *     commit_open(&c, store, &err);
 *     rebuild_open(&b, dir, named, &c, &err);
 *     ...                                        // c.config, operands
 *     rebuild_sources(&b, &sources, &err);
 *     plan with b.txn, take the files
 *     rebuild_records(&b, &intake, &stop, &err);
 *     ...                                        // commit the rest
 *     rebuild_publish(&b, &c, max_purge, &err);
 *     rebuild_close(&b);
 */
#ifndef INDEXER_REBUILD_H
#define INDEXER_REBUILD_H

#include <signal.h>

#include "indexer/intake.h"
#include "indexer/sources.h"

struct rebuild {
    struct store *store; /* of the old index; NULL where none can be read */
    struct txn *txn;     /* of it, likewise */
    struct buf config;   /* its settings */
    const struct roots *roots; /* of the new one, borrowed */
    uint32_t next_docid;       /* of it */
    uint64_t records;          /* documents that came from --input */
    struct renames none;       /* no file takes over an old document */
};

/* Takes the writer's lock and opens a new data file. Errors as store_open_with. */
int rebuild_store(struct store **out, const char *dir,
                  const struct store_options *o, struct err *err);

/* Opens the old index, if there is one; c gets its roots, and a generation to go
 * on from. `named`: PATHs were given; then they do where nothing can be read of
 * the old index. Else ERR_CORRUPT, ERR_VERSION …, and the message names the
 * command. An index of another format will do, as long as its roots and paths
 * can be read. */
int rebuild_open(struct rebuild *b, const char *dir, bool named,
                 struct commit *c, struct err *err);

/* Adds the roots, and the files in none of them. ERR_REFUSED where there are
 * records whose texts are not stored. */
int rebuild_sources(struct rebuild *b, struct sources *s, struct err *err);

/* Takes over the records of --input, until *stop is set. */
int rebuild_records(struct rebuild *b, struct intake *in,
                    const volatile sig_atomic_t *stop, struct err *err);

/* Puts the new data file in place. ERR_REFUSED where too many documents were
 * lost: all those of a root, over 20 and over max_purge percent, or any while
 * `failed` files or records did. */
int rebuild_publish(struct rebuild *b, struct commit *c, uint64_t failed,
                    unsigned max_purge, struct err *err);

void rebuild_close(struct rebuild *b);

#endif
