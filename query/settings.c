#include "query/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "query/passage.h"

enum option_id {
    OPT_DB = 1,
    OPT_QUERY,
    OPT_FILE,
    /* what a request of --batch may have as well: */
    OPT_ALL,
    OPT_ANY,
    OPT_K1,
    OPT_B,
    OPT_LIMIT,
    OPT_OFFSET,
    OPT_SNIPPETS,
    OPT_SNIPPET_WIDTH,
    OPT_TOTAL,
    OPT_EXPLAIN,
    OPT_COUNT,
    /* and what it may not: */
    OPT_FORMAT,
    OPT_JSON,
    OPT_PATHS,
    OPT_NULL,
    OPT_QUIET,
    OPT_COLOUR,
    OPT_TOPICS,
    OPT_TOPICS_AS,
    OPT_SHOW,
    OPT_ANALYZE,
    OPT_STATS,
    OPT_BATCH,
    OPT_CHANGES,
    OPT_RUN_TAG,
    OPT_TIME,
    OPT_HELP,
    OPT_VERSION
};

static const struct option table[] = {
    {0, 0, "", OPTION_FLAG, NULL, "What to ask"},
    {OPT_QUERY, 'e', "query", OPTION_VALUE, "QUERY",
     "a query that may begin with a dash; several are ORed"},
    {OPT_FILE, 'f', "query-file", OPTION_VALUE, "FILE",
     "one query a line, each answered in turn; - is standard input"},
    {OPT_TOPICS, 0, "topics", OPTION_VALUE, "FILE",
     "lines of a number, a tab and plain words: a run in TREC form"},
    {OPT_TOPICS_AS, 0, "topics-as", OPTION_VALUE, "words",
     "how the text of a topic is read: as words, no character an operator"},
    {OPT_BATCH, 0, "batch", OPTION_FLAG, NULL,
     "answer requests from standard input, a JSON line each; see below"},
    {OPT_DB, 'd', "db", OPTION_VALUE, "DIR",
     "the index; else $INDEX_DB, else the nearest .index above"},
    {0, 0, "", OPTION_FLAG, NULL, "What matches, and in what order"},
    {OPT_ALL, 'a', "all", OPTION_FLAG, NULL, "every word is required"},
    {OPT_ANY, 'o', "any", OPTION_FLAG, NULL,
     "any word will do, more and rarer ones rank higher (the default)"},
    {OPT_K1, 0, "k1", OPTION_VALUE, "X",
     "BM25: how much repetition of a word counts (1.2)"},
    {OPT_B, 0, "b", OPTION_VALUE, "X",
     "BM25: how much length counts against a document, 0 to 1 (0.75)"},
    {OPT_EXPLAIN, 0, "explain", OPTION_FLAG, NULL,
     "below each document, what each word added to its score"},
    {0, 0, "", OPTION_FLAG, NULL, "What is printed"},
    {OPT_LIMIT, 'n', "limit", OPTION_VALUE, "N",
     "at most N documents (10); 0 is all"},
    {OPT_OFFSET, 0, "offset", OPTION_VALUE, "N", "leave out the first N"},
    {OPT_SNIPPETS, 0, "snippets", OPTION_VALUE, "N",
     "up to N passages of each document (1)"},
    {OPT_SNIPPET_WIDTH, 0, "snippet-width", OPTION_VALUE, "N",
     "about N columns of text in each, 20 to 10000 (240)"},
    {OPT_FORMAT, 0, "format", OPTION_VALUE, "F",
     "text, json, ndjson, tsv, trec or paths"},
    {OPT_JSON, 0, "json", OPTION_FLAG, NULL, "the same as --format=json"},
    {OPT_COUNT, 'c', "count", OPTION_FLAG, NULL,
     "the number of matching documents and nothing else"},
    {OPT_PATHS, 'l', "paths", OPTION_FLAG, NULL,
     "paths alone: the same as --format=paths"},
    {OPT_NULL, '0', "null", OPTION_FLAG, NULL,
     "end each path with a NUL byte (for xargs -0)"},
    {OPT_QUIET, 'q', "quiet", OPTION_FLAG, NULL,
     "nothing: the exit status alone"},
    {OPT_TOTAL, 0, "total", OPTION_VALUE, "HOW",
     "auto, exact or none: whether all matches are counted"},
    {OPT_RUN_TAG, 0, "run-tag", OPTION_VALUE, "TAG",
     "the last column of a TREC run (query)"},
    {OPT_TIME, 0, "time", OPTION_FLAG, NULL,
     "at the end, a JSON line on standard error: queries, wall (seconds), "
     "mean, p50, p95, p99 (microseconds a query)"},
    {OPT_COLOUR, 0, "color", OPTION_VALUE, "WHEN", "auto, always or never"},
    {0, 0, "", OPTION_FLAG, NULL, "Instead of a query"},
    {OPT_SHOW, 0, "show", OPTION_VALUE, "ID|PATH[:LINE[:COUNT]]",
     "the text of a document, from a line on, so many lines"},
    {OPT_ANALYZE, 0, "analyze", OPTION_VALUE, "TEXT",
     "what the index makes of a text, token by token"},
    {OPT_STATS, 0, "stats", OPTION_FLAG, NULL, "facts about the index"},
    {OPT_CHANGES, 0, "changes-since", OPTION_VALUE, "GENERATION",
     "documents added, changed and removed since; --stats tells the "
     "generation of now"},
    {OPT_HELP, 'h', "help", OPTION_OPTIONAL, "all", "this, or everything"},
    {OPT_VERSION, 'V', "version", OPTION_FLAG, NULL, "name and version"},
    {0, 0, NULL, OPTION_FLAG, NULL, NULL},
};

