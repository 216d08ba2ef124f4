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
#include "text/lexeme.h"
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
    uint32_t length; /* in positions */
};

struct collection {
    struct doc *doc; /* in the order in which they were indexed */
    uint32_t ndocs, docs_cap;
    struct tok *tok;
    uint32_t ntoks, toks_cap;
    uint64_t positions; /* sum of lengths */
    struct lexer *lexer;
    struct buf *word; /* by number; word[0] is unused */
    uint32_t nwords, words_cap;
    uint32_t *slot; /* hash table of numbers, a power of two long */
    uint32_t nslots;
};

/* Every function here ends the program with a message when memory or a file
 * is missing: this is a test. */
void collection_open(struct collection *c);
/* Records {"id","title","text"}, one a line. At most `max` of them. */
void collection_add_jsonl(struct collection *c, const char *file, uint32_t max);
/* .txt and .md files, by the paths that the lines of `list` give. */
void collection_add_files(struct collection *c, const char *list);
void collection_close(struct collection *c);

/* The number of a word; with `add` a new one where it has none yet. */
uint32_t collection_word(struct collection *c, struct view w, bool add);

/* The tokens of a text by itself, appended to *toks (which grows). */
void collection_tokens(struct collection *c, struct view text,
                       const struct zone *zones, size_t nzones, bool add,
                       struct tok **toks, uint32_t *n, uint32_t *cap,
                       uint32_t *length);

void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void *must(void *p); /* dies where p is NULL */

#endif
