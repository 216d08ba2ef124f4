/* Values of options: settings_value of settings_set.h. */
#include <stdio.h>
#include <string.h>

#include "query/lex.h"
#include "query/passage.h"
#include "query/pool.h"
#include "query/settings_set.h"

static const char *const formats[] = {"text", "json",  "ndjson", "tsv",
                                      "trec", "paths", NULL};
static const char *const totals[] = {"auto", "exact", "none", NULL};
static const char *const dups[] = {"collapse", "show", NULL};
static const char *const whens[] = {"auto", "always", "never", NULL};
static const char *const kwic_sorts[] = {"pos",  "left", "right",
                                         "date", "path", NULL};
static const char *const topics_as[] = {"words", NULL};
static const char *const helps[] = {"all", NULL};

static const char *const sorts[] = {"score", "date", "-date", "path", NULL};

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

/* The words an option's value is one of; NULL of any other option. */
static const char *const *words_of(int id)
{
    switch (id) {
    case OPT_DUPS:
        return dups;
    case OPT_KWIC_SORT:
        return kwic_sorts;
    case OPT_TOPICS_AS:
        return topics_as;
    case OPT_COLOUR:
    case OPT_HYPERLINK:
        return whens;
    case OPT_TOTAL:
        return totals;
    case OPT_SORT:
        return sorts;
    case OPT_FORMAT:
        return formats;
    case OPT_HELP:
        return helps;
    default:
        return NULL;
    }
}

/* Options whose value is one of a few words. */
static int set_choice(struct settings *s, const struct options *o,
                      struct when *when, struct err *err)
{
    const char *const *words = words_of(o->id);
    int choice = 0;

    if (words && o->value && option_choice(o, words, &choice, err) < 0)
        return ERR_USAGE;
    switch (o->id) {
    case OPT_DUPS:
        s->show_dups = choice != 0;
        break;
    case OPT_KWIC_SORT:
        s->kwic_sort = (enum kwic_sort)choice;
        break;
    case OPT_COLOUR:
        when->colour = choice;
        break;
    case OPT_HYPERLINK:
        when->hyperlink = choice;
        break;
    case OPT_TOTAL:
        s->total = (enum total)choice;
        break;
    case OPT_SORT:
        s->sort = (enum sort)choice;
        break;
    case OPT_FORMAT:
        s->format = (enum format)choice;
        s->format_set = true;
        break;
    case OPT_HELP:
        s->mode = o->value ? MODE_HELP_ALL : MODE_HELP;
        break;
    default:
        break;
    }
    return 0;
}

/* Options with a value of their own kind. */
int settings_value(struct settings *s, const struct options *o,
                   struct when *when, struct err *err)
{
    int rc;

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
    case OPT_SAMPLE:
        return set_sample(s, o, err);
    default:
        return set_choice(s, o, when, err);
    }
}
