#include "indexer/formats/recognise.h"

#include <ctype.h>
#include <strings.h>

enum {
    HEAD = 1024,       /* a PDF's mark is in so many first bytes */
    ENTRIES = 1 << 16, /* names in a ZIP are sought in so many */
    HEADERS = 64       /* lines of a mail's head that are looked at */
};

static bool begins(struct view v, const char *with, size_t n)
{
    return v.n >= n && memcmp(v.p, with, n) == 0;
}

#define BEGINS(v, with) begins(v, with, sizeof(with) - 1)

static bool has(struct view v, const char *what)
{
    return v.n && memmem(v.p, v.n, what, strlen(what));
}

static struct view from(struct view v, size_t at)
{
    return view_sub(v, at < v.n ? at : v.n, v.n);
}

static struct view head_of(struct view v, size_t n)
{
    return view_sub(v, 0, n < v.n ? n : v.n);
}

/* --- HTML --- */

static struct view skip_blanks(struct view v)
{
    size_t i = 0;

    while (i < v.n && (v.p[i] == ' ' || (v.p[i] >= '\t' && v.p[i] <= '\r')))
        i++;
    return from(v, i);
}

/* What is behind a stretch that `open` begins and `close` ends. */
static bool skip_over(struct view *v, const char *open, const char *close)
{
    const uint8_t *end;

    if (!begins(*v, open, strlen(open)))
        return false;
    end = memmem(v->p, v->n, close, strlen(close));
    *v = end ? from(*v, (size_t)(end - v->p) + strlen(close)) : from(*v, v->n);
    return true;
}

static bool is_tag(struct view v, const char *tag)
{
    size_t n = strlen(tag);

    return v.n > n && strncasecmp((const char *)v.p, tag, n) == 0 &&
           (v.p[n] == '>' || isspace(v.p[n]));
}

static bool is_html(struct view v)
{
    do
        v = skip_blanks(v);
    while (skip_over(&v, "<!--", "-->") || skip_over(&v, "<?xml", "?>"));
    return is_tag(v, "<!doctype html") || is_tag(v, "<html");
}

/* --- ZIP --- */

/* The first entry of EPUB and ODT is their type, not compressed. */
static enum format_id zip_kind(struct view v)
{
    static const char type[] = "mimetypeapplication/";
    struct view first = v.n >= 30 ? head_of(from(v, 30), 128) : from(v, v.n);

    if (begins(first, type, sizeof type - 1)) {
        first = from(first, sizeof type - 1);
        if (BEGINS(first, "epub+zip"))
            return FORMAT_EPUB;
        if (BEGINS(first, "vnd.oasis.opendocument.text"))
            return FORMAT_ODT;
    }
    /* names stand in the entries' heads and in the directory at the end */
    if (has(head_of(v, ENTRIES), "word/document.xml") ||
        has(from(v, v.n > ENTRIES ? v.n - ENTRIES : 0), "word/document.xml"))
        return FORMAT_DOCX;
    return FORMAT_TEXT;
}

/* --- mail --- */

/* The line that v begins with, without its end; *rest is what is behind. */
static struct view line_of(struct view v, struct view *rest)
{
    const uint8_t *end = v.n ? memchr(v.p, '\n', v.n) : NULL;
    struct view line = head_of(v, end ? (size_t)(end - v.p) : v.n);

    *rest = from(v, line.n + 1);
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

/* The length of a header's name ("Message-ID"), or 0 where there is none. */
static size_t header_name(struct view line)
{
    size_t i = 0;

    while (i < line.n && (isalnum(line.p[i]) || line.p[i] == '-'))
        i++;
    return i < line.n && i < 64 && line.p[i] == ':' ? i : 0;
}

static bool name_is(struct view line, size_t n, const char *name)
{
    return strlen(name) == n && strncasecmp((const char *)line.p, name, n) == 0;
}

/* Whether v begins with the head of a message: headers to the first empty line,
 * with a sender and something that only mail programs write. `sure`: the name
 * says so, and headers will do. */
static bool is_message(struct view v, bool sure)
{
    bool sender = false, made = false;
    unsigned lines = 0;
    struct view line;

    while (v.n && lines++ < HEADERS) {
        size_t n;

        line = line_of(v, &v);
        if (line.n == 0)
            break;
        if (line.p[0] == ' ' || line.p[0] == '\t') {
            if (lines == 1)
                return false;
            continue; /* goes on */
        }
        n = header_name(line);
        if (n == 0)
            return false;
        sender = sender || name_is(line, n, "from");
        made = made || name_is(line, n, "message-id") ||
               name_is(line, n, "received") ||
               name_is(line, n, "return-path") ||
               name_is(line, n, "mime-version");
    }
    return lines > 0 && (sure || (sender && made));
}

/* Whether a line is "From sender date", with a time and a year in it. */
static bool is_envelope(struct view line)
{
    size_t i, colons = 0;

    if (!BEGINS(line, "From ") || line.n > 512 || line.n < 20)
        return false;
    for (i = 1; i + 2 < line.n; i++)
        colons += line.p[i] == ':' && isdigit(line.p[i - 1]) &&
                  isdigit(line.p[i + 1]) && isdigit(line.p[i + 2]);
    return colons > 0;
}

static bool is_mbox(struct view v)
{
    struct view rest, line = line_of(v, &rest);

    return is_envelope(line) && header_name(line_of(rest, &rest)) > 0;
}

/* --- */

/* What the first bytes cannot but mean. */
static enum format_id by_magic(struct view v)
{
    if (BEGINS(v, "\x1f\x8b\x08"))
        return FORMAT_GZIP;
    if (BEGINS(v, "\xfd"
                  "7zXZ\0"))
        return FORMAT_XZ;
    if (BEGINS(v, "\x28\xb5\x2f\xfd"))
        return FORMAT_ZSTD;
    if (BEGINS(v, "%PDF-"))
        return FORMAT_PDF;
    if (BEGINS(v, "PK\3\4"))
        return zip_kind(v);
    return FORMAT_TEXT;
}

enum format_id recognise(struct view bytes, enum format_id named, bool markdown)
{
    enum format_id id = by_magic(bytes);
    struct view v = bytes;

    if (id != FORMAT_TEXT)
        return id;
    if (named == FORMAT_PDF && has(head_of(v, HEAD), "%PDF-"))
        return FORMAT_PDF;
    if (BEGINS(v, "\xef\xbb\xbf"))
        v = from(v, 3);
    if (v.n && (v.p[0] == '<' || isspace(v.p[0])) && !markdown && is_html(v))
        return FORMAT_HTML;
    if (v.n && isalpha(v.p[0]) && !markdown) {
        if (is_mbox(v))
            return FORMAT_MBOX;
        if (named != FORMAT_MBOX && is_message(v, named == FORMAT_EML))
            return FORMAT_EML;
    }
    return named;
}
