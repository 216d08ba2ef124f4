/*
 * renames.h - documents whose files are gone, looked for among the files that
 * are new.
 *
 * A run knows from its plan which files are gone and which are new. A new file
 * with the content of one that is gone is that one under another name: it keeps
 * its document. The content decides, when the file is read; but the purge guard
 * has to judge before, so it goes by looks (device, inode, size and time, which
 * a rename leaves alone) and, where that is not enough, by content.
 *
 *     renames_gone(&r, &row, root), renames_new(&r, &looks)   while planning
 *     renames_by_looks(&r, vanish)
 *     while (renames_take(&r, size, hash, &docid)) ...        while reading
 *     renames_settle(&r)
 *     if (!renames_taken(&r, docid)) remove it
 *     renames_release(&r)
 */
#ifndef INDEXER_RENAMES_H
#define INDEXER_RENAMES_H

#include <stdbool.h>

#include "index/source.h"

struct gone {
    uint64_t size, hash; /* of the content */
    uint64_t looks;
    uint32_t docid;
    uint32_t root; /* the caller's number */
    bool found;    /* there is a new file like it */
    bool taken;    /* and it has become that file's document */
};

struct renames {
    struct gone *gone;
    size_t ngone, gone_cap;
    uint64_t *looks; /* of new files */
    size_t nlooks, looks_cap;
};

/* Notes the document of a file that is gone, as its record says. 0 or
 * ERR_NOMEM. */
int renames_gone(struct renames *r, const struct source *row, uint32_t root);

/* Notes what a new file looks like. 0 or ERR_NOMEM. */
int renames_new(struct renames *r, const struct source *looks);

/* Marks the documents that a new file looks like, and takes them from the
 * counts by root. To be called once, when all is noted. */
void renames_by_looks(struct renames *r, uint64_t *vanish);

/* Whether a file of that size may be one that is gone. */
bool renames_size(const struct renames *r, uint64_t size);

/* Marks a document of that content, if one is unmarked, and takes it from the
 * count of its root. */
void renames_by_content(struct renames *r, uint64_t size, uint64_t hash,
                        uint64_t *vanish);

/* A document of that content that no file has taken yet: true, and it is taken
 * now. `docid` may be given back with renames_give. */
bool renames_take(struct renames *r, uint64_t size, uint64_t hash,
                  uint32_t *docid);
void renames_give(struct renames *r, uint64_t size, uint64_t hash,
                  uint32_t docid);

/* From here on renames_taken answers, and nothing else. */
void renames_settle(struct renames *r);
bool renames_taken(const struct renames *r, uint32_t docid);

void renames_release(struct renames *r);

#endif
