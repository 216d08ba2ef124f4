#include "query/kwic.h"

#include <stdlib.h>

#include "base/date.h"
#include "query/context.h"
#include "query/matching.h"
#include "query/reservoir.h"
#include "query/shown.h"
#include "text/utf8.h"

enum {
    SLACK = 32,      /* bytes read beyond the columns wanted */
    READ_MORE = 4,   /* and so many times as many, where they were too few */
    READ_TIMES = 16, /* but at most so many times the columns */
    KEY_BYTES = 256  /* of text that a key is made of */
};

/* A concordance while it is gathered. */
struct gather {
    struct answer *a;
    const struct settings *set;
    struct err *err;
    struct kwic_lines *lines;
    struct hits hits; /* in the index at hand */
    struct hit hit;
    struct kwic_count count;
    struct buf left, match, right, key, value; /* of a line */
};

/* --- a line --- */

/* Reads and cuts the text in front of `at`, no further than `lo`. */
static int cut_left(struct gather *g, uint32_t lo, uint32_t at,
                    struct kwic_line *line)
{
    unsigned columns = g->lines->width;
    uint32_t bytes = columns + SLACK, from, begin;
    struct doctext *t = &g->hits.text;
    bool all;
    int rc;

    for (;; bytes *= READ_MORE) {
        from = at - lo > bytes ? at - bytes : lo;
        begin = from - lo > PASSAGE_SYNC ? from - PASSAGE_SYNC : lo;
        rc = doctext_read(t, begin, at, g->err);
        if (rc < 0)
            return rc;
        from = passage_boundary(view_of(t->text.p, at), begin, at, from, false);
        buf_clear(&g->left);
        if (context_before(doctext_view(t, from, at), columns, &g->left,
                           &line->left_width, &all) < 0)
            return err_nomem(g->err);
        if (!all || from == lo || bytes > READ_TIMES * columns)
            break;
    }
    line->left = buf_view(&g->left);
    return 0;
}

/* The last byte <= hi of a character that is whole. */
static uint32_t whole(const struct doctext *t, uint32_t lo, uint32_t hi)
{
    return lo + (uint32_t)utf8_cut(doctext_view(t, lo, hi), hi - lo);
}

static int cut_right(struct gather *g, uint32_t at, uint32_t hi,
                     struct kwic_line *line)
{
    unsigned columns = g->lines->width, width;
    uint32_t bytes = columns + SLACK, to, end;
    struct doctext *t = &g->hits.text;
    bool all;
    int rc;

    for (;; bytes *= READ_MORE) {
        end = hi - at > bytes ? at + bytes : hi;
        rc = doctext_read(t, at, end, g->err);
        if (rc < 0)
            return rc;
        to = end == hi ? hi : whole(t, at, end);
        /* the last cluster may go on behind what was read */
        buf_clear(&g->right);
        if (context_behind(doctext_view(t, at, to), columns, &g->right, &width,
                           &all) < 0)
            return err_nomem(g->err);
        if (!all || end == hi || bytes > READ_TIMES * columns)
            break;
    }
    line->right = buf_view(&g->right);
    return 0;
}

static int add_number(struct buf *key, uint64_t x, unsigned bytes)
{
    int rc = 0;

    while (bytes-- > 0 && rc == 0)
        rc = buf_addc(key, (int)(x >> (8 * bytes) & 0xff));
    return rc;
}

/* The words beside a match. */
static int add_words(struct gather *g, const struct found *f,
                     const struct zone *z)
{
    struct doctext *t = &g->hits.text;
    bool behind = g->set->kwic_sort == KWIC_RIGHT;
    uint32_t from = f->end, to = f->start;
    int rc;

    if (behind)
        to = z->end > from + KEY_BYTES ? from + KEY_BYTES : z->end;
    else
        from = to > z->start + KEY_BYTES ? to - KEY_BYTES : z->start;
    if (from >= to)
        return buf_addc(&g->key, 0);
    rc = doctext_read(t, from, to, g->err);
    if (rc < 0)
        return rc;
    return context_key(doctext_view(t, from, to), behind,
                       behind ? to < z->end : from > z->start, &g->key);
}

/* The key of the line that is `number` in order of position. */
static int make_key(struct gather *g, const struct found *f,
                    const struct zone *z, uint64_t number)
{
    int32_t date = g->hit.date;
    int rc = 0;

    buf_clear(&g->key);
    switch (g->set->kwic_sort) {
    case KWIC_POSITION:
        break;
    case KWIC_LEFT:
    case KWIC_RIGHT:
        rc = add_words(g, f, z);
        break;
    case KWIC_DATE: /* the undated last */
        rc = add_number(
            &g->key,
            date == DATE_NONE ? UINT32_MAX : (uint32_t)date ^ 0x80000000u, 4);
        break;
    case KWIC_PATH:
        rc = buf_add(&g->key, g->hit.path);
        if (rc == 0)
            rc = buf_addc(&g->key, 0);
        break;
    }
    return rc < 0 ? rc : add_number(&g->key, number, 8);
}

