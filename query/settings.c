#include "query/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index/column.h"
#include "query/lex.h"
#include "query/notes.h"
#include "query/option_table.h"
#include "query/passage.h"
#include "query/pool.h"

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

static const char *const formats[] = {"text", "json",  "ndjson", "tsv",
                                      "trec", "paths", NULL};
static const char *const totals[] = {"auto", "exact", "none", NULL};
static const char *const dups[] = {"collapse", "show", NULL};
static const char *const whens[] = {"auto", "always", "never", NULL};
enum { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* What a terminal is to get. */
struct when {
    int colour;
    int hyperlink;
};

static const char *const kwic_sorts[] = {"pos",  "left", "right",
                                         "date", "path", NULL};
static const char *const topics_as[] = {"words", NULL};
static const char *const helps[] = {"all", NULL};

static const char *const sorts[] = {"score", "date", "-date", "path", NULL};

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

static bool is_limit(int id)
{
    return id >= OPT_SINCE && id <= OPT_FIELD;
}

/* Which documents: values that are kept as they are given. */
static int set_limit(struct limits *l, int id, struct view v, struct err *err)
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

/* N or N%. */
static int set_min_match(struct settings *s, const struct options *o,
                         struct err *err)
{
    const char *p = o->value;
    uint64_t n = 0;

    for (; *p >= '0' && *p <= '9' && n <= UINT32_MAX; p++)
        n = n * 10 + (uint64_t)(*p - '0');
    s->min_percent = *p == '%';
    if (p == o->value || p[s->min_percent] || n > UINT32_MAX ||
        (s->min_percent && n > 100))
        return err_set(err, ERR_USAGE,
                       "--min-match: '%s' is neither a number nor a "
                       "percentage",
                       o->value);
    s->min_match = n;
    s->all = false;
    return 0;
}

/* auto, none, or a list of kinds: acronym. */
static int set_expand(struct settings *s, const struct options *o,
                      struct err *err)
{
    static const char acronym[] = "acronym";
    const char *p = o->value;
    size_t n;

    s->expand = strcmp(p, "none") != 0;
    if (!s->expand || strcmp(p, "auto") == 0)
        return 0;
    do {
        n = strcspn(p, ",");
        if (n != strlen(acronym) || memcmp(p, acronym, n) != 0)
            return err_set(err, ERR_USAGE,
                           "--expand: '%s' is none of auto, none and acronym",
                           o->value);
        p += n;
    } while (*p++ == ',');
    return 0;
}

/* A number above 0, or what it is without one. */
static int set_width(const struct options *o, uint64_t usual, uint64_t max,
                     uint64_t *out, struct err *err)
{
    int rc = 0;

    *out = usual;
    if (o->value)
        rc = option_uint(o, max, out, err);
    return rc == 0 && *out == 0
               ? err_set(err, ERR_USAGE, "--%s: 1 at least", o->option->name)
               : rc;
}

/* N[,SEED]. */
static int set_sample(struct settings *s, const struct options *o,
                      struct err *err)
{
    struct options number = *o;
    char size[24];
    size_t n = strcspn(o->value, ",");
    int rc;

    snprintf(size, sizeof size, "%.*s",
             (int)(n < sizeof size ? n : sizeof size - 1), o->value);
    number.value = size;
    rc = option_uint(&number, SAMPLE_MAX, &s->sample, err);
    if (rc == 0 && s->sample == 0)
        rc = err_set(err, ERR_USAGE, "--sample: 1 match at least");
    s->seed = 0;
    number.value = o->value + n + 1;
    if (rc == 0 && o->value[n])
        rc = option_uint(&number, UINT64_MAX, &s->seed, err);
    return rc;
}

/* Options with a value of their own kind. */
static int set_value(struct settings *s, const struct options *o,
                     struct when *when, struct err *err)
{
    int choice, rc;

