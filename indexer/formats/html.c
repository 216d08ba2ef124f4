#include "indexer/formats/html.h"

#include <stdlib.h>
#include <strings.h>

#include "indexer/formats/charset.h"
#include "indexer/formats/html_attributes.h"
#include "indexer/formats/html_flow.h"
#include "indexer/formats/html_meta.h"
#include "indexer/formats/html_parse.h"
#include "indexer/trec_text.h"

/* --- elements --- */

enum {
    LINE = 1,        /* a line of its own */
    PARAGRAPH = 2,   /* an empty line around it */
    CELL = 4,        /* a tab before it */
    SKIP = 8,        /* no text */
    NAVIGATION = 16, /* not the article */
    PRE = 32,
    ARTICLE = 64, /* header and footer in it are its own */
    BANNER = 128, /* <header>, <footer> */
    FORM = 256,
    HEADING = 512, /* <h1> */
    TITLE = 1024,
    LINK = 2048,
    LINE_END = 4096, /* <br> */
    RAISED = 8192,   /* <sup> */
    /* of an element, not of its kind: */
    LOCAL = 1 << 14, /* a link into the page */
    JSON = 1 << 15,  /* its text is JSON-LD */
    VALUE = 1 << 16, /* its text is the value of its itemprop */
    PART = 1 << 17   /* its text is a part of the flow */
};

static const struct element {
    const char *name;
    unsigned flags;
} elements[] = {
    {"a", LINK},
    {"address", LINE},
    {"article", PARAGRAPH | ARTICLE},
    {"aside", PARAGRAPH | NAVIGATION},
    {"audio", SKIP},
    {"blockquote", PARAGRAPH | ARTICLE},
    {"br", LINE_END},
    {"button", SKIP},
    {"canvas", SKIP},
    {"caption", LINE},
    {"center", LINE},
    {"datalist", SKIP},
    {"dd", LINE},
    {"details", LINE},
    {"dialog", LINE | NAVIGATION},
    {"dir", PARAGRAPH},
    {"div", LINE},
    {"dl", PARAGRAPH},
    {"dt", LINE},
    {"embed", SKIP},
    {"fieldset", PARAGRAPH},
    {"figcaption", LINE},
    {"figure", PARAGRAPH},
    {"footer", PARAGRAPH | BANNER},
    {"form", LINE | FORM},
    {"h1", PARAGRAPH | HEADING},
    {"h2", PARAGRAPH},
    {"h3", PARAGRAPH},
    {"h4", PARAGRAPH},
    {"h5", PARAGRAPH},
    {"h6", PARAGRAPH},
    {"header", PARAGRAPH | BANNER},
    {"hgroup", PARAGRAPH},
    {"hr", PARAGRAPH},
    {"iframe", SKIP},
    {"legend", LINE},
    {"li", LINE},
    {"listing", PARAGRAPH | PRE},
    {"main", PARAGRAPH | ARTICLE},
    {"menu", PARAGRAPH},
    {"nav", PARAGRAPH | NAVIGATION},
    {"noframes", SKIP},
    {"noscript", SKIP},
    {"object", SKIP},
    {"ol", PARAGRAPH},
    {"option", SKIP},
    {"p", PARAGRAPH},
    {"plaintext", PARAGRAPH | PRE},
    {"pre", PARAGRAPH | PRE},
    {"rp", SKIP},
    {"rt", SKIP},
    {"script", SKIP},
    {"search", LINE | NAVIGATION},
    {"section", PARAGRAPH},
    {"select", SKIP},
    {"style", SKIP},
    {"summary", LINE},
    {"sup", RAISED},
    {"svg", SKIP},
    {"table", PARAGRAPH},
    {"tbody", LINE},
    {"td", CELL},
    {"template", SKIP},
    {"textarea", SKIP},
    {"tfoot", LINE},
    {"th", CELL},
    {"thead", LINE},
    {"title", TITLE},
    {"tr", LINE},
    {"ul", PARAGRAPH},
    {"video", SKIP},
    {"xmp", PARAGRAPH | PRE},
};

static int by_name(const void *name, const void *element)
{
    return strcmp(name, ((const struct element *)element)->name);
}

