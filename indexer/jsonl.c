#include "indexer/jsonl.h"

#include <stdlib.h>

#include "base/json_read.h"
#include "indexer/stream.h"
#include "indexer/vec.h"

struct jsonl {
    struct stream in;
    size_t max;
    struct json_reader *reader;
    uint64_t line;
    struct field *field;
    size_t field_cap;
};

int jsonl_open(struct jsonl **out, const char *path, size_t max,
               struct err *err)
{
    struct jsonl *j = calloc(1, sizeof *j);
    int rc;

    *out = NULL;
    if (!j)
        return err_nomem(err);
    j->max = max;
    rc = stream_open(&j->in, path, err);
    if (rc < 0) {
        free(j);
        return rc;
    }
    rc = json_reader_open(&j->reader, err);
    if (rc < 0) {
        jsonl_close(j);
        return rc;
    }
    *out = j;
    return 0;
}

struct stream *jsonl_stream(struct jsonl *j)
{
    return &j->in;
}

void jsonl_close(struct jsonl *j)
{
    if (!j)
        return;
    stream_close(&j->in);
    json_reader_free(j->reader);
    free(j->field);
    free(j);
}

/* The next line without its end: 1, 0 at the end of all. One that is too long
 * is passed over: ERR_USAGE. */
static int next_line(struct jsonl *j, struct view *line,
                     const volatile sig_atomic_t *stop, struct err *err)
{
    size_t seen = 0;
    bool skip = false;
    const uint8_t *nl;
    int rc;

    for (;;) {
        *line = stream_rest(&j->in);
        nl = line->n > seen ? memchr(line->p + seen, '\n', line->n - seen)
                            : NULL;
        if (nl)
            break;
        seen = line->n;
        if (seen > j->max) {
            skip = true;
            stream_pass(&j->in, seen);
            seen = 0;
        }
        rc = stream_fill(&j->in, stop, err);
        if (rc < 0 || *stop)
            return rc < 0 ? rc : 0;
        if (rc == 0) {
            *line = stream_rest(&j->in);
            break;
        }
    }
    if (nl)
        line->n = (size_t)(nl - line->p);
    if (!nl && line->n == 0 && !skip)
        return 0;
    stream_pass(&j->in, line->n + (nl != NULL));
    j->line++;
    if (skip || line->n > j->max)
        return err_set(err, ERR_USAGE, "longer than %zu bytes (--max-size)",
                       j->max);
    return 1;
}

static bool blank(struct view v)
{
    size_t i;

    for (i = 0; i < v.n; i++)
        if (v.p[i] != ' ' && v.p[i] != '\t' && v.p[i] != '\r')
            return false;
    return true;
}

static bool key_is(const struct json_member *m, const char *key)
{
    return view_eq(m->key, view_str(key));
}

/* An array: what is between its brackets is a value as good as others. */
static bool list(const struct json_member *m)
{
    return m->type == JSON_NESTED && m->text.n > 2 && m->text.p[0] == '[';
}

/* What a member says, into *out. */
static int take(struct record *out, const struct json_member *m)
{
    bool scalar = m->type != JSON_NULL && m->type != JSON_NESTED;
    struct view *to = NULL;

    if (key_is(m, "id"))
        to = &out->id;
    else if (key_is(m, "title"))
        to = &out->title;
    else if (key_is(m, "text"))
        to = &out->text;
    else if (key_is(m, "date"))
        to = &out->date;
    else if (key_is(m, "lang") || key_is(m, "language"))
        to = &out->language;
    if (to && m->type != JSON_NULL) {
        if (!scalar)
            return ERR_USAGE;
        *to = m->text;
    } else if (!to && (scalar || list(m))) {
        struct view v = m->text;

        out->field[out->nfields].name = m->key;
        out->field[out->nfields++].value = scalar ? v : view_sub(v, 1, v.n - 1);
    }
    return 0;
}

static int parse(struct jsonl *j, struct record *out, struct err *err)
{
    const struct json_member *m;
    struct field *more;
    size_t n, i;
    int rc = json_reader_parse(j->reader, out->raw, &m, &n, err);

    if (rc < 0)
        return rc;
    more = vec_grow(j->field, &j->field_cap, n, sizeof *more);
    if (!more && n)
        return err_nomem(err);
    out->field = j->field = more;
    out->replaced = json_reader_replaced(j->reader);
    for (i = 0; i < n; i++)
        if (take(out, &m[i]) < 0)
            return err_set(err, ERR_USAGE, "the value of \"%.*s\" is no string",
                           (int)m[i].key.n, (const char *)m[i].key.p);
    if (out->id.n == 0)
        return err_set(err, ERR_USAGE, "no \"id\"");
    return 1;
}

int jsonl_next(struct jsonl *j, struct record *out,
               const volatile sig_atomic_t *stop, struct err *err)
{
    int rc;

    memset(out, 0, sizeof *out);
    do {
        rc = next_line(j, &out->raw, stop, err);
        out->line = j->line;
    } while (rc > 0 && blank(out->raw));
    return rc > 0 ? parse(j, out, err) : rc;
}
