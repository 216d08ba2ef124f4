/*
 * check_differ.h - says which term of a document is not in the index as it is
 * in the document's text.
 */
#ifndef INDEXER_CHECK_DIFFER_H
#define INDEXER_CHECK_DIFFER_H

#include "indexer/check_state.h"
#include "indexer/retake.h"

enum { DIFFER_MAX = 100 }; /* documents at once */

/* Takes these documents of a segment in again, of ascending docids, and walks
 * their terms and the segment's side by side; each document gets one line, for
 * the first term that differs. Cost: a look at all the segment's terms. 0 or
 * negative. */
int check_differ(struct check *c, struct segment *s, struct retake *r,
                 const uint32_t *docid, size_t n);

#endif
