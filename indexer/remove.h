/*
 * remove.h - --remove: documents by path, by folder, or by a record's id.
 */
#ifndef INDEXER_REMOVE_H
#define INDEXER_REMOVE_H

#include "indexer/intake.h"

/* Removes what `operand` names: a record of that id, a file, or all that lies
 * below a folder, which is then no root any more. A name without a document is
 * reported as failed. It may be given as any path of the file, which need not
 * exist any more, or as query shows it. */
int remove_operand(struct intake *in, const char *operand, struct err *err);

#endif
