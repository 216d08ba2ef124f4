#include "text/detect.h"

#include <assert.h>
#include <stdlib.h>

#include "base/err.h"
#include "text/detect_words.h"
#include "text/utf8.h"

enum {
    SLOTS = 16384, /* of words, a power of two */
    LETTERS = 0x780,
    VIETNAMESE = 0x1E00, /* and 255 behind it */
    PIECE = 512,         /* bytes of a text looked at in a row */
    WORD = 4,            /* points for a word, a letter giving one */
    /* What another language than English has to have: */
    LEAST = 3 * WORD + 1, /* points, */
    AHEAD = 2 * WORD,     /* more than English, */
    SHARE = 10            /* and points for so many words, one at least */
};

/* What letters are counted by: a script, or a group of languages. */
enum group {
    GROUP_NONE = DETECT_SCRIPTS,
    GROUP_GREEK,
    GROUP_ARMENIAN,
    GROUP_GEORGIAN,
    GROUP_BENGALI,
    GROUP_GURMUKHI,
    GROUP_GUJARATI,
    GROUP_ORIYA,
    GROUP_TAMIL,
    GROUP_TELUGU,
    GROUP_KANNADA,
    GROUP_MALAYALAM,
    GROUP_SINHALA,
    GROUP_THAI,
    GROUP_LAO,
    GROUP_TIBETAN,
    GROUP_BURMESE,
    GROUP_ETHIOPIC,
    GROUP_KHMER,
    GROUP_MONGOLIAN,
    GROUP_THAANA,
    GROUP_HANGUL,
    GROUP_KANA,
    GROUP_HAN,
    GROUPS
};

/* Of the groups that are one language. */
static const char codes[GROUPS][3] = {
    [GROUP_GREEK] = "el",     [GROUP_ARMENIAN] = "hy",  [GROUP_GEORGIAN] = "ka",
    [GROUP_BENGALI] = "bn",   [GROUP_GURMUKHI] = "pa",  [GROUP_GUJARATI] = "gu",
    [GROUP_ORIYA] = "or",     [GROUP_TAMIL] = "ta",     [GROUP_TELUGU] = "te",
    [GROUP_KANNADA] = "kn",   [GROUP_MALAYALAM] = "ml", [GROUP_SINHALA] = "si",
    [GROUP_THAI] = "th",      [GROUP_LAO] = "lo",       [GROUP_TIBETAN] = "bo",
    [GROUP_BURMESE] = "my",   [GROUP_ETHIOPIC] = "am",  [GROUP_KHMER] = "km",
    [GROUP_MONGOLIAN] = "mn", [GROUP_THAANA] = "dv",    [GROUP_HANGUL] = "ko",
    [GROUP_KANA] = "ja",      [GROUP_HAN] = "zh",
};

/* Of the first 0x2000 code points, 128 at a time. */
static const uint8_t blocks[64] = {
    [0x00] = DETECT_LATIN,
    DETECT_LATIN,
    DETECT_LATIN,
    DETECT_LATIN,
    DETECT_LATIN,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_GREEK,
    DETECT_CYRILLIC,
    DETECT_CYRILLIC,
    GROUP_ARMENIAN,
    DETECT_HEBREW,
    DETECT_ARABIC,
    DETECT_ARABIC,
    DETECT_ARABIC,
    GROUP_THAANA,
    GROUP_NONE,
    GROUP_NONE,
    DETECT_DEVANAGARI,
    GROUP_BENGALI,
    GROUP_GURMUKHI,
    GROUP_GUJARATI,
    GROUP_ORIYA,
    GROUP_TAMIL,
    GROUP_TELUGU,
    GROUP_KANNADA,
    GROUP_MALAYALAM,
    GROUP_SINHALA,
    GROUP_THAI,
    GROUP_LAO,
    GROUP_TIBETAN,
    GROUP_TIBETAN,
    GROUP_BURMESE,
    GROUP_GEORGIAN,
    GROUP_HANGUL,
    GROUP_HANGUL,
    GROUP_ETHIOPIC,
    GROUP_ETHIOPIC,
    GROUP_ETHIOPIC,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_KHMER,
    GROUP_MONGOLIAN,
    GROUP_MONGOLIAN,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    GROUP_NONE,
    DETECT_LATIN,
    DETECT_LATIN,
    GROUP_GREEK,
    GROUP_GREEK,
};

struct word {
    uint64_t key;       /* its characters; 0 for none */
    uint64_t languages; /* a bit for each that has it */
};

struct detector {
    struct word word[SLOTS];
    uint64_t letter[LETTERS]; /* a bit for each language that has it */
    uint64_t vietnamese[256];
};

