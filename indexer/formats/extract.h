/*
 * extract.h - what a file says whose bytes are not its text: HTML, PDF, office
 * documents, mail.
 *
 * Each format is a pure function from the bytes of a file to an extract: the
 * text as a reader would see it, and what the file declares of itself. It runs
 * in a process of its own with limits on time and memory (worker.h), so it may
 * trust a library with hostile bytes; what it returns is checked as little
 * trusted bytes are.
 *
 *     int html_extract(struct view bytes, const struct extract_limits *limits,
 *                      struct extract *x, struct err *err);
 *
 * returns 0; ERR_USAGE where the bytes are not of the format or damaged;
 * ERR_REFUSED where they are encrypted; ERR_FULL where the text outgrows the
 * limit; ERR_NOTFOUND where a library or program is missing, which the message
 * names together with its package; ERR_NOMEM. *x is empty at first and may be filled in part on errors.
 */
#ifndef INDEXER_FORMATS_EXTRACT_H
#define INDEXER_FORMATS_EXTRACT_H

#include "base/buf.h"
#include "base/err.h"

struct extract_limits {
    size_t text_max;     /* bytes of text, an ERR_FULL beyond */
    const char *charset; /* the encoding that the user gave, or NULL */
};

struct extract {
    struct buf text;     /* UTF-8; pages end in form feeds, paragraphs in empty
                          * lines */
    struct buf title;    /* these are empty where nothing is declared */
    struct buf date;     /* as written */
    struct buf language; /* as written: "en", "pt-BR" */
    struct buf fields;   /* name NUL value NUL …; a name may come twice */
    struct buf charset;  /* the encoding that the bytes were read as, "" for
                          * UTF-8 and where the format knows no other */
    bool guessed;        /* that encoding is a guess from the bytes alone */
};

/* Appends a field; empty values are left out, NUL bytes become blanks. 0 or
 * ERR_NOMEM. */
int extract_field(struct extract *x, const char *name, struct view value);

/* The title is kept beside the text and need not begin it, too: takes it out of
 * there where it is a line of its own. */
void extract_drop_title(struct extract *x);

void extract_clear(struct extract *x); /* keeps its memory */
void extract_release(struct extract *x);

#endif
