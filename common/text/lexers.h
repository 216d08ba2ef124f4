/*
 * lexers.h - the lexers of an index: one where all is stemmed in the same
 * language, or, by the setting "auto", one for each language of its documents.
 *
 * Languages go by number (stem.h). In an index of one language that is always
 * 0. A document's number follows from the language in its record alone, so
 * whoever reads the record stems as the indexer did.
 */
#ifndef TEXT_LEXERS_H
#define TEXT_LEXERS_H

#include "text/lexeme.h"
#include "text/stem.h"

#define LEXERS_AUTO "auto"
#define LEXERS_DEFAULT "en" /* of a text that nothing says the language of */

struct lexers;

/* The lexers that a query goes through, one for each language of what it is
 * asked of. Forms and folded words are the same in all. */
struct lexer_list {
    struct lexer *lexer[STEMMERS]; /* borrowed */
    unsigned number[STEMMERS];     /* of each: its language */
    unsigned n;                    /* 1 or more */
    unsigned ncommon;              /* of them: behind these are rare ones */
};

/* A language of fewer than one document in so many is rare. */
enum { LEXERS_RARE = 2000 };

/* `setting`: "auto" or a language of stem.h; errors as stemmer_open. */
int lexers_open(struct lexers **out, const char *setting, struct err *err);

/* "auto", or the Snowball name of the one language. */
const char *lexers_setting(const struct lexers *ls);
bool lexers_are_auto(const struct lexers *ls);

/* The number for a document in that language. */
unsigned lexers_number(const struct lexers *ls, struct view language);

/* The lexer of a number, borrowed; NULL if memory ran out. */
struct lexer *lexers_get(struct lexers *ls, unsigned number);

/* Fills in the list for languages of which there are so many documents: common
 * ones first, and before all others the default, which stands alone where there
 * are none. 0 or ERR_NOMEM. */
int lexers_list(struct lexers *ls, const uint64_t docs[STEMMERS],
                struct lexer_list *out);

void lexers_free(struct lexers *ls); /* NULL is allowed */

#endif
