/*
 * docs_named.h - which documents path:TEXT, id:N, date:RANGE and lang:L name.
 */
#ifndef QUERY_DOCS_NAMED_H
#define QUERY_DOCS_NAMED_H

#include "index/index.h"
#include "query/leaf.h"

/* Fills l->docs (malloc'd, ascending) and l->ndocs of a LEAF_DOCS: documents
 * whose path, as it is shown, contains the text, or matches it as a whole
 * where the text has a * or a ?. Cost: one pass over the names or over a
 * column. 0 or negative. */
int docs_named(struct leaf *l, struct index *ix, struct err *err);

#endif
