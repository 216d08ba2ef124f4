/*
 * collection.h - documents as plain arrays of tokens, for the oracle.
 *
 * Nothing is indexed: every question is a scan over all tokens. Words are
 * numbered so that a comparison is one of integers.
 */
#ifndef ORACLE_COLLECTION_H
#define ORACLE_COLLECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/detect.h"
#include "text/lexers.h"
#include "text/words.h"

enum { WORD_NONE = 0 }; /* the number of no word */

struct tok {
    uint32_t term[2]; /* numbers of its stems */
    unsigned nterms;  /* 0, 1 or 2 */
    uint32_t folded;  /* … of what quoted words compare */
    uint32_t form;    /* … of what =Word compares */
    uint32_t start;   /* source bytes in the document's text */
    uint32_t end;
    uint32_t pos;
    uint16_t span;
    uint8_t kind; /* enum token_kind */
    bool title;
};

struct doc {
    char *id; /* as the program under test prints it */
    struct buf text;
    uint32_t first; /* its tokens: [first, first + n) of the collection */
    uint32_t n;
    uint32_t length;   /* in positions */
    unsigned language; /* number of what it is stemmed in */
    bool dead;         /* removed or replaced: no answer names it */
    bool purged;       /* … and no segment holds it: no statistic counts it */
};

/* The stems of one form, in all languages, with no accents before stemming. */
struct form_terms {
    uint32_t term[STEMMERS];
    bool known;
};

struct collection {
    struct doc *doc; /* in the order in which they were indexed: the first is
                      * id:1 */
    uint32_t ndocs, docs_cap;
    uint32_t counted; /* documents in the statistics, dead ones too */
    struct tok *tok;
    uint32_t ntoks, toks_cap;
    uint64_t positions; /* sum of lengths of those counted */
    struct lexers *lexers;
    struct detector *detector;
    struct lexer_list list;   /* of the languages of living documents:
                             * collection_languages fills it */
    struct form_terms *plain; /* by form: see collection_plain */
    uint32_t *df[2];          /* by word, in texts and in titles; UINT32_MAX
                               * where nobody counted yet */
    uint32_t ndf;
    struct buf *word; /* by number; word[0] is unused */
    uint32_t nwords, words_cap;
    uint32_t *slot; /* hash table of numbers, a power of two long */
    uint32_t nslots;
};

/* Every function here ends the program with a message when memory or a file
 * is missing: this is a test. */
void collection_open(struct collection *c);
/* Records {"id","title","text"}, one a line. One with the id of another
 * replaces it; without a text it only removes it. */
void collection_add_jsonl(struct collection *c, const char *file);
/* .txt and .md files, by the paths that the lines of `list` give. */
void collection_add_files(struct collection *c, const char *list);
void collection_close(struct collection *c);

/* Appends a document; takes over d's id and text. */
void collection_add(struct collection *c, struct doc d,
                    const struct zone *zones, size_t nzones);

/* The number of the living document of this id, or UINT32_MAX. */
uint32_t collection_find(const struct collection *c, const char *id);

/* The living document of this id, if there is one, is dead from now on. */
void collection_kill(struct collection *c, const char *id);

/* Purges the dead documents that a merge left out. Those in a segment still
 * count in N, df and the average length. `file` is what `indexer --stats`
 * prints: documents and dead ones of each segment, in the order in which they
 * were indexed. Wanted after each run of the indexer, since a segment that a
 * run has merged holds no dead document yet, and any other all of its range. */
void collection_segments(struct collection *c, const char *file);

/* How many dead documents the statistics count. */
uint32_t collection_dead(const struct collection *c);

/* The number of a word; with `add` a new one where it has none yet. */
uint32_t collection_word(struct collection *c, struct view w, bool add);

/* Looks which languages living documents have: before any question. */
void collection_languages(struct collection *c);

/* Whether the stem of an occurrence is the one under which a word of its form is
 * found however it is spelt, in one of the languages. */
bool collection_plain(const struct collection *c, const struct tok *t,
                      uint32_t term);

/* The tokens of a text by itself, appended to *toks (which grows), as a lexer
 * has them. */
void collection_tokens(struct collection *c, struct lexer *lexer,
                       struct view text, const struct zone *zones,
                       size_t nzones, bool add, struct tok **toks, uint32_t *n,
                       uint32_t *cap, uint32_t *length);

void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void *must(void *p); /* dies where p is NULL */

#endif