static const char first_screen[] =
    "query - finds passages in an index of articles\n"
    "\n"
    "  query rcep tariffs                   any of the words, best first\n"
    "  query -a rcep tariffs                all of them\n"
    "  query '\"soft connectivity\" -durian'  a phrase; without a word\n"
    "  query 'title:rcep path:2022'         in titles; below some path\n"
    "  query -n 0 -l railway | less         paths of all that match\n"
    "  query --json 'china AND laos'        for programs\n"
    "  query --show east-asia/rcep.txt:12:5 lines 12 to 16 of a document\n"
    "  query -d news.index rcep             an index of that name\n"
    "\n"
    "-n N  how many (10)   -c  count them   -q  status alone   -e QUERY\n"
    "--format=text|json|ndjson|tsv|trec|paths   --stats   --help=all\n"
    "\n"
    "Exit status: 0 something was found, 1 nothing, 2 usage, 3 no index,\n"
    "4 index of another format, 5 index damaged.\n";

static const char language[] =
    "\n"
    "Queries (put them in quotes for the shell)\n"
    "  rail port        any of the words, in any of their forms; ranked\n"
    "  \"debt trap\"      these words as they are, one behind the other\n"
    "  =US              this spelling: case and accents count\n"
    "  +rail -port      must occur; must not occur\n"
    "  rail AND port    both must occur; OR, NOT and ( ) as well\n"
    "  title:rail       in the title; title:\"debt trap\", title:(rail port)\n"
    "  path:2022        only documents whose path contains that, or matches\n"
    "                   it as a whole if it has a * or a ?\n"
    "  id:812           only the document of that number\n"
    "\n"
    "Two paths side by side, or two numbers, are alternatives.\n"
    "\n"
    "Formats\n"
    "  tsv    rank, score, number, date, path, line, column, matches, title,\n"
    "         passage; no header; empty where there is none\n"
    "  trec   topic Q0 path rank score query; a single query is topic 1\n"
    "  json   one object a query; ndjson: a line a hit, then one that ends "
    "it\n"
    "\n"
    "Batch\n"
    "  A line in is a query, or an object: {\"id\":7,\"q\":\"rail "
    "port\",\"limit\":5}.\n"
    "  A line out is the answer as of --json with \"id\" and \"ok\":true, "
    "or\n"
    "  {\"id\":7,\"ok\":false,\"error\":{\"code\":\"…\",\"message\":\"…\"}}. "
    "Options\n"
    "  of the command line hold for requests that say nothing else. Codes:\n"
    "  blank        no query in the line\n"
    "  too_long     a line of more than 1 MiB\n"
    "  not_json     a line that begins with { and is no JSON object\n"
    "  usage        an object without \"q\"\n"
    "  unknown_key  a key that is no option of a request\n"
    "  bad_value    a value that its key cannot have\n"
    "  syntax       a query that cannot be searched: too deep, too many words\n"
    "  no_index     there is no index, or it must not be opened\n"
    "  version      an index of another format\n"
    "  damaged      the index is damaged\n"
    "  io           the system refused to read\n"
    "  memory       out of memory\n";

