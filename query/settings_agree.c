/* Which options go together: settings_agree of settings.h. */
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
    if (s->kwic)
        return err_set(err, ERR_USAGE, "-A, -B and -C do not go with --kwic");
    if (s->snippets == 0)
        return err_set(err, ERR_USAGE,
                       "-A, -B and -C are about passages; --snippets=0 leaves "
                       "none");
    return 0;
}

int settings_agree(struct settings *s, struct err *err)
{
    static const struct {
        enum option_id id;
        const char *name;
    } other[] = {{OPT_EXPLAIN, "explain"},
                 {OPT_SNIPPETS, "snippets"},
                 {OPT_SNIPPET_WIDTH, "snippet-width"}};
    size_t i;

    if (agree_context(s, err) < 0)
        return ERR_USAGE;
    if (s->format != FORMAT_TEXT && given(s, OPT_HYPERLINK))
        return err_set(err, ERR_USAGE, "--hyperlink goes with text");
    if (!s->kwic) {
        if (given(s, OPT_KWIC_SORT) || given(s, OPT_SAMPLE))
            return err_set(err, ERR_USAGE, "--%s goes with --kwic",
                           given(s, OPT_SAMPLE) ? "sample" : "kwic-sort");
        return 0;
    }
    for (i = 0; i < sizeof other / sizeof *other; i++)
        if (given(s, other[i].id))
            return err_set(err, ERR_USAGE, "--%s does not go with --kwic",
                           other[i].name);
    if (s->format == FORMAT_TREC || s->format == FORMAT_PATHS)
        return err_set(err, ERR_USAGE,
                       "--kwic goes with text, json, ndjson and tsv");
    if (s->sample && !given(s, OPT_LIMIT))
        s->limit = 0; /* so many were asked for */
    return 0;
}
