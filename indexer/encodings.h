/*
 * encodings.h - which files are in which encoding, as the user said:
 * --encoding=GLOB=NAME.
 *
 * GLOB is as of --include (ignore.h), from the root of a file on; the last rule
 * that fits the file or a folder it is in decides. The list is recorded in the
 * index as a whole: a run that gives any replaces it, one that gives none goes
 * by it. With each source its encoding's mark is recorded (source.h), so that
 * where a rule changes, the files it is about are read again, and no others.
 *
 *     encodings_add(&e, "old/=koi8-r", &err);
 *     name = encodings_of(&e, &roots, path);
 */
#ifndef INDEXER_ENCODINGS_H
#define INDEXER_ENCODINGS_H

#include "index/roots.h"
#include "indexer/formats/charset.h"
#include "indexer/ignore.h"

struct encoding_rule {
    struct ignore glob;
    char name[CHARSET_NAME]; /* as charset_name gives it: "" is UTF-8 */
};

struct encodings {
    bool given; /* on the command line */
    struct encoding_rule *rule;
    size_t n, cap;
    struct buf list; /* as recorded: a line "GLOB=NAME" each */
};

/* Adds the value of the option; an empty one adds nothing, but counts as
 * given. 0; ERR_USAGE, also where no such encoding is known; ERR_NOMEM. */
int encodings_add(struct encodings *e, const char *value, struct err *err);

/* The encoding of a source, or NULL; "" is UTF-8. */
const char *encodings_of(const struct encodings *e, const struct roots *roots,
                         struct view path);

/* What is recorded with a source: 0 for NULL. */
uint32_t encodings_mark(const char *name);

/* Reads what an index has (into *e, zeroed), an unknown encoding as if it were
 * not there; writes it. */
int encodings_read(struct txn *t, struct encodings *e, struct err *err);
int encodings_write(struct txn *t, const struct encodings *e, struct err *err);

/* Makes *to what *from is: 1, 0 where it was, ERR_NOMEM. */
int encodings_replace(struct encodings *to, const struct encodings *from);

void encodings_release(struct encodings *e);

#endif
