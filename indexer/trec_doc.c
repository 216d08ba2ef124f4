#include "indexer/trec_doc.h"

#include <stdlib.h>
#include <strings.h>

#include "base/date.h"
#include "indexer/meta.h"
#include "indexer/stream.h"
#include "indexer/trec_text.h"

enum {
    NAME = 64,  /* bytes of a field's name */
    SHORT = 256 /* bytes of an element with a date or a language */
};

enum use { USE_ID, USE_TITLE, USE_DATE, USE_LANGUAGE, USE_DROP, USE_TEXT };

static const struct element {
    const char *name;
    enum use use;
    bool plain; /* only where no tags are within */
} elements[] = {
    {"docno", USE_ID, false},       {"title", USE_TITLE, false},
    {"headline", USE_TITLE, false}, {"hl", USE_TITLE, false},
    {"ti", USE_TITLE, false},       {"ttl", USE_TITLE, false},
    {"doctitle", USE_TITLE, false}, {"head", USE_TITLE, true},
    {"date", USE_DATE, false},      {"date1", USE_DATE, false},
    {"date_time", USE_DATE, false}, {"dd", USE_DATE, false},
    {"lang", USE_LANGUAGE, false},  {"language", USE_LANGUAGE, false},
    {"dochdr", USE_DROP, false},    {"script", USE_DROP, false},
    {"style", USE_DROP, false},     {"text", USE_TEXT, false},
    {"body", USE_TEXT, false},      {"html", USE_TEXT, false}};

enum { NELEMENTS = sizeof elements / sizeof *elements };

struct trec_doc {
    struct buf id, title, date, language, text;
    struct buf scratch;
    struct buf kept; /* names and values of fields; never moves */
    struct field field[META_FIELDS];
    size_t nfields;
    bool unended[NELEMENTS]; /* no end tag of it is left in the DOC */
    bool inside;             /* TEXT, BODY or HTML */
    struct trec_text strip;
};

int trec_doc_open(struct trec_doc **out, struct err *err)
{
    struct trec_doc *d = calloc(1, sizeof *d);

    *out = NULL;
    if (!d || buf_reserve(&d->kept, META_FIELDS * (NAME + META_FIELD)) < 0) {
        free(d);
        return err_nomem(err);
    }
    *out = d;
    return 0;
}

void trec_doc_free(struct trec_doc *d)
{
    if (!d)
        return;
    buf_release(&d->id);
    buf_release(&d->title);
    buf_release(&d->date);
    buf_release(&d->language);
    buf_release(&d->text);
    buf_release(&d->scratch);
    buf_release(&d->kept);
    free(d);
}

static void clear(struct buf *b)
{
    if (b->cap > STREAM_KEEP)
        buf_release(b);
    buf_clear(b);
}

static void clear_all(struct trec_doc *d)
{
    clear(&d->id);
    clear(&d->title);
    clear(&d->date);
    clear(&d->language);
    clear(&d->text);
    clear(&d->scratch);
    buf_clear(&d->kept);
    d->nfields = 0;
    memset(d->unended, 0, sizeof d->unended);
    d->inside = false;
    memset(&d->strip, 0, sizeof d->strip);
}

static bool same_name(struct view a, struct view b)
{
    return a.n == b.n &&
           strncasecmp((const char *)a.p, (const char *)b.p, a.n) == 0;
}

static const struct element *element_of(struct view name)
{
    size_t i;

    for (i = 0; i < NELEMENTS; i++)
        if (same_name(name, view_str(elements[i].name)))
            return &elements[i];
    return NULL;
}

static bool is_end_tag(struct view v, struct view name)
{
    size_t n = name.n + 2;

    return v.n > n && v.p[1] == '/' &&
           strncasecmp((const char *)v.p + 2, (const char *)name.p, name.n) ==
               0 &&
           (v.p[n] == '>' || trec_blank(v.p[n]));
}

/* What stands at the front of v before the next tag, if that is the end tag of
 * that name. */
static bool content_to_tag(struct view v, struct view name, struct view *out)
{
    const uint8_t *lt = v.n ? memchr(v.p, '<', v.n) : NULL;
    size_t n = lt ? (size_t)(lt - v.p) : v.n;

    *out = view_sub(v, 0, n);
    return lt && is_end_tag(view_sub(v, n, v.n), name);
}

