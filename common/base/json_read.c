#include "base/json_read.h"

#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>

/* A line longer than this leaves its memory behind: it is given back. */
enum { KEEP = 1 << 20 };

struct json_reader {
    struct json_tokener *tokener;
    struct json_object *object; /* of the last line; members borrow from it */
    struct json_member *member;
    size_t cap;
    struct buf clean; /* a line whose ill-formed bytes were replaced */
    size_t replaced;
};

int json_reader_open(struct json_reader **out, struct err *err)
{
    struct json_reader *r = calloc(1, sizeof *r);

    *out = r;
    if (!r)
        return err_nomem(err);
    return 0;
}

void json_reader_free(struct json_reader *r)
{
    if (!r)
        return;
    json_object_put(r->object);
    if (r->tokener)
        json_tokener_free(r->tokener);
    buf_release(&r->clean);
    free(r->member);
    free(r);
}

size_t json_reader_replaced(const struct json_reader *r)
{
    return r->replaced;
}

/* Bytes of the well-formed character at p, or 0 and in *bad those of the
 * ill-formed subpart there (Unicode 15.0, table 3-7). */
static size_t utf8_len(const uint8_t *p, const uint8_t *end, size_t *bad)
{
    uint8_t lo = 0x80, hi = 0xbf;
    size_t n, i;

    *bad = 1;
    if (*p < 0x80)
        return 1;
    if (*p < 0xc2 || *p > 0xf4)
        return 0;
    n = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    if (*p == 0xe0)
        lo = 0xa0;
    else if (*p == 0xed)
        hi = 0x9f;
    else if (*p == 0xf0)
        lo = 0x90;
    else if (*p == 0xf4)
        hi = 0x8f;
    for (i = 1; i < n; i++) {
        if (p + i == end || p[i] < lo || p[i] > hi)
            return 0;
        *bad = i + 1;
        lo = 0x80;
        hi = 0xbf;
    }
    return n;
}

/* The first byte of v that belongs to no well-formed character, or v.n. */
static size_t well_formed(struct view v)
{
    const uint8_t *p = v.p, *end = v.p + v.n;
    size_t n, bad;
    uint64_t w;

    while (p < end) {
        if (end - p >= 8) {
            memcpy(&w, p, 8);
            if (!(w & 0x8080808080808080u)) {
                p += 8;
                continue;
            }
        }
        n = utf8_len(p, end, &bad);
        if (n == 0)
            break;
        p += n;
    }
    return (size_t)(p - v.p);
}

/* *line with its ill-formed bytes replaced, in r->clean if it has any. */
static int clean(struct json_reader *r, struct view *line)
{
    struct view rest = *line;
    size_t n = well_formed(rest), bad;

    r->replaced = 0;
    if (n == rest.n)
        return 0;
    buf_clear(&r->clean);
    for (; n < rest.n; n = well_formed(rest)) {
        if (buf_add(&r->clean, view_sub(rest, 0, n)) < 0 ||
            buf_adds(&r->clean, "\xef\xbf\xbd") < 0)
            return ERR_NOMEM;
        utf8_len(rest.p + n, rest.p + rest.n, &bad);
        rest = view_sub(rest, n + bad, rest.n);
        r->replaced++;
    }
    if (buf_add(&r->clean, rest) < 0)
        return ERR_NOMEM;
    *line = buf_view(&r->clean);
    return 0;
}

/* The byte behind the string that begins at p. */
static const uint8_t *pass_string(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *from = p, *q;

    while ((p = memchr(p + 1, '"', (size_t)(end - p - 1)))) {
        for (q = p; q > from + 1 && q[-1] == '\\'; q--)
            ;
        if ((p - q) % 2 == 0)
            return p + 1;
    }
    return end;
}

/* About how many values the line has, counted by what separates them. */
static size_t count_values(struct view line)
{
    const uint8_t *p = line.p, *end = line.p + line.n;
    size_t n = 0;

    while (p < end) {
        if (*p == '"') {
            p = pass_string(p, end);
            continue;
        }
        n += *p == ',' || *p == '[' || *p == '{';
        p++;
    }
    return n;
}