    switch (o->id) {
    case OPT_K1:
        return option_double(o, 0, 1e6, &s->k1, err);
    case OPT_B:
        return option_double(o, 0, 1, &s->b, err);
    case OPT_TITLE_WEIGHT:
        return option_double(o, 0, LEX_BOOST_MAX, &s->title_weight, err);
    case OPT_MIN_MATCH:
        return set_min_match(s, o, err);
    case OPT_EXPAND:
        return set_expand(s, o, err);
    case OPT_LIMIT:
        return option_uint(o, UINT32_MAX, &s->limit, err);
    case OPT_OFFSET:
        return option_uint(o, UINT32_MAX, &s->offset, err);
    case OPT_DUPS:
        rc = option_choice(o, dups, &choice, err);
        s->show_dups = choice != 0;
        return rc;
    case OPT_SNIPPETS:
        return option_uint(o, PASSAGE_MAX, &s->snippets, err);
    case OPT_SNIPPET_WIDTH:
        rc = option_uint(o, PASSAGE_WIDTH_MAX, &s->snippet_width, err);
        return rc == 0 && s->snippet_width < PASSAGE_WIDTH_MIN
                   ? err_set(err, ERR_USAGE, "--snippet-width: %d at least",
                             PASSAGE_WIDTH_MIN)
                   : rc;
    case OPT_JOBS:
        rc = option_uint(o, POOL_JOBS_MAX, &s->jobs, err);
        return rc == 0 && s->jobs == 0
                   ? err_set(err, ERR_USAGE, "--jobs: 1 at least")
                   : rc;
    case OPT_AFTER:
        s->context = true;
        return option_uint(o, CONTEXT_LINES, &s->after, err);
    case OPT_BEFORE:
        s->context = true;
        return option_uint(o, CONTEXT_LINES, &s->before, err);
    case OPT_CONTEXT:
        s->context = true;
        rc = option_uint(o, CONTEXT_LINES, &s->before, err);
        s->after = s->before;
        return rc;
    case OPT_KWIC:
        return set_width(o, KWIC_WIDTH, KWIC_WIDTH_MAX, &s->kwic, err);
    case OPT_COLLOCATES:
        return set_width(o, COLLOCATES_WINDOW, COLLOCATES_WINDOW_MAX,
                         &s->collocates, err);
    case OPT_KWIC_SORT:
        rc = option_choice(o, kwic_sorts, &choice, err);
        if (rc == 0)
            s->kwic_sort = (enum kwic_sort)choice;
        return rc;
    case OPT_SAMPLE:
        return set_sample(s, o, err);
    case OPT_TOPICS_AS:
        return option_choice(o, topics_as, &choice, err);
    case OPT_COLOUR:
        return option_choice(o, whens, &when->colour, err);
    case OPT_HYPERLINK:
        when->hyperlink = WHEN_AUTO;
        return o->value ? option_choice(o, whens, &when->hyperlink, err) : 0;
    case OPT_TOTAL:
        rc = option_choice(o, totals, &choice, err);
        if (rc == 0)
            s->total = (enum total)choice;
        return rc;
    case OPT_SORT:
        rc = option_choice(o, sorts, &choice, err);
        if (rc == 0)
            s->sort = (enum sort)choice;
        return rc;
    case OPT_FORMAT:
        rc = option_choice(o, formats, &choice, err);
        return rc < 0 ? rc : set_format(s, (enum format)choice);
    case OPT_HELP:
        s->mode = MODE_HELP;
        if (!o->value)
            return 0;
        s->mode = MODE_HELP_ALL;
        return option_choice(o, helps, &choice, err);
    default:
        return 0;
    }
}

static int set_one(struct settings *s, const struct options *o,
                   struct when *when, struct err *err)
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
        return set_mode(s, o, MODE_TOPICS, err);
    case OPT_SHOW:
        return set_mode(s, o, MODE_SHOW, err);
    case OPT_SIMILAR:
        return set_mode(s, o, MODE_SIMILAR, err);
    case OPT_ANALYZE:
        return set_mode(s, o, MODE_ANALYZE, err);
    case OPT_TERMS:
        return set_mode(s, o, MODE_TERMS, err);
    case OPT_ACRONYMS:
        return set_mode(s, o, MODE_ACRONYMS, err);
    case OPT_STATS:
        return set_mode(s, o, MODE_STATS, err);
    case OPT_BATCH:
        return set_mode(s, o, MODE_BATCH, err);
    case OPT_CHANGES:
        rc = option_uint(o, UINT64_MAX, &s->since, err);
        return rc < 0 ? rc : set_mode(s, o, MODE_CHANGES, err);
    case OPT_VERSION:
        s->mode = MODE_VERSION;
        return 0;
    default:
        return is_limit(o->id)
                   ? set_limit(&s->limits, o->id, view_str(o->value), err)
                   : set_value(s, o, when, err);
    }
}

