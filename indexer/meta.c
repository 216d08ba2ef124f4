#include "indexer/meta.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/date.h"
#include "index/column.h"
#include "index/fields.h"
#include "indexer/dateline.h"
#include "indexer/front.h"
#include "indexer/vec.h"
#include "text/furniture.h"
#include "text/stem.h"
#include "text/utf8.h"

void meta_release(struct meta *m)
{
    free(m->zone);
    free(m->field);
    buf_release(&m->acronyms);
    buf_release(&m->furniture);
    memset(m, 0, sizeof *m);
}

static void clear(struct meta *m)
{
    m->nzones = m->nfields = 0;
    buf_clear(&m->acronyms);
    buf_clear(&m->furniture);
    m->title_start = m->title_len = 0;
    m->date = DATE_NONE;
    m->date_source = DATE_FROM_NONE;
    m->language[0] = 0;
    m->detected = false;
}

/* --- pieces --- */

static int add_zone(struct meta *m, size_t start, size_t end, bool title)
{
    struct zone *z;

    if (start >= end)
        return 0;
    z = vec_grow(m->zone, &m->zone_cap, m->nzones + 1, sizeof *z);
    if (!z)
        return ERR_NOMEM;
    m->zone = z;
    z += m->nzones++;
    z->start = (uint32_t)start;
    z->end = (uint32_t)end;
    z->title = title;
    return 0;
}

int meta_field(struct meta *m, struct view name, struct view value)
{
    struct field *f;

    if (m->nfields == META_FIELDS || name.n == 0 || name.n > META_FIELD ||
        fields_hidden(name))
        return 0;
    f = vec_grow(m->field, &m->field_cap, m->nfields + 1, sizeof *f);
    if (!f)
        return ERR_NOMEM;
    m->field = f;
    f += m->nfields++;
    f->name = name;
    f->value = view_sub(value, 0, utf8_cut(value, META_FIELD));
    return 0;
}

/* Keeps the name of a language: letters and what stands between them. */
static void set_language(struct meta *m, struct view v)
{
    size_t i;

    v = trim(v);
    for (i = 0; i < v.n && i < META_LANGUAGE - 1; i++) {
        if (!isalnum(v.p[i]) && v.p[i] != '-' && v.p[i] != '_')
            break;
        m->language[i] = (char)tolower(v.p[i]);
    }
    m->language[i] = 0;
}

/* Bytes of v's first `max` characters. */
static size_t characters(struct view v, size_t max)
{
    size_t i = 0;

    while (i < v.n && max-- > 0) {
        unsigned len;

        utf8_decode(v.p + i, v.p + v.n, &len);
        i += len;
    }
    return i;
}

/* Bytes of v that are searched as a title: all, or up to a blank where it is
 * long, or up to a character where it has none. */
static size_t title_size(struct view v)
{
    size_t n;

    if (v.n <= META_TITLE)
        return v.n;
    for (n = META_TITLE; n > META_TITLE / 2; n--)
        if (v.p[n] == ' ')
            return n;
    return utf8_cut(v, META_TITLE);
}

static void show_title(struct meta *m, struct view text, struct view title)
{
    m->title_start = (uint32_t)(title.p - text.p);
    m->title_len =
        (uint32_t)trim(view_sub(title, 0, characters(title, META_SHOWN))).n;
}

/* --- front matter --- */

static bool key_is(struct view key, const char *a, const char *b)
{
    return (key.n == strlen(a) &&
            strncasecmp((const char *)key.p, a, key.n) == 0) ||
           (key.n == strlen(b) &&
            strncasecmp((const char *)key.p, b, key.n) == 0);
}

/* Unless it has a date already. */
static void set_date(struct meta *m, int32_t days, enum date_source source)
{
    if (days == DATE_NONE || m->date != DATE_NONE)
        return;
    m->date = days;
    m->date_source = source;
}

static bool is_date(struct view key)
{
    return key_is(key, "date", "published") ||
           key_is(key, "pubdate", "publication_date") ||
           key_is(key, "date_published", "published_at");
}

/* One value, of the key on its line or of the one above it. */
static int take_value(struct meta *m, struct view text, struct view key,
                      struct view value, bool first)
{
    size_t start = (size_t)(value.p - text.p);
    struct field *last = m->nfields ? &m->field[m->nfields - 1] : NULL;

