/*
 * log.h - the tokens of a batch.
 *
 * They are kept one by one, 4 bytes each, until there are so many that packing
 * them into chains, term by term (chains.h), pays: some documents. An entry is 2
 * bits of step (one position on, the same position, or no token but a leap of so
 * many positions) and the number of the token's surface (lexicon.h). Positions
 * are made absolute by a base for each document, so that 4 bytes tell document
 * and position. Tokens of titles are few, and noted once more.
 *
 *     log_begin(l);
 *     log_reserve(l, tokens);
 *     for each token
 *         log_add(l, surface, pos, title);
 *     log_end(l, lexicon, code);               // or log_undo(l)
 *     ...
 *     log_pack(l, lexicon);
 *     read l->chains, l->title
 */
#ifndef INDEXER_LOG_H
#define INDEXER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "indexer/chains.h"

/* An entry's step, its upper two bits, and the rest. */
#define LOG_STEP 0xc0000000u
#define LOG_SAME 0x40000000u /* at the position of the token before */
#define LOG_LEAP 0xc0000000u /* no token: the rest is added to the position */
#define LOG_REST 0x3fffffffu

struct log_doc {
    uint32_t base; /* absolute position of its position 0 */
    uint8_t code;  /* length code */
};

/* A token of a title. */
struct log_title {
    uint32_t pos; /* absolute */
    uint32_t surface;
};

struct log {
    uint32_t *entry; /* those not packed yet */
    size_t n, cap;
    uint32_t packed;      /* position before them, absolute */
    uint64_t waiting;     /* postings that they make */
    struct chains chains; /* all others */
    struct log_title *title;
    size_t ntitles, title_cap;
    struct log_doc *doc; /* ndocs, and one that says where the last ends */
    size_t ndocs, doc_cap;
    uint64_t postings; /* that the document at hand makes; counted by the
                        * caller */
    struct {           /* what there was before it */
        size_t n, ntitles;
    } before;
    uint32_t pos; /* of the last token of the document at hand, or one before
                   * 0 */
};

/* A document begins: 0, ERR_NOMEM, ERR_FULL where the log's numbers end. */
int log_begin(struct log *l);

/* Room for n more tokens. 0 or ERR_NOMEM. */
int log_reserve(struct log *l, size_t n);

/* The entries that take the log on to a position some steps away, or stay. */
uint32_t log_step(struct log *l, uint32_t steps);

/* A token of the document, positions ascending; there is room for it. Inline:
 * it runs for every token. */
static inline void log_add(struct log *l, uint32_t surface, uint32_t pos,
                           bool title)
{
    uint32_t steps = pos - l->pos;

    if (title) {
        l->title[l->ntitles].pos = l->doc[l->ndocs].base + pos;
        l->title[l->ntitles++].surface = surface;
    }
    if (steps != 1)
        surface |= log_step(l, steps);
    l->pos = pos;
    l->entry[l->n++] = surface;
}

/* Ends the document, whose surfaces are the lexicon's. 0 or ERR_NOMEM: then no
 * other may follow before log_clear. */
int log_end(struct log *l, const struct lexicon *lx, uint8_t code);
/* Packs all that is not packed yet, and gives back what that took. 0 or ERR_NOMEM, as log_end. */
int log_pack(struct log *l, const struct lexicon *lx);
/* Takes the document that was begun back out. */
void log_undo(struct log *l);

/* Memory in use, and beside it by what is not packed yet and by packing. */
size_t log_bytes(const struct log *l);
size_t log_waiting(const struct log *l);
void log_clear(struct log *l);
void log_release(struct log *l);

#endif