/* What was counted of a text. */
struct evidence {
    uint32_t letters[GROUPS];
    uint32_t words; /* of Latin letters */
    uint32_t points[64];
    uint64_t last; /* the last word that gave some */
};

/* --- characters --- */

static bool is_mark_of(int32_t c)
{
    return c == 0xD7 || c == 0xF7 || c == 0x387 || c == 0x37E || c == 0x589 ||
           c == 0x5BE || c == 0x60C || c == 0x61B || c == 0x61F || c == 0x6D4 ||
           c == 0x964 || c == 0x965;
}

/* Whose letter c is; GROUP_NONE for what is none. */
static unsigned group_of(int32_t c)
{
    if (c < 0x2000)
        return (c >= 0x80 && c < 0xC0) || c < 0x80 || is_mark_of(c)
                   ? GROUP_NONE
                   : blocks[c >> 7];
    if (c >= 0x3041 && c <= 0x30FF)
        return c == 0x30FB ? GROUP_NONE : GROUP_KANA;
    if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF) ||
        (c >= 0xF900 && c <= 0xFAFF))
        return GROUP_HAN;
    if ((c >= 0xAC00 && c <= 0xD7AF) || (c >= 0x3130 && c <= 0x318F))
        return GROUP_HANGUL;
    return GROUP_NONE;
}

/* In lower case, of Latin and Cyrillic. */
static int32_t lower(int32_t c)
{
    if (c >= 0xC0 && c <= 0xDE)
        return c + 0x20;
    if (c >= 0x410 && c <= 0x42F)
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c + (c & 1);
    if (c == 0x130)
        return 'i';
    if ((c >= 0x100 && c <= 0x177) || (c >= 0x218 && c <= 0x21B) ||
        (c >= 0x1A0 && c <= 0x1A5) || (c >= 0x460 && c <= 0x4BF) ||
        (c >= 0x4D0 && c <= 0x4FF) || (c >= 0x1E00 && c <= 0x1EFF))
        return c | 1;
    return c == 0x1AF ? 0x1B0 : c;
}

/* --- words --- */

/* A word's key, character by character; that of none is 1. Of nine ASCII
 * letters, or a few more of others, no two are alike. */
static inline uint64_t key_add(uint64_t key, int32_t c)
{
    return (key << 7 | key >> 57) ^ (uint32_t)c;
}

static inline size_t place_of(uint64_t key)
{
    return (size_t)(key * 0x9e3779b97f4a7c15u >> 50);
}

static void add_word(struct detector *d, uint64_t key, uint64_t language)
{
    size_t at = place_of(key);

    while (d->word[at].key && d->word[at].key != key)
        at = (at + 1) & (SLOTS - 1);
    d->word[at].key = key;
    d->word[at].languages |= language;
}

static inline uint64_t find_word(const struct detector *d, uint64_t key)
{
    size_t at = place_of(key);

    for (; d->word[at].key; at = (at + 1) & (SLOTS - 1))
        if (d->word[at].key == key)
            return d->word[at].languages;
    return 0;
}

static uint64_t *letter_of(struct detector *d, int32_t c)
{
    if (c < LETTERS)
        return &d->letter[c];
    return c >= VIETNAMESE && c < VIETNAMESE + 256
               ? &d->vietnamese[c - VIETNAMESE]
               : NULL;
}

static void add_language(struct detector *d, unsigned number)
{
    const struct detect_language *l = &detect_languages[number];
    uint64_t language = (uint64_t)1 << number, key = 1;
    struct view v = view_str(l->letters);
    unsigned len;
    size_t i;

    for (i = 0; i < v.n; i += len) {
        uint64_t *letter = letter_of(d, utf8_decode(v.p + i, v.p + v.n, &len));

        if (letter)
            *letter |= language;
    }
    v = view_str(l->words);
    for (i = 0; i < v.n; i += len) {
        int32_t c = utf8_decode(v.p + i, v.p + v.n, &len);

        if (c != ' ')
            key = key_add(key, c);
        if (c == ' ' || i + len == v.n) {
            add_word(d, key, language);
            key = 1;
        }
    }
}

int detector_open(struct detector **out)
{
    struct detector *d = calloc(1, sizeof *d);
    unsigned i;

    static_assert(SLOTS == 1 << (64 - 50), "place_of gives a slot");
    *out = d;
    if (!d)
        return ERR_NOMEM;
    assert(detect_nlanguages <= 64);
    for (i = 0; i < detect_nlanguages; i++)
        add_language(d, i);
    return 0;
}

