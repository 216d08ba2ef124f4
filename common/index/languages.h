/*
 * languages.h - how many living documents are stemmed in each language: what a
 * query has to be stemmed in. A record of table "meta", kept up by commits,
 * where the language of an index is "auto".
 */
#ifndef INDEX_LANGUAGES_H
#define INDEX_LANGUAGES_H

#include "index/store.h"
#include "text/stem.h"

struct languages {
    uint32_t docs[STEMMERS]; /* by number; 0: those that are not stemmed */
};

/* 1, 0 where there is no record (*out is then zeroed), ERR_CORRUPT. */
int languages_read(struct txn *t, struct languages *out, struct err *err);
int languages_write(struct txn *t, const struct languages *ls, struct err *err);

/* The bytes, before their seal, and back: for the above and for tests. 0,
 * ERR_NOMEM; 1, ERR_CORRUPT. */
int languages_encode(const struct languages *ls, struct buf *out);
int languages_decode(struct view v, struct languages *out, struct err *err);

#endif
