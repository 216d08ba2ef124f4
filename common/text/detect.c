#include "text/detect.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/err.h"
#include "text/detect_words.h"
#include "text/utf8.h"

enum {
    SLOTS = 16384,  /* of words, a power of two */
    FILTER = 65536, /* bits, few of which words have */
    LETTERS = 0x780,
    VIETNAMESE = 0x1E00, /* and 255 behind it */
    PIECE = 512,         /* bytes of a text looked at in a row */
    WORD_BITS = 2,
    WORD = 1 << WORD_BITS, /* points for a word, a letter giving one */
    POINTS = 13,   /* bits of all points: less than 4 times DETECT_BYTES */
    WORD_MAX = 32, /* letters of a longer one are not counted, if ASCII */
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
    uint64_t seen[FILTER / 64]; /* a bit for each word's filter_of */
    struct word word[SLOTS];
    uint64_t letter[LETTERS]; /* a bit for each language that has it */
    uint64_t vietnamese[256];
};

/* What was counted of a text. */
struct evidence {
    uint32_t letters[GROUPS];
    uint32_t words;          /* of Latin letters */
    uint64_t points[POINTS]; /* of 64 languages at once: bit i of those of
                              * language l is bit l of points[i] */
    uint64_t last;           /* the last word that gave some */
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

/* The key of a word with a letter beyond ASCII, character by character; that of
 * none is 1. Keys of short ASCII words have not the highest bit. */
static inline uint64_t key_add(uint64_t key, int32_t c)
{
    return (key << 7 | key >> 57) ^ (uint32_t)c;
}

static inline uint64_t key_of_mixed(uint64_t key)
{
    return key | (uint64_t)1 << 63;
}

/* The key of a word of n ASCII letters, in either case; up to `end` can be read.
 * Of eight letters no two words have the same. */
static inline uint64_t key_of_ascii(const uint8_t *p, size_t n,
                                    const uint8_t *end)
{
    const uint64_t lower = 0x2020202020202020u;
    uint64_t key = 0, x = 0;

    for (; n > 8; p += 8, n -= 8)
        key = ((get_u64(p) | lower) ^ key) * 0x9e3779b97f4a7c15u;
    if (end - p >= 8)
        x = (get_u64(p) | lower) & ~(uint64_t)0 >> (64 - 8 * n);
    else
        while (n-- > 0)
            x = x << 8 | p[n] | 0x20;
    return key ^ x;
}

/* The ASCII letters that [p, end) begins with: how many. */
static inline size_t ascii_letters(const uint8_t *p, const uint8_t *end)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint8_t *from = p;

