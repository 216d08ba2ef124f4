/*
 * tally.h - words counted: a hash table from bytes to numbers.
 *
 * Entries keep the order in which they came, so that what is made of them does
 * not depend on the table. Memory: the bytes of each different word, and about
 * 40 bytes beside.
 */
#ifndef QUERY_TALLY_H
#define QUERY_TALLY_H

#include <stdint.h>

#include "base/buf.h"

struct tally_entry {
    size_t start; /* of its bytes in `bytes` */
    uint32_t len;
    uint32_t other; /* the caller's */
    uint64_t hash;
    uint64_t count; /* the caller's */
};

struct tally {
    struct buf bytes;
    struct tally_entry *entry;
    size_t n;
    size_t cap;
    uint32_t *slot; /* entry + 1, or 0; a power of two of them, half empty */
    size_t nslots;
};

/* The entry of v, which is made with zeros if there is none; NULL when memory
 * is out. Borrowed until the next call. */
struct tally_entry *tally_get(struct tally *t, struct view v);

static inline struct view tally_view(const struct tally *t,
                                     const struct tally_entry *e)
{
    return view_of(t->bytes.p + e->start, e->len);
}

void tally_release(struct tally *t);

#endif
