#include "indexer/formats/html_meta.h"

#include <strings.h>

#include "base/date.h"
#include "base/json_read.h"

enum kind { TITLE, DATE, AUTHOR, DESCRIPTION, URL, SITE, LANGUAGE, KEYWORDS };

/* What names mean in <meta name=…>, property=… and http-equiv=…; of one kind
 * a lower rank is better. */
static const struct name {
    const char *name;
    enum kind kind;
    uint8_t rank;
} names[] = {
    {"og:title", TITLE, 1},
    {"citation_title", TITLE, 1},
    {"article:published_time", DATE, 1},
    {"og:published_time", DATE, 1},
    {"article:published", DATE, 1},
    {"datepublished", DATE, 3},
    {"citation_publication_date", DATE, 4},
    {"citation_date", DATE, 4},
    {"citation_online_date", DATE, 5},
    {"dc.date", DATE, 4},
    {"dc.date.issued", DATE, 4},
    {"dcterms.date", DATE, 4},
    {"dcterms.issued", DATE, 4},
    {"dcterms.created", DATE, 4},
    {"date", DATE, 4},
    {"pubdate", DATE, 4},
    {"publishdate", DATE, 4},
    {"publish-date", DATE, 4},
    {"publish_date", DATE, 4},
    {"parsely-pub-date", DATE, 4},
    {"sailthru.date", DATE, 4},
    {"author", AUTHOR, 1},
    {"citation_author", AUTHOR, 1},
    {"dc.creator", AUTHOR, 2},
    {"dcterms.creator", AUTHOR, 2},
    {"parsely-author", AUTHOR, 2},
    {"byl", AUTHOR, 2},
    {"article:author", AUTHOR, 3},
    {"description", DESCRIPTION, 1},
    {"og:description", DESCRIPTION, 2},
    {"dc.description", DESCRIPTION, 2},
    {"og:url", URL, 2},
    {"og:site_name", SITE, 1},
    {"application-name", SITE, 2},
    {"content-language", LANGUAGE, 2},
    {"language", LANGUAGE, 3},
    {"dc.language", LANGUAGE, 3},
    {"og:locale", LANGUAGE, 4},
    {"keywords", KEYWORDS, 1},
    {"news_keywords", KEYWORDS, 1},
    {"article:tag", KEYWORDS, 1},
};

enum { RANK_LINK = 1, RANK_JSON = 2, RANK_PROP = 3, RANK_TIME = 9 };

const char *html_attr(const char *const *attr, const char *name)
{
    for (; attr && attr[0]; attr += 2)
        if (strcasecmp(attr[0], name) == 0)
            return attr[1] ? attr[1] : "";
    return NULL;
}

static bool blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Appends v with single blanks, cut where it is too long. */
static int squeeze(struct buf *out, struct view v)
{
    size_t i, start = out->n;
    bool gap = false;

    for (i = 0; i < v.n && out->n - start < HTML_META_VALUE; i++) {
        bool nbsp = v.p[i] == 0xC2 && i + 1 < v.n && v.p[i + 1] == 0xA0;

        if (blank(v.p[i]) || nbsp) {
            gap = true;
            i += nbsp;
            continue;
        }
        if ((gap && out->n > start && buf_addc(out, ' ') < 0) ||
            buf_addc(out, v.p[i]) < 0)
            return ERR_NOMEM;
        gap = false;
    }
    if (i == v.n || (v.p[i] & 0xC0) != 0x80)
        return 0;
    while (out->n > start && (out->p[out->n - 1] & 0xC0) == 0x80)
        out->n--;
    out->n -= out->n > start; /* the character that was cut */
    return 0;
}

static bool is_url(struct view v)
{
    return (v.n > 7 && memcmp(v.p, "http://", 7) == 0) ||
           (v.n > 8 && memcmp(v.p, "https://", 8) == 0);
}

/* A candidate; of authors of one rank all are kept. */
static int offer(struct html_best *best, enum kind kind, uint8_t rank,
                 struct view v)
{
    struct buf value = {0};
    bool more = kind == AUTHOR && best->rank == rank;
    int rc;

