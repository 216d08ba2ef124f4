/*
 * one_doc.h - the document that a number or a path names.
 */
#ifndef QUERY_ONE_DOC_H
#define QUERY_ONE_DOC_H

#include "index/index.h"

/* The living document of that number, or of that path as it is shown, or (of a
 * record) of that id; id: or path: in front says which of the two is meant. 1
 * with *docid, 0 if there is none, negative. */
int one_doc(struct index *ix, struct view name, uint32_t *docid,
            struct err *err);

#endif
