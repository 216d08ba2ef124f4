/*
 * ways.h - all ways through a phrase and through a document at once.
 *
 * Both are graphs: a joined token covers the positions of its parts, so there
 * may be two ways from one position to another. `reach[q]` holds how far the
 * ways have come that used the slots before position q of the query: where
 * they began, and the position of the document they arrived at. A slot at q
 * takes each of them one token further. Where the query has no slot (a cluster
 * its neighbour's bigram says already) a way steps over one position.
 */
#ifndef QUERY_WAYS_H
#define QUERY_WAYS_H

#include "query/place.h"

struct way {
    uint32_t from; /* position of the document where it began */
    uint32_t at;   /* and the one behind its last token */
};

struct ways {
    struct way *way;
    size_t n;
    size_t cap;
};

/* Finds the ways of leaf l, whose slots are place[], in document docid. They
 * end in reach[l->length], by start, of those that begin at the same position
 * the longest. 0 or negative. */
int ways_find(struct ways *reach, const struct leaf *l, struct place *place,
              struct op_env *env, uint32_t docid);

void ways_release(struct ways *w);

#endif
