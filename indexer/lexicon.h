/*
 * lexicon.h - the words seen so far: what the bytes of a token become.
 *
 * Text repeats itself, so the costly half of the text chain (normalise, stem,
 * fold) runs once for each distinct token and this table remembers the answer:
 * raw bytes, kind and span -> a *surface* with its form and one or two *terms*.
 * Both are numbered from 0 as they come.
 *
 * A look-up is one probe of one cache line, which is far away as often as not.
 * So it comes in two steps: lexicon_key makes the key and sends for the line;
 * lexicon_find, some tokens later, uses it.
 *
 *     lexicon_open(&lx, lexer);
 *     while (words_next(w, &t) > 0) {
 *         lexicon_key(lx, &t, text, &key);
 *         if (lexicon_find(lx, &key, t.raw, &found) < 0) ...
 *         use(found.surface);
 *     }
 */
#ifndef INDEXER_LEXICON_H
#define INDEXER_LEXICON_H

#include "text/lexeme.h"

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

/* A token as it is looked up. */
struct lexicon_key {
    uint64_t word[2]; /* see lexicon.c */
    uint64_t hash;
    bool whole;       /* its bytes are all in it */
};

/* What a look-up finds. */
struct lexicon_found {
    uint32_t surface;
    uint8_t terms; /* how many: 0, 1, 2 */
    bool cut;      /* was longer than a term may be */
};

struct lexicon_slot;

struct lexicon {
    struct lexer *lexer;       /* borrowed */
    uint64_t seed;             /* of the hashes: nobody can aim at them */
    struct surface *surface;
    size_t nsurfaces, surface_cap;
    struct lexicon_term *term;
    size_t nterms, term_cap;
    struct buf bytes;          /* terms, forms and long tokens */
    struct lexicon_slot *slot; /* of surfaces */
    size_t nslots;
    uint32_t *term_slot;       /* number + 1, 0 = empty */
    size_t nterm_slots;
};

/* 0 or ERR_NOMEM. */
int lexicon_open(struct lexicon **out, struct lexer *lexer);

/* The key of a token of that text, good until lexicon_forget. */
void lexicon_key(const struct lexicon *lx, const struct token *t,
                 struct view text, struct lexicon_key *out);

/* The surface of that token, new or known. `raw`: its bytes, which may be void
 * by now if the key is whole. 0 or ERR_NOMEM. */
int lexicon_find(struct lexicon *lx, const struct lexicon_key *key,
                 struct view raw, struct lexicon_found *out);

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

/* Forgets all words and gives their memory back; all numbers are void. */
void lexicon_forget(struct lexicon *lx);

void lexicon_free(struct lexicon *lx); /* NULL is allowed */

#endif