    if (key_is(key, "title", "title") && m->title_len == 0) {
        size_t n = title_size(value);

        show_title(m, text, value);
        if (add_zone(m, start, start + n, true) < 0)
            return ERR_NOMEM;
        return add_zone(m, start + n, start + value.n, false);
    }
    if (is_date(key))
        set_date(m, date_parse(value), DATE_FROM_FRONT_MATTER);
    else if (key_is(key, "lang", "language"))
        set_language(m, value);
    else if (!key_is(key, "title", "title") && !first && last &&
             last->name.p == key.p)
        /* goes on: the field reaches from its first value to this one's end */
        last->value.n = utf8_cut(
            view_of(last->value.p, (size_t)(value.p + value.n - last->value.p)),
            META_FIELD);
    else if (!key_is(key, "title", "title") && meta_field(m, key, value) < 0)
        return ERR_NOMEM;
    return add_zone(m, start, start + value.n, false);
}

/* Reads front matter at byte at; *end gets the byte behind it. */
static int front_matter(struct meta *m, struct view text, size_t at,
                        size_t *end)
{
    struct view key = {NULL, 0};
    struct front_line line;
    size_t body = at;
    int rc = 0;

    *end = front_end(text, at, META_FRONT, &body);
    if (*end == at)
        return 0;
    while (rc == 0 && front_next(text, &body, *end, &line)) {
        if (line.key.n)
            key = line.key;
        if (line.value.n)
            rc = take_value(m, text, key, line.value, line.key.n > 0);
    }
    return rc;
}

/* --- titles --- */

/* The content of an ATX heading ("## Title ##"), or an empty view. */
static struct view atx(struct view line)
{
    size_t i = 0, n = 0;

    while (i < line.n && i < 4 && line.p[i] == ' ')
        i++;
    while (i + n < line.n && line.p[i + n] == '#')
        n++;
    if (i == 4 || n == 0 || n > 6 ||
        (i + n < line.n && line.p[i + n] != ' ' && line.p[i + n] != '\t'))
        return view_of(NULL, 0);
    line = trim(view_sub(line, i + n, line.n));
    for (n = line.n; n > 0 && line.p[n - 1] == '#'; n--)
        ;
    if (n == 0 || line.p[n - 1] == ' ' || line.p[n - 1] == '\t')
        line = trim(view_sub(line, 0, n));
    return line;
}

/* Whether the line underlines the one above as a heading. */
static bool underline(struct view line)
{
    size_t i;

    line = trim(line);
    for (i = 0; i < line.n && line.p[i] == line.p[0]; i++)
        ;
    return line.n > 0 && i == line.n && (line.p[0] == '=' || line.p[0] == '-');
}

static bool fence(struct view line)
{
    line = trim(line);
    return line.n >= 3 &&
           (memcmp(line.p, "```", 3) == 0 || memcmp(line.p, "~~~", 3) == 0);
}

/* The first heading in the first bytes of text behind `at`, or an empty view. */
static struct view first_heading(struct view text, size_t at)
{
    struct view line, above = {NULL, 0}, title;
    size_t stop = text.n - at > META_FRONT ? at + META_FRONT : text.n;
    bool fenced = false;

    while (at < stop) {
        line = line_at(text, at, &at);
        if (fence(line))
            fenced = !fenced;
        title = atx(line);
        if (!fenced && title.n)
            return title;
        if (!fenced && above.n && underline(line))
            return above;
        above = trim(line);
        if (underline(line) || fence(line))
            above.n = 0;
    }
    return view_of(NULL, 0);
}

static bool markdown(struct view path)
{
    return path.n >= 3 &&
           strncasecmp((const char *)path.p + path.n - 3, ".md", 3) == 0;
}

/* --- the two kinds of documents --- */

/* The body's title and zones: before, title, behind. */
static int body(struct meta *m, struct view text, size_t at, bool headings)
{
    struct view title = {NULL, 0};
    size_t start, n;

    if (m->title_len == 0) {
        if (headings)
            title = first_heading(text, at);
        if (title.n == 0)
            title = furniture_title(text, at);
    }
    if (title.n == 0)
        return add_zone(m, at, text.n, false);
    show_title(m, text, title);
    start = (size_t)(title.p - text.p);
    n = title_size(title);
    if (add_zone(m, at, start, false) < 0 ||
        add_zone(m, start, start + n, true) < 0)
        return ERR_NOMEM;
    return add_zone(m, start + n, text.n, false);
}

