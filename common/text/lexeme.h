/*
 * lexeme.h - what a token's bytes become: the second half of the chain.
 *
 * A pure function of the raw bytes, the token's kind and the language:
 *
 *   form    as written, after NFC, apostrophes straight: what =Word compares
 *   folded  NFKC, case and accents folded, possessive 's kept, the dots of
 *           U.S. and the commas of 1,000 gone, other apostrophes gone, Han
 *           simplified: what quoted words compare
 *   terms   what the index is keyed by: the stem with accents folded after
 *           stemming, and, where it differs, the stem of the unaccented
 *           spelling: one or two
 *
 *   raw        form      folded     terms
 *   China’s    China's   china's    china
 *   U.S.       U.S.      us         us
 *   réformées  réformées reformees  (stems of both spellings)
 *   1,000      1,000     1000       1000
 *   ＲＣＥＰ    ＲＣＥＰ   rcep       rcep
 *   Xi’an      Xi'an     xian       xian
 *   鐵路       鐵路      铁路       铁路
 *
 * Terms and folded words are cut at LEXEME_MAX bytes, forms at
 * LEXEME_FORM_MAX, between characters; `cut` says so. A token of nothing but
 * ignorable characters has no terms. A bigram or a cluster alone is folded and
 * not stemmed: one term, the same as its folded form.
 */
#ifndef TEXT_LEXEME_H
#define TEXT_LEXEME_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/words.h"

enum { LEXEME_MAX = 64, LEXEME_FORM_MAX = 96 };

struct lexeme {
    struct view form;
    struct view folded;
    struct view term[2]; /* nterms of them; none contains a byte below 0x20 */
    unsigned nterms;     /* 0, 1 or 2 */
    bool cut;            /* was longer than LEXEME_MAX */
};

struct lexer;

/* A lexer for a language of stem.h; errors as stemmer_open. */
int lexer_open(struct lexer **out, const char *language, struct err *err);

/* Fills *out with views into memory of the lexer, valid until its next call.
 * 0 or ERR_NOMEM. */
int lexer_lexeme(struct lexer *lx, struct view raw, enum token_kind kind,
                 struct lexeme *out);

/* The folded form alone, which is cheaper. */
int lexer_folded(struct lexer *lx, struct view raw, struct view *out);

const char *lexer_language(const struct lexer *lx);

/* The settings that decide what terms come out, as text for the index's
 * config record: chain version, Unicode, utf8proc and Snowball versions; NULL
 * if memory ran out. The first call must not race another. */
const char *lexer_version(void);

void lexer_free(struct lexer *lx);

#endif
