#include "query/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "query/passage.h"
#include "query/settings_set.h"

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
        rc = settings_set(s, &o, &when, err);
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

void settings_release(struct settings *s)
{
    free(s->query);
    free(s->db);
    s->query = s->db = NULL;
}
