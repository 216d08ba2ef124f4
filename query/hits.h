/*
 * hits.h - what is shown of a hit: its record, where the query matched, the
 * best passages.
 *
 * Documents must be asked for in order of docid, whatever their rank: the
 * postings are then read once, front to back. Paths alone come in any order:
 * they have a table of their own (names.h). Of several indexes each has hits of
 * its own, made of its own match.
 *
 *     hits_open(&h, &match, HITS_PASSAGE, &err);
 *     h.passages = 3;
 *     for each of the best, by docid
 *         if (hits_get(&h, &top_hit, &hit, &err) > 0) print(&hit);
 *     hits_close(&h);
 *
 * Places are bytes of the source as it was indexed. Where the file has changed
 * since (stale.h), `stale` is set and places are withheld.
 */
#ifndef QUERY_HITS_H
#define QUERY_HITS_H

#include "index/document.h"
#include "query/doctext.h"
#include "query/margins.h"
#include "query/match.h"
#include "query/passage.h"

enum {
    HITS_PATH = 0,    /* path alone */
    HITS_PASSAGE = 1, /* and title, date, count of matches, passages */
    HITS_MATCHES = 3, /* and the first matches with their places */
    HITS_SPANS = 4,   /* all but title and passages; places by hits_locate */
    HITS_SHOWN = 100  /* so many matches are listed */
};

struct hit_match {
    uint32_t byte;
    uint32_t len;
    uint32_t line;
    uint32_t col;
    uint32_t paragraph; /* from 1; not with HITS_PASSAGE */
    uint32_t page;      /* from 1 */
    struct view term;   /* the word of the query, as written there */
};

/* A stretch of a passage. */
struct hit_part {
    struct view text;
    bool match;
};

struct hit_passage {
    uint32_t byte; /* where it starts in the source, */
    uint32_t end;
    uint32_t line;
    bool cut_start; /* and whether something is left out around it */
    bool cut_end;
    bool clear; /* lines of furniture within are in none of its parts */
    struct hit_part *part;
    size_t nparts;
};

/* A line of the text, of those around a passage. */
struct hit_line {
    struct hit_passage text; /* byte, line and parts of it */
    bool match;              /* something in it matched */
};

/* A near-duplicate that is listed below a hit. */
struct hit_dup {
    uint32_t docid;
    uint32_t part;
    struct view path;
};

struct hit {
    double score;
    uint32_t docid;
    uint32_t part;    /* which of several indexes it is in */
    struct view path; /* as shown */
    struct view file; /* its name on disk; empty for a record */
    struct view title;
    int32_t date; /* or DATE_NONE */
    uint8_t date_source;
    uint64_t bytes; /* of the source */
    bool stale;
    bool in_text; /* places count in the extracted text */
    bool paged;   /* the text has more than one page */

    size_t count;            /* matches */
    struct hit_match *match; /* the first of them, in order */
    size_t nmatches;

    bool placed; /* `place` is the first match of the best passage */
    struct hit_match place;
    struct hit_passage *passage; /* in order */
    size_t npassages;
    struct hit_line *line; /* in order, where h->context says so */
    size_t nlines;

    const struct hit_dup *dup; /* not by hits_get but by dups.h: the first, */
    size_t nnamed;             /* so many of them, */
    size_t ndups;              /* and how many there are */
};

/* The bytes a span takes. */
struct found {
    uint32_t start;
    uint32_t end; /* 0 where it was not located */
    uint8_t mark; /* while they are looked for: see hits_places.c */
};

