/*
 * log.h - the tokens of a batch, 4 bytes each.
 *
 * An entry is 2 bits of step (one position on, the same position, or no token
 * but a leap of so many positions) and the number of the token's surface
 * (lexicon.h). Positions are made absolute by a base for each document, so that
 * 4 bytes tell document and position.
 *
 *     log_begin(l);
 *     log_reserve(l, tokens);
 *     for each token
 *         log_add(l, surface, pos, title);
 *     log_end(l, code);                        // or log_undo(l)
 */
#ifndef INDEXER_LOG_H
#define INDEXER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An entry's step, its upper two bits, and the rest. */
#define LOG_STEP 0xc0000000u
#define LOG_SAME 0x40000000u /* at the position of the token before */
#define LOG_LEAP 0xc0000000u /* no token: the rest is added to the position */
#define LOG_REST 0x3fffffffu

struct log_doc {
    uint32_t from;       /* its entries begin here in the log */
    uint32_t title_from; /* those of its title */
    uint32_t title_to;
    uint32_t base; /* absolute position of its position 0 */
    uint8_t code;  /* length code */
};

struct log {
    uint32_t *entry;
    size_t n, cap;
    struct log_doc *doc; /* ndocs, and one that says where the last ends */
    size_t ndocs, doc_cap;
    uint64_t postings; /* that the tokens make; counted by the caller */
    uint64_t before;   /* as many before the document at hand */
    uint32_t pos;      /* of the last token of the document at hand, or one
                        * before 0 */
};

/* A document begins: 0, ERR_NOMEM, ERR_FULL where the log's numbers end. */
int log_begin(struct log *l);

/* Room for n more tokens. 0 or ERR_NOMEM. */
int log_reserve(struct log *l, size_t n);

/* The entries that take the log on to a position some steps away, or stay. */
uint32_t log_step(struct log *l, uint32_t steps);

/* A token of the document, positions ascending, those of its title in one
 * stretch; there is room for it. Inline: it runs for every token. */
static inline void log_add(struct log *l, uint32_t surface, uint32_t pos,
                           bool title)
{
    uint32_t steps = pos - l->pos;

    if (steps != 1)
        surface |= log_step(l, steps);
    if (title) {
        struct log_doc *doc = &l->doc[l->ndocs];

        if (doc->title_from == doc->title_to)
            doc->title_from = (uint32_t)l->n;
        doc->title_to = (uint32_t)l->n + 1;
    }
    l->pos = pos;
    l->entry[l->n++] = surface;
}

int log_end(struct log *l, uint8_t code);
/* Takes the document that was begun back out. */
void log_undo(struct log *l);

size_t log_bytes(const struct log *l);
void log_clear(struct log *l);
void log_release(struct log *l);

#endif
