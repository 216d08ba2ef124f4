#include "base/bytes.h"
#include "base/date.h"
#include "base/json_write.h"
#include "index/column.h"
#include "query/ask.h"
#include "query/doctext.h"
#include "query/one_doc.h"
#include "query/shown.h"

/* What --show asks for: NAME[:LINE[:COUNT]]. */
struct wanted {
    struct view name;
    uint64_t line; /* from 1; 0 = all */
    uint64_t count;
};

enum { SHOW_LINES = 10 }; /* where a line is given without a count */

/* Takes ":digits" off the end of v: 1, or 0 if there is none. */
static int take_number(struct view *v, uint64_t *out)
{
    uint64_t x = 0, unit = 1;
    size_t n = v->n;

    while (n > 0 && v->p[n - 1] >= '0' && v->p[n - 1] <= '9' &&
           unit < 1000000000000u) {
        x += (uint64_t)(v->p[--n] - '0') * unit;
        unit *= 10;
    }
    if (n == v->n || n < 2 || v->p[n - 1] != ':')
        return 0;
    v->n = n - 1;
    *out = x;
    return 1;
}

static void split(const char *argument, struct wanted *w)
{
    uint64_t first, second;

    memset(w, 0, sizeof *w);
    w->name = view_str(argument);
    if (!take_number(&w->name, &first))
        return;
    w->line = first;
    w->count = SHOW_LINES;
    if (take_number(&w->name, &second)) {
        w->line = second;
        w->count = first;
    }
}

/* Lines [w->line, w->line + w->count) of the text. */
static struct view lines(struct view text, const struct wanted *w)
{
    size_t at = 0, from = 0;
    uint64_t line;
    const uint8_t *nl;

    if (w->line == 0)
        return text;
    for (line = 1; line < w->line + w->count && at < text.n; line++) {
        if (line <= w->line)
            from = at;
        nl = memchr(text.p + at, '\n', text.n - at);
        at = nl ? (size_t)(nl + 1 - text.p) : text.n;
    }
    if (line <= w->line)
        from = at;
    return view_sub(text, from, at);
}

static int print_json(struct session *s, const struct document *d,
                      struct documents *ds, struct view text)
{
    struct json j = {.out = &s->out};
    struct buf shown = {0}, title = {0};
    uint8_t value[4] = {0};
    int32_t days = DATE_NONE;
    char date[11];
    int rc = column_read(s->index->txn, COLUMN_DATE, d->docid, value, s->err);

    if (rc > 0)
        days = column_date_days((int32_t)get_u32(value));
    if (days != DATE_NONE)
        date_text(days, date);
    if (rc >= 0)
        rc = roots_show(&s->index->roots, d->path, &shown);
    if (rc == 0)
        rc = documents_title(ds, d, SIZE_MAX, &title, s->err);
    json_object(&j);
    json_key(&j, "id");
    json_uint(&j, d->docid);
    json_key(&j, "path");
    json_path(&j, buf_view(&shown));
    json_key(&j, "title");
    json_str(&j, buf_view(&title));
    json_key(&j, "date");
    json_cstr(&j, days == DATE_NONE ? NULL : date);
    json_key(&j, "text");
    json_str(&j, text);
    json_end(&j);
    buf_release(&shown);
    buf_release(&title);
    if (rc == 0 && (j.failed || buf_addc(&s->out, '\n') < 0))
        rc = err_nomem(s->err);
    return rc;
}

/* For a terminal, where the prompt is to begin a line. */
static int show_safe(struct buf *out, struct view v)
{
    int rc = shown_safe(out, v, true);

    return rc == 0 && v.n && v.p[v.n - 1] != '\n' ? buf_addc(out, '\n') : rc;
}

static int print(struct session *s, const struct document *d,
                 struct documents *ds, const struct wanted *w)
{
    struct buf text = {0};
    struct view v;
    int rc;

    if (!(d->flags & DOCUMENT_TEXT))
        return err_set(s->err, ERR_USAGE,
                       "the index was made without texts (--no-text)");
    rc = documents_text(ds, d, 0, d->nframes, &text, s->err);
    if (rc < 0)
        goto out;
    v = lines(buf_view(&text), w);
    if (s->settings->format == FORMAT_JSON ||
        s->settings->format == FORMAT_NDJSON)
        rc = print_json(s, d, ds, v);
    else if (s->settings->terminal)
        rc = show_safe(&s->out, v);
    else
        rc = buf_add(&s->out, v);
    if (rc == ERR_NOMEM)
        err_nomem(s->err);
out:
    buf_release(&text);
    return rc < 0 ? rc : 1;
}

int ask_show(struct session *s)
{
    struct documents *ds = NULL;
    struct document d;
    struct wanted w, whole = {0};
    uint32_t docid = 0;
    int rc = session_begin(s);

    if (rc < 0)
        return rc;
    split(s->settings->argument, &w);
    rc = one_doc(s->index, w.name, &docid, s->err);
    if (rc == 0) { /* a path may end like a line number */
        whole.name = view_str(s->settings->argument);
        w = whole;
        rc = one_doc(s->index, w.name, &docid, s->err);
    }
    if (rc > 0)
        rc = documents_open(&ds, s->index->txn, s->err);
    if (rc == 0 && ds)
        rc = documents_get(ds, docid, &d, s->err);
    if (rc > 0)
        rc = print(s, &d, ds, &w);
    else if (rc == 0 &&
             buf_addf(&s->messages, "query: no document '%s' in the index\n",
                      s->settings->argument) < 0)
        rc = err_nomem(s->err);
    if (ds)
        documents_close(ds);
    return rc;
}