/* Keeps match i of the document at hand, which is `number` of all. */
static int add_line(struct gather *g, size_t i, uint64_t number)
{
    const struct found *f = &g->hits.found[i];
    struct kwic_line line = {.hit = &g->hit,
                             .index = answer_index(g->a, g->hit.part)};
    struct zone z;
    bool blank = false;
    int rc;

    if (!hits_located(&g->hits, i))
        return 0; /* the index lies about this document */
    z = doctext_zone(&g->hits.doc, f->start);
    if (z.end < f->end)
        z.end = f->end;
    rc = hits_match(&g->hits, i, &line.place);
    if (rc == 0)
        rc = doctext_read(&g->hits.text, f->start, f->end, g->err);
    if (rc == 0)
        rc = cut_left(g, z.start, f->start, &line);
    if (rc == 0)
        rc = cut_right(g, f->end, z.end, &line);
    if (rc < 0)
        return rc;
    buf_clear(&g->match);
    buf_clear(&g->value);
    rc = shown_line(&g->match, doctext_view(&g->hits.text, f->start, f->end),
                    &blank);
    line.match = buf_view(&g->match);
    if (rc == 0)
        rc = make_key(g, f, &z, number);
    if (rc == 0)
        rc = kwic_keep(g->lines, &line, &g->value);
    if (rc < 0)
        return g->err->code ? rc : err_nomem(g->err);
    g->count.lines++;
    return sorter_add(&g->lines->sorter, buf_view(&g->key), buf_view(&g->value),
                      g->err);
}

/* --- all lines --- */

/* Makes a document the one at hand. 1, or 0 where it has no match. */
static int take(struct gather *g, uint32_t docid)
{
    struct top_hit hit = {.docid = docid, .part = g->hits.m->part};
    int rc = hits_get(&g->hits, &hit, &g->hit, g->err);

    if (rc == 0)
        return err_set(g->err, ERR_CORRUPT,
                       "index damaged: document %u is missing",
                       (unsigned)docid);
    if (rc > 0 && !(g->hits.doc.flags & DOCUMENT_TEXT))
        return err_set(g->err, ERR_USAGE,
                       "the index was made without texts (--no-text)");
    return rc < 0 ? rc : g->hit.count > 0;
}

/* Whether lines are printed in the order in which they come. */
static bool streams(const struct gather *g)
{
    return g->set->kwic_sort == KWIC_POSITION && !g->set->sample;
}

/* Keeps those lines of a document that may be printed. */
static int add_document(struct gather *g, uint32_t docid, uint64_t last)
{
    uint64_t seen = g->count.matches;
    size_t i, from = 0, to;
    int rc;

    if (g->set->count || (streams(g) && seen >= last)) {
        rc = hits_spans(&g->hits, docid, g->err);
        g->count.matches += g->hits.spans.n;
        g->count.documents += g->hits.spans.n > 0;
        return rc;
    }
    rc = take(g, docid);
    if (rc <= 0)
        return rc;
    to = g->hit.count;
    g->count.matches += to;
    g->count.documents++;
    if (streams(g)) {
        from = g->set->offset > seen ? g->set->offset - seen : 0;
        from = from < to ? from : to;
        to = to < last - seen ? to : last - seen;
    }
    rc = hits_want_none(&g->hits);
    if (rc == 0)
        hits_want(&g->hits, from, to);
    if (rc == 0 && from < to)
        rc = hits_locate(&g->hits);
    for (i = from; i < to && rc == 0; i++)
        rc = add_line(g, i, seen + i);
    return rc;
}

/* Whether the number of all matches is to be told. */
static bool counts(const struct gather *g)
{
    return g->set->count || g->set->total == TOTAL_EXACT ||
           (g->set->total == TOTAL_AUTO && g->set->format != FORMAT_TSV);
}

static int open_hits(struct gather *g, struct match *m)
{
    int rc;

    hits_close(&g->hits);
    rc = hits_open(&g->hits, m, HITS_SPANS, g->err);
    g->hits.width = 0;
    return rc;
}

/* Keeps lines of the index at hand. */
static int gather_index(struct gather *g, uint64_t last)
{
    struct matching m;
    uint32_t docid;
    int rc = 0;

    matching_begin(&m, g->hits.m);
    while (rc >= 0 && (rc = matching_next(&m, &docid, g->err)) > 0) {
        if (streams(g) && !counts(g) && g->count.matches >= last) {
            g->count.counted = false;
            break;
        }
        rc = add_document(g, docid, last);
    }
    matching_end(&m);
    return rc < 0 ? rc : 0;
}

static int gather_all(struct gather *g)
{
    uint64_t last = g->set->limit ? g->set->offset + g->set->limit : UINT64_MAX;
    struct match *m;
    int rc = 0;

    g->count.counted = true;
    for (m = &g->a->match; m && g->count.counted && rc == 0; m = m->next) {
        rc = open_hits(g, m);
        if (rc == 0)
            rc = gather_index(g, last);
    }
    return rc;
}

