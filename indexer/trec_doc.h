/*
 * trec_doc.h - what one DOC of a TREC collection says.
 *
 * id        DOCNO, which must be there, once
 * title     the first that is not empty of TITLE, HEADLINE, HL, TI, TTL,
 *           DOCTITLE, and HEAD where no tags are within (in HTML they are)
 * date      the first that can be read of DATE, DATE1, DATE_TIME and DD; beside
 *           what date.h reads, 910514 (Financial Times), 03/24/87 (Wall Street
 *           Journal) and January 1, 1989, Sunday (Los Angeles Times)
 * language  LANG or LANGUAGE
 * text      everything else, but DOCHDR, SCRIPT, STYLE and comments: second
 *           titles and dates that cannot be read, too
 * fields    elements outside of TEXT, BODY and HTML that have no attributes, a
 *           name of more than a letter and one line without tags in them; they
 *           are text, too, so that a byline or a subject is found
 *
 * Names of elements are in any case of letters. Tags are dropped and end words;
 * character references (char_ref.h) are decoded, those with unknown names stay
 * as they are, and so does a '<' that begins no tag. CRLF becomes LF;
 * ill-formed UTF-8 and NUL bytes become U+FFFD. An element of the table whose
 * end tag is missing is text. The time is linear in the size.
 */
#ifndef INDEXER_TREC_DOC_H
#define INDEXER_TREC_DOC_H

#include "indexer/records.h"

struct trec_doc;

/* 0 or ERR_NOMEM. */
int trec_doc_open(struct trec_doc **out, struct err *err);

/* Fills *out from out->raw, borrowed until the next call: 1; ERR_USAGE for no
 * DOCNO, or two; ERR_NOMEM. */
int trec_doc_parse(struct trec_doc *d, struct record *out, struct err *err);

void trec_doc_free(struct trec_doc *d); /* NULL is allowed */

#endif