/* As content_to_tag, with other tags within. */
static bool content(struct view v, struct view name, struct view *out)
{
    size_t at = 0;
    const uint8_t *lt;

    while (at < v.n && (lt = memchr(v.p + at, '<', v.n - at))) {
        at = (size_t)(lt - v.p);
        *out = view_sub(v, 0, at);
        if (is_end_tag(view_sub(v, at, v.n), name))
            return true;
        at++;
    }
    return false;
}

/* The content of an element, which begins at the front of v. So that the time
 * is linear, what may yet be read as text is sought in a few bytes only, and an
 * end tag that is not there is sought once. */
static bool find_content(struct trec_doc *d, const struct element *e,
                         struct view v, struct view *out)
{
    bool *unended = &d->unended[e - elements];
    struct view name = view_str(e->name);

    if (e->plain)
        return content_to_tag(v, name, out);
    if (e->use == USE_DATE || e->use == USE_LANGUAGE)
        return content(view_sub(v, 0, v.n < SHORT ? v.n : SHORT), name, out);
    if (!*unended)
        *unended = !content(v, name, out);
    return !*unended;
}

/* --- what elements say --- */

/* A number of two digits, or -1. */
static int two_digits(const uint8_t *p)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return -1;
    return (p[0] - '0') * 10 + p[1] - '0';
}

/* Years of two digits are of the twentieth century: so are the collections
 * that write them. */
static int32_t parse_date(struct view v)
{
    int32_t days = date_parse(v);
    size_t i, commas = 0;
    int a, b, c;

    if (days == DATE_NONE && v.n == 6) {
        a = two_digits(v.p);
        b = two_digits(v.p + 2);
        c = two_digits(v.p + 4);
        return a < 0 ? DATE_NONE : date_days(1900 + a, b, c);
    }
    if (days == DATE_NONE && v.n == 8 && v.p[2] == '/' && v.p[5] == '/') {
        a = two_digits(v.p);
        b = two_digits(v.p + 3);
        c = two_digits(v.p + 6);
        return c < 0 ? DATE_NONE : date_days(1900 + c, a, b);
    }
    for (i = 0; i < v.n && days == DATE_NONE; i++)
        if (v.p[i] == ',' && ++commas == 2)
            days = date_parse(view_sub(v, 0, i));
    return days;
}

/* The content on one line, without tags, in *out. */
static int one_line(struct trec_doc *d, struct view in, struct buf *out)
{
    buf_clear(out);
    if (trec_strip(&d->strip, in, out) < 0)
        return ERR_NOMEM;
    trec_squeeze(out);
    return 0;
}

/* As one_line, in d->scratch, of what may yet become text:
 * ill-formed bytes are counted there. */
static int look(struct trec_doc *d, struct view in)
{
    size_t replaced = d->strip.replaced;
    int rc = one_line(d, in, &d->scratch);

    d->strip.replaced = replaced;
    return rc;
}

/* Each take_ returns 1 where the content is done with, 0 where it is text,
 * negative. */
static int take_date(struct trec_doc *d, struct view in)
{
    char date[11];
    int32_t days;

    if (d->date.n || d->inside)
        return 0;
    if (look(d, in) < 0)
        return ERR_NOMEM;
    days = parse_date(buf_view(&d->scratch));
    if (days == DATE_NONE)
        return 0;
    date_text(days, date);
    return buf_adds(&d->date, date) < 0 ? ERR_NOMEM : 1;
}

static int take_title(struct trec_doc *d, struct view in)
{
    if (d->title.n == 0)
        return one_line(d, in, &d->title) < 0 ? ERR_NOMEM : 1;
    return trec_strip(&d->strip, in, &d->text) < 0 ? ERR_NOMEM : 1;
}

static int take_language(struct trec_doc *d, struct view in)
{
    if (d->language.n || d->inside)
        return 0;
    return one_line(d, in, &d->language) < 0 ? ERR_NOMEM : 1;
}

static int take_id(struct trec_doc *d, struct view in, struct err *err)
{
    if (d->id.n)
        return err_set(err, ERR_USAGE,
                       "more than one DOCNO (a </DOC> may be missing)");
    return one_line(d, in, &d->id) < 0 ? ERR_NOMEM : 1;
}

