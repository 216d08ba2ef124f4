/*
 * format.h - the formats that are read: how they are called, by which names a
 * walk takes them in, and which function gets their text.
 *
 * One row a format (format.c): what it takes to add one is a row, its function
 * of extract.h's shape, and a rule in recognise.c where its content tells. What
 * is compressed has a function that unpacks it instead; what comes out is
 * recognised again, by its content and the name without .gz, twice at most.
 *
 *     enum format_id id = format_of(bytes, path);
 *     if (id != FORMAT_TEXT) ...                 // worker.h runs what follows
 *     rc = format_extract(id, bytes, path, &limits, &x, &err);
 */
#ifndef INDEXER_FORMATS_FORMAT_H
#define INDEXER_FORMATS_FORMAT_H

#include "indexer/formats/extract.h"
#include "indexer/formats/recognise.h"

typedef int extract_fn(struct view bytes, const struct extract_limits *limits,
                       struct extract *x, struct err *err);
/* Appends to out what the bytes hold, at most max bytes of it: 0; ERR_USAGE
 * damaged; ERR_FULL; ERR_NOTFOUND; ERR_NOMEM. */
typedef int unpack_fn(struct view bytes, size_t max, struct buf *out,
                      struct err *err);

struct format {
    const char *name;     /* in reports: "pdf" */
    const char *suffixes; /* of its files' names: ".htm.html" */
    const char *empty;    /* what one without text is, or NULL */
    extract_fn *extract;  /* one of the two */
    unpack_fn *unpack;
};

enum { FORMAT_NESTED = 2 }; /* times that a file may be compressed */

/* The row of a format, or NULL: of FORMAT_TEXT and of those not read. */
const struct format *format_row(enum format_id id);

/* What is to be done with a file's bytes. FORMAT_TEXT: they are its text, or
 * are of no format that is read. */
enum format_id format_of(struct view bytes, struct view path);

/* Whether a walk takes in files of that name, for the end of it. */
bool format_named(const char *name);

/* The name of what a file holds that is compressed: without .gz. */
struct view format_inner_name(struct view path);

/* What became of a file. */
struct derived {
    struct extract x;
    enum format_id format; /* of what was in it in the end */
    enum format_id packed; /* how it was compressed, or
                                       * FORMAT_TEXT */
    struct view name;      /* of what was in it: borrows from the
                                       * path */
};

/* Gets the text of a file. Codes as in extract.h; ERR_REFUSED: encrypted.
 * FORMAT_TEXT in d->format: plain text was compressed, it is in d->x.text and
 * nothing else is known of it. */
int format_extract(struct view bytes, struct view path,
                   const struct extract_limits *limits, struct derived *d,
                   struct err *err);

/* "pdf", "html.gz", "text.xz": appended. 0 or ERR_NOMEM. */
int format_text(enum format_id format, enum format_id packed, struct buf *out);

/* The formats, each in a file of its own. */
extract_fn html_extract, pdf_extract;
unpack_fn gzip_unpack, xz_unpack, zstd_unpack;

#endif
