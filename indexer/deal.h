/*
 * deal.h - the log of a batch's tokens, and dealing it out to their terms.
 *
 * A token is 4 bytes of the log: 2 bits of step (one position on, the same
 * position, or a leap of so many positions that only moves on) and the number
 * of its surface. Positions are made absolute by a base for each document, so
 * that 4 bytes tell document and position of an occurrence.
 */
#ifndef INDEXER_DEAL_H
#define INDEXER_DEAL_H

#include "indexer/invert.h"
#include "indexer/lexicon.h"

struct log_doc {
    uint32_t from;       /* its entries begin here in the log */
    uint32_t title_from; /* those of its title */
    uint32_t title_to;
    uint32_t base;       /* absolute position of its position 0 */
    uint8_t code;        /* length code */
};

struct log {
    uint32_t *entry;
    size_t n, cap;
    struct log_doc *doc; /* ndocs, and one more that says where the last ends */
    size_t ndocs, doc_cap;
    uint64_t postings;   /* that the tokens make, title terms included */
    uint32_t pos;        /* of the last token of the document that is added */
    bool any;            /* it has a token */
    uint64_t before;     /* postings before it */
};

/* A document begins: 0, ERR_NOMEM, ERR_FULL where the log's numbers end. */
int log_begin(struct log *l);
/* A token of it, positions ascending, those of its title in one stretch. */
int log_add(struct log *l, uint32_t surface, uint32_t pos, bool title);
int log_end(struct log *l, uint8_t code);
/* Takes the document that was begun back out. */
void log_undo(struct log *l);
size_t log_bytes(const struct log *l);
void log_clear(struct log *l);
void log_release(struct log *l);

struct deal;

/* 0 or ERR_NOMEM. */
int deal_open(struct deal **out);

/* Deals the log out to the terms of the lexicon, which are borrowed until the
 * last deal_next. Memory of the last time is used again. 0 or ERR_NOMEM. */
int deal_start(struct deal *d, const struct log *l, const struct lexicon *lx);

/* Memory deal_start will take, in bytes, about. */
size_t deal_bytes(const struct log *l, const struct lexicon *lx);

/* The next term: 1, 0 at the end, ERR_NOMEM. */
int deal_next(struct deal *d, struct inverted_term *out);

void deal_free(struct deal *d); /* NULL is allowed */

#endif
