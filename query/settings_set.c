#include "query/settings_set.h"

#include <stdlib.h>
#include <string.h>

static int add_query(struct settings *s, const char *text)
{
    const char **more = realloc(s->query, (s->nqueries + 1) * sizeof *more);

    if (!more)
        return ERR_NOMEM;
    s->query = more;
    s->query[s->nqueries++] = text;
    return 0;
}

/* A mode and its argument; two modes in one command make no sense. */
static int set_mode(struct settings *s, const struct options *o, enum mode mode,
                    struct err *err)
{
    if (s->mode != MODE_SEARCH && s->mode != mode)
        return err_set(err, ERR_USAGE, "--%s does not go with another mode",
                       o->option->name);
    s->mode = mode;
    if (mode == MODE_TOPICS)
        s->file = o->value;
    else
        s->argument = o->value;
    return 0;
}

static int set_db(struct settings *s, const char *dir, struct err *err)
{
    const char **more;
    size_t i;

    for (i = 0; i < s->ndbs; i++)
        if (strcmp(s->db[i], dir) == 0)
            return 0;
    if (s->ndbs == SETTINGS_DBS)
        return err_set(err, ERR_USAGE, "--db: more than %d indexes",
                       SETTINGS_DBS);
    more = realloc(s->db, (s->ndbs + 1) * sizeof *more);
    if (!more)
        return ERR_NOMEM;
    s->db = more;
    s->db[s->ndbs++] = dir;
    return 0;
}

static int set_format(struct settings *s, enum format f)
{
    s->format = f;
    s->format_set = true;
    return 0;
}

static enum mode mode_of(int id)
{
    switch (id) {
    case OPT_TOPICS:
        return MODE_TOPICS;
    case OPT_SHOW:
        return MODE_SHOW;
    case OPT_SIMILAR:
        return MODE_SIMILAR;
    case OPT_ANALYZE:
        return MODE_ANALYZE;
    case OPT_TERMS:
        return MODE_TERMS;
    case OPT_ACRONYMS:
        return MODE_ACRONYMS;
    case OPT_STATS:
        return MODE_STATS;
    default:
        return MODE_BATCH;
    }
}

int settings_set(struct settings *s, const struct options *o, struct when *when,
                 struct err *err)
{
    int rc;

    s->given |= (uint64_t)1 << o->id;
    switch (o->id) {
    case OPTION_OPERAND:
        s->words = true;
        return add_query(s, o->value);
    case OPT_QUERY:
        return add_query(s, o->value);
    case OPT_DB:
        return set_db(s, o->value, err);
    case OPT_FACET:
        return facet_names_add(&s->facets, view_str(o->value), err);
    case OPT_FILE:
        s->file = o->value;
        return 0;
    case OPT_ALL:
    case OPT_ANY:
        s->all = o->id == OPT_ALL;
        s->min_match = 0;
        return 0;
    case OPT_STRICT:
        s->strict = true;
        return 0;
    case OPT_JSON:
        return set_format(s, FORMAT_JSON);
    case OPT_PATHS:
        return set_format(s, FORMAT_PATHS);
    case OPT_COUNT:
        s->count = true;
        return 0;
    case OPT_EXPLAIN:
        s->explain = true;
        return 0;
    case OPT_BY_YEAR:
        s->by_year = true;
        return 0;
    case OPT_TIME:
        s->time = true;
        return 0;
    case OPT_RUN_TAG:
        if (!*o->value)
            return err_set(err, ERR_USAGE, "--run-tag: the tag is empty");
        s->run_tag = o->value;
        return 0;
    case OPT_NULL:
        s->nul = true;
        return 0;
    case OPT_QUIET:
        s->quiet = true;
        return 0;
    case OPT_TOPICS:
    case OPT_SHOW:
    case OPT_SIMILAR:
    case OPT_ANALYZE:
    case OPT_TERMS:
    case OPT_ACRONYMS:
    case OPT_STATS:
    case OPT_BATCH:
        return set_mode(s, o, mode_of(o->id), err);
    case OPT_CHANGES:
        rc = option_uint(o, UINT64_MAX, &s->since, err);
        return rc < 0 ? rc : set_mode(s, o, MODE_CHANGES, err);
    case OPT_VERSION:
        s->mode = MODE_VERSION;
        return 0;
    default:
        return settings_is_limit(o->id)
                   ? settings_limit(&s->limits, o->id, view_str(o->value), err)
                   : settings_value(s, o, when, err);
    }
}
