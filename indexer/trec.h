/*
 * trec.h - documents from a TREC collection:
 *
 *     <DOC>
 *     <DOCNO> FT911-3 </DOCNO>
 *     <DATE>910514</DATE>
 *     <HEADLINE>...</HEADLINE>
 *     <TEXT>...</TEXT>
 *     </DOC>
 *
 * trec_doc.h says what becomes of one DOC. Here the stream is cut into them. A
 * DOC goes on to the next </DOC>; one that begins a line (behind blanks at
 * most) while another has not ended shows that the end of that is missing: the
 * one without an end fails, the reading goes on with the other. What stands
 * between them is passed over, but a stream that holds no DOC at all fails.
 */
#ifndef INDEXER_TREC_H
#define INDEXER_TREC_H

#include "indexer/records.h"

struct trec;
struct stream;

/* `path` "-" is stdin. DOCs over max bytes are refused. ERR_IO, ERR_NOMEM. */
int trec_open(struct trec **out, const char *path, size_t max, struct err *err);

/* What it reads from. */
struct stream *trec_stream(struct trec *t);

/* As records_next. The line of a record is that of its <DOC>; its raw bytes go
 * from there to the </DOC>, which is not among them. */
int trec_next(struct trec *t, struct record *out,
              const volatile sig_atomic_t *stop, struct err *err);

void trec_close(struct trec *t); /* NULL is allowed */

#endif