static unsigned flags_of(const char *name)
{
    const struct element *e =
        bsearch(name, elements, sizeof elements / sizeof *elements,
                sizeof *elements, by_name);

    return e ? e->flags : 0;
}

/* --- the page so far --- */

struct open {
    unsigned flags;
    uint32_t part; /* of PART */
};

struct page {
    struct extract *x;
    struct flow flow;
    struct html_meta meta;
    struct open open[HTML_DEPTH];
    size_t depth;
    /* how many are open of each kind */
    unsigned skip, pre, article, heading, title, link, local, raised, value;
    unsigned gone;       /* parts that go in any case */
    bool headed;         /* <h1> was met */
    struct buf captured; /* of JSON-LD or itemprop */
    char prop[64];       /* that itemprop */
};

enum { TOO_DEEP = 1, CAPTURE = 1 << 20 };

/* --- what is no part of the article --- */

/* Whether style="…" has display: none or visibility: hidden. */
static bool undisplayed(const char *style)
{
    char packed[256];
    size_t n = 0;

    for (; *style && n + 1 < sizeof packed; style++)
        if (*style != ' ' && *style != '\t' && *style != '\n')
            packed[n++] = *style;
    packed[n] = 0;
    return strcasestr(packed, "display:none") != NULL ||
           strcasestr(packed, "visibility:hidden") != NULL;
}

static bool hidden(const char *const *attr)
{
    const char *value = html_attr(attr, "hidden");

    /* a browser looks for words in what is hidden only until they are found */
    if (value && strcasecmp(value, "until-found") != 0)
        return true;
    value = html_attr(attr, "aria-hidden");
    if (value && strcasecmp(value, "true") == 0)
        return true;
    value = html_attr(attr, "style");
    return value && undisplayed(value);
}

static bool role_of_navigation(const char *role)
{
    static const char *const roles[] = {
        "banner",  "complementary", "contentinfo", "dialog", "menu",
        "menubar", "navigation",    "search",      "toolbar"};
    size_t i;

    for (i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcasecmp(role, roles[i]) == 0)
            return true;
    return false;
}

/* Flags that the element has by its attributes. */
static unsigned judge(const struct page *p, unsigned flags,
                      const char *const *attr)
{
    const char *role;

    if (!attr)
        return (flags & BANNER) && p->article ? flags & ~BANNER : flags;
    if (flags & LINK) {
        const char *href = html_attr(attr, "href");

        flags |= href && *href == '#' ? LOCAL : 0;
    }
    role = html_attr(attr, "role");
    if (hidden(attr))
        return flags | NAVIGATION;
    if (role && strcasecmp(role, "doc-backlink") == 0) /* a note's arrow */
        return flags | NAVIGATION;
    if (role && strncasecmp(role, "doc-", 4) == 0) /* notes of the text */
        return flags & ~(NAVIGATION | BANNER);
    if (role && role_of_navigation(role))
        return flags | (p->article && (flags & BANNER) ? 0 : NAVIGATION);
    return (flags & BANNER) && p->article ? flags & ~BANNER : flags;
}

/* --- events --- */

static int begin_part(struct page *p, struct open *o)
{
    int64_t part = flow_part(&p->flow);

    if (part < 0)
        return ERR_NOMEM;
    o->flags |= PART;
    o->part = (uint32_t)part;
    p->gone += (o->flags & NAVIGATION) != 0;
    return 0;
}

/* The header around an <h1> stays. */
static void keep_header(struct page *p)
{
    size_t i;

    p->headed = true;
    for (i = 0; i < p->depth; i++)
        if ((p->open[i].flags & (PART | BANNER)) == (PART | BANNER) &&
            !(p->open[i].flags & NAVIGATION))
            p->flow.part[p->open[i].part].keep = true;
}

static int alternative(struct page *p, const char *const *attr)
{
    const char *alt = html_attr(attr, "alt");
    int rc;

    if (!alt || p->link || p->skip || !strchr(alt, ' '))
        return 0;
    flow_gap(&p->flow, GAP_BLANK);
    rc = flow_text(&p->flow, view_str(alt), false);
    flow_gap(&p->flow, GAP_BLANK);
    return rc;
}

