/*
 * lexicon.h - the words seen so far: what the bytes of a token become.
 *
 * Text repeats itself, so the costly half of the text chain (normalise, stem,
 * fold) runs once for each distinct token and this table remembers the answer:
 * raw bytes, kind, span and language -> a *surface* with its form and one or two *terms*.
 * Both are numbered from 0 as they come.
 *
 * A look-up is one probe of one cache line, which is far away as often as not.
 * So it comes in two steps: lexicon_key makes the key and sends for the line;
 * lexicon_find, some tokens later, uses it.
 *
 *     lexicon_open(&lx, lexers);
 *     lexicon_language(lx, number);
 *     while (words_next(w, &t) > 0) {
 *         lexicon_key(lx, &t, text, &key);
 *         if (!(found = lexicon_find_any(lx, &key, t.raw))) ...
 *         use(found->surface);
 *     }
 */
#ifndef INDEXER_LEXICON_H
#define INDEXER_LEXICON_H

#include "base/bytes.h"
#include "text/lexers.h"

#define LEXICON_NONE UINT32_MAX

struct surface {
    uint32_t term[2]; /* LEXICON_NONE where there is none */
    uint32_t form;    /* its place in `bytes` */
    uint16_t span;    /* positions it covers */
    uint8_t form_len; /* bytes */
};

struct lexicon_term {
    uint32_t at;  /* place in `bytes` */
    uint32_t len; /* bytes */
};

/* A token as it is looked up. Its bytes, zero-padded to 14, and in the last two
 * of 16 how many they are (4 bits), the kind (2; a second reading counts as a
 * word), the span (5) and the number of the language they are stemmed in (5); as
 * two little-endian numbers. A longer token has LEXICON_LONG for its bytes and a
 * hash in the first number. */
struct lexicon_key {
    uint64_t word[2];
    uint64_t hash;
};

enum {
    LEXICON_SHORT = 14,
    LEXICON_LONG = 15,
    LEXICON_KIND = 3, /* bits of a kind that count */
    LEXICON_SPAN = 31
};

_Static_assert((TOKEN_SECOND & LEXICON_KIND) == TOKEN_WORD, "a word's kind");

/* What a look-up finds. */
struct lexicon_found {
    uint32_t surface;
    uint8_t terms; /* how many: 0, 1, 2 */
    bool cut;      /* was longer than a term may be */
    bool used;     /* always, but in an empty slot */
};

struct lexicon_slot {
    uint64_t word[2]; /* of the key; of a long token the second has, in its
                       * lower 48 bits, the place in `bytes` of its length and
                       * bytes */
    struct lexicon_found found;
};

struct lexicon {
    struct lexers *lexers;     /* borrowed */
    struct lexer *lexer;       /* of the language now */
    uint64_t language;         /* its number where a key has it */
    uint32_t epoch;            /* counts lexicon_forget, from 1 */
    uint64_t seed;             /* of the hashes: nobody can aim at them */
    struct lexicon_slot *slot; /* of surfaces */
    size_t nslots;             /* a power of two */
    struct surface *surface;
    size_t nsurfaces, surface_cap;
    struct lexicon_term *term;
    size_t nterms, term_cap;
    struct buf bytes;    /* terms, forms and long tokens */
    uint32_t *term_slot; /* number + 1, 0 = empty */
    size_t nterm_slots;
};

/* 0 or ERR_NOMEM. */
int lexicon_open(struct lexicon **out, struct lexers *lexers);

/* Tokens to come are of that language: before any other. 0 or ERR_NOMEM. */
int lexicon_language(struct lexicon *lx, unsigned number);

static inline uint64_t lexicon_mix(uint64_t a, uint64_t b)
{
    unsigned __int128 x = (unsigned __int128)a * b;

    return (uint64_t)x ^ (uint64_t)(x >> 64);
}

static inline uint64_t lexicon_hash(const struct lexicon *lx,
                                    const uint64_t word[2])
{
    return lexicon_mix(word[0] ^ lx->seed, word[1] ^ 0xd6e8feb86659fd93u);
}

