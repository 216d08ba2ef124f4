/*
 * words.h - text cut into tokens with positions: the first half of the chain.
 *
 * Tokens are the words of UAX #29 with the tailorings of the text chain
 * (ARCHITECTURE.md, "Words"): inner '.', ':' and '_' split except in numbers
 * and abbreviations of single letters, comma groups join only as 1,000;
 * elisions (l'économie) split; hyphenated compounds give their parts at
 * consecutive positions and a joined token at the first; scripts without
 * spaces give overlapping bigrams of grapheme clusters, and the last cluster
 * of each run alone; a change of script ends a token.
 *
 * A compound is words with nothing but a hyphen between them: in foo.bar-baz
 * it is bar-baz, in l'avant-garde avant-garde, so that one and the same
 * compound gives one and the same joined token in a URL, after an article and
 * in a query. A hyphen at the end of a line makes compounds as well, for nobody
 * knows whether it divides a word (infra-structure) or belongs there
 * (debt-trap). Where such a word is a part of a compound itself it has a token
 * of its own kind, as has a word with a footnote's number glued to it (glued.h):
 * second readings, which a query leaves out. Encoded bytes (base64, hexadecimal)
 * are one token, of their first bytes. A character that stands for several words (U+00BD is "1/2")
 * gives their tokens, each with the bytes of the whole character.
 *
 * A token is bytes and a position, not yet a term: what its bytes become
 * (lexeme.h) depends on those bytes and the language alone, so callers may
 * remember it. Tokens come in order of position, a joined token right behind
 * the first part of its compound, then second readings. Cost: linear; memory: a few kilobytes.
 *
 * Cutting restarts cleanly: where words_clean() says so at byte b, a scan of
 * the text from b with the position then due gives the same tokens as the
 * scan of the whole did from there.
 *
 *     struct words *w;
 *     struct token t;
 *     if (words_open(&w, text, zones, nzones) < 0) ...
 *     while ((rc = words_next(w, &t)) > 0) ...
 *     words_free(w);
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { WORDS_TITLE_GAP = 100 }; /* positions left free beside a title */
enum { WORDS_MAX_PARTS = 8 };   /* longer compounds get no joined token */
enum { WORDS_RAW_MAX = 512 };   /* bytes of raw; a longer token is cut there */

/* A stretch of a document's text that is searched. Between a title and what
 * stands beside it WORDS_TITLE_GAP positions stay free, so that no phrase
 * reaches across; other zones follow each other without a gap. */
struct zone {
    uint32_t start; /* first byte in the text */
    uint32_t end;   /* byte behind; zones ascend and do not overlap */
    bool title;
};

enum token_kind {
    TOKEN_WORD,    /* a word of a spaced script, or a number */
    TOKEN_JOINED,  /* the joined form of a hyphenated compound */
    TOKEN_BIGRAM,  /* two grapheme clusters of an unspaced script */
    TOKEN_UNIGRAM, /* the last (or only) cluster of an unspaced run; a query
                    * leaves it out behind a bigram, which holds it */
    TOKEN_SECOND   /* another word from the same position on, of a spaced
                    * script; a query leaves it out */
};

struct token {
    uint32_t start; /* source bytes [start, end) in the whole text */
    uint32_t end;
    uint32_t pos;    /* position, ascending; from 0 at the text's start */
    uint16_t span;   /* positions covered: 1; more for TOKEN_JOINED, and for
                      * TOKEN_SECOND perhaps */
    uint8_t kind;    /* enum token_kind */
    bool title;      /* lies in a title zone */
    struct view raw; /* bytes to normalise: the source's, or, where they were
                      * put together (joined parts, a soft hyphen at a line
                      * end), in memory of `words` until the next call */
};

struct words;

/* `text` and `zones` are borrowed until words_free; without zones (nzones 0)
 * the whole text is one. Of a text over 4 GB the first 4 GB count. 0 or
 * ERR_NOMEM. */
int words_open(struct words **w, struct view text, const struct zone *zones,
               size_t nzones);

/* Same, for a scan that restarts at byte `from` where position `pos` is due:
 * a pair that words_clean() gave. */
int words_open_at(struct words **w, struct view text, const struct zone *zones,
                  size_t nzones, uint32_t from, uint32_t pos);

/* Makes `w` scan another text, keeping its memory. */
void words_reset(struct words *w, struct view text, const struct zone *zones,
                 size_t nzones);

/* Same, for a scan that restarts as that of words_open_at. */
void words_reset_at(struct words *w, struct view text, const struct zone *zones,
                    size_t nzones, uint32_t from, uint32_t pos);

/* The next token: 1, 0 at the end, ERR_NOMEM. */
int words_next(struct words *w, struct token *t);

/* A token made of few bytes of the text. */
struct plain {
    uint32_t start; /* source bytes [start, start + n) */
    uint8_t n;
    uint8_t kind; /* enum token_kind, not TOKEN_SECOND */
    uint8_t span; /* as that of a token */
    uint8_t next; /* the scan may restart so many bytes behind `start`; 0: not
                   * at the token that follows, for a compound goes on */
};

enum { PLAIN_MAX = 64 }; /* bytes of one at most */

/* Most of most texts: the tokens to come as long as they are words of ASCII
 * letters, with apostrophes between them perhaps, or of digits, and compounds of
 * them, with nothing beside them that could join or change them; or as long as
 * they are of Chinese characters and what parts them. Up to `max` of them; the
 * first has position *pos, each but a joined one is a position behind the one
 * before, and all lie in a title or none. How many: 0 says nothing but that
 * words_next is to be asked. */
unsigned words_plain(struct words *w, struct plain *out, unsigned max,
                     uint32_t *pos, bool *title);

/* The raw bytes of a plain token: those of the text, of a joined one in `room`. */
struct view plain_raw(struct view text, const struct plain *t,
                      uint8_t room[PLAIN_MAX]);

/* Passes over tokens that words_plain would give, while more than WORDS_NEAR
 * positions lie before `upto`. Says whether that is so no longer: if not, what
 * is next is not plain, and words_next is to be asked. */
enum { WORDS_NEAR = 32 };
bool words_skip(struct words *w, uint32_t upto);

/* Where the scan could restart to continue behind the last token: true, with
 * the byte and the position due there. False where the next token's cut may
 * depend on what was before: within a compound, a list of numbers and a
 * character that gives several tokens, and before a second reading. Cheap; ask after any words_next. In a
 * run of bigrams the byte lies before the end of the last token. */
bool words_clean(const struct words *w, uint32_t *byte, uint32_t *pos);

/* Positions that held a token so far, once words_next has given 0: the
 * document's length in BM25. */
uint32_t words_length(const struct words *w);

/* Position due next. */
uint32_t words_position(const struct words *w);

/* Lets every character take the general way, which gives the same tokens as
 * the way for ASCII, only slower: for tests. Kept by words_reset. */
void words_force_general(struct words *w);

void words_free(struct words *w);

#endif