static void gap_around(struct page *p, unsigned flags)
{
    if (flags & (LINE | LINE_END))
        flow_gap(&p->flow, GAP_LINE);
    if (flags & PARAGRAPH)
        flow_gap(&p->flow, GAP_PARAGRAPH);
    if (flags & CELL)
        flow_gap(&p->flow, GAP_TAB);
    if (((flags & LOCAL) && p->raised) || ((flags & RAISED) && p->local))
        flow_gap(&p->flow, GAP_BLANK); /* a footnote's number */
}

/* Begins to gather the text of an element that is a value. */
static void capture(struct page *p, struct open *o, const char *name,
                    const char *const *attr)
{
    const char *type = html_attr(attr, "type");
    const char *prop = html_attr(attr, "itemprop");

    if (p->value)
        return;
    if (strcmp(name, "script") == 0 && type &&
        strcasecmp(type, "application/ld+json") == 0) {
        o->flags |= JSON;
    } else if (prop && !html_attr(attr, "content") &&
               strlen(prop) < sizeof p->prop && !(o->flags & SKIP)) {
        o->flags |= VALUE;
        memcpy(p->prop, prop, strlen(prop) + 1);
    } else {
        return;
    }
    p->value = 1;
    buf_clear(&p->captured);
}

static int add_line_end(struct page *p)
{
    return p->skip ? 0 : flow_text(&p->flow, view_str("\n"), true);
}

static int on_start(void *arg, const char *name, const char *const *attr)
{
    struct page *p = arg;
    unsigned flags = judge(p, flags_of(name), attr);
    struct open *o = &p->open[p->depth];
    const char *lang;
    int rc = 0;

    if (p->depth == HTML_DEPTH)
        return TOO_DEEP;
    *o = (struct open){flags, 0};
    if (attr) {
        if (strcmp(name, "html") == 0 &&
            ((lang = html_attr(attr, "lang")) != NULL ||
             (lang = html_attr(attr, "xml:lang")) != NULL))
            rc = html_meta_language(&p->meta, lang);
        if (rc == 0 && !p->gone)
            rc = html_meta_tag(&p->meta, name, attr);
        if (rc == 0 && strcmp(name, "img") == 0)
            rc = alternative(p, attr);
        capture(p, o, name, attr);
    }
    if (rc == 0 && (flags & LINE_END) && p->pre)
        rc = add_line_end(p);
    else
        gap_around(p, flags);
    if (rc == 0 && (flags & (NAVIGATION | BANNER | FORM)) && !p->gone &&
        !p->skip)
        rc = begin_part(p, o);
    if ((flags & HEADING) && !p->headed && !p->gone)
        keep_header(p);
    else
        o->flags &= ~(unsigned)HEADING; /* the first one is meant */
    if (p->title || p->skip)
        o->flags &= ~(unsigned)TITLE;
    p->local += (flags & LOCAL) != 0;
    p->raised += (flags & RAISED) != 0;
    p->skip += (flags & SKIP) != 0;
    p->pre += (flags & PRE) != 0;
    p->article += (flags & ARTICLE) != 0;
    p->link += (flags & LINK) != 0;
    p->heading += (o->flags & HEADING) != 0;
    p->title += (o->flags & TITLE) != 0;
    p->depth++;
    return rc;
}

static int end_value(struct page *p, unsigned flags)
{
    p->value = 0;
    return flags & JSON
               ? html_meta_json(&p->meta, buf_view(&p->captured))
               : html_meta_prop(&p->meta, p->prop, buf_view(&p->captured));
}

static void end_part(struct page *p, const struct open *o)
{
    struct flow_part *part;

    flow_part_end(&p->flow, o->part);
    p->gone -= (o->flags & NAVIGATION) != 0;
    part = &p->flow.part[o->part];
    if ((o->flags & (FORM | NAVIGATION | BANNER)) == FORM &&
        part->end - part->start >= HTML_FORM)
        part->keep = true;
}

