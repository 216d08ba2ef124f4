/*
 * leaf.h - what the words of a query ask of the index.
 *
 * The text chain cuts and normalises a query word exactly as it did the
 * documents' words; the result is one or more leaves, each of which has
 * documents, a count in each, and a weight:
 *
 *   LEAF_TERM     any form of one term (stemmed, ranked)
 *   LEAF_EXACT    slots at consecutive positions, each with its test: an
 *                 exact word, a phrase, a short run of an unspaced script
 *   LEAF_CLUSTER  one character of an unspaced script, alone or first in any
 *                 bigram
 *   LEAF_SET      all words that a pattern stands for, taken as one
 *   LEAF_NEAR     words near each other or side by side, each of them leaves of
 *                 any kind but the next
 *   LEAF_DOCS     documents named by path, number, date or language;
 *                 they score 0
 *
 * A plain word gives its terms; a hyphenated compound its parts and the
 * joined token; any other blank-separated word of several tokens its parts. A
 * run of a script without spaces gives the words that a dictionary finds in it,
 * as phrases of bigrams, and all of its bigrams behind them with less weight;
 * without a dictionary the bigrams alone.
 */
#ifndef QUERY_LEAF_H
#define QUERY_LEAF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "index/index.h"
#include "query/arena.h"
#include "query/expand.h"
#include "query/parse.h"
#include "text/lexers.h"
#include "text/words.h"

enum {
    LEAF_SLOTS = 1024, /* of one query */
    LEAF_RUN = 4       /* clusters of an unquoted run that make a phrase */
};

enum leaf_kind {
    LEAF_TERM,
    LEAF_EXACT,
    LEAF_CLUSTER,
    LEAF_SET,
    LEAF_NEAR,
    LEAF_DOCS
};

enum form_test {
    TEST_NONE,   /* any form */
    TEST_FOLDED, /* a form that folds to `word` */
    TEST_FORM    /* the form `word`, byte for byte */
};

/* One token of a leaf. */
struct slot {
    struct view term; /* key in a segment: 01 in front for titles */
    struct view word; /* what the form is compared with */
    enum form_test test;
    uint8_t kind;                /* enum token_kind */
    bool cluster;                /* any term whose first cluster is `term` */
    uint32_t pos;                /* in the leaf, from 0 */
    uint32_t span;               /* positions it covers in the query */
    uint64_t df;                 /* documents of all indexes: match_open's */
    uint64_t joint;              /* the same, of all terms that its word has in
                                  * the languages of the indexes, added up; 0:
                                  * it has but one */
    struct postings **postings;  /* one a segment or NULL: match_open's */
    struct term_set **set;       /* likewise, where `cluster`, or of LEAF_SET */
    struct pattern *pattern;     /* of LEAF_SET; `word` is how it is written */
    struct pattern *stem;        /* of a fuzzy word: terms may be near this */
    struct expansion *expansion; /* of LEAF_SET: match_open's */
};

/* A word of LEAF_NEAR. */
struct near_leaves {
    struct leaf **leaf; /* any of which may stand for it */
    unsigned nleaves;
    uint32_t beside; /* positions from the word before, at most */
    uint32_t times;  /* how often it is wanted, with `reach` */
};

struct leaf {
    enum leaf_kind kind;
    bool title;
    bool negative; /* under a NOT: no match is shown for it */
    bool bonus;    /* what another leaf adds where it is in the title: no
                       * match of its own is shown */
    bool also;     /* stands for other words of the query: it weighs what
                       * those of `instead` do together */
    struct leaf **instead;
    unsigned ninstead;
    bool run;         /* a bigram that the next leaf overlaps */
    bool found;       /* a word that a dictionary found in a run: weighs as
                       * its rarest bigram, not as their sum */
    bool faint;       /* a bigram of a run that words were found in: adds to
                       * them, and is shown only where none of them is */
    bool alone;       /* all there is of its word */
    unsigned word;    /* number of the query word it belongs to */
    unsigned times;   /* how often the query has it */
    struct view text; /* the word or phrase as written */
    struct slot *slot;
    unsigned nslots;
    uint32_t length; /* positions from the first slot to the last's end */
    double boost;    /* of it and the groups around it */
    double idf;      /* of its terms together, filled by match_open */
    double weight;   /* idf * boost */
    double most;     /* what it adds to no document more than: prune_segment's,
                      * for leaves it has walked */
    const struct node *node;  /* of LEAF_DOCS: what it names */
    struct near_leaves *near; /* of LEAF_NEAR */
    unsigned nnear;
    uint32_t reach;  /* all within so many positions; 0: a chain, each word
                      * beside the one before */
    bool row;        /* or right behind it */
    bool everything; /* of LEAF_DOCS: a filter sees to it, and the leaf itself
                      * is about any document, or under a NOT about none */
    uint32_t *docs;  /* of LEAF_DOCS: ascending, match_open's */
    size_t ndocs;
};

/* A stretch of a word that matches as a whole: its leaves, any of which may
 * match or all of which must; a joined token instead of a row of units. */
struct unit {
    uint32_t pos;
    uint32_t span; /* above 1 for a joined token */
    bool joined;
    bool all; /* every leaf is needed, not one of them */
    struct leaf **leaf;
    unsigned nleaves;
    unsigned nneeded; /* of `all`: the first so many */
};

/* Makes leaves for the words of a query. */
struct leaf_maker {
    const struct lexer_list *lexers; /* of the indexes; borrowed */
    struct index *ix; /* nindexes of them: says which terms of several languages
                       * there are; without any all are taken to be */
    unsigned nindexes;
    struct words *words; /* borrowed */
    struct arena *arena;
    struct notes *notes; /* borrowed */
    unsigned nslots;     /* made so far */
    unsigned nwords;
    double boost; /* of the groups around the leaves to come */
};

/* The units of a plain word, in the order of its tokens. 0, ERR_USAGE for
 * too many slots, ERR_NOMEM. */
int leaf_word(struct leaf_maker *m, const struct node *n, struct unit **units,
              unsigned *nunits, struct err *err);

/* The leaf of a phrase or =Word, or several: one for each way in which the
 * languages stem its words. No leaves where nothing in it is a word. */
int leaf_exact(struct leaf_maker *m, const struct node *n, struct unit *out,
               struct err *err);

/* The leaf of a pattern or of a word that may be misspelled; NULL where it is
 * not one word. */
int leaf_set(struct leaf_maker *m, const struct node *n, struct leaf **out,
             struct err *err);

/* The leaf of a phrase with a ~, of words with NEAR between or of a row; NULL where
 * nothing is a word. What is left of words near each other may be one. With
 * ERR_REFUSED, without a message, something is no word, phrase or group of
 * alternatives. */
int leaf_near(struct leaf_maker *m, const struct node *n, struct leaf **out,
              struct err *err);

/* The leaf of path:, id:, date: or lang:. */
int leaf_docs(struct leaf_maker *m, const struct node *n, struct leaf **out,
              struct err *err);

/* How many documents a slot is weighed by. */
static inline uint64_t leaf_df(const struct slot *s)
{
    return s->joint ? s->joint : s->df;
}

/* Appends the leaf as it is searched: a term, "folded words", =Form. */
int leaf_print(const struct leaf *l, struct buf *out);

#endif
