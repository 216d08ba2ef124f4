#include "indexer/formats/format.h"

#include <strings.h>

#include "indexer/formats/mail.h"
#include "indexer/formats/office.h"
#include "indexer/read.h"
#include "text/utf16.h"

static const struct format rows[FORMATS] = {
    [FORMAT_HTML] = {"html", ".html.htm.xhtml", "a page without text",
                     html_extract, NULL},
    [FORMAT_PDF] = {"pdf", ".pdf", "a PDF without text (scanned?)", pdf_extract,
                    NULL},
    [FORMAT_DOCX] = {"docx", ".docx.docm.dotx.dotm", "a document without text",
                     docx_extract, NULL},
    [FORMAT_ODT] = {"odt", ".odt.ott", "a document without text", odt_extract,
                    NULL},
    [FORMAT_EPUB] = {"epub", ".epub", "a book without text", epub_extract,
                     NULL},
    [FORMAT_EML] = {"eml", ".eml", "a message without text", eml_extract, NULL},
    [FORMAT_MBOX] = {"mbox", ".mbox", "a mailbox without text", mbox_extract,
                     NULL},
    [FORMAT_GZIP] = {"gz", ".gz", NULL, NULL, gzip_unpack},
    [FORMAT_XZ] = {"xz", ".xz", NULL, NULL, xz_unpack},
    [FORMAT_ZSTD] = {"zst", ".zst", NULL, NULL, zstd_unpack},
};

const struct format *format_row(enum format_id id)
{
    return id < FORMATS && rows[id].name ? &rows[id] : NULL;
}

/* --- names --- */

/* Whether `suffix` is one of a row's, which stand one behind the other. */
static bool is_of(const char *suffixes, struct view suffix)
{
    const char *p = suffixes;

    while (*p) {
        size_t n = strcspn(p + 1, ".") + 1;

        if (n == suffix.n && strncasecmp(p, (const char *)suffix.p, n) == 0)
            return true;
        p += n;
    }
    return false;
}

/* The name's last dot and what is behind it; empty where it has none. */
static struct view suffix_of(struct view name)
{
    size_t i = name.n;

    while (i > 0 && name.p[i - 1] != '.' && name.p[i - 1] != '/')
        i--;
    return i > 0 && name.p[i - 1] == '.' ? view_sub(name, i - 1, name.n)
                                         : view_of(NULL, 0);
}

static bool is_plain(struct view suffix)
{
    return suffix.n && is_of(".txt.text.md", suffix);
}

static enum format_id by_suffix(struct view suffix)
{
    int i;

    if (suffix.n < 2 || is_plain(suffix))
        return FORMAT_TEXT;
    for (i = 0; i < FORMATS; i++)
        if (rows[i].name && is_of(rows[i].suffixes, suffix))
            return (enum format_id)i;
    return FORMAT_TEXT;
}

static bool is_packed(enum format_id id)
{
    return format_row(id) && rows[id].unpack;
}

struct view format_inner_name(struct view path)
{
    struct view suffix = suffix_of(path);

    return is_packed(by_suffix(suffix)) ? view_sub(path, 0, path.n - suffix.n)
                                        : path;
}

bool format_named(const char *name)
{
    struct view v = view_str(name), suffix = suffix_of(v);
    enum format_id id;
    int i;

    if (is_plain(suffix))
        return true;
    id = by_suffix(suffix);
    for (i = 0; i < FORMAT_NESTED && is_packed(id); i++) {
        v = format_inner_name(v);
        suffix = suffix_of(v);
        if (is_plain(suffix))
            return true;
        id = by_suffix(suffix);
    }
    return id != FORMAT_TEXT && !is_packed(id);
}

enum format_id format_of(struct view bytes, struct view path)
{
    struct view suffix = suffix_of(path);
    enum format_id id =
        recognise(bytes, by_suffix(suffix), suffix.n && is_of(".md", suffix));

    return format_row(id) ? id : FORMAT_TEXT;
}

int format_text(enum format_id format, enum format_id packed, struct buf *out)
{
    const struct format *f = format_row(format), *p = format_row(packed);

    return buf_addf(out, "%s%s%s", f ? f->name : "text", p ? "." : "",
                    p ? p->name : "");
}

/* --- getting the text --- */

/* What was compressed is a text, or of no format that is read. */
static int plain(struct view bytes, struct extract *x, struct err *err)
{
    const char *binary;
    size_t errors;
    int rc = utf16_marked(bytes) ? utf16_decode(bytes, &x->text, &errors)
                                 : buf_add(&x->text, bytes);

    if (rc < 0)
        return err_nomem(err);
    binary = read_binary(buf_view(&x->text));
    return binary ? err_set(err, ERR_USAGE, "no text in it (%s)", binary) : 0;
}

/* Unpacks `bytes` and what comes out of that; *at holds the last of it. */
static int unpack(struct view *bytes, size_t max, struct buf at[2],
                  struct derived *d, struct err *err)
{
    enum format_id id = format_of(*bytes, d->name);
    int n, rc = 0;

    for (n = 0; rc == 0 && is_packed(id); n++) {
        struct buf *out = &at[n % 2];

        if (n == FORMAT_NESTED)
            return err_set(err, ERR_USAGE, "compressed more than %d times",
                           FORMAT_NESTED);
        if (n == 0)
            d->packed = id;
        buf_clear(out);
        rc = rows[id].unpack(*bytes, max, out, err);
        *bytes = buf_view(out);
        d->name = format_inner_name(d->name);
        id = format_of(*bytes, d->name);
    }
    d->format = id;
    return rc;
}

int format_extract(struct view bytes, struct view path,
                   const struct extract_limits *limits, struct derived *d,
                   struct err *err)
{
    struct buf at[2] = {{0}};
    int rc;

    extract_clear(&d->x);
    d->format = d->packed = FORMAT_TEXT;
    d->name = path;
    rc = unpack(&bytes, limits->text_max, at, d, err);
    if (rc == 0 && format_row(d->format))
        rc = rows[d->format].extract(bytes, limits, &d->x, err);
    else if (rc == 0)
        rc = plain(bytes, &d->x, err);
    if (rc == 0)
        extract_drop_title(&d->x);
    buf_release(&at[0]);
    buf_release(&at[1]);
    return rc;
}