static int on_end(void *arg)
{
    struct page *p = arg;
    const struct open *o = &p->open[--p->depth];
    unsigned flags = o->flags;

    if (flags & PART)
        end_part(p, o);
    if (!(flags & LINE_END))
        gap_around(p, flags & ~(unsigned)(LOCAL | RAISED));
    p->local -= (flags & LOCAL) != 0;
    p->raised -= (flags & RAISED) != 0;
    p->skip -= (flags & SKIP) != 0;
    p->pre -= (flags & PRE) != 0;
    p->article -= (flags & ARTICLE) != 0;
    p->link -= (flags & LINK) != 0;
    p->heading -= (flags & HEADING) != 0;
    p->title -= (flags & TITLE) != 0;
    if ((flags & HEADING) && p->meta.heading.n == 0)
        p->headed = false; /* it was empty, or an image */
    return flags & (JSON | VALUE) ? end_value(p, flags) : 0;
}

static int on_text(void *arg, struct view v)
{
    struct page *p = arg;

    if (p->value && p->captured.n < CAPTURE && buf_add(&p->captured, v) < 0)
        return ERR_NOMEM;
    if (p->skip)
        return 0;
    if (p->title)
        return p->meta.named.n < HTML_META_VALUE ? buf_add(&p->meta.named, v)
                                                 : 0;
    if (p->heading && p->meta.heading.n < HTML_META_VALUE &&
        buf_add(&p->meta.heading, v) < 0)
        return ERR_NOMEM;
    return flow_text(&p->flow, v, p->pre > 0);
}

/* --- the page --- */

/* Appends what lies behind `at`, where nesting got too deep, without tags. */
static int rest(struct page *p, struct view utf8, size_t at)
{
    struct trec_text t = {0};
    struct buf text = {0};
    const uint8_t *tag;
    int rc;

    tag = at < utf8.n ? memchr(utf8.p + at, '>', utf8.n - at) : NULL;
    at = tag ? (size_t)(tag - utf8.p) + 1 : utf8.n;
    rc = trec_strip(&t, view_sub(utf8, at, utf8.n), &text);
    flow_gap(&p->flow, GAP_PARAGRAPH);
    if (rc == 0)
        rc = flow_text(&p->flow, buf_view(&text), false);
    buf_release(&text);
    while (p->depth > 0 && rc == 0)
        rc = on_end(p);
    return rc;
}

static int finish(struct page *p)
{
    size_t all = p->x->text.n, left = all - flow_parts(&p->flow);
    int rc;

    if (left >= HTML_LITTLE || left >= all - left)
        flow_cut(&p->flow);
    else
        p->flow.nparts = 0;
    rc = html_meta_give(&p->meta, p->x);
    extract_drop_title(p->x);
    return rc;
}

static int read_page(struct page *p, struct view utf8, struct err *err)
{
    static const struct html_events events = {on_start, on_end, on_text};
    size_t end;
    int rc = html_parse(utf8, &events, p, &end, err);

    if (rc == TOO_DEEP)
        rc = rest(p, utf8, end);
    return rc == 0 ? finish(p) : rc;
}

int html_extract(struct view bytes, const struct extract_limits *limits,
                 struct extract *x, struct err *err)
{
    struct page *p = calloc(1, sizeof *p);
    struct charset_text text = {0};
    int rc;

    if (!p)
        return err_nomem(err);
    p->x = x;
    p->flow.out = &x->text;
    p->flow.max = limits->text_max < UINT32_MAX ? limits->text_max : UINT32_MAX;
    rc = charset_html(bytes, limits->charset, &text, err);
    if (rc == 0) {
        x->guessed = text.guessed;
        rc = buf_adds(&x->charset, text.name);
    }
    if (rc == 0) {
        html_bound_attributes((uint8_t *)text.utf8.p, text.utf8.n);
        rc = read_page(p, buf_view(&text.utf8), err);
    }
    if (rc == ERR_FULL)
        err_set(err, rc, "its text is larger than %zu MB",
                limits->text_max >> 20);
    if (rc == ERR_NOMEM)
        err_nomem(err);
    flow_release(&p->flow);
    html_meta_release(&p->meta);
    buf_release(&p->captured);
    charset_text_release(&text);
    free(p);
    return rc;
}
