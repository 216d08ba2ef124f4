/*
 * ask.h - what the program can be asked: one function each. All write to the
 * session's buffers and return 1 where something was found, 0 where nothing
 * was, or a negative error.
 */
#ifndef QUERY_ASK_H
#define QUERY_ASK_H

#include "query/session.h"

/* The queries of the command line, of -f, or the topics of --topics. */
int ask_search(struct session *s);

/* --show: the stored text of a document. */
int ask_show(struct session *s);

/* --similar: documents like one, by the words that tell it from the others. */
int ask_similar(struct session *s);

/* The query for documents like the named one, appended to `out`: 1; 0 where it
 * has no words to look for; ERR_USAGE where its text is not stored. *there
 * becomes whether there is such a document; without, 0. */
int ask_similar_query(struct session *s, struct view name, struct buf *out,
                      bool *there);

/* --stats: facts about the index. */
int ask_stats(struct session *s);

/* --terms: the words of the index that begin so, with the number of documents
 * that have them. */
int ask_terms(struct session *s);

/* --acronyms: what the documents say short forms stand for. */
int ask_acronyms(struct session *s);

/* --analyze: what the text chain makes of a text. Without an index (not even
 * a named one) the chain is that of English. */
int ask_analyze(struct session *s);

/* --batch: a request a line of standard input, an answer a line; see
 * settings_help for both, and for the codes of errors. */
int ask_batch(struct session *s);

/* --changes-since: documents added, changed and removed. 1 if there are any,
 * ERR_NOTFOUND where the log does not reach back so far. */
int ask_changes(struct session *s);

#endif
