/* Which documents: settings_limit of settings_set.h. */
#include <string.h>

#include "index/column.h"
#include "query/notes.h"
#include "query/settings_set.h"

static int set_day(const char *name, struct view v, int32_t *day, bool *set,
                   struct err *err)
{
    struct period p;

    if (!when_date(v, when_today(), &p))
        return err_set(err, ERR_USAGE,
                       "--%s: '%.*s' is no date: 2022, 2022-03, 2022-03-05, "
                       "or 90d, 6w, 3m, 2y for so long ago",
                       name, NOTE_VIEW(v));
    *day = p.from;
    *set = true;
    return 0;
}

static int add_field(struct limits *l, struct view v, struct err *err)
{
    const uint8_t *equals = v.n ? memchr(v.p, '=', v.n) : NULL;
    size_t at;

    if (!equals || equals == v.p)
        return err_set(err, ERR_USAGE, "--field: '%.*s' is no NAME=VALUE",
                       NOTE_VIEW(v));
    if (l->nfields == LIMITS_FIELDS)
        return err_set(err, ERR_USAGE, "--field: more than %d", LIMITS_FIELDS);
    at = (size_t)(equals - v.p);
    l->field[l->nfields].name = view_sub(v, 0, at);
    l->field[l->nfields++].value = view_sub(v, at + 1, v.n);
    return 0;
}

bool settings_is_limit(int id)
{
    return id >= OPT_SINCE && id <= OPT_FIELD;
}

/* Which documents: values that are kept as they are given. */
int settings_limit(struct limits *l, int id, struct view v, struct err *err)
{
    switch (id) {
    case OPT_SINCE:
        return set_day("since", v, &l->since, &l->since_set, err);
    case OPT_UNTIL:
        return set_day("until", v, &l->until, &l->until_set, err);
    case OPT_LANG:
        return column_language(v, l->language)
                   ? 0
                   : err_set(err, ERR_USAGE,
                             "--lang: '%.*s' is no language as en or pt-BR",
                             NOTE_VIEW(v));
    case OPT_FIELD:
        return add_field(l, v, err);
    default:
        l->path = v;
        return v.n ? 0 : err_set(err, ERR_USAGE, "--path: the path is empty");
    }
}
