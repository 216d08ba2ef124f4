/*
 * xml.h - an XML document, fed piece by piece: its elements and its text, one
 * after the other. libxml2's parser, with which nothing is fetched and no
 * entity is expanded: one that a document declares itself is an error where it
 * is used.
 *
 *     static const struct xml_handler handler = {start, end, text};
 *     rc = xml_open(&x, &handler, &state, &err);
 *     while (rc == 0 && more(&piece))
 *         rc = xml_feed(x, piece, &err);
 *     if (rc == 0)
 *         rc = xml_finish(x, &err);
 *     xml_close(x);
 */
#ifndef INDEXER_FORMATS_XML_H
#define INDEXER_FORMATS_XML_H

#include "base/buf.h"
#include "base/err.h"

enum {
    XML_DEPTH = 256,      /* elements nested deeper are an error */
    XML_ATTRIBUTES = 1000 /* and so are tags of more: the library compares
                           * each with all those before it */
};

struct xml_element {
    const char *space; /* the name of its namespace, or "" */
    const char *name;  /* without a prefix */
    size_t nattributes;
    const unsigned char *const *attributes; /* as libxml2 has them */
};

/* The value of the attribute of that name, whatever its namespace; empty where
 * it has none. */
struct view xml_attribute(const struct xml_element *e, const char *name);

/* Each returns 0 or an error, which ends the reading. What they are given is
 * borrowed until they return; `end` gets no attributes. */
struct xml_handler {
    int (*start)(void *arg, const struct xml_element *e, struct err *err);
    int (*end)(void *arg, const struct xml_element *e, struct err *err);
    int (*text)(void *arg, struct view text, struct err *err);
};

struct xml;

/* ERR_NOTFOUND: there is no libxml2; ERR_NOMEM. */
int xml_open(struct xml **out, const struct xml_handler *handler, void *arg,
             struct err *err);

/* 0; ERR_USAGE where it is not well-formed; ERR_NOMEM; what a handler
 * returned. */
int xml_feed(struct xml *x, struct view piece, struct err *err);
int xml_finish(struct xml *x, struct err *err);

void xml_close(struct xml *x); /* NULL is allowed */

#endif