    if (best->rank && best->rank <= rank && !more)
        return 0;
    rc = squeeze(&value, v);
    v = buf_view(&value);
    if (rc == 0 && v.n > 0 && (kind != DATE || date_parse(v) != DATE_NONE) &&
        (kind != AUTHOR || !is_url(v)) && (kind != URL || is_url(v))) {
        if (!more)
            buf_clear(&best->text);
        else if (best->text.n + v.n < HTML_META_VALUE)
            rc = buf_addc(&best->text, 0);
        else
            v.n = 0;
        if (rc == 0)
            rc = buf_add(&best->text, v);
        best->rank = rank;
    }
    buf_release(&value);
    return rc;
}

static int take(struct html_meta *m, enum kind kind, uint8_t rank,
                struct view v)
{
    struct html_best *const best[] = {&m->title,       &m->date, &m->author,
                                      &m->description, &m->url,  &m->site,
                                      &m->language};

    if (kind != KEYWORDS)
        return offer(best[kind], kind, rank, v);
    if (m->keywords.n > (size_t)HTML_META_VALUE * 8)
        return 0;
    if (m->keywords.n && buf_addc(&m->keywords, ',') < 0)
        return ERR_NOMEM;
    return squeeze(&m->keywords, v);
}

/* --- tags --- */

static int take_named(struct html_meta *m, const char *name, const char *value)
{
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i].name, name) == 0)
            return take(m, names[i].kind, names[i].rank, view_str(value));
    return 0;
}

static const char *first_of(const char *a, const char *b)
{
    return a && *a ? a : b;
}

/* Whether a list of words has that one. */
static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word);

    while (list && *list) {
        size_t len = strcspn(list, " \t\r\n\f");

        if (len == n && strncasecmp(list, word, n) == 0)
            return true;
        list += len;
        list += strspn(list, " \t\r\n\f");
    }
    return false;
}

int html_meta_prop(struct html_meta *m, const char *prop, struct view text)
{
    if (has_word(prop, "datePublished"))
        return take(m, DATE, RANK_PROP, text);
    if (has_word(prop, "author"))
        return take(m, AUTHOR, RANK_PROP, text);
    return 0;
}

int html_meta_tag(struct html_meta *m, const char *name,
                  const char *const *attr)
{
    const char *prop = html_attr(attr, "itemprop");
    const char *content = html_attr(attr, "content");
    const char *when = html_attr(attr, "datetime");
    int rc = 0;

    if (strcmp(name, "link") == 0) {
        const char *href = html_attr(attr, "href");

        return href && has_word(html_attr(attr, "rel"), "canonical")
                   ? take(m, URL, RANK_LINK, view_str(href))
                   : 0;
    }
    if (strcmp(name, "meta") == 0 && content) {
        const char *key = first_of(
            html_attr(attr, "property"),
            first_of(html_attr(attr, "name"), html_attr(attr, "http-equiv")));

        if (key)
            rc = take_named(m, key, content);
    }
    content = first_of(when, content);
    if (rc == 0 && prop && content)
        rc = html_meta_prop(m, prop, view_str(content));
    if (rc == 0 && when && strcmp(name, "time") == 0)
        rc = take(m, DATE, RANK_TIME, view_str(when));
    return rc;
}

int html_meta_language(struct html_meta *m, const char *value)
{
    return take(m, LANGUAGE, 1, view_str(value));
}

/* --- JSON-LD --- */

static struct view skip_blank(struct view v)
{
    while (v.n && blank(*v.p))
        v = view_sub(v, 1, v.n);
    return v;
}

/* What follows `"key":` in v, or an empty view. */
static struct view behind_key(struct view v, const char *key)
{
    size_t n = strlen(key);

    while (v.n > n + 2) {
        const uint8_t *at = memmem(v.p, v.n, key, n);
        struct view rest;

        if (!at)
            break;
        rest = view_sub(v, (size_t)(at - v.p) + n, v.n);
        v = rest;
        if (at[-1] != '"' || rest.n == 0 || rest.p[0] != '"')
            continue;
        rest = skip_blank(view_sub(rest, 1, rest.n));
        if (rest.n && rest.p[0] == ':')
            return skip_blank(view_sub(rest, 1, rest.n));
    }
    return view_of(NULL, 0);
}

