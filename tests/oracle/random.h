/*
 * random.h - random questions in the words of a collection.
 */
#ifndef ORACLE_RANDOM_H
#define ORACLE_RANDOM_H

#include "tests/oracle/acronyms.h"

struct random {
    struct collection *c;
    uint64_t state; /* of the generator: the same seed, the same questions */
    struct acronyms_said said;
    bool all; /* the question is asked with -a */
};

void random_init(struct random *r, struct collection *c, uint64_t seed);
void random_end(struct random *r);

/* A question; `text` (cleared) gets how it is written in the query
 * language. With `all` it is one for -a: clauses without a sign are required,
 * but for those that name documents. */
struct node *random_query(struct random *r, bool all, struct buf *text);

#endif
