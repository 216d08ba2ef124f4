#include <stdio.h>
#include <string.h>

#include "indexer/intake_work.h"
#include "text/utf16.h"
#include "text/utf8.h"

/* Notes what the text at hand was read as. */
static int note(struct intake *in, const char *name, bool guessed)
{
    struct extract *x = &in->derived.x;

    x->guessed = guessed;
    buf_clear(&x->charset);
    return buf_adds(&x->charset, name);
}

/* Puts `utf8` in place of the text at the batch's end. */
static int replace(struct intake *in, size_t text, const struct buf *utf8,
                   struct source *row)
{
    in->batch.text.n = text;
    row->flags |= SOURCE_DERIVED;
    return buf_add(&in->batch.text, buf_view(utf8));
}

static void tell_lacking(struct intake *in, struct view path,
                         const char *package)
{
    char what[128];

    snprintf(what, sizeof what,
             "it is not UTF-8, and what it is cannot be guessed without the "
             "package %s (or say --encoding)",
             package);
    report_warning(in->report, path, what);
}

static int guess(struct intake *in, struct view path, size_t text,
                 struct source *row, size_t *errors, struct err *err)
{
    struct view content =
        view_sub(buf_view(&in->batch.text), text, in->batch.text.n);
    struct charset_text t = {0};
    int rc = charset_guess(content, *errors, &t, err);

    if (rc > 0) {
        *errors = t.replaced;
        rc = note(in, t.name, true) < 0 || replace(in, text, &t.utf8, row) < 0
                 ? err_nomem(err)
                 : 0;
    } else if (rc == 0 && t.lacking) {
        tell_lacking(in, path, t.lacking);
    }
    charset_text_release(&t);
    return rc;
}

int intake_decode(struct intake *in, struct view path, size_t text,
                  struct source *row, size_t *errors, struct err *err)
{
    const char *given =
        encodings_of(&in->commit->encodings, &in->commit->roots, path);
    struct view v = view_sub(buf_view(&in->batch.text), text, in->batch.text.n);
    bool marked = v.n >= 3 && memcmp(v.p, "\xEF\xBB\xBF", 3) == 0;
    struct buf utf8 = {0};
    int rc;

    *errors = 0;
    if (note(in, "", false) < 0)
        return err_nomem(err);
    if (utf16_marked(v)) {
        rc = note(in, "utf-16", false) < 0 || utf16_decode(v, &utf8, errors) < 0
                 ? err_nomem(err)
                 : 0;
    } else if (given && *given && !marked) {
        rc = note(in, given, false) < 0
                 ? err_nomem(err)
                 : charset_convert(v, given, &utf8, errors, err);
    } else {
        *errors = utf8_errors(v);
        return *errors && !given && !marked
                   ? guess(in, path, text, row, errors, err)
                   : 0;
    }
    if (rc == 0 && replace(in, text, &utf8, row) < 0)
        rc = err_nomem(err);
    buf_release(&utf8);
    return rc;
}