static int parse(struct json_reader *r, struct view line, struct err *err)
{
    enum json_tokener_error why;
    size_t at;

    if (count_values(line) > JSON_READ_VALUES)
        return err_set(err, ERR_USAGE, "more than %d values in a JSON text",
                       JSON_READ_VALUES);
    if (line.n > INT_MAX - 1)
        return err_set(err, ERR_USAGE, "a JSON text of 2 GB or more");
    if (!r->tokener) {
        r->tokener = json_tokener_new_ex(JSON_READ_DEPTH);
        if (!r->tokener)
            return err_nomem(err);
        json_tokener_set_flags(r->tokener, JSON_TOKENER_STRICT);
    }
    json_tokener_reset(r->tokener);
    r->object =
        json_tokener_parse_ex(r->tokener, (const char *)line.p, (int)line.n);
    why = json_tokener_get_error(r->tokener);
    at = json_tokener_get_parse_end(r->tokener);
    if (why == json_tokener_continue)
        return err_set(err, ERR_USAGE, "the JSON text ends too early");
    if (why != json_tokener_success)
        return err_set(err, ERR_USAGE, "no JSON at byte %zu: %s", at + 1,
                       json_tokener_error_desc(why));
    if (!json_object_is_type(r->object, json_type_object))
        return err_set(err, ERR_USAGE, "no JSON object");
    if (at != line.n)
        return err_set(err, ERR_USAGE,
                       "no JSON at byte %zu: something follows "
                       "the object",
                       at + 1);
    return 0;
}

/* json-c makes the nearest 64-bit number of a larger one, without a word. */
static bool out_of_range(struct json_object *v)
{
    int64_t x = json_object_get_int64(v);

    return json_object_is_type(v, json_type_int) &&
           (x == INT64_MIN ||
            (x == INT64_MAX && json_object_get_uint64(v) == UINT64_MAX));
}

static int fill(struct json_member *m, const char *key, struct json_object *v,
                struct err *err)
{
    size_t n;

    m->key = view_str(key);
    m->number = 0;
    switch (json_object_get_type(v)) {
    case json_type_null:
        m->type = JSON_NULL;
        m->text = view_str("null");
        return 0;
    case json_type_string:
        m->type = JSON_STRING;
        m->text = view_of(json_object_get_string(v),
                          (size_t)json_object_get_string_len(v));
        return 0;
    case json_type_boolean:
        m->type = JSON_BOOL;
        m->number = json_object_get_boolean(v);
        break;
    case json_type_double:
    case json_type_int:
        if (out_of_range(v))
            return err_set(err, ERR_USAGE,
                           "the number of \"%s\" does not fit "
                           "64 bits",
                           key);
        m->type = JSON_NUMBER;
        m->number = json_object_get_double(v);
        break;
    default:
        m->type = JSON_NESTED;
    }
    m->text.p = (const uint8_t *)json_object_to_json_string_length(
        v, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
    m->text.n = n;
    return m->text.p ? 0 : err_nomem(err);
}

/* Gives back what the last line took. */
static void forget(struct json_reader *r)
{
    json_object_put(r->object);
    r->object = NULL;
    if (r->clean.cap > KEEP)
        buf_release(&r->clean);
}

int json_reader_parse(struct json_reader *r, struct view line,
                      const struct json_member **members, size_t *n,
                      struct err *err)
{
    struct json_object_iterator it, end;
    size_t count;
    int rc;

    *members = NULL;
    *n = 0;
    forget(r);
    if (clean(r, &line) < 0)
        return err_nomem(err);
    rc = parse(r, line, err);
    if (r->tokener && line.n > KEEP) { /* it holds the longest string */
        json_tokener_free(r->tokener);
        r->tokener = NULL;
    }
    if (rc < 0)
        return rc;
    count = (size_t)json_object_object_length(r->object);
    if (count > r->cap) {
        struct json_member *more = realloc(r->member, count * sizeof *more);

        if (!more)
            return err_nomem(err);
        r->member = more;
        r->cap = count;
    }
    it = json_object_iter_begin(r->object);
    end = json_object_iter_end(r->object);
    for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
        rc = fill(&r->member[*n], json_object_iter_peek_name(&it),
                  json_object_iter_peek_value(&it), err);
        if (rc < 0)
            return rc;
        ++*n;
    }
    *members = r->member;
    return 0;
}
