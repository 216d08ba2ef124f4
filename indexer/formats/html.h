/*
 * html.h - a web page: what a reader sees of it, and what it says of itself.
 *
 * Blocks begin lines; paragraphs, headings, lists and tables have empty lines
 * around them; the cells of a row have a tab between them; <pre> stays as it
 * is. Every run of other white space is one blank. The alternative text of an
 * image is kept if it has two words or more and the image is no link: the
 * others are icons, logos and teasers.
 *
 * What is not the article goes: scripts, styles, templates, drawings, controls
 * of forms; what is hidden (hidden, aria-hidden, display: none); navigation:
 * <nav>, <aside> and elements with such a role; <header> and <footer> of the
 * page (not those of an <article> or <main>, nor a header that holds the
 * <h1>); forms of less than HTML_FORM bytes. Names of classes are not looked
 * at. Where less than HTML_LITTLE bytes and less than half of the text would be
 * left, all stays but the scripts: the page was built in another way.
 *
 * Elements nested deeper than HTML_DEPTH are no page that somebody wrote: from
 * there on tags are left out and nothing else is done, so that time and memory
 * stay bounded and the text is still found.
 *
 * The title goes where the text begins with it, for it is kept beside it. The
 * encoding is found by charset.h, the rest by html_meta.h.
 */
#ifndef INDEXER_HTML_H
#define INDEXER_HTML_H

#include "indexer/formats/extract.h"

enum {
    HTML_FORM = 1000,  /* bytes of text that make a form more than a search */
    HTML_LITTLE = 200, /* bytes of text that are hardly an article */
    HTML_DEPTH = 2000  /* elements in one another */
};

/* As extract.h has it. Any bytes are HTML. */
int html_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err);

#endif