/* Whether a token's bytes are all in its key. */
static inline bool lexicon_whole(const struct lexicon_key *key)
{
    return (key->word[1] >> 48 & 15) != LEXICON_LONG;
}

/* The key of a token in the general case. */
void lexicon_key_any(const struct lexicon *lx, const struct token *t,
                     struct lexicon_key *out);

/* Sends for what lexicon_find will look at. */
static inline void lexicon_send(const struct lexicon *lx,
                                const struct lexicon_key *key)
{
    size_t at = key->hash & (lx->nslots - 1);

    __builtin_prefetch(&lx->slot[at]);
    __builtin_prefetch(&lx->slot[at].found); /* may lie on the next line */
}

/* Kind and span as a key has them. */
static inline uint64_t lexicon_meta(unsigned kind, unsigned span)
{
    return (kind & LEXICON_KIND) << 4 | span << 6;
}

/* 16 bytes of ones and 16 of zeros: from byte 16 - n on, a mask of n bytes. */
extern const uint8_t lexicon_mask[32];

/* The key of a short token, kind and span in `meta`: 16 bytes can be read, so
 * there is no branch on how many count. */
static inline void lexicon_key_short(const struct lexicon *lx, const uint8_t *p,
                                     size_t n, uint64_t meta,
                                     struct lexicon_key *out)
{
    const uint8_t *mask = lexicon_mask + 16 - n;

    out->word[0] = get_u64(p) & get_u64(mask);
    out->word[1] =
        (get_u64(p + 8) & get_u64(mask + 8)) | (n | meta) << 48 | lx->language;
    out->hash = lexicon_hash(lx, out->word);
    lexicon_send(lx, out);
}

/* The key of a token of that text, good until lexicon_forget. Inline, as is
 * lexicon_find: both run for every token. */
static inline void lexicon_key(const struct lexicon *lx, const struct token *t,
                               struct view text, struct lexicon_key *out)
{
    size_t n = t->raw.n;

    if (n == 0 || n > LEXICON_SHORT || t->raw.p != text.p + t->start ||
        t->start + 16 > text.n || t->span > LEXICON_SPAN) {
        lexicon_key_any(lx, t, out);
        lexicon_send(lx, out);
    } else {
        lexicon_key_short(lx, t->raw.p, n, lexicon_meta(t->kind, t->span), out);
    }
}

/* The surface of a token, new or known: borrowed until the next such call, or
 * NULL (ERR_NOMEM). `raw`: its bytes, which may be void by now if the key is
 * whole. */
const struct lexicon_found *lexicon_find_any(struct lexicon *lx,
                                             const struct lexicon_key *key,
                                             struct view raw);

/* The same of a token whose key is whole. */
static inline const struct lexicon_found *
lexicon_find(struct lexicon *lx, const struct lexicon_key *key)
{
    size_t mask = lx->nslots - 1, at = key->hash & mask;
    int tries;

    for (tries = 0; tries < 2; tries++, at = (at + 1) & mask) {
        const struct lexicon_slot *s = &lx->slot[at];

        if (s->word[0] == key->word[0] && s->word[1] == key->word[1])
            return &s->found;
    }
    return lexicon_find_any(lx, key, view_of(NULL, 0));
}

static inline struct view lexicon_term(const struct lexicon *lx, uint32_t term)
{
    return view_of(lx->bytes.p + lx->term[term].at, lx->term[term].len);
}

static inline struct view lexicon_form(const struct lexicon *lx,
                                       uint32_t surface)
{
    return view_of(lx->bytes.p + lx->surface[surface].form,
                   lx->surface[surface].form_len);
}

/* Bytes of memory in use. */
size_t lexicon_bytes(const struct lexicon *lx);

/* Forgets all words and gives their memory back; all numbers and keys are
 * void. */
void lexicon_forget(struct lexicon *lx);

void lexicon_free(struct lexicon *lx); /* NULL is allowed */

#endif