static bool for_request(const struct option *t)
{
    return t->id >= OPT_ALL && t->id <= OPT_COUNT;
}

static int help_keys(struct buf *out)
{
    const struct option *t;
    int rc = buf_adds(out, "  Keys of a request: id, q");

    for (t = table; t->name && rc == 0; t++)
        if (for_request(t))
            rc = buf_addf(out, ",%s%s", t->id == OPT_OFFSET ? "\n  " : " ",
                          t->name);
    return rc < 0 ? rc : buf_addc(out, '\n');
}

int settings_help(bool all, struct buf *out)
{
    if (!all)
        return buf_adds(out, first_screen);
    if (buf_adds(out, "Usage: query [OPTIONS] [--] WORDS…\n\n") < 0 ||
        options_help(table, out) < 0)
        return ERR_NOMEM;
    return buf_adds(out, language) < 0 ? ERR_NOMEM : help_keys(out);
}

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
    if (s->db && strcmp(s->db, dir) != 0)
        return err_set(err, ERR_USAGE,
                       "only one index can be searched at a time: %s or %s?",
                       s->db, dir);
    s->db = dir;
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
static const char *const colours[] = {"auto", "always", "never", NULL};
static const char *const topics_as[] = {"words", NULL};
static const char *const helps[] = {"all", NULL};

/* Options with a value of their own kind. */
static int set_value(struct settings *s, const struct options *o, int *colour,
                     struct err *err)
{
    int choice, rc;

