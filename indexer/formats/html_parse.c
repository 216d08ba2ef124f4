#include "indexer/formats/html_parse.h"

#include <libxml/HTMLparser.h>
#include <limits.h>

#include "indexer/formats/library.h"

/* --- the library --- */

static struct {
    __typeof__(htmlCreatePushParserCtxt) *create;
    __typeof__(htmlCtxtReadMemory) *read;
    __typeof__(xmlStopParser) *stop;
    __typeof__(xmlByteConsumed) *consumed;
    __typeof__(htmlFreeParserCtxt) *free;
} xml;

static const struct library_symbol symbols[] = {
    {"htmlCreatePushParserCtxt", &xml.create},
    {"htmlCtxtReadMemory", &xml.read},
    {"xmlStopParser", &xml.stop},
    {"xmlByteConsumed", &xml.consumed},
    {"htmlFreeParserCtxt", &xml.free},
};

static struct library libxml2 = {"libxml2.so.2", "libxml2", "HTML", NULL};

/* --- events --- */

struct parse {
    const struct html_events *events;
    void *arg;
    htmlParserCtxtPtr ctxt;
    size_t end; /* where an event stopped it */
    size_t depth;
    int rc;
};

static void stop_at(struct parse *p, int rc)
{
    long at;

    if (rc == 0)
        return;
    at = xml.consumed(p->ctxt);
    p->end = at > 0 ? (size_t)at : 0;
    p->rc = rc;
    xml.stop(p->ctxt);
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attr)
{
    struct parse *p = user;

    p->depth++;
    if (p->rc == 0)
        stop_at(p, p->events->start(p->arg, (const char *)name,
                                    (const char *const *)attr));
}

static void on_end(void *user, const xmlChar *name)
{
    struct parse *p = user;

    (void)name;
    if (p->depth == 0)
        return;
    p->depth--;
    if (p->rc == 0)
        stop_at(p, p->events->end(p->arg));
}

static void on_text(void *user, const xmlChar *s, int n)
{
    struct parse *p = user;

    if (p->rc == 0 && n > 0)
        stop_at(p, p->events->text(p->arg, view_of(s, (size_t)n)));
}

int html_parse(struct view page, const struct html_events *events, void *arg,
               size_t *end, struct err *err)
{
    struct parse p = {.events = events, .arg = arg};
    htmlSAXHandler sax = {
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text, /* of scripts */
    };
    int rc = LIBRARY_OPEN(&libxml2, symbols, err);

    *end = page.n;
    if (rc < 0 || page.n == 0)
        return rc;
    if (page.n > INT_MAX)
        return err_set(err, ERR_FULL, "HTML of more than 2 GB");
    /* the one way to name handlers without a look into the library's structs */
    p.ctxt = xml.create(&sax, &p, NULL, 0, NULL, XML_CHAR_ENCODING_NONE);
    if (!p.ctxt)
        return err_nomem(err);
    xml.read(p.ctxt, (const char *)page.p, (int)page.n, NULL, "UTF-8",
             HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                 HTML_PARSE_NONET | HTML_PARSE_NOIMPLIED |
                 HTML_PARSE_IGNORE_ENC);
    xml.free(p.ctxt);
    while (p.rc == 0 && p.depth > 0) { /* of what it did not end */
        p.depth--;
        p.rc = events->end(arg);
    }
    if (p.end > 0 && p.end < page.n)
        *end = p.end;
    return p.rc;
}
