/*
 * recognise.h - what format bytes are in, by themselves and by their name.
 *
 * Content that cannot be mistaken goes first: an article saved from the web is
 * HTML whatever its name. Where content is open to doubt (anything may begin
 * with "From ") the name decides, and so it does where a format's own marks are
 * missing: a .pdf without one is a damaged PDF and no text. A Markdown file may
 * begin with HTML and stays what its name says.
 *
 * It costs a look at the first bytes: what begins as prose does is text after a
 * few comparisons.
 */
#ifndef INDEXER_FORMATS_RECOGNISE_H
#define INDEXER_FORMATS_RECOGNISE_H

#include "base/buf.h"

enum format_id {
    FORMAT_TEXT, /* and whatever is not recognised */
    FORMAT_HTML,
    FORMAT_PDF,
    FORMAT_DOCX,
    FORMAT_ODT,
    FORMAT_EPUB,
    FORMAT_EML,  /* one message */
    FORMAT_MBOX, /* many */
    FORMAT_GZIP,
    FORMAT_XZ,
    FORMAT_ZSTD,
    FORMATS
};

/* The format of a file's bytes whose name ends as one of format `named` does,
 * or FORMAT_TEXT; `markdown`: it ends in .md. */
enum format_id recognise(struct view bytes, enum format_id named,
                         bool markdown);

#endif
