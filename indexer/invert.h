/*
 * invert.h - turns documents into terms with postings, in memory.
 *
 * Each token is logged as 4 bytes: the number of its surface (lexicon.h) and
 * whether it stands one position behind the token before. Some documents at a
 * time the log is dealt out to chains, one a term (chains.h); when the batch is
 * whole the terms are sorted and walked in byte order, those of titles (marked
 * by a byte 01 in front) first. Cost: O(tokens + terms log terms); memory: some
 * 3 bytes a posting, beside the lexicon.
 *
 * A (term, position) is unique in a document: of two tokens that give the same
 * term at the same position the first stays.
 *
 *     invert_open(&v, lexers, budget, beside);
 *     for each document
 *         if (invert_add(v, language, text, zones, nzones, &checks, &doc) ==
 *             ERR_FULL)
 *             write what is there, invert_clear(v), again
 *     invert_sort(v);
 *     while ((rc = invert_next(v, &term)) > 0) ...
 *     invert_clear(v);
 */
#ifndef INDEXER_INVERT_H
#define INDEXER_INVERT_H

#include "index/document.h"
#include "index/postings.h"
#include "text/lexers.h"
#include "text/sketch.h"

struct invert;

/* What was found out about a document. */
struct inverted {
    uint32_t length; /* positions that held a token */
    uint32_t cut;    /* tokens that were longer than a term may be */
    uint8_t sketch[SKETCH_BYTES];
};

/* Places where its text may be cut into frames. */
struct checkpoints {
    struct checkpoint *at;
    size_t n, cap;
};

/* Postings of document `doc` of the batch, counted from 0. */
struct inverted_posting {
    uint32_t doc;
    uint32_t tf;
    uint8_t code; /* its length code */
};

struct inverted_term {
    struct view term; /* with the mark 01 if it is one of titles */
    struct term_info info;
    const struct form *form; /* by falling count */
    uint32_t nforms;
    const struct inverted_posting *posting; /* info.df of them */
    const struct occurrence *occurrence;    /* info.cf, document by document */
};

/* `budget`: bytes that text, log and tables may take together, and of them
 * `beside` others, until invert_sort. `lexers` are borrowed. 0 or ERR_NOMEM. */
int invert_open(struct invert **out, struct lexers *lexers, size_t budget,
                size_t beside);

/* Adds a document, whose language has that number. `checks`: appended to, or
 * NULL. ERR_FULL where it would go over the budget: then it was not added;
 * ERR_NOMEM. */
int invert_add(struct invert *v, unsigned language, struct view text,
               const struct zone *zones, size_t nzones,
               struct checkpoints *checks, struct inverted *out);

/* Their texts and checkpoints take memory no more. */
void invert_stored(struct invert *v);

/* Documents added since the last invert_clear. */
uint32_t invert_documents(const struct invert *v);

/* Memory that the documents so far and sorting them take, in bytes. */
size_t invert_bytes(const struct invert *v);

/* Memory that is held for the documents to come, in bytes, beside the
 * lexicon's. */
size_t invert_held(const struct invert *v);

/* Deals the log out to the terms. 0 or ERR_NOMEM. */
int invert_sort(struct invert *v);

/* The next term in byte order: 1, 0 at the end, ERR_NOMEM. *out is borrowed
 * until the next call. */
int invert_next(struct invert *v, struct inverted_term *out);

/* Forgets the documents. The lexicon is kept, unless it has outgrown a third
 * of the budget. `all`: gives all memory back. */
void invert_clear(struct invert *v, bool all);

void invert_free(struct invert *v); /* NULL is allowed */

#endif