    switch (o->id) {
    case OPT_K1:
        return option_double(o, 0, 1e6, &s->k1, err);
    case OPT_B:
        return option_double(o, 0, 1, &s->b, err);
    case OPT_LIMIT:
        return option_uint(o, UINT32_MAX, &s->limit, err);
    case OPT_OFFSET:
        return option_uint(o, UINT32_MAX, &s->offset, err);
    case OPT_SNIPPETS:
        return option_uint(o, PASSAGE_MAX, &s->snippets, err);
    case OPT_SNIPPET_WIDTH:
        rc = option_uint(o, PASSAGE_WIDTH_MAX, &s->snippet_width, err);
        return rc == 0 && s->snippet_width < PASSAGE_WIDTH_MIN
                   ? err_set(err, ERR_USAGE, "--snippet-width: %d at least",
                             PASSAGE_WIDTH_MIN)
                   : rc;
    case OPT_TOPICS_AS:
        return option_choice(o, topics_as, &choice, err);
    case OPT_COLOUR:
        return option_choice(o, colours, colour, err);
    case OPT_TOTAL:
        rc = option_choice(o, totals, &choice, err);
        if (rc == 0)
            s->total = (enum total)choice;
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

static int set_one(struct settings *s, const struct options *o, int *colour,
                   struct err *err)
{
    int rc;

    switch (o->id) {
    case OPTION_OPERAND:
        s->words = true;
        return add_query(s, o->value);
    case OPT_QUERY:
        return add_query(s, o->value);
    case OPT_DB:
        return set_db(s, o->value, err);
    case OPT_FILE:
        s->file = o->value;
        return 0;
    case OPT_ALL:
    case OPT_ANY:
        s->all = o->id == OPT_ALL;
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
    case OPT_ANALYZE:
        return set_mode(s, o, MODE_ANALYZE, err);
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
        return set_value(s, o, colour, err);
    }
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
    if (s->nqueries && (s->file || s->mode != MODE_SEARCH))
        return err_set(err, ERR_USAGE,
                       "'%s' is a query, but another mode "
                       "or file of queries is asked for",
                       s->query[0]);
    if (s->mode == MODE_SEARCH && !s->nqueries && !s->file)
        return err_set(err, ERR_USAGE, "no query; see query --help");
    if (s->nul && s->format != FORMAT_PATHS)
        return err_set(err, ERR_USAGE, "-0 goes with -l");
    if (s->mode == MODE_TOPICS && !s->format_set)
        s->format = FORMAT_TREC;
    if (s->mode == MODE_BATCH)
        return check_batch(s, err);
    if (s->explain && s->format != FORMAT_TEXT && s->format != FORMAT_JSON &&
        s->format != FORMAT_NDJSON)
        return err_set(err, ERR_USAGE,
                       "--explain goes with text, json and ndjson");
    return 0;
}

static bool wants_colour(const struct settings *s, int colour)
{
    const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

    if (colour != 0)
        return colour == 1;
    return s->terminal && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

int settings_read(struct settings *s, int argc, char **argv, struct err *err)
{
    struct options o;
    bool option_e = false;
    int colour = 0, rc;

    memset(s, 0, sizeof *s);
    s->limit = 10;
    s->snippets = 1;
    s->snippet_width = PASSAGE_WIDTH;
    s->k1 = 1.2;
    s->b = 0.75;
    s->run_tag = "query";
    options_init(&o, table, argc, argv);
    while ((rc = options_next(&o, err)) > 0) {
        option_e |= o.id == OPT_QUERY;
        rc = set_one(s, &o, &colour, err);
        if (rc == ERR_NOMEM)
            err_nomem(err);
        if (rc < 0)
            return rc;
    }
    if (rc == 0)
        rc = check(s, option_e, err);
    s->terminal = isatty(STDOUT_FILENO);
    s->colour = wants_colour(s, colour);
    return rc;
}

/* A flag as a member: false is its opposite. */
static void set_flag(struct settings *s, int id, bool on)
{
    if (id == OPT_ALL || id == OPT_ANY)
        s->all = on == (id == OPT_ALL);
    else if (id == OPT_EXPLAIN)
        s->explain = on;
    else if (id == OPT_COUNT)
        s->count = on;
}

/* A value as the command line would have it: numbers are numbers, words are
 * strings. */
static int member_value(struct options *o, const struct json_member *m,
                        char *value, size_t max, struct err *err)
{
    const char *arg = o->option->arg;
    bool number = arg && (strcmp(arg, "N") == 0 || strcmp(arg, "X") == 0);

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
    struct options o = {.table = table};
    char name[32], value[64];
    int colour, rc;

    snprintf(name, sizeof name, "%.*s",
             (int)(m->key.n < sizeof name ? m->key.n : sizeof name - 1),
             (const char *)m->key.p);
    o.option = m->key.n < sizeof name ? options_find(table, name) : NULL;
    if (!o.option || !for_request(o.option))
        return err_set(err, ERR_NOTFOUND, "\"%s\" is no key of a request",
                       name);
    o.id = o.option->id;
    if (o.option->kind == OPTION_FLAG) {
        if (m->type != JSON_BOOL)
            return err_set(err, ERR_USAGE, "\"%s\" must be true or false",
                           name);
        set_flag(s, o.id, m->number != 0);
        return 0;
    }
    rc = member_value(&o, m, value, sizeof value, err);
    return rc < 0 ? rc : set_one(s, &o, &colour, err);
}

void settings_release(struct settings *s)
{
    free(s->query);
    s->query = NULL;
}
