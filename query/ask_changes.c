/*
 * --changes-since: one line for each document that the log tells of.
 *
 * It is listed by what it is now: added (there was none then), changed (there
 * was one, and it is another now), renamed (it is at another path now) or
 * removed. What was added and removed in between is not listed; what was
 * removed and came back is changed. A path given as `from` is the one the
 * document had then.
 */
#include "base/json_write.h"
#include "index/document.h"
#include "query/ask.h"
#include "query/history.h"
#include "query/shown.h"

struct listing {
    struct session *s;
    struct json json; /* of --json and of a line of ndjson */
    size_t n;
    struct buf path; /* as shown */
    struct buf from; /* the one before, as shown */
};

/* Appends a path as it is shown on a line. */
static int put_path(struct listing *l, struct view path)
{
    struct session *s = l->s;

    return s->settings->terminal ? shown_safe(&s->out, path, false)
                                 : shown_field(&s->out, path);
}

static int show_line(struct listing *l, const char *op, uint32_t id)
{
    struct buf *out = &l->s->out;
    int rc = buf_addf(out, "%-7s  %8u  ", op, id);

    if (rc == 0 && l->from.n)
        rc = put_path(l, buf_view(&l->from));
    if (rc == 0 && l->from.n)
        rc = buf_adds(out, " -> ");
    if (rc == 0)
        rc = put_path(l, buf_view(&l->path));
    return rc < 0 ? rc : buf_addc(out, '\n');
}

static void put_from(struct listing *l)
{
    json_key(&l->json, "from");
    if (l->from.n)
        json_path(&l->json, buf_view(&l->from));
    else
        json_null(&l->json);
}

/* A document that is at `path`; `from` is where it was. */
static int show(struct listing *l, const char *op, uint32_t id, uint32_t old,
                struct view path, struct view from)
{
    struct session *s = l->s;
    enum format f = s->settings->format;
    struct json *j = &l->json;
    int rc;

    l->n++;
    buf_clear(&l->path);
    buf_clear(&l->from);
    rc = roots_show(&s->index->roots, path, &l->path);
    if (rc == 0 && !view_eq(from, path))
        rc = roots_show(&s->index->roots, from, &l->from);
    if (f != FORMAT_JSON && f != FORMAT_NDJSON)
        return rc < 0 ? rc : show_line(l, op, id);
    json_object(j);
    if (f == FORMAT_NDJSON) {
        json_key(j, "type");
        json_cstr(j, "change");
    }
    json_key(j, "op");
    json_cstr(j, op);
    json_key(j, "id");
    json_uint(j, id);
    json_key(j, "old");
    if (old)
        json_uint(j, old);
    else
        json_null(j);
    json_key(j, "path");
    json_path(j, buf_view(&l->path));
    put_from(l);
    json_end(j);
    return rc < 0 || f == FORMAT_JSON ? rc : buf_addc(&s->out, '\n');
}

/* A document the log names, which has to be there. */
static int get(struct listing *l, struct documents *ds, uint32_t id,
               struct document *d)
{
    int rc = documents_get(ds, id, d, l->s->err);

    if (rc == 0)
        rc = err_set(l->s->err, ERR_CORRUPT,
                     "index damaged: document %u is missing", (unsigned)id);
    return rc < 0 ? rc : 0;
}

/* Documents first to last, those that are no more left out. */
static int show_range(struct listing *l, struct history *h,
                      struct documents *ds, uint32_t first, uint32_t last)
{
    struct document d;
    uint32_t id = first, old;
    int rc = 0;

    for (;; id++) {
        if (!history_gone(h, id)) {
            struct view from;

            rc = get(l, ds, id, &d);
            if (rc < 0)
                return rc;
            from = d.path;
            rc = history_was_there(h, id, &from, &old)
                     ? show(l, "changed", id, old, d.path, from)
                     : show(l, "added", id, 0, d.path, d.path);
            if (rc < 0)
                return err_nomem(l->s->err);
        }
        if (id == last)
            return 0;
    }
}