/* Modes that show what one index holds. */
static int check_one_index(const struct settings *s, struct err *err)
{
    static const char *const option[MODE_VERSION + 1] = {
        [MODE_SHOW] = "show",
        [MODE_SIMILAR] = "similar",
        [MODE_TERMS] = "terms",
        [MODE_STATS] = "stats",
        [MODE_CHANGES] = "changes-since",
    };

    if (s->ndbs > 1 && option[s->mode])
        return err_set(err, ERR_USAGE,
                       "--%s is about one index: which of the %zu that -d "
                       "names?",
                       option[s->mode], s->ndbs);
    return 0;
}

static int check_batch(struct settings *s, struct err *err)
{
    if (s->file)
        return err_set(err, ERR_USAGE,
                       "--batch reads standard input, and not %s", s->file);
    if (s->quiet || (s->format_set && s->format != FORMAT_JSON))
        return err_set(err, ERR_USAGE, "--batch answers in JSON alone");
    s->format = FORMAT_JSON;
    return 0;
}

/* What the options mean together. */
static int check(struct settings *s, bool option_e, struct err *err)
{
    if (s->mode >= MODE_HELP)
        return 0;
    if (option_e && s->words)
        return err_set(err, ERR_USAGE,
                       "-e and words outside of it: which is the query?");
    if (s->nqueries &&
        (s->file || (s->mode != MODE_SEARCH && s->mode != MODE_ACRONYMS)))
        return err_set(err, ERR_USAGE,
                       "'%s' is a query, but another mode "
                       "or file of queries is asked for",
                       s->query[0]);
    if (s->mode == MODE_SIMILAR && s->file)
        return err_set(err, ERR_USAGE,
                       "--similar asks for documents like one, and not %s",
                       s->file);
    if (s->mode == MODE_SEARCH && !s->nqueries && !s->file)
        return err_set(err, ERR_USAGE, "no query; see query --help");
    if (s->mode == MODE_ACRONYMS &&
        (s->format == FORMAT_TREC || s->format == FORMAT_PATHS))
        return err_set(err, ERR_USAGE,
                       "--acronyms goes with text, json, ndjson and tsv");
    if (s->jobs > 1 && !s->file && s->mode != MODE_BATCH)
        return err_set(err, ERR_USAGE,
                       "--jobs goes with -f, --topics and --batch");
    if (s->nul && s->format != FORMAT_PATHS)
        return err_set(err, ERR_USAGE, "-0 goes with -l");
    if (s->mode == MODE_TOPICS && !s->format_set)
        s->format = FORMAT_TREC;
    if (s->mode == MODE_BATCH)
        return check_batch(s, err);
    if (check_one_index(s, err) < 0)
        return err->code;
    if (s->explain && s->format != FORMAT_TEXT && s->format != FORMAT_JSON &&
        s->format != FORMAT_NDJSON)
        return err_set(err, ERR_USAGE,
                       "--explain goes with text, json and ndjson");
    return settings_agree(s, err);
}

static bool wants_colour(const struct settings *s, int colour)
{
    const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

    if (colour != WHEN_AUTO)
        return colour == WHEN_ALWAYS;
    return s->terminal && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

int settings_read(struct settings *s, int argc, char **argv, struct err *err)
{
    struct options o;
    bool option_e = false;
    struct when when = {WHEN_AUTO, WHEN_NEVER};
    int rc;

    memset(s, 0, sizeof *s);
    s->limit = 10;
    s->expand = true;
    s->jobs = 1;
    s->snippets = 1;
    s->snippet_width = PASSAGE_WIDTH;
    s->k1 = 1.2;
    s->b = 0.75;
    s->run_tag = "query";
    options_init(&o, option_table, argc, argv);
    while ((rc = options_next(&o, err)) > 0) {
        option_e |= o.id == OPT_QUERY;
        rc = set_one(s, &o, &when, err);
        if (rc == ERR_NOMEM)
            err_nomem(err);
        if (rc < 0)
            return rc;
    }
    if (rc == 0)
        rc = check(s, option_e, err);
    s->terminal = isatty(STDOUT_FILENO);
    s->colour = wants_colour(s, when.colour);
    s->hyperlink = when.hyperlink == WHEN_ALWAYS ||
                   (when.hyperlink == WHEN_AUTO && when.colour != WHEN_NEVER &&
                    wants_colour(s, WHEN_AUTO));
    return rc;
}

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
    if (is_limit(o.id) && m->type == JSON_STRING)
        return set_limit(&s->limits, o.id, m->text, err);
    rc = member_value(&o, m, value, sizeof value, err);
    return rc < 0 ? rc : set_one(s, &o, &when, err);
}

void settings_release(struct settings *s)
{
    free(s->query);
    free(s->db);
    s->query = s->db = NULL;
}
