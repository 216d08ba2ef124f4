/*
 * html_meta.h - what a page says of itself, in <meta>, <link>, microdata and
 * JSON-LD: candidates are handed in as they come, the best of each kind stays.
 *
 * Title: og:title or citation_title, which a publisher writes for others to
 * quote; else the first <h1> if <title> has it in it, so that " | Site" goes
 * where the page itself says what it is called without; else <title>; else the
 * <h1>. Date: article:published_time, datePublished of JSON-LD or microdata,
 * the names that papers and old pages use, the first <time>; the first of the
 * best kind that is a date. Language: that of <html>, content-language,
 * og:locale, JSON-LD.
 *
 * Fields: author, description, keywords (one each), url (canonical), site.
 */
#ifndef INDEXER_HTML_META_H
#define INDEXER_HTML_META_H

#include "indexer/formats/extract.h"

enum {
    HTML_META_VALUE = 1024, /* bytes of a value that are kept */
    HTML_META_KEYWORDS = 32 /* of a page */
};

/* Values in order of trust: a lower rank wins, of one rank the first. */
struct html_best {
    struct buf text;
    uint8_t rank; /* from 1 on; 0 while there is none */
};

struct html_meta {
    struct html_best title, date, author, description, url, site, language;
    struct buf heading;  /* of the first <h1> */
    struct buf named;    /* of <title> */
    struct buf keywords; /* as listed, a comma between */
};

/* The attributes of <meta>, <link>, or of an element with itemprop or datetime.
 * 0 or ERR_NOMEM. */
int html_meta_tag(struct html_meta *m, const char *name,
                  const char *const *attr);

/* The text of an element with itemprop=`prop`. */
int html_meta_prop(struct html_meta *m, const char *prop, struct view text);

/* A script of JSON-LD, sound or not: keys are looked for as they are written.
 */
int html_meta_json(struct html_meta *m, struct view json);

/* The language attribute of <html>. */
int html_meta_language(struct html_meta *m, const char *value);

/* Puts what was found into x. 0 or ERR_NOMEM. */
int html_meta_give(struct html_meta *m, struct extract *x);

void html_meta_release(struct html_meta *m);

/* The value of an attribute, "" where it has none, or NULL. */
const char *html_attr(const char *const *attr, const char *name);

#endif
