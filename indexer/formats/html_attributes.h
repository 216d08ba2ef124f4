/*
 * html_attributes.h - tags of very many attributes lose those beyond
 * HTML_ATTRIBUTES before libxml2 sees them.
 *
 * That library compares each name in a tag with all those before it, so
 * 200,000 take it half a minute. Tags are found as it finds them: not in
 * comments and scripts. Where this takes something else for a tag, blanks stand
 * in what is no text, or a page costs the time that the worker has for it.
 */
#ifndef INDEXER_HTML_ATTRIBUTES_H
#define INDEXER_HTML_ATTRIBUTES_H

#include <stddef.h>
#include <stdint.h>

enum { HTML_ATTRIBUTES = 1000 }; /* of one tag */

/* Puts blanks in their place. The time is linear. */
void html_bound_attributes(uint8_t *page, size_t n);

#endif