struct hits {
    unsigned passages; /* so many at most, PASSAGE_MAX at the utmost: 1 unless
                        * set after hits_open; with 0 no text is read for
                        * them */
    unsigned width;    /* of each, in columns: PASSAGE_WIDTH unless set */
    bool context;      /* the lines of the passages' matches as well, */
    uint64_t before;   /* and so many in front */
    uint64_t after;    /* and behind them */
    struct match *m;
    int what;
    struct err *err;
    struct documents *documents;
    struct document doc;
    struct doctext text;
    struct margins margins; /* of doc */
    unsigned segment;       /* whose operators are open; UINT_MAX none */
    uint32_t last;          /* document asked for last */
    struct op_env env;
    struct op **op; /* of each positive leaf, faint ones last */
    unsigned nops;
    unsigned nclear; /* of leaves that are not faint */
    struct spans spans;
    struct found *found; /* of each span */
    size_t found_cap;
    struct span *clear; /* spans that do not lie in furniture, */
    size_t *clear_at;   /* and their numbers among all */
    size_t nclear_spans, clear_cap;
    bool furniture; /* matches lie in nothing else: it is shown */
    struct place_of *place;
    size_t place_cap;
    struct hit_part *part;
    size_t nparts;
    size_t part_cap;
    struct hit_line *line;
    size_t nlines;
    size_t line_cap;
    struct buf id; /* of a hit whose path alone is wanted */
    struct buf path;
    /* large, and not zeroed by hits_open: */
    struct extract extract[PASSAGE_MAX];
    struct hit_passage passage[PASSAGE_MAX];
    struct hit_match match[HITS_SHOWN];
};

int hits_open(struct hits *h, struct match *m, int what, struct err *err);

/* 1 with *out, borrowed until the next call; 0 if there is no such document
 * any more; negative. */
int hits_get(struct hits *h, const struct top_hit *hit, struct hit *out,
             struct err *err);

/* The matches of docid alone, in order, in h->spans: instead of hits_get, and
 * without reading text. 0 or negative. */
int hits_spans(struct hits *h, uint32_t docid, struct err *err);

/* Finds the bytes of some matches of the document that hits_get gave: those
 * wanted since hits_want_none. They are then in h->found[i], where
 * hits_located says so. 0 or negative. */
int hits_want_none(struct hits *h);
void hits_want(struct hits *h, size_t from, size_t to); /* [from, to), too */
int hits_locate(struct hits *h);
bool hits_located(const struct hits *h, size_t i);
/* Fills *m from one that was located. 0 or negative. */
int hits_match(struct hits *h, size_t i, struct hit_match *m);

void hits_close(struct hits *h);

/* Matches and passages of h->doc, its spans found: hits_places.c. */
int hits_places(struct hits *h, struct hit *out);

/* The lines around the first n of h->extract, in h->line: hits_lines.c. */
int hits_lines(struct hits *h, size_t n);

/* Divides a stretch of text, whose byte and end are set, at the matches among
 * spans [lo, hi) that were located: fills the rest of *p but `part`, which lies
 * behind those of the one before in h->part. */
int hits_divide(struct hits *h, struct hit_passage *p, size_t lo, size_t hi);

/* Furniture around passages: hits_margins.c. */

/* Whether byte `at` lies in furniture: 1, 0, negative. */
int hits_in_furniture(struct hits *h, uint32_t at);

/* Whether a match of the first n of h->extract lies in furniture: then 1, with
 * the spans that do not in h->clear. 0 where none does, or all spans do, which
 * h->furniture then says; negative. */
int hits_clear(struct hits *h, size_t n);

/* Brings *lo and *hi nearer to bytes [from, to) where lines of furniture lie
 * between, as far as passage *p shows them: 1 where it did, 0, negative. Sets
 * p->clear where such lines are among these bytes. */
int hits_narrow(struct hits *h, struct hit_passage *p, uint32_t from,
                uint32_t to, uint32_t *lo, uint32_t *hi);

/* The bytes [*to, *next) of the first line of furniture that lies in [from,
 * end): 1, 0, negative. */
int hits_furniture(struct hits *h, uint32_t from, uint32_t end, uint32_t *to,
                   uint32_t *next);

/* Puts *at behind the lines of furniture that begin there. 0 or negative. */
int hits_skip(struct hits *h, uint32_t *at);

#endif
