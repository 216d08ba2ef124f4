#include "text/stem.h"

#include <assert.h>
#include <libstemmer.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

struct stemmer {
    struct sb_stemmer *snowball; /* NULL for "none" */
    const char *language;        /* static */
};

/* Snowball's languages with their codes, ISO 639-1 in front and then 639-2.
 * Their places are numbers, from 1. */
static const struct {
    const char *name, *codes;
} known[] = {
    {"arabic", "ar ara"},
    {"armenian", "hy hye arm"},
    {"basque", "eu eus baq"},
    {"catalan", "ca cat"},
    {"danish", "da dan"},
    {"dutch", "nl nld dut"},
    {"english", "en eng"},
    {"finnish", "fi fin"},
    {"french", "fr fra fre"},
    {"german", "de deu ger"},
    {"greek", "el ell gre"},
    {"hindi", "hi hin"},
    {"hungarian", "hu hun"},
    {"indonesian", "id ind"},
    {"irish", "ga gle"},
    {"italian", "it ita"},
    {"lithuanian", "lt lit"},
    {"nepali", "ne nep"},
    {"norwegian", "no nor nb nob nn nno"},
    {"portuguese", "pt por"},
    {"romanian", "ro ron rum"},
    {"russian", "ru rus"},
    {"serbian", "sr srp"},
    {"spanish", "es spa"},
    {"swedish", "sv swe"},
    {"tamil", "ta tam"},
    {"turkish", "tr tur"},
    {"yiddish", "yi yid"},
};

static_assert(sizeof known / sizeof *known + 1 == STEMMERS, "one is none");

/* Whether `code` is one of those that stand in `codes` with blanks between. */
static bool has_code(const char *codes, struct view code)
{
    size_t n;

    for (; *codes; codes += n + (codes[n] == ' ')) {
        n = strcspn(codes, " ");
        if (view_eq(code, view_of(codes, n)))
            return true;
    }
    return false;
}

unsigned stemmer_number(struct view language)
{
    unsigned i;
    size_t n = 0;

    while (n < language.n && language.p[n] >= 'a' && language.p[n] <= 'z')
        n++;
    language.n = n;
    if (n == 0)
        return 0;
    for (i = 0; i + 1 < STEMMERS; i++)
        if (view_eq(language, view_str(known[i].name)) ||
            has_code(known[i].codes, language))
            return i + 1;
    return 0;
}

bool stemmer_prefixes(unsigned number)
{
    static const char *const languages = "ar ga id sr ta yi";

    return number && has_code(languages, stemmer_code(number));
}

const char *stemmer_name(unsigned number)
{
    return number ? known[number - 1].name : "none";
}

struct view stemmer_code(unsigned number)
{
    return number ? view_of(known[number - 1].codes, 2) : view_of(NULL, 0);
}

/* libstemmer's own copy of the name that `language` means, or NULL. */
static const char *known_name(const char *language)
{
    const char **name;
    unsigned i;

    for (i = 0; i + 1 < STEMMERS; i++)
        if (has_code(known[i].codes, view_str(language)))
            language = known[i].name;
    for (name = sb_stemmer_list(); *name; name++)
        if (strcmp(language, *name) == 0)
            return *name;
    return NULL;
}

static int unknown(const char *language, struct err *err)
{
    struct buf names = {0};
    const char **name;
    const char *list;

    for (name = sb_stemmer_list(); *name; name++)
        if (buf_addf(&names, ", %s", *name) < 0)
            break;
    list = buf_cstr(&names);
    err_set(err, ERR_USAGE, "unknown language '%s' (known: auto, none%s)",
            language, list ? list : "");
    buf_release(&names);
    return ERR_USAGE;
}

int stemmer_open(struct stemmer **out, const char *language, struct err *err)
{
    struct stemmer *s;
    const char *name = "none";

    *out = NULL;
    if (strcmp(language, "none") != 0)
        name = known_name(language);
    if (!name)
        return unknown(language, err);
    s = calloc(1, sizeof *s);
    if (!s)
        return err_nomem(err);
    s->language = name;
    if (strcmp(name, "none") != 0) {
        s->snowball = sb_stemmer_new(name, NULL);
        if (!s->snowball) {
            free(s);
            return err_nomem(err);
        }
    }
    *out = s;
    return 0;
}

struct view stemmer_stem(struct stemmer *s, struct view word)
{
    const sb_symbol *stem;
    int n;

    if (!s->snowball || word.n == 0 || word.n > INT_MAX)
        return word;
    stem = sb_stemmer_stem(s->snowball, word.p, (int)word.n);
    if (!stem)
        return view_of(NULL, 0);
    n = sb_stemmer_length(s->snowball);
    return n > 0 ? view_of(stem, (size_t)n) : word;
}

const char *stemmer_language(const struct stemmer *s)
{
    return s->language;
}

const char **stemmer_languages(void)
{
    return sb_stemmer_list();
}

/* Mixes the stem of a word into *h; nothing where libstemmer lacks the
 * language. */
static int probe(const char *language, const char *word, uint64_t *h)
{
    struct stemmer *s;
    struct view stem;
    int rc = stemmer_open(&s, language, NULL);

    if (rc < 0)
        return rc == ERR_NOMEM ? rc : 0;
    stem = stemmer_stem(s, view_str(word));
    if (stem.p)
        *h ^= hash64(stem);
    else
        rc = ERR_NOMEM;
    stemmer_free(s);
    return rc;
}

/* libstemmer cannot be asked for its version, so it is told by what it does:
 * words whose stems changed from one release to the next, and some others. */
const char *stemmer_version(void)
{
    static const char *const probes[][2] = {
        {"english", "universities"},   {"english", "added"},
        {"english", "evening"},        {"english", "skies"},
        {"french", "continuellement"}, {"german", "aufeinanderfolgenden"},
        {"spanish", "corriéndose"},    {"italian", "abbandonata"},
        {"portuguese", "boataria"},    {"dutch", "lichaamsbouw"},
        {"russian", "взвешивания"},    {"arabic", "والكتاب"},
    };
    static char version[32];
    uint64_t h = 0;
    size_t i;

    for (i = 0; !version[0] && i < sizeof probes / sizeof *probes; i++) {
        h *= 0x9E3779B97F4A7C15u;
        if (probe(probes[i][0], probes[i][1], &h) < 0)
            return NULL;
    }
    if (!version[0])
        snprintf(version, sizeof version, "Snowball %08x",
                 (unsigned)(h >> 32 ^ (h & 0xFFFFFFFF)));
    return version;
}

void stemmer_free(struct stemmer *s)
{
    if (!s)
        return;
    if (s->snowball)
        sb_stemmer_delete(s->snowball);
    free(s);
}