int meta_of_file(struct meta *m, struct view text, struct view path)
{
    size_t at = 0, end;

    clear(m);
    if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    if (front_matter(m, text, at, &end) < 0 ||
        body(m, text, end, markdown(path)) < 0)
        return ERR_NOMEM;
    set_date(m, date_of_filename(path), DATE_FROM_FILENAME);
    if (m->date == DATE_NONE)
        set_date(m, dateline(view_sub(text, end, text.n)), DATE_FROM_TEXT);
    return 0;
}

int meta_of_document(struct meta *m, const struct document *d)
{
    size_t i;
    int rc = 0;

    clear(m);
    m->title_start = d->title_start;
    m->title_len = d->title_len;
    m->date = d->date;
    m->date_source = d->date_source;
    if (!(d->flags & DOCUMENT_DETECTED))
        set_language(m, d->language);
    for (i = 0; i < d->nzones && rc == 0; i++)
        rc = add_zone(m, d->zone[i].start, d->zone[i].end, d->zone[i].title);
    for (i = 0; i < d->nfields && rc == 0; i++)
        rc = meta_field(m, d->field[i].name, d->field[i].value);
    return rc;
}

/* Title, line end and text. */
static int titled(struct meta *m, struct view text, size_t title_len)
{
    size_t end = title_len ? title_len + 1 : 0, n;
    struct view title = view_sub(text, 0, title_len);

    n = title_size(title);
    if (add_zone(m, 0, n, true) < 0 || add_zone(m, n, title_len, false) < 0 ||
        add_zone(m, end, text.n, false) < 0)
        return ERR_NOMEM;
    show_title(m, text, trim(title_len ? title : furniture_title(text, 0)));
    if (m->title_len == 0)
        m->title_start = 0;
    return 0;
}

int meta_of_record(struct meta *m, struct view text, size_t title_len,
                   struct view date, struct view language)
{
    clear(m);
    set_date(m, date_parse(date), DATE_FROM_RECORD);
    if (m->date == DATE_NONE)
        set_date(m, dateline(text), DATE_FROM_TEXT);
    set_language(m, language);
    return titled(m, text, title_len);
}

int meta_of_extract(struct meta *m, struct view text, size_t title_len,
                    struct view path, struct view date, struct view language)
{
    clear(m);
    set_date(m, date_parse(date), DATE_FROM_METADATA);
    set_date(m, date_of_filename(path), DATE_FROM_FILENAME);
    if (m->date == DATE_NONE)
        set_date(m, dateline(text), DATE_FROM_TEXT);
    set_language(m, language);
    return title_len ? titled(m, text, title_len) : body(m, text, 0, false);
}

void meta_detect(struct meta *m, const struct detector *d, struct view text)
{
    struct view said = view_str(m->language);
    uint8_t letters[2];
    uint32_t from = m->nzones ? m->zone[0].start : 0;
    uint32_t to = m->nzones ? m->zone[m->nzones - 1].end : 0;

    if (column_language(said, letters))
        return;
    if (stemmer_number(said)) {
        set_language(m, stemmer_code(stemmer_number(said)));
        return;
    }
    detector_ask(d, view_sub(text, from, to), m->language);
    m->detected = true;
}

size_t meta_edge(const struct zone *zone, size_t n)
{
    if (n == 0)
        return 0;
    if (n > 1 && zone[n - 2].title && zone[n - 2].end == zone[n - 1].start)
        return zone[n - 2].start;
    return zone[n - 1].start;
}

bool meta_agrees(const struct meta *m, const struct document *d)
{
    size_t i;

    if (m->title_start != d->title_start || m->title_len != d->title_len ||
        m->nzones != d->nzones)
        return false;
    for (i = 0; i < m->nzones; i++)
        if (m->zone[i].start != d->zone[i].start ||
            m->zone[i].end != d->zone[i].end ||
            m->zone[i].title != d->zone[i].title)
            return false;
    return true;
}
