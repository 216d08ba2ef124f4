#include "text/stem.h"

#include <libstemmer.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

struct stemmer {
    struct sb_stemmer *snowball; /* NULL for "none" */
    const char *language;        /* static */
};

/* The codes that libstemmer takes for its names, ISO 639-1 and 639-2. */
static const char *const codes[][4] = {
    {"arabic", "ar", "ara"},          {"armenian", "hy", "hye", "arm"},
    {"basque", "eu", "eus", "baq"},   {"catalan", "ca", "cat"},
    {"danish", "da", "dan"},          {"dutch", "nl", "nld", "dut"},
    {"english", "en", "eng"},         {"finnish", "fi", "fin"},
    {"french", "fr", "fra", "fre"},   {"german", "de", "deu", "ger"},
    {"greek", "el", "ell", "gre"},    {"hindi", "hi", "hin"},
    {"hungarian", "hu", "hun"},       {"indonesian", "id", "ind"},
    {"irish", "ga", "gle"},           {"italian", "it", "ita"},
    {"lithuanian", "lt", "lit"},      {"nepali", "ne", "nep"},
    {"norwegian", "no", "nor"},       {"portuguese", "pt", "por"},
    {"romanian", "ro", "ron", "rum"}, {"russian", "ru", "rus"},
    {"serbian", "sr", "srp"},         {"spanish", "es", "spa"},
    {"swedish", "sv", "swe"},         {"tamil", "ta", "tam"},
    {"turkish", "tr", "tur"},         {"yiddish", "yi", "yid"},
};

/* libstemmer's own copy of the name that `language` means, or NULL. */
static const char *known_name(const char *language)
{
    const char **name;
    size_t i, k;

    for (i = 0; i < sizeof codes / sizeof *codes; i++)
        for (k = 1; k < 4 && codes[i][k]; k++)
            if (strcmp(language, codes[i][k]) == 0)
                language = codes[i][0];
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
    err_set(err, ERR_USAGE, "unknown language '%s' (known: none%s)", language,
            list ? list : "");
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