void detector_free(struct detector *d)
{
    free(d);
}

/* --- counting --- */

static inline void give(struct evidence *e, uint64_t languages, unsigned points)
{
    for (; languages; languages &= languages - 1)
        e->points[__builtin_ctzll(languages)] += points;
}

/* A word of so many letters, ASCII and others. One ASCII letter says nothing: it
 * may be a variable, or of a list; and what was the last one, too, says little:
 * it may be the beginning of many names. */
static inline void count_word(const struct detector *d, uint64_t key,
                              unsigned n, unsigned ascii, struct evidence *e)
{
    uint64_t languages;

    e->letters[DETECT_LATIN] += ascii;
    e->words += ascii > 0;
    if (n == 0 && ascii == 1)
        return;
    languages = find_word(d, key);
    if (!languages)
        return;
    give(e, languages, key == e->last ? 1 : WORD);
    e->last = key;
}

/* A stretch of text, from between two words to between two. */
static void count(const struct detector *d, struct view text,
                  struct evidence *e)
{
    const uint8_t *p = text.p, *end = p + text.n;
    uint64_t key = 1;
    unsigned n = 0, ascii = 0, len;

    for (; p < end; p += len) {
        uint8_t low = *p | 0x20;
        unsigned g;
        int32_t c;

        len = 1;
        if (low >= 'a' && low <= 'z') {
            key = key_add(key, low);
            ascii++;
            continue;
        }
        if (*p >= 0x80) {
            c = lower(utf8_decode(p, end, &len));
            if (c >= 0x300 && c < 0x370) { /* of a letter in front of it */
                give(e, d->letter[c], 1);
                continue;
            }
            g = c < 0 ? GROUP_NONE : group_of(c);
            if (g != GROUP_NONE) {
                e->letters[g]++;
                n++;
                key = key_add(key, c);
                if (c < LETTERS)
                    give(e, d->letter[c], 1);
                else if (g == DETECT_LATIN)
                    give(e, d->vietnamese[c & 0xFF], 1);
                continue;
            }
        }
        if (n + ascii) {
            count_word(d, key, n, ascii, e);
            key = 1;
            n = ascii = 0;
        }
    }
    if (n + ascii)
        count_word(d, key, n, ascii, e);
}

/* --- judging --- */

static enum group largest(const struct evidence *e)
{
    enum group best = GROUP_NONE, g;
    uint32_t most = 0, n;

    for (g = 0; g < GROUPS; g++) {
        n = e->letters[g];
        if (g == GROUP_HAN)
            n += e->letters[GROUP_KANA];
        if (g >= GROUP_HANGUL)
            n *= 3;
        if (n > most) {
            most = n;
            best = g;
        }
    }
    if (best >= GROUP_KANA)
        best = e->letters[GROUP_KANA] * 8 > e->letters[GROUP_HAN] ? GROUP_KANA
                                                                  : GROUP_HAN;
    return best;
}

/* Of the languages in a script, the one that its words speak for. */
static const char *language_in(const struct evidence *e, unsigned script)
{
    unsigned i, first, best;
    uint32_t points;

    for (first = 0; detect_languages[first].script != script; first++)
        ;
    best = first;
    for (i = first; i < detect_nlanguages; i++)
        if (detect_languages[i].script == script &&
            e->points[i] > e->points[best])
            best = i;
    points = e->points[best];
    if (script == DETECT_LATIN &&
        (points < LEAST || points < e->points[first] + AHEAD ||
         points * SHARE < e->words * WORD))
        best = first;
    return detect_languages[best].code;
}

/* The text without half a word at its ends. */
static struct view whole_words(struct view v)
{
    size_t from = 0, to = v.n;

    while (from < v.n && v.p[from] > ' ')
        from++;
    while (to > from && v.p[to - 1] > ' ')
        to--;
    if (from < to)
        return view_sub(v, from, to);
    for (from = 0; from < v.n && (v.p[from] & 0xC0) == 0x80; from++)
        ;
    return view_sub(v, from, v.n); /* a script without spaces */
}

void detector_ask(const struct detector *d, struct view text, char code[3])
{
    struct evidence e = {0};
    enum group g;
    size_t i, n = DETECT_BYTES / PIECE;

    if (text.n <= DETECT_BYTES) {
        count(d, text, &e);
    } else {
        for (i = 0; i < n; i++) {
            size_t at = (text.n - PIECE) / (n - 1) * i;

            count(d, whole_words(view_sub(text, at, at + PIECE)), &e);
        }
    }
    g = largest(&e);
    memcpy(code, g < GROUP_NONE ? language_in(&e, g) : codes[g], 3);
}
