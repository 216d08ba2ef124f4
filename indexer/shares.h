/*
 * shares.h - what an index is made of, byte by byte.
 */
#ifndef INDEXER_SHARES_H
#define INDEXER_SHARES_H

#include "index/index.h"

/* Bytes of keys and values of all segments. */
struct shares {
    uint64_t terms;            /* term blocks without what follows */
    uint64_t postings;         /* documents and counts, inline or in chunks */
    uint64_t forms_p, forms_x; /* forms, in tables p and in tables x */
    uint64_t in_p, in_x;       /* all of both: the rest are positions */
    uint64_t df;               /* postings: their number */
};

/* Adds up the segments of an open index: reads all term blocks and the keys of
 * everything else. 0 or negative. */
int shares_sum(struct index *ix, struct shares *out, struct err *err);

#endif
