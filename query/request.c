#include "query/request.h"

#include <math.h>

#include "base/json_write.h"

/* Notes what is wrong. */
static int fail(struct request *r, const char *code, int rc)
{
    r->code = rc == ERR_NOMEM ? "memory" : code;
    return rc;
}

static bool is_blank(struct view v)
{
    size_t i;

    for (i = 0; i < v.n; i++)
        if (v.p[i] != ' ' && v.p[i] != '\t' && v.p[i] != '\r')
            return false;
    return true;
}

static bool is_key(const struct json_member *m, const char *key)
{
    return view_eq(m->key, view_str(key));
}

static int set_id(struct request *r, const struct json_member *m,
                  struct err *err)
{
    struct json j = {.out = &r->id};

    if (m->type == JSON_NESTED || m->type == JSON_BOOL ||
        (m->type == JSON_NUMBER && !isfinite(m->number)))
        return fail(r, "bad_value",
                    err_set(err, ERR_USAGE,
                            "\"id\" must be a string, a number or null"));
    buf_clear(&r->id);
    if (m->type == JSON_STRING)
        json_str(&j, m->text);
    else if (buf_add(&r->id, m->text) < 0)
        j.failed = true;
    return j.failed ? fail(r, "memory", err_nomem(err)) : 0;
}

static int set_member(struct request *r, const struct json_member *m,
                      struct err *err)
{
    int rc;

    if (is_key(m, "id"))
        return 0;
    if (is_key(m, "similar")) {
        if (m->type != JSON_STRING && m->type != JSON_NUMBER)
            return fail(r, "bad_value",
                        err_set(err, ERR_USAGE,
                                "\"similar\" must be a string or a number"));
        r->similar = m->text.n ? m->text : view_str("");
        return 0;
    }
    if (!is_key(m, "q")) {
        rc = settings_member(&r->settings, m, err);
        return rc < 0
                   ? fail(r, rc == ERR_NOTFOUND ? "unknown_key" : "bad_value",
                          rc)
                   : 0;
    }
    if (m->type != JSON_STRING)
        return fail(r, "bad_value",
                    err_set(err, ERR_USAGE, "\"q\" must be a string"));
    r->text = m->text;
    return 0;
}

static int read_object(struct request *r, struct json_reader *reader,
                       struct view line, struct err *err)
{
    const struct json_member *m;
    bool asked = false;
    size_t n, i;
    int rc = json_reader_parse(reader, line, &m, &n, err);

    if (rc < 0)
        return fail(r, "not_json", rc);
    for (i = 0; i < n && rc == 0; i++) /* an error, too, has the id */
        if (is_key(&m[i], "id"))
            rc = set_id(r, &m[i], err);
    for (i = 0; i < n && rc == 0; i++)
        rc = set_member(r, &m[i], err);
    if (rc == 0 && settings_agree(&r->settings, err) < 0)
        rc = fail(r, "bad_value", ERR_USAGE);
    for (i = 0; i < n && rc == 0; i++)
        asked |= is_key(&m[i], "q");
    if (rc == 0 && asked == (r->similar.p != NULL))
        rc = fail(r, "usage",
                  err_set(err, ERR_USAGE,
                          asked ? "\"q\" and \"similar\": which is it?"
                                : "a request without \"q\""));
    return rc;
}

int request_read(struct request *r, struct json_reader *reader,
                 struct view line, const struct settings *defaults,
                 struct err *err)
{
    size_t i = 0;
    int rc = 0;

    r->settings = *defaults;
    r->code = NULL;
    r->text = line;
    r->similar = view_of(NULL, 0);
    buf_clear(&r->id);
    if (buf_adds(&r->id, "null") < 0)
        return fail(r, "memory", err_nomem(err));
    while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
        i++;
    if (i < line.n && line.p[i] == '{')
        rc = read_object(r, reader, line, err);
    if (rc == 0 && is_blank(r->text))
        rc = fail(r, "blank", err_set(err, ERR_USAGE, "no query"));
    return rc;
}

const char *request_code(int rc)
{
    switch (rc) {
    case ERR_NOMEM:
        return "memory";
    case ERR_USAGE:
        return "syntax";
    case ERR_CORRUPT:
        return "damaged";
    case ERR_VERSION:
        return "version";
    case ERR_NOTFOUND:
    case ERR_REFUSED:
        return "no_index";
    default:
        return "io";
    }
}

void request_release(struct request *r)
{
    buf_release(&r->id);
}
