/*
 * chains.h - the occurrences of each term of a batch, packed, in memory.
 *
 * Given the tokens of some documents in the order of the text, deals them out to
 * their terms (to two, if they have two) and appends what each term has got to
 * its chain: for each occurrence the distance to the one before, and the surface
 * unless it is one of the last two. That is under three bytes a posting.
 * Dealing first makes it one jump through memory a term and not one a token.
 *
 * A chain lies in chunks of 12 to 512 bytes, most a quarter as large as all before
 * them together, each with the place of the next at its end. (After Moffat and
 * Bell, "In situ generation of compressed inverted files", 1995, and Buettcher
 * and Clarke, "Memory management strategies for single-pass index construction",
 * 2005.)
 *
 *     chains_add(&c, lexicon, log.entry, log.n, position, postings);
 *     for each term with c.chain[term].n > 0
 *         chains_read(&c, term, &packed, out)
 */
#ifndef INDEXER_CHAINS_H
#define INDEXER_CHAINS_H

#include "index/postings.h"
#include "indexer/lexicon.h"

struct chain {
    uint32_t last;    /* absolute position of the last occurrence */
    uint32_t surface; /* its surface */
    uint32_t other;   /* the one that was before that */
    uint32_t at;      /* where the next byte goes */
    uint32_t first;   /* where the first one is */
    uint32_t n;       /* occurrences; of one alone there is no chunk */
    uint16_t room;    /* bytes that still fit the last chunk */
    uint16_t level;   /* of the last chunk */
};

struct chains {
    uint8_t *pool; /* all chunks */
    size_t used, pool_cap;
    struct chain *chain; /* of each term */
    size_t nchains, chain_cap;
    uint32_t *term; /* of each surface: its first term, marked if it has two */
    size_t nsurfaces, surface_cap;
    uint32_t *place; /* of each term: how often it occurs in what is added;
                      * then, while dealing, where its next occurrence goes */
    size_t place_cap;
    uint32_t *gets; /* the terms that occur in it, in order */
    size_t ngets, gets_cap;
    struct occurrence *run; /* what is added, term by term */
    size_t run_cap;
    struct buf packed; /* what a term has got */
    uint32_t largest;  /* occurrences of the term that has most */
};

/* Appends entries of the log, n of them, which make so many postings; `pos` is
 * the position before them. 0 or ERR_NOMEM: then only chains_clear may follow. */
int chains_add(struct chains *c, const struct lexicon *lx,
               const uint32_t *entry, size_t n, uint32_t pos,
               uint64_t postings);

/* Whether there might be no numbers for the bytes of much more. */
bool chains_full(const struct chains *c);

/* Gives back memory to deal more than n postings. */
void chains_shrink(struct chains *c, size_t n);

/* Bytes that are in use, and that adding so many postings will take, about. */
size_t chains_bytes(const struct chains *c);
size_t chains_more(const struct chains *c, uint64_t postings);

/* Sends for the first chunk of a term, if it has one. */
static inline void chains_ahead(const struct chains *c, uint32_t term)
{
    __builtin_prefetch(c->pool + c->chain[term].first);
}

/* Writes the occurrences of a term, which has some, to out[0..n), n as its chain
 * says, absolute positions and surfaces. `spare` is a buffer to work with. 0 or
 * ERR_NOMEM. */
int chains_read(const struct chains *c, uint32_t term, struct buf *spare,
                struct occurrence *out);

/* Forgets all occurrences; the memory is kept. */
void chains_clear(struct chains *c);
/* Gives it back. */
void chains_release(struct chains *c);

#endif
