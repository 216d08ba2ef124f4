/*
 * facet.h - how many of the matching documents are of each year, source,
 * language, or value of any field.
 *
 *     year    of the date that is shown, a file's time where it has no other
 *     lang    two letters, as the document says
 *     source  the field "source", else "publisher"; else of a file the top
 *             folder below its root, or the root's own name where it lies in
 *             none, and of a record the host or first folder of its id
 *     NAME    the field of that name: a document with a list of values counts
 *             for each of its items
 *
 * Values of fields are folded, and what is counted for one of NAME is what
 * --field NAME=VALUE finds. Documents without a value are "none", and so are
 * those whose value is that word.
 *
 * Matches come as bits (match.h: seen), dead documents and those that a filter
 * leaves out are not among them. Years and languages are read from columns,
 * fields from their rows, folders from the table of names: no document is.
 *
 *     facets_add(&f, &names, ix, seen, &err); // for each index
 *     facets_end(&f);
 *     facets_json(&f, &j);
 *     facets_release(&f);
 */
#ifndef QUERY_FACET_H
#define QUERY_FACET_H

#include "base/json_write.h"
#include "index/index.h"

enum {
    FACETS_MAX = 16,     /* in one query */
    FACET_VALUES = 1000, /* that are told of one, those with most documents */
    FACET_SHOWN = 20     /* of these in text, but for years */
};

/* Facets that are asked for. */
struct facet_names {
    struct view name[FACETS_MAX]; /* borrowed */
    unsigned n;
};

/* Adds names from a list with commas, those that are there only once. 0, or
 * ERR_USAGE with a message. */
int facet_names_add(struct facet_names *names, struct view list,
                    struct err *err);

struct facet_value {
    size_t at, n; /* in `text` */
    uint64_t docs;
};

struct facet {
    struct view name;
    struct buf text;
    struct facet_value *value; /* most documents first; years ascend */
    size_t n, cap;
    size_t found;  /* values, with those that are not told */
    uint64_t none; /* documents without any */
};

struct facets {
    struct facet facet[FACETS_MAX];
    unsigned n;
};

/* Adds the documents `seen` of an index to *f, zeroed before the first: a bit
 * each, those of each norm page in FIELDS_BITS bytes. 0 or negative;
 * facets_release in either case. */
int facets_add(struct facets *f, const struct facet_names *names,
               struct index *ix, const uint8_t *seen, struct err *err);

/* Puts values in order, when all is added. */
void facets_end(struct facets *f);

/* The value of "facets": an object of objects; null where none is asked for. */
void facets_json(const struct facets *f, struct json *j);

/* Appends a table of each, a blank line before it. 0 or ERR_NOMEM. */
int facets_text(const struct facets *f, struct buf *out);

void facets_release(struct facets *f);

#endif