/* Documents that were there then and are at another path now. */
static int show_moved(struct listing *l, struct history *h,
                      struct documents *ds)
{
    const struct pair *p = history_pairs(&h->moved);
    struct document d;
    size_t i;
    int rc;

    for (i = 0; i < history_n(&h->moved); i++) {
        if (p[i].new >= h->base || (i > 0 && p[i].new == p[i - 1].new) ||
            history_gone(h, p[i].new))
            continue;
        rc = get(l, ds, p[i].new, &d);
        if (rc < 0)
            return rc;
        if (!view_eq(d.path, p[i].path) &&
            show(l, "renamed", d.docid, d.docid, d.path, p[i].path) < 0)
            return err_nomem(l->s->err);
    }
    return 0;
}

/* Those that are there in order of document, then those removed by path: which
 * of these came back shows only once the others are listed. */
static int show_all(struct listing *l, struct history *h)
{
    struct session *s = l->s;
    struct documents *ds = NULL;
    const struct pair *p = history_pairs(&h->added);
    size_t i, n = history_n(&h->added);
    int rc = documents_open(&ds, s->index->txn, s->err);

    if (rc == 0)
        rc = show_moved(l, h, ds);
    for (i = 0; i < n && rc == 0; i++)
        rc = show_range(l, h, ds, p[i].old, p[i].new);
    documents_close(ds);
    p = history_pairs(&h->removed);
    for (i = 0; i < history_n(&h->removed) && rc == 0; i++)
        if (p[i].old &&
            show(l, "removed", p[i].old, 0, p[i].path, p[i].path) < 0)
            rc = err_nomem(s->err);
    return rc;
}

static void add_envelope(struct listing *l)
{
    const struct manifest *m = &l->s->index->manifest;
    struct json *j = &l->json;
    char uuid[37];

    uuid_text(m->uuid, uuid);
    json_key(j, "schema");
    json_uint(j, 1);
    json_key(j, "tool");
    json_cstr(j, QUERY_VERSION);
    json_key(j, "uuid");
    json_cstr(j, uuid);
    json_key(j, "since");
    json_uint(j, l->s->settings->since);
    json_key(j, "generation");
    json_uint(j, m->generation);
}

static int print(struct session *s, struct history *h)
{
    struct listing l = {.s = s, .json = {.out = &s->out}};
    enum format f = s->settings->format;
    struct json *j = &l.json;
    int rc;

    if (f == FORMAT_JSON) {
        json_object(j);
        add_envelope(&l);
        json_key(j, "changes");
        json_array(j);
    }
    rc = show_all(&l, h);
    if (f == FORMAT_JSON) {
        json_end(j);
    } else if (f == FORMAT_NDJSON) {
        json_object(j);
        json_key(j, "type");
        json_cstr(j, "end");
        add_envelope(&l);
    }
    if (f == FORMAT_JSON || f == FORMAT_NDJSON) {
        json_key(j, "count");
        json_uint(j, l.n);
        json_end(j);
        j->failed |= buf_addc(&s->out, '\n') < 0;
    }
    buf_release(&l.path);
    buf_release(&l.from);
    if (rc == 0 && j->failed)
        rc = err_nomem(s->err);
    return rc < 0 ? rc : l.n > 0;
}

int ask_changes(struct session *s)
{
    struct history h = {0};
    uint64_t since = s->settings->since;
    int rc = session_begin(s);

    if (rc == 0 && since > s->index->manifest.generation)
        rc = err_set(s->err, ERR_USAGE,
                     "--changes-since: the index is at generation %llu, which "
                     "is before %llu",
                     (unsigned long long)s->index->manifest.generation,
                     (unsigned long long)since);
    if (rc == 0)
        rc = history_read(&h, s, since);
    if (rc == 0)
        rc = print(s, &h);
    if (rc < 0)
        buf_clear(&s->out); /* half a list is none */
    history_release(&h);
    return rc;
}
