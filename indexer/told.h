/*
 * told.h - what was said in the last round, so that a program that looks again
 * and again says it once.
 *
 *     struct told t = {0};
 *     for each round {
 *         if (told_new(&t, message)) print it;
 *         told_turn(&t);
 *     }
 *     told_release(&t);
 *
 * A message that a round does without is forgotten, and new when it comes
 * back. Only hashes are kept: 8 bytes a message.
 */
#ifndef INDEXER_TOLD_H
#define INDEXER_TOLD_H

#include <stdbool.h>

#include "base/buf.h"

struct told {
    struct buf before; /* hashes of the last round, ascending */
    struct buf now;    /* and of this one */
};

/* Whether the round before did without this message. It counts as told in any
 * case. (Where memory is out, all are new.) */
bool told_new(struct told *t, struct view message);

/* The round ends. */
void told_turn(struct told *t);

void told_release(struct told *t);

#endif
