/*
 * pdf.c - PDF through pdftotext and pdfinfo of poppler-utils, which get the file
 * as their standard input: no name is given that could be taken for an option.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "indexer/formats/child.h"
#include "indexer/formats/format.h"

enum { INFO_MAX = 1 << 20 };

/* --- what it declares --- */

static bool ends(struct view v, const char *with)
{
    size_t n = strlen(with);

    return v.n >= n && strncasecmp((const char *)v.p + v.n - n, with, n) == 0;
}

/* Word processors put the name of the file or of themselves where no title was
 * given. */
static struct view real_title(struct view v)
{
    static const char word[] = "Microsoft Word - ";
    static const char *const files[] = {".doc",  ".docx", ".odt", ".rtf",
                                        ".indd", ".qxd",  ".tex", ".dvi",
                                        ".ps",   ".pdf",  ".ppt", ".pptx"};
    size_t i;

    if (v.n >= sizeof word - 1 && memcmp(v.p, word, sizeof word - 1) == 0)
        v = view_sub(v, sizeof word - 1, v.n);
    for (i = 0; i < sizeof files / sizeof *files; i++)
        if (ends(v, files[i]))
            return view_of(NULL, 0);
    return v.n <= 10 && ends(v, "untitled") ? view_of(NULL, 0) : v;
}

static struct view trimmed(struct view v)
{
    while (v.n && isspace(v.p[0]))
        v = view_sub(v, 1, v.n);
    while (v.n && isspace(v.p[v.n - 1]))
        v.n--;
    return v;
}

static bool key_is(struct view key, const char *name)
{
    return view_eq(key, view_str(name));
}

/* One line of pdfinfo: "Title:           What it says". */
static int take_line(struct view line, struct extract *x)
{
    const uint8_t *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
    struct view key, value;

    if (!colon)
        return 0;
    key = view_sub(line, 0, (size_t)(colon - line.p));
    value = trimmed(view_sub(line, key.n + 1, line.n));
    if (key_is(key, "Title") && x->title.n == 0)
        return buf_add(&x->title, real_title(value));
    if (key_is(key, "CreationDate") && x->date.n == 0)
        return buf_add(&x->date, value);
    if (key_is(key, "Author"))
        return extract_field(x, "author", value);
    if (key_is(key, "Keywords"))
        return extract_field(x, "keywords", value);
    return key_is(key, "Subject") ? extract_field(x, "subject", value) : 0;
}

/* A PDF whose text can be read needs not declare anything. */
static int read_info(struct view bytes, struct extract *x, struct err *err)
{
    static const char *const argv[] = {"pdfinfo",   "-enc", "UTF-8",
                                       "-isodates", "-",    NULL};
    struct buf out = {0};
    struct child end;
    struct view rest;
    int rc = child_run(argv, bytes, INFO_MAX, &out, &end, err);

    rest = buf_view(&out);
    while (rc == 0 && end.status == 0 && rest.n) {
        const uint8_t *nl = memchr(rest.p, '\n', rest.n);
        size_t n = nl ? (size_t)(nl - rest.p) : rest.n;

        rc = take_line(view_sub(rest, 0, n), x);
        rest = view_sub(rest, nl ? n + 1 : n, rest.n);
    }
    buf_release(&out);
    return rc == ERR_NOMEM ? err_nomem(err) : 0;
}

/* --- */

static int failed(const struct child *end, struct err *err)
{
    struct buf why = {0};
    int rc;

    if (strcasestr(end->said, "incorrect password"))
        return err_set(err, ERR_REFUSED, "an encrypted PDF");
    rc = child_failure(end, &why) < 0 || !buf_cstr(&why)
             ? err_nomem(err)
             : err_set(err, ERR_USAGE, "a damaged PDF (pdftotext: %s)",
                       buf_cstr(&why));
    buf_release(&why);
    return rc;
}

int pdf_extract(struct view bytes, const struct extract_limits *limits,
                struct extract *x, struct err *err)
{
    static const char *const argv[] = {"pdftotext", "-enc", "UTF-8",
                                       "-",         "-",    NULL};
    struct child end;
    int rc = child_run(argv, bytes, limits->text_max, &x->text, &end, err);

    if (rc == ERR_NOTFOUND)
        return err_set(err, rc,
                       "PDF needs pdftotext (apt-get install poppler-utils)");
    if (rc < 0)
        return rc;
    return end.status != 0 ? failed(&end, err) : read_info(bytes, x, err);
}
