/*
 * collate.h - the occurrences of one term become postings and forms.
 *
 * Given them in the order of the log, as (absolute position, surface), get
 * documents with counts, positions within their documents, and forms by falling
 * count in place of surfaces. Of two at a position the first stays. Cost: one
 * or two walks over the occurrences, and a sort of the term's forms.
 */
#ifndef INDEXER_COLLATE_H
#define INDEXER_COLLATE_H

#include "indexer/invert.h"
#include "indexer/lexicon.h"
#include "indexer/log.h"

struct collate_local;

struct collate {
    const struct log *log; /* borrowed, as is lx */
    const struct lexicon *lx;
    uint32_t *base; /* of each document, as in the log; and the end */
    size_t base_cap;
    uint32_t *near; /* document about each stretch of positions */
    size_t near_cap;
    unsigned shift;     /* a stretch has 1 << shift */
    uint32_t *local_of; /* surface -> place in `local`, or LEXICON_NONE */
    size_t local_of_cap;
    struct collate_local *local; /* surfaces of the term at hand */
    size_t nlocal, local_cap;
    uint32_t *rank; /* place in `local` -> number of form; then as many to work
                     * with */
    size_t rank_cap;
    struct form *form;
    size_t form_cap;
    struct inverted_posting *posting;
    size_t posting_cap;
};

/* Readies a zeroed or used struct for the documents and words of a batch. 0 or
 * ERR_NOMEM. */
int collate_start(struct collate *c, const struct log *l,
                  const struct lexicon *lx);

/* Collates the n > 0 occurrences of a term, in place. Fills *out but for its
 * term; borrowed until the next call. 0 or ERR_NOMEM. */
int collate_term(struct collate *c, struct occurrence *run, uint32_t n,
                 struct inverted_term *out);

/* Sends for what a coming term will need of one of its surfaces. */
static inline void collate_ahead(const struct collate *c, uint32_t surface)
{
    __builtin_prefetch(&c->lx->surface[surface]);
    __builtin_prefetch(&c->local_of[surface]);
}

void collate_release(struct collate *c);

#endif
