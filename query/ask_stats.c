#include "base/json_write.h"
#include "query/ask.h"
#include "query/shown.h"

/* One fact: a number, or a text. */
static int fact(struct session *s, struct json *j, const char *key,
                const char *label, const char *text, uint64_t number)
{
    if (j) {
        json_key(j, key);
        if (text)
            json_cstr(j, text);
        else
            json_uint(j, number);
        return 0;
    }
    return text ? buf_addf(&s->out, "%-22s%s\n", label, text)
                : buf_addf(&s->out, "%-22s%llu\n", label,
                           (unsigned long long)number);
}

static int all_facts(struct session *s, struct json *j,
                     const struct store_size *size)
{
    const struct manifest *m = &s->index->manifest;
    char uuid[37], updated[SHOWN_TIME] = "never";
    uint64_t dead = 0, terms = 0;
    uint32_t i;
    int rc = 0;

    for (i = 0; i < m->nsegments; i++) {
        dead += m->segment[i].dead;
        terms += m->segment[i].terms;
    }
    uuid_text(m->uuid, uuid);
    if (m->generation)
        shown_time(m->updated_ns, updated);
    rc |= fact(s, j, "documents", "documents", NULL, m->live_docs);
    rc |= fact(s, j, "words", "words", NULL, m->live_positions);
    rc |= fact(s, j, "dead", "dead documents", NULL, dead);
    rc |= fact(s, j, "segments", "segments", NULL, m->nsegments);
    rc |= fact(s, j, "terms", "terms (by segment)", NULL, terms);
    rc |= fact(s, j, "language", "language", buf_cstr(&s->index->language), 0);
    rc |= fact(s, j, "generation", "generation", NULL, m->generation);
    rc |= fact(s, j, "updated", "updated", updated, 0);
    rc |= fact(s, j, "uuid", "uuid", uuid, 0);
    rc |= fact(s, j, "file", "file", store_path(s->index->store), 0);
    rc |= fact(s, j, "file_bytes", "bytes of the file", NULL, size->file_bytes);
    rc |= fact(s, j, "used_bytes", "bytes in use", NULL, size->used_bytes);
    return rc;
}

int ask_stats(struct session *s)
{
    bool as_json = s->settings->format == FORMAT_JSON ||
                   s->settings->format == FORMAT_NDJSON;
    struct json j = {.out = &s->out};
    struct store_size size;
    int rc = session_begin(s);

    if (rc == 0)
        rc = store_size(s->index->store, &size, s->err);
    if (rc < 0)
        return rc;
    if (as_json)
        json_object(&j);
    rc = all_facts(s, as_json ? &j : NULL, &size);
    if (as_json) {
        json_end(&j);
        rc |= buf_addc(&s->out, '\n');
    }
    return rc < 0 || j.failed ? err_nomem(s->err) : 1;
}