/* --- a sample --- */

/* Draws among the matches in the index at hand. */
static int draw(struct gather *g, struct reservoir *r)
{
    struct matching m;
    uint32_t docid, i;
    int rc = 0;

    matching_begin(&m, g->hits.m);
    while (rc >= 0 && (rc = matching_next(&m, &docid, g->err)) > 0) {
        rc = hits_spans(&g->hits, docid, g->err);
        if (rc < 0)
            break;
        g->count.matches += g->hits.spans.n;
        g->count.documents += g->hits.spans.n > 0;
        for (i = 0; i < g->hits.spans.n && rc == 0; i++)
            if (reservoir_offer(r, g->hits.m->part, docid, i) < 0)
                rc = err_nomem(g->err);
    }
    matching_end(&m);
    return rc < 0 ? rc : 0;
}

static int draw_all(struct gather *g, struct reservoir *r)
{
    struct match *m;
    int rc = 0;

    for (m = &g->a->match; m && rc == 0; m = m->next) {
        rc = open_hits(g, m);
        if (rc == 0)
            rc = draw(g, r);
    }
    g->count.counted = true;
    return rc;
}

/* Keeps the lines drawn of one document: items [0, n). */
static int add_drawn(struct gather *g, const struct sampled *item, size_t n)
{
    size_t i;
    int rc = take(g, item->docid);

    if (rc > 0)
        rc = hits_want_none(&g->hits);
    for (i = 0; i < n && rc == 0; i++)
        hits_want(&g->hits, item[i].index, (size_t)item[i].index + 1);
    if (rc == 0)
        rc = hits_locate(&g->hits);
    for (i = 0; i < n && rc == 0; i++)
        rc = add_line(g, item[i].index, item[i].number);
    return rc;
}

static int gather_sample(struct gather *g)
{
    struct reservoir r = {.size = g->set->sample, .seed = g->set->seed};
    struct match *m;
    size_t i = 0, k;
    int rc = draw_all(g, &r);

    if (rc == 0)
        reservoir_sort(&r);
    /* again from the first document on */
    for (m = &g->a->match; m && i < r.n && rc == 0; m = m->next) {
        rc = open_hits(g, m);
        for (; i < r.n && r.item[i].part == m->part && rc == 0; i = k) {
            for (k = i; k < r.n && r.item[k].part == m->part &&
                        r.item[k].docid == r.item[i].docid;
                 k++)
                ;
            rc = add_drawn(g, r.item + i, k - i);
        }
    }
    reservoir_release(&r);
    return rc;
}

/* --- the answer --- */

static struct kwic_lines *new_lines(const struct gather *g)
{
    struct kwic_lines *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->format = g->set->format;
    l->terminal = g->set->terminal;
    l->colour = g->set->colour;
    l->hyperlink = g->set->hyperlink;
    l->width = (unsigned)g->set->kwic;
    l->limit = UINT64_MAX;
    if (!streams(g)) {
        l->skip = g->set->offset;
        l->limit = g->set->limit ? g->set->limit : UINT64_MAX;
    }
    return l;
}

/* The number of lines to be printed. */
static uint64_t printed(const struct gather *g)
{
    const struct kwic_lines *l = g->lines;
    uint64_t n = g->count.lines > l->skip ? g->count.lines - l->skip : 0;

    return n < l->limit ? n : l->limit;
}

static void release(struct gather *g)
{
    buf_release(&g->left);
    buf_release(&g->match);
    buf_release(&g->right);
    buf_release(&g->key);
    buf_release(&g->value);
    hits_close(&g->hits);
}

/* Hands the lines over to be printed. */
static int hand_over(struct gather *g)
{
    struct session *s = g->a->session;
    struct pour pour = {kwic_write, kwic_free, g->lines};
    int rc;

    g->a->shown = printed(g);
    g->a->count.total = g->count.documents;
    g->a->counted = g->count.counted;
    rc = answer_undated(g->a, g->count.counted);
    if (rc < 0)
        return rc;
    if (kwic_frame(g->a, g->lines, &g->count) < 0)
        return err_nomem(g->err);
    if (!g->set->count)
        session_pour(s, &pour);
    else
        kwic_free(g->lines);
    g->lines = NULL;
    return 0;
}

int kwic(struct answer *a)
{
    struct gather g = {.a = a, .set = a->settings, .err = a->session->err};
    int rc = 0;

    g.lines = new_lines(&g);
    if (!g.lines)
        rc = err_nomem(g.err);
    if (rc == 0)
        rc =
            g.set->sample && !g.set->count ? gather_sample(&g) : gather_all(&g);
    if (rc == 0)
        rc = hand_over(&g);
    if (g.lines)
        kwic_free(g.lines);
    release(&g);
    return rc;
}