/* Takes the string that v begins with. */
static int take_string(struct html_meta *m, enum kind kind, struct view v)
{
    const struct json_member *member;
    struct json_reader *reader = NULL;
    struct buf object = {0};
    size_t i = 1, n;
    int rc;

    while (i < v.n && i < HTML_META_VALUE && v.p[i] != '"')
        i += v.p[i] == '\\' ? 2 : 1;
    if (v.n == 0 || v.p[0] != '"' || i >= v.n || v.p[i] != '"')
        return 0;
    if (buf_adds(&object, "{\"v\":") < 0 ||
        buf_add(&object, view_sub(v, 0, i + 1)) < 0 ||
        buf_addc(&object, '}') < 0) {
        buf_release(&object);
        return ERR_NOMEM;
    }
    rc = json_reader_open(&reader, NULL);
    if (rc == 0)
        rc = json_reader_parse(reader, buf_view(&object), &member, &n, NULL);
    if (rc == 0 && n == 1)
        rc = take(m, kind, RANK_JSON, member->text);
    json_reader_free(reader);
    buf_release(&object);
    return rc == ERR_NOMEM ? rc : 0;
}

int html_meta_json(struct html_meta *m, struct view json)
{
    /* a key needs a quote before it */
    struct view v = json.n ? view_sub(json, 1, json.n) : json, author;
    int rc = take_string(m, DATE, behind_key(v, "datePublished"));

    if (rc == 0)
        rc = take_string(m, LANGUAGE, behind_key(v, "inLanguage"));
    author = behind_key(v, "author");
    if (author.n && author.p[0] != '"') /* the first one's name */
        author = behind_key(view_sub(author, 1, author.n), "name");
    return rc == 0 ? take_string(m, AUTHOR, author) : rc;
}

/* --- the result --- */

static int give_title(struct html_meta *m, struct extract *x)
{
    struct buf heading = {0}, named = {0};
    struct view v;
    int rc = 0;

    if (squeeze(&heading, buf_view(&m->heading)) < 0 ||
        squeeze(&named, buf_view(&m->named)) < 0)
        rc = ERR_NOMEM;
    v = m->title.text.n ? buf_view(&m->title.text) : buf_view(&named);
    if (m->title.text.n == 0 && heading.n &&
        (named.n == 0 || memmem(named.p, named.n, heading.p, heading.n)))
        v = buf_view(&heading);
    if (rc == 0)
        rc = buf_add(&x->title, v);
    buf_release(&heading);
    buf_release(&named);
    return rc;
}

/* A field for each piece of v that does not end before the next `c`. */
static int give_each(struct extract *x, const char *name, struct view v,
                     uint8_t c)
{
    size_t n = 0;
    int rc = 0;

    while (v.n && rc == 0 && n < HTML_META_KEYWORDS) {
        const uint8_t *end = memchr(v.p, c, v.n);
        struct view one = view_sub(v, 0, end ? (size_t)(end - v.p) : v.n);

        v = view_sub(v, end ? one.n + 1 : v.n, v.n);
        one = skip_blank(one);
        while (one.n && blank(one.p[one.n - 1]))
            one.n--;
        n += one.n > 0;
        rc = extract_field(x, name, one);
    }
    return rc;
}

int html_meta_give(struct html_meta *m, struct extract *x)
{
    int rc = give_title(m, x);

    if (rc == 0)
        rc = buf_add(&x->date, buf_view(&m->date.text));
    if (rc == 0)
        rc = buf_add(&x->language, buf_view(&m->language.text));
    if (rc == 0)
        rc = give_each(x, "author", buf_view(&m->author.text), 0);
    if (rc == 0)
        rc = extract_field(x, "description", buf_view(&m->description.text));
    if (rc == 0)
        rc = give_each(x, "keywords", buf_view(&m->keywords), ',');
    if (rc == 0)
        rc = extract_field(x, "url", buf_view(&m->url.text));
    if (rc == 0)
        rc = extract_field(x, "site", buf_view(&m->site.text));
    return rc;
}

void html_meta_release(struct html_meta *m)
{
    buf_release(&m->title.text);
    buf_release(&m->date.text);
    buf_release(&m->author.text);
    buf_release(&m->description.text);
    buf_release(&m->url.text);
    buf_release(&m->site.text);
    buf_release(&m->language.text);
    buf_release(&m->heading);
    buf_release(&m->named);
    buf_release(&m->keywords);
    memset(m, 0, sizeof *m);
}
