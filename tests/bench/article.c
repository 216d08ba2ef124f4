#include "tests/bench/article.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

#define COMMON 6e3 /* words */
#define RAREST 16e6

enum {
    LEAST = 400, /* bytes of text */
    SPREAD = 640,
    WORD = 16,
    SENTENCE = 16,      /* words, on average */
    CHINESE = 5000,     /* bytes of text of a Chinese article, at least */
    VOCABULARY = 60000, /* Chinese words: names are made of known ones */
    FOLLOWERS = 4,
    CHARACTERS = 4096,
    TITLE = 36 /* bytes */
};

/* A number below 2^32 (xorshift64*, Vigna 2016). */
static uint32_t next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * 0x2545f4914f6cdd1du) >> 32);
}

/* Start of the numbers of one article in one version (splitmix64). */
static uint64_t seed(uint64_t number, uint32_t version)
{
    uint64_t z = (number << 20 | version) + 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) | 1;
}

/* A rank: density 1/x among the COMMON most frequent words, 1/x^2 behind them,
 * as counts of words in large collections have it (Ferrer i Cancho and Sole
 * 2001). So every tenth word is a rare one, and new ones never end. */
static uint32_t random_rank(uint64_t *state)
{
    double all = 1 + log(COMMON), u = all * (next(state) / 4294967296.0);

    return (uint32_t)(u < 1 ? fmin(COMMON / (1 - u), RAREST) : exp(u - 1)) - 1;
}

/* The word of a random rank: its digits to the base of 64, as syllables. So
 * common words are short: 5 letters on average. */
static size_t add_word(char *out, uint64_t *state)
{
    uint32_t rank = random_rank(state);
    size_t n = 0;

    do {
        out[n++] = "bdfghklmnprstvwz"[rank / 4 % 16];
        out[n++] = "aeio"[rank % 4];
        out[n++] = "nrlstdmk"[rank * 5 / 3 % 8];
        rank /= 64;
    } while (rank);
    return n;
}

/* Adds sentences until there are `least` bytes. */
static size_t add_text(char *out, size_t least, uint64_t *state)
{
    size_t n = 0;

    while (n < least) {
        uint32_t left = 1 + next(state) % (2 * SENTENCE);
        size_t start = n;

        while (left-- > 0 && n < least + WORD) {
            n += add_word(out + n, state);
            out[n++] = ' ';
        }
        out[start] = (char)toupper(out[start]);
        out[n - 1] = '.';
        out[n++] = ' ';
    }
    return n - 1;
}

size_t article_id(char out[ARTICLE_ID], uint64_t number)
{
    return (size_t)snprintf(out, ARTICLE_ID, "%04llu/%07llu",
                            (unsigned long long)(number / 1000),
                            (unsigned long long)number);
}

size_t article_json(char out[ARTICLE_MAX], uint64_t number, uint32_t version)
{
    uint64_t state = seed(number, version);
    char id[ARTICLE_ID];
    size_t n, words = 3 + next(&state) % 6;

    article_id(id, number);
    n = (size_t)snprintf(out, ARTICLE_MAX,
                         "{\"id\": \"%s\", \"date\": \"%04u-%02u-%02u\", "
                         "\"title\": \"",
                         id, 2000 + next(&state) % 26, 1 + next(&state) % 12,
                         1 + next(&state) % 28);
    while (words-- > 0) {
        n += add_word(out + n, &state);
        out[n++] = words ? ' ' : '"';
    }
    n += (size_t)snprintf(out + n, ARTICLE_MAX - n, ", \"text\": \"");
    n += add_text(out + n, LEAST + next(&state) % SPREAD, &state);
    n += (size_t)snprintf(out + n, ARTICLE_MAX - n, "\"}\n");
    return n;
}

/* --- Chinese --- */

static size_t add_character(char *out, uint32_t c)
{
    out[0] = (char)(0xe0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 63));
    out[2] = (char)(0x80 | (c & 63));
    return 3;
}

/* A rank of a Chinese word: every other one is among the few that like to follow
 * the one before, so that neighbours meet again as often as in real text. */
static uint32_t chinese_rank(uint32_t before, uint64_t *state)
{
    uint64_t follows = seed(before, 2 + next(state) % FOLLOWERS);

    return random_rank(next(state) % 2 ? state : &follows) % VOCABULARY;
}

/* The word of a rank: the hundred most frequent have one character, others two,
 * rare ones three. Few characters make up most of them. */
static size_t add_chinese_word(char *out, uint32_t rank)
{
    uint32_t length = rank < 100 ? 1 : rank < COMMON ? 2 : 3, i;
    uint64_t word = seed(rank, 1);
    size_t n = 0;

    for (i = 0; i < length; i++) {
        double u = next(&word) / 4294967296.0;

        n +=
            add_character(out + n, 0x4e00 + (uint32_t)(u * u * u * CHARACTERS));
    }
    return n;
}

static size_t add_chinese(char *out, size_t least, uint64_t *state)
{
    uint32_t rank = 0;
    size_t n = 0;

    while (n < least) {
        uint32_t left = 1 + next(state) % (2 * SENTENCE);

        while (left-- > 0 && n < least) {
            rank = chinese_rank(rank, state);
            n += add_chinese_word(out + n, rank);
        }
        n += add_character(out + n, next(state) % 3 ? 0xff0c : 0x3002);
    }
    return n;
}

size_t article_chinese(char out[ARTICLE_MAX], uint64_t number)
{
    uint64_t state = seed(number, 0);
    char id[ARTICLE_ID];
    size_t n;

    article_id(id, number);
    n = (size_t)snprintf(out, ARTICLE_MAX, "{\"id\": \"%s\", \"title\": \"",
                         id);
    n += add_chinese(out + n, TITLE, &state);
    n += (size_t)snprintf(out + n, ARTICLE_MAX - n, "\", \"text\": \"");
    n += add_chinese(out + n, CHINESE + next(&state) % 2000, &state);
    n += (size_t)snprintf(out + n, ARTICLE_MAX - n, "\"}\n");
    return n;
}
