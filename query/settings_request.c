/* Settings as members of a request: settings_member of settings.h. */
#include <stdio.h>
#include <string.h>

#include "query/settings_set.h"

/* A flag as a member: false is its opposite. */
static void set_flag(struct settings *s, int id, bool on)
{
    if (id == OPT_ALL || id == OPT_ANY)
        s->all = on == (id == OPT_ALL);
    else if (id == OPT_STRICT)
        s->strict = on;
    else if (id == OPT_EXPLAIN)
        s->explain = on;
    else if (id == OPT_COUNT)
        s->count = on;
    else if (id == OPT_BY_YEAR)
        s->by_year = on;
}

/* A value as the command line would have it: numbers are numbers, words are
 * strings. */
static int member_value(struct options *o, const struct json_member *m,
                        char *value, size_t max, struct err *err)
{
    const char *arg = o->option->arg;
    bool number = arg && (strcmp(arg, "N") == 0 || strcmp(arg, "X") == 0);

    if (o->id == OPT_MIN_MATCH && m->type == JSON_NUMBER)
        number = true;
    if (m->type != (number ? JSON_NUMBER : JSON_STRING))
        return err_set(err, ERR_USAGE, "\"%s\" must be a %s", o->option->name,
                       number ? "number" : "string");
    if (m->text.n >= max || (m->text.n && memchr(m->text.p, 0, m->text.n)))
        return err_set(err, ERR_USAGE, "\"%s\" cannot have that value",
                       o->option->name);
    if (m->text.n)
        memcpy(value, m->text.p, m->text.n);
    value[m->text.n] = 0;
    o->value = value;
    return 0;
}

int settings_member(struct settings *s, const struct json_member *m,
                    struct err *err)
{
    struct options o = {.table = option_table};
    char name[32], value[64];
    struct when when;
    int rc;

    snprintf(name, sizeof name, "%.*s",
             (int)(m->key.n < sizeof name ? m->key.n : sizeof name - 1),
             (const char *)m->key.p);
    o.option = m->key.n < sizeof name ? options_find(option_table, name) : NULL;
    if (!o.option || !option_of_request(o.option))
        return err_set(err, ERR_NOTFOUND, "\"%s\" is no key of a request",
                       name);
    o.id = o.option->id;
    if (o.option->kind == OPTION_FLAG) {
        s->given |= (uint64_t)(m->number != 0) << o.id;
        if (m->type != JSON_BOOL)
            return err_set(err, ERR_USAGE, "\"%s\" must be true or false",
                           name);
        set_flag(s, o.id, m->number != 0);
        return 0;
    }
    if (o.id == OPT_FACET && m->type == JSON_STRING) {
        s->facets.n = 0;
        s->given |= (uint64_t)1 << o.id;
        return facet_names_add(&s->facets, m->text, err);
    }
    if (settings_is_limit(o.id) && m->type == JSON_STRING)
        return settings_limit(&s->limits, o.id, m->text, err);
    rc = member_value(&o, m, value, sizeof value, err);
    return rc < 0 ? rc : settings_set(s, &o, &when, err);
}
