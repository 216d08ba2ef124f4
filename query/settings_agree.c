/* Which options go together: settings_agree of settings.h. */
#include <string.h>

#include "query/option_table.h"
#include "query/settings.h"

_Static_assert(OPT_VERSION < 64, "settings.given has a bit for each");

static bool given(const struct settings *s, enum option_id id)
{
    return s->given >> id & 1;
}

static int agree_context(const struct settings *s, struct err *err)
{
    if (!s->context)
        return 0;
    if (s->format == FORMAT_TSV || s->format == FORMAT_TREC ||
        s->format == FORMAT_PATHS)
        return err_set(err, ERR_USAGE,
                       "-A, -B and -C go with text, json and ndjson");
    if (s->snippets == 0)
        return err_set(err, ERR_USAGE,
                       "-A, -B and -C are about passages; --snippets=0 leaves "
                       "none");
    return 0;
}

static int agree_facets(const struct settings *s, struct err *err)
{
    if (s->facets.n && s->format != FORMAT_TEXT && s->format != FORMAT_JSON &&
        s->format != FORMAT_NDJSON)
        return err_set(err, ERR_USAGE,
                       "--facet goes with text, json and ndjson");
    return 0;
}

static int agree_dups(const struct settings *s, struct err *err)
{
    if (given(s, OPT_DUPS) && !s->show_dups && s->format != FORMAT_TEXT &&
        s->format != FORMAT_JSON && s->format != FORMAT_NDJSON)
        return err_set(err, ERR_USAGE,
                       "--dups=collapse goes with text, json and ndjson");
    return 0;
}

/* An option and what it is called. */
struct named {
    enum option_id id;
    const char *name;
};

static const struct named listing[] = {
    {OPT_BY_YEAR, "by-year"},
    {OPT_COLLOCATES, "collocates"},
    {OPT_SORT, "sort"},
    {OPT_EXPLAIN, "explain"},
    {OPT_FACET, "facet"},
    {OPT_DUPS, "dups"},
    {OPT_SNIPPETS, "snippets"},
    {OPT_SNIPPET_WIDTH, "snippet-width"},
    {OPT_AFTER, "after"},
    {OPT_BEFORE, "before"},
    {OPT_CONTEXT, "context"},
    /* what a concordance has as well: */
    {OPT_COUNT, "count"},
    {OPT_TOTAL, "total"},
    {OPT_HYPERLINK, "hyperlink"},
    {OPT_KWIC, "kwic"},
    /* what collocates have, too: */
    {OPT_LIMIT, "limit"},
    {OPT_OFFSET, "offset"},
};
enum { NOT_KWIC = 11, NOT_COLLOCATES = 15, NOT_BY_YEAR = 17 };
_Static_assert(sizeof listing / sizeof *listing == NOT_BY_YEAR,
               "each list begins with the one before");

/* Refuses what of the first n options of `listing` was given beside `what`. */
static int alone(const struct settings *s, size_t n, const char *what,
                 struct err *err)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (given(s, listing[i].id) && strcmp(listing[i].name, what) != 0)
            return err_set(err, ERR_USAGE, "--%s does not go with --%s",
                           listing[i].name, what);
    if (s->format == FORMAT_TREC || s->format == FORMAT_PATHS)
        return err_set(err, ERR_USAGE,
                       "--%s goes with text, json, ndjson and tsv", what);
    return 0;
}

static int agree_kwic(struct settings *s, struct err *err)
{
    if (!s->kwic) {
        if (given(s, OPT_KWIC_SORT) || given(s, OPT_SAMPLE))
            return err_set(err, ERR_USAGE, "--%s goes with --kwic",
                           given(s, OPT_SAMPLE) ? "sample" : "kwic-sort");
        return 0;
    }
    if (s->sample && !given(s, OPT_LIMIT))
        s->limit = 0; /* so many were asked for */
    return alone(s, NOT_KWIC, "kwic", err);
}

int settings_agree(struct settings *s, struct err *err)
{
    int rc = agree_context(s, err);

    if (rc == 0)
        rc = agree_facets(s, err);
    if (rc == 0)
        rc = agree_dups(s, err);
    if (rc == 0)
        rc = agree_kwic(s, err);
    if (rc == 0 && s->collocates)
        rc = alone(s, NOT_COLLOCATES, "collocates", err);
    if (rc == 0 && s->by_year)
        rc = alone(s, NOT_BY_YEAR, "by-year", err);
    if (rc == 0 && s->format != FORMAT_TEXT && given(s, OPT_HYPERLINK))
        rc = err_set(err, ERR_USAGE, "--hyperlink goes with text");
    return rc;
}
