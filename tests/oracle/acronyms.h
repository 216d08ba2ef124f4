/*
 * acronyms.h - what documents say short forms stand for, and questions widened
 * by it: by comparing everything with everything.
 *
 * Text is cut and folded by the code under test; which long forms are one, how
 * many documents state each, what is an ordinary word and what a question finds
 * besides its words is decided here.
 */
#ifndef ORACLE_ACRONYMS_H
#define ORACLE_ACRONYMS_H

#include "tests/oracle/rank.h"

struct statement {
    char *brief; /* folded */
    char *stems; /* of the long form */
    char *head;  /* what its key begins with */
    char *brief_written, *full_written;
    uint32_t doc;
};

struct acronyms_said {
    struct statement *said;
    uint32_t n, cap;
};

/* What all living documents state. */
void said_open(struct acronyms_said *a, struct collection *c);
void said_close(struct acronyms_said *a);

/* Puts nodes of LEAF_MAX in place of words that stand for others as well. */
void said_widen(const struct acronyms_said *a, struct collection *c,
                struct node *question);

#endif
