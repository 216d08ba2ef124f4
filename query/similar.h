/*
 * similar.h - the words that tell a document from the others, as a query for
 * documents like it.
 *
 * The text is cut and stemmed anew; a term weighs (1 + ln tf) idf, with idf as
 * in BM25 and tf counted in the document ("ltn" of Salton and Buckley,
 * "Term-weighting approaches in automatic text retrieval", 1988). Without the
 * logarithm, what a text says in each of its lines would count for more than
 * what it is about. Left out are numbers, terms of one character, joined
 * compounds (their parts are there) and terms that no other document has. The
 * SIMILAR_TERMS heaviest make the query, each in the form that it has most
 * often in the document; `-id:N` behind them leaves out the document itself.
 *
 * So what is asked is a query like any other, which can be read, changed and
 * asked again. Cost: the text is read once; a look-up a distinct term.
 */
#ifndef QUERY_SIMILAR_H
#define QUERY_SIMILAR_H

#include "index/index.h"
#include "query/arena.h"
#include "text/lexers.h"
#include "text/words.h"

enum { SIMILAR_TERMS = 25 };

struct similar {      /* all borrowed */
    struct index *ix; /* in a transaction */
    struct lexers *lexers;
    struct words *words;
    struct arena *arena; /* gets the terms of the document */
};

/* Appends the query for a document: 1; 0, with nothing appended, where it has
 * no words to look for; ERR_NOTFOUND where there is no such document, ERR_USAGE
 * where its text is not stored. */
int similar_query(const struct similar *sm, uint32_t docid, struct buf *out,
                  struct err *err);

#endif
