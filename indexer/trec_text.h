/*
 * trec_text.h - the text between the tags of a DOC.
 *
 * A tag is '<', a '/', '!' or '?' if need be, a letter, and no other '<' up to
 * the next '>'; a comment goes from "<!--" to "-->". Everything else is text.
 *
 *     struct trec_text t = {0};
 *     size_t at = 0;
 *     while ((rc = trec_strip_to(&t, doc, &at, &text, &tag)) > 0)
 *         ...   // text before tag was appended, doc goes on at `at`
 */
#ifndef INDEXER_TREC_TEXT_H
#define INDEXER_TREC_TEXT_H

#include "base/buf.h"
#include "base/err.h"

struct trec_text {
    size_t replaced;  /* NUL bytes and ill-formed UTF-8 that became U+FFFD */
    bool uncommented; /* no "-->" is left in the DOC */
};

struct trec_tag {
    struct view name; /* empty where it begins or ends nothing: <p/>, <!--> */
    bool end;         /* </name> */
    bool bare;        /* without attributes */
};

/* Appends the text of v from byte *at to the next tag, decoded, with a blank
 * for the tag unless one is there: 1, *at behind the tag; 0 where no tag
 * follows; ERR_NOMEM. */
int trec_strip_to(struct trec_text *t, struct view v, size_t *at,
                  struct buf *out, struct trec_tag *tag);

/* Appends the text of v without all its tags: 0 or ERR_NOMEM. */
int trec_strip(struct trec_text *t, struct view v, struct buf *out);

bool trec_blank(uint8_t c);

/* v without blanks and line ends around it. */
struct view trec_trim(struct view v);

/* Makes one blank of each run of blanks and line ends, none around it. */
void trec_squeeze(struct buf *b);

#endif
