/*
 * merge_term.h - the terms of several segments, one after the other, into a
 * segment writer. What merge.c is made of.
 *
 * A term takes two passes. The first one finds out what its head must say and
 * unites its forms; where a source has no dead documents its own head tells.
 * The second copies the postings of living documents. Sources are read in the
 * transaction that is written, unless they are in another store; when it has
 * grown enough it is committed, and all go on in the next one, amidst a term if
 * need be.
 */
#ifndef INDEXER_MERGE_TERM_H
#define INDEXER_MERGE_TERM_H

#include <signal.h>

#include "index/layout.h"
#include "index/manifest.h"
#include "index/norm.h"
#include "index/postings.h"
#include "indexer/merge_forms.h"
#include "indexer/segment_write.h"

struct source {
    struct segment segment;
    bool dead; /* some of its documents are dead */
    struct terms *terms;
    bool more; /* it stands on a term: */
    struct view term;
    uint64_t head; /* its first eight bytes, big-endian */
    struct term_info info;
    bool has;              /* that term is the one being merged */
    struct inline_term in; /* what it is made of, if it is inline, */
    struct postings *p;    /* or its postings, when open */
    uint32_t nforms;
    uint32_t *count; /* living occurrences of each of its forms */
    uint32_t *to;    /* and their new numbers */
    uint32_t cap;    /* of both */
    bool same;       /* all to[i] are i */
};

struct merge {
    struct store *store; /* that is written; borrowed, as is err */
    struct err *err;
    struct txn *txn;
    struct txn *from; /* where the sources are in another store: of that */
    size_t txn_max;   /* bytes of changes after which txn is committed */
    const volatile sig_atomic_t *stop; /* the merge is given up when it is set;
                                        * may be NULL */
    bool committed; /* part of the new segment is stored already */
    uint32_t next_docid;
    struct norms norms;
    struct source source[MANIFEST_SEGMENTS];
    uint32_t n;
    struct segment_writer *w;
    uint8_t term[TERM_MAX]; /* being merged, or merged last */
    size_t term_n;
    bool in_term;
    struct form_union forms;
    struct occurrence *occ; /* with new numbers of forms */
    uint32_t cap;
};

/* Whether the term that a source stands on has chunks. */
static inline bool source_chunked(const struct source *s)
{
    return terms_record(s->terms)->head.chunked;
}

/* Loads the block that holds docid d or what follows: 1, 0 behind the last,
 * negative. */
int source_block(struct postings *p, uint32_t d);

/* ERR_CORRUPT: the counts of the term that s stands on do not agree. */
int source_bad(struct merge *m, const struct source *s);

/* Opens the sources, whose segment.info is set, in m->txn (or m->from), which
 * is begun if need be. 0 or a negative code; sources_close also after a failure. */
int sources_open(struct merge *m);
void sources_close(struct merge *m);

/* The first pass over the term at hand: sums up in *sum what its living
 * documents have, fills m->forms and, in each source that has it, to, same and
 * what of it is decoded. */
int merge_gather(struct merge *m, struct term_info *sum);

/* Writes all terms to m->w. */
int merge_terms(struct merge *m);

#endif