    for (; end - p >= 8; p += 8) {
        uint64_t x = get_u64(p);
        uint64_t low = (x | 0x20 * ones) & 0x7F * ones;
        uint64_t letter =
            (low + (0x80 - 'a') * ones) & ~(low + (0x7F - 'z') * ones) & ~x;
        uint64_t rest = ~letter & 0x80 * ones;

        if (rest)
            return (size_t)(p - from) + (size_t)__builtin_ctzll(rest) / 8;
    }
    while (p < end && (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z')
        p++;
    return (size_t)(p - from);
}

static inline size_t place_of(uint64_t key)
{
    return (size_t)(key * 0x9e3779b97f4a7c15u >> 50);
}

static inline size_t filter_of(uint64_t key)
{
    return (size_t)(key * 0xd6e8feb86659fd93u >> 48);
}

static void add_word(struct detector *d, uint64_t key, uint64_t language)
{
    size_t at = place_of(key), bit = filter_of(key);

    d->seen[bit / 64] |= (uint64_t)1 << bit % 64;

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

/* Enters a word of the list; it is in lower case. */
static void add_listed(struct detector *d, struct view word, uint64_t language)
{
    const uint8_t *end = word.p + word.n;
    uint64_t key = 1;
    unsigned len;
    size_t i;

    if (ascii_letters(word.p, end) == word.n) {
        add_word(d, key_of_ascii(word.p, word.n, end), language);
        return;
    }
    for (i = 0; i < word.n; i += len)
        key = key_add(key, utf8_decode(word.p + i, end, &len));
    add_word(d, key_of_mixed(key), language);
}

static void add_language(struct detector *d, unsigned number)
{
    const struct detect_language *l = &detect_languages[number];
    uint64_t language = (uint64_t)1 << number;
    struct view v = view_str(l->letters);
    unsigned len;
    size_t i, n;

    for (i = 0; i < v.n; i += len) {
        uint64_t *letter = letter_of(d, utf8_decode(v.p + i, v.p + v.n, &len));

        if (letter)
            *letter |= language;
    }
    for (v = view_str(l->words); v.n > 0; v = view_sub(v, n, v.n)) {
        const uint8_t *blank = memchr(v.p, ' ', v.n);

        n = blank ? (size_t)(blank - v.p) : v.n;
        if (n)
            add_listed(d, view_sub(v, 0, n), language);
        n += n < v.n;
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

/* Adds 1 << bit points: in binary, of all languages at once. */
static inline void give(struct evidence *e, uint64_t languages, unsigned bit)
{
    for (; bit < POINTS; bit++) {
        uint64_t carry = e->points[bit] & languages;

        e->points[bit] ^= languages;
        languages = carry;
    }
}

static uint32_t points_of(const struct evidence *e, unsigned language)
{
    uint32_t points = 0;
    unsigned i;

    for (i = 0; i < POINTS; i++)
        points |= (uint32_t)(e->points[i] >> language & 1) << i;
    return points;
}

/* Words of a stretch of text that may be listed. */
struct found {
    uint64_t key[DETECT_BYTES / 2 + 1];
    unsigned n;
};

/* Takes a word in, if the filter has it. Which words are listed nobody can
 * foretell, so there is no branch on it. */
static inline void find(const struct detector *d, uint64_t key, struct found *f)
{
    size_t bit = filter_of(key);

    f->key[f->n] = key;
    f->n += d->seen[bit / 64] >> bit % 64 & 1;
}

/* Counts the words that are listed. What was the last one, too, says little: it
 * may be the beginning of many names. */
static void count_found(const struct detector *d, const struct found *f,
                        struct evidence *e)
{
    unsigned i;

    for (i = 0; i < f->n; i++) {
        uint64_t languages = find_word(d, f->key[i]);

        if (!languages)
            continue;
        if (f->key[i] == e->last)
            give(e, languages, 0);
        else
            give(e, languages, WORD_BITS);
        e->last = f->key[i];
    }
}

/* A word of n ASCII letters. One by itself says nothing: it may be a variable, or
 * of a list. */
static inline void count_ascii(const struct detector *d, const uint8_t *p,
                               size_t n, const uint8_t *end, struct evidence *e,
                               struct found *f)
{
    e->letters[DETECT_LATIN] += (uint32_t)n;
    e->words++;
    if (n > 1)
        find(d, key_of_ascii(p, n, end), f);
}

/* What a character is to a word: MARK is that of a letter in front of it. */
enum { MARK = GROUPS };

static unsigned group_in_word(int32_t c)
{
    if (c >= 0x300 && c < 0x370)
        return MARK;
    return c < 0 ? GROUP_NONE : group_of(c);
}

/* The word, if there is one, with a letter or mark beyond ASCII: where it ends. */
static const uint8_t *count_mixed(const struct detector *d, const uint8_t *p,
                                  const uint8_t *end, struct evidence *e,
                                  struct found *f)
{
    uint8_t plain[WORD_MAX]; /* its ASCII letters */
    unsigned n = 0, ascii = 0, len, g;
    uint64_t key = 1;
    int32_t c;

    for (; p < end; p += len) {
        len = 1;
        if (ascii_letters(p, p + 1)) {
            if (ascii < WORD_MAX)
                plain[ascii] = *p;
            key = key_add(key, *p | 0x20);
            ascii++;
            continue;
        }
        c = lower(utf8_decode(p, end, &len));
        g = group_in_word(c);
        if (g == GROUP_NONE)
            break;
        if (c < LETTERS)
            give(e, d->letter[c], 0);
        else if (g == DETECT_LATIN)
            give(e, d->vietnamese[c & 0xFF], 0);
        if (g == MARK)
            continue;
        e->letters[g]++;
        n++;
        key = key_add(key, c);
    }
    if (n > 0) {
        e->letters[DETECT_LATIN] += ascii;
        e->words += ascii > 0;
        find(d, key_of_mixed(key), f);
    } else if (ascii > 0 && ascii <= WORD_MAX) {
        count_ascii(d, plain, ascii, plain + WORD_MAX, e, f);
    }
    return p;
}

/* A stretch of text, from between two words to between two. */
static void count(const struct detector *d, struct view text,
                  struct evidence *e)
{
    const uint8_t *p = text.p, *end = p + text.n;
    struct found f;

    f.n = 0;
    while (p < end) {
        size_t n = ascii_letters(p, end);
        unsigned len = 1;

        if (p + n < end && p[n] >= 0x80 &&
            group_in_word(lower(utf8_decode(p + n, end, &len))) != GROUP_NONE) {
            p = count_mixed(d, p, end, e, &f);
            continue;
        }
        if (n)
            count_ascii(d, p, n, end, e, &f);
        p += n < (size_t)(end - p) ? n + len : n; /* and what is behind it */
    }
    count_found(d, &f, e);
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
    uint32_t points, most;

    for (first = 0; detect_languages[first].script != script; first++)
        ;
    best = first;
    most = points_of(e, first);
    for (i = first + 1; i < detect_nlanguages; i++) {
        if (detect_languages[i].script != script)
            continue;
        points = points_of(e, i);
        if (points > most) {
            most = points;
            best = i;
        }
    }
    if (script == DETECT_LATIN &&
        (most < LEAST || most < points_of(e, first) + AHEAD ||
         most * SHARE < e->words * WORD))
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