static int take(struct trec_doc *d, const struct element *e, struct view in,
                struct err *err)
{
    switch (e->use) {
    case USE_ID:
        return take_id(d, in, err);
    case USE_TITLE:
        return take_title(d, in);
    case USE_DATE:
        return take_date(d, in);
    case USE_LANGUAGE:
        return take_language(d, in);
    default:
        return e->use == USE_DROP;
    }
}

/* --- fields --- */

static bool has_field(const struct trec_doc *d, struct view name)
{
    size_t i;

    for (i = 0; i < d->nfields; i++)
        if (same_name(d->field[i].name, name))
            return true;
    return false;
}

static bool is_for_field(const struct trec_doc *d, const struct trec_tag *tag)
{
    return !d->inside && tag->bare && tag->name.n > 1 && tag->name.n <= NAME &&
           d->nfields < META_FIELDS && !has_field(d, tag->name);
}

/* Appends to what is kept, which has room for it. */
static struct view put(struct trec_doc *d, struct view v)
{
    struct view to = view_of(d->kept.p + d->kept.n, v.n);

    memcpy(d->kept.p + d->kept.n, v.p, v.n);
    d->kept.n += v.n;
    return to;
}

/* Keeps an element whose content begins at the front of v as a field, if it is
 * one for that. */
static int keep(struct trec_doc *d, const struct trec_tag *tag, struct view v)
{
    struct view name, value;
    size_t i;

    v.n = v.n < META_FIELD ? v.n : META_FIELD;
    if (!is_for_field(d, tag) || !content_to_tag(v, tag->name, &value))
        return 0;
    value = trec_trim(value);
    if (value.n == 0 || memchr(value.p, '\n', value.n))
        return 0;
    if (look(d, value) < 0)
        return ERR_NOMEM;
    value = buf_view(&d->scratch);
    if (value.n == 0 || value.n > META_FIELD)
        return 0;
    name = put(d, tag->name);
    for (i = d->kept.n - name.n; i < d->kept.n; i++)
        if (d->kept.p[i] >= 'A' && d->kept.p[i] <= 'Z')
            d->kept.p[i] |= 0x20;
    d->field[d->nfields].name = name;
    d->field[d->nfields++].value = put(d, value);
    return 0;
}

/* --- the whole --- */

/* What a start tag begins; *at, behind it, moves over what is done with. */
static int begin(struct trec_doc *d, const struct trec_tag *tag, struct view v,
                 size_t *at, struct err *err)
{
    const struct element *e = element_of(tag->name);
    struct view rest = view_sub(v, *at, v.n), in;
    int rc;

    if (e && e->use == USE_TEXT) {
        d->inside = true;
        return 0;
    }
    if (e && find_content(d, e, rest, &in)) {
        rc = take(d, e, in, err);
        if (rc != 0) {
            *at += in.n;
            return rc < 0 ? rc : 0;
        }
    }
    return keep(d, tag, rest);
}

static int parse(struct trec_doc *d, struct view v, struct err *err)
{
    struct trec_tag tag;
    size_t at = 0;
    int rc;

    while ((rc = trec_strip_to(&d->strip, v, &at, &d->text, &tag)) > 0) {
        const struct element *e = tag.end ? element_of(tag.name) : NULL;

        if (e && e->use == USE_TEXT)
            d->inside = false;
        rc = tag.end ? 0 : begin(d, &tag, v, &at, err);
        if (rc < 0)
            break;
    }
    return rc;
}

int trec_doc_parse(struct trec_doc *d, struct record *out, struct err *err)
{
    int rc;

    clear_all(d);
    rc = parse(d, out->raw, err);
    if (rc == ERR_NOMEM)
        return err_nomem(err);
    if (rc < 0)
        return rc;
    if (d->id.n == 0)
        return err_set(err, ERR_USAGE, "no DOCNO");
    out->id = buf_view(&d->id);
    out->title = buf_view(&d->title);
    out->date = buf_view(&d->date);
    out->language = buf_view(&d->language);
    out->text = trec_trim(buf_view(&d->text));
    out->field = d->field;
    out->nfields = d->nfields;
    out->replaced = d->strip.replaced;
    return 1;
}
