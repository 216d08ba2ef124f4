#include "indexer/formats/xml.h"

#include <libxml/parser.h>
#include <limits.h>
#include <stdlib.h>

#include "indexer/formats/library.h"

static struct {
    __typeof__(xmlCreatePushParserCtxt) *create;
    __typeof__(xmlCtxtUseOptions) *options;
    __typeof__(xmlParseChunk) *parse;
    __typeof__(xmlStopParser) *stop;
    __typeof__(xmlCtxtGetLastError) *last_error;
    __typeof__(xmlFreeParserCtxt) *free;
    __typeof__(xmlFreeDoc) *free_doc;
} lib;

static const struct library_symbol symbols[] = {
    {"xmlCreatePushParserCtxt", &lib.create},
    {"xmlCtxtUseOptions", &lib.options},
    {"xmlParseChunk", &lib.parse},
    {"xmlStopParser", &lib.stop},
    {"xmlCtxtGetLastError", &lib.last_error},
    {"xmlFreeParserCtxt", &lib.free},
    {"xmlFreeDoc", &lib.free_doc},
};
static struct library libxml2 = {"libxml2.so.2", "libxml2", "XML", NULL};

struct xml {
    xmlParserCtxtPtr ctxt;
    const struct xml_handler *handler;
    void *arg;
    struct err *err;      /* where a handler's message goes */
    int rc;               /* what a handler returned */
    unsigned depth;       /* elements open */
    unsigned nattributes; /* of the tag that bytes are fed of */
    uint8_t in;           /* that: '<', a quote in it, or 0 for none */
};

struct view xml_attribute(const struct xml_element *e, const char *name)
{
    const unsigned char *const *a = e->attributes;
    size_t i;

    /* name, prefix, namespace, first byte of the value, the one behind it */
    for (i = 0; i < e->nattributes; i++, a += 5)
        if (strcmp((const char *)a[0], name) == 0)
            return view_of(a[3], (size_t)(a[4] - a[3]));
    return view_of(NULL, 0);
}

/* --- what libxml2 calls --- */

static void after(struct xml *x, int rc)
{
    if (rc < 0) {
        x->rc = rc;
        lib.stop(x->ctxt);
    }
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *space, int nspaces, const xmlChar **spaces,
                     int nattributes, int ndefaulted, const xmlChar **attribute)
{
    struct xml *x = arg;
    struct xml_element e = {
        .space = space ? (const char *)space : "",
        .name = (const char *)name,
        .nattributes = (size_t)nattributes,
        .attributes = (const unsigned char *const *)attribute,
    };

    (void)prefix, (void)nspaces, (void)spaces, (void)ndefaulted;
    if (x->rc == 0 && x->depth++ == XML_DEPTH)
        after(x, err_set(x->err, ERR_USAGE, "elements nested deeper than %d",
                         XML_DEPTH));
    else if (x->rc == 0)
        after(x, x->handler->start(x->arg, &e, x->err));
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *space)
{
    struct xml *x = arg;
    struct xml_element e = {
        .space = space ? (const char *)space : "",
        .name = (const char *)name,
    };

    (void)prefix;
    x->depth--;
    if (x->rc == 0)
        after(x, x->handler->end(x->arg, &e, x->err));
}

static void on_text(void *arg, const xmlChar *text, int n)
{
    struct xml *x = arg;

    if (x->rc == 0)
        after(x, x->handler->text(x->arg, view_of(text, (size_t)n), x->err));
}

/* --- */

int xml_open(struct xml **out, const struct xml_handler *handler, void *arg,
             struct err *err)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
    };
    struct xml *x;
    int rc;

    *out = NULL;
    rc = LIBRARY_OPEN(&libxml2, symbols, err);
    if (rc < 0)
        return rc;
    x = calloc(1, sizeof *x);
    if (!x)
        return err_nomem(err);
    x->handler = handler;
    x->arg = arg;
    x->ctxt = lib.create(&sax, x, NULL, 0, NULL);
    if (!x->ctxt) {
        free(x);
        return err_nomem(err);
    }
    lib.options(x->ctxt, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR |
                             XML_PARSE_NOWARNING);
    *out = x;
    return 0;
}

/* Whether the tags that a piece begins, goes on with or ends have a sane number
 * of attributes. No '<' stands within a tag that is well-formed. */
static bool sane(struct xml *x, struct view piece)
{
    size_t i;

    for (i = 0; i < piece.n; i++) {
        uint8_t c = piece.p[i];

        if (c == '<') {
            x->in = c;
            x->nattributes = 0;
        } else if (x->in == '<' && (c == '"' || c == '\'')) {
            x->in = c;
            if (x->nattributes++ == XML_ATTRIBUTES)
                return false;
        } else if (c == x->in) {
            x->in = '<';
        } else if (c == '>' && x->in == '<') {
            x->in = 0;
        }
    }
    return true;
}

static int parse(struct xml *x, struct view piece, bool last, struct err *err)
{
    const xmlError *e;
    int failed;

    x->err = err;
    failed = lib.parse(x->ctxt, (const char *)piece.p, (int)piece.n, last);
    /* what is well-formed may have errors all the same, as of namespaces */
    if (x->rc < 0 || (x->ctxt->wellFormed && !x->ctxt->disableSAX))
        return x->rc;
    e = lib.last_error(x->ctxt);
    if (failed == XML_ERR_NO_MEMORY)
        return err_nomem(err);
    return err_set(err, ERR_USAGE, "damaged XML: line %d: %.*s",
                   e ? e->line : 0,
                   e && e->message ? (int)strcspn(e->message, "\n") : 1,
                   e && e->message ? e->message : "?");
}

int xml_feed(struct xml *x, struct view piece, struct err *err)
{
    int rc = 0;

    if (!sane(x, piece))
        return err_set(err, ERR_USAGE, "a tag of more than %d attributes",
                       XML_ATTRIBUTES);
    while (piece.n && rc == 0) {
        size_t n = piece.n < INT_MAX ? piece.n : INT_MAX;

        rc = parse(x, view_sub(piece, 0, n), false, err);
        piece = view_sub(piece, n, piece.n);
    }
    return rc;
}

int xml_finish(struct xml *x, struct err *err)
{
    return parse(x, view_of("", 0), true, err);
}

void xml_close(struct xml *x)
{
    if (!x)
        return;
    if (x->ctxt->myDoc) /* of entities that the document declares */
        lib.free_doc(x->ctxt->myDoc);
    lib.free(x->ctxt);
    free(x);
}
