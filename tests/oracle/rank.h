/*
 * rank.h - questions as trees, and what every document scores for them.
 *
 * A leaf counts its occurrences in each document by looking at all tokens; a
 * group combines its clauses. BM25 as in Lucene: idf = ln(1 + (N - df + 0.5) /
 * (df + 0.5)), score = w tf / (tf + k1 (1 - b + b len / avgdl)), where w is
 * the sum of the idf of a leaf's stems and len went through Lucene's one-byte
 * code.
 */
#ifndef ORACLE_RANK_H
#define ORACLE_RANK_H

#include "tests/oracle/collection.h"

enum leaf {
    LEAF_WORD,    /* a stem */
    LEAF_PHRASE,  /* folded words one after the other, or just one */
    LEAF_EXACT,   /* one word as it is written */
    LEAF_TITLE,   /* a stem, in titles */
    LEAF_RUN,     /* two to four characters of an unspaced script: bigrams */
    LEAF_PARTS,   /* a word of several tokens: a compound, a longer run */
    LEAF_STEMS,   /* stems one after the other, weighed as `weight` says */
    LEAF_MAX,     /* children: words, and what stands for them: the best */
    LEAF_PATH,    /* documents by their path: what it contains, or a pattern */
    LEAF_ID,      /* the document of a number */
    LEAF_PATTERN, /* words with wildcards */
    LEAF_FUZZY,   /* a word with at most `number` letters changed */
    LEAF_WITHIN,  /* children: words, all within `number` positions */
    LEAF_NEAR,    /* children: words, each within `number` of the one before */
    LEAF_ROW,     /* children: words, patterns, groups of words: side by side */
    LEAF_NONE     /* not a leaf: a group */
};

enum occur { SHOULD, MUST, MUST_NOT };

struct node {
    enum leaf leaf;
    struct buf text; /* of a leaf, as it stands in the query */
    struct tok *tok; /* of a leaf: what the text becomes */
    uint32_t ntoks;
    struct tok *way[STEMMERS]; /* the same in each language of the collection;
                                * tok is the first */
    unsigned nways;
    uint32_t id;     /* of LEAF_ID */
    uint32_t number; /* as the leaf has it */
    struct buf stem; /* of LEAF_FUZZY */
    double boost;    /* 0: none */
    double weight;   /* of what stands for other words: theirs; 0: its own */
    struct node **child; /* of a group */
    enum occur *occur;
    unsigned n;
};

/* A leaf of words. */
struct node *node_leaf(struct collection *c, enum leaf leaf, struct view text);
struct node *node_path(struct view text);
struct node *node_id(uint32_t id);
/* One that is filled by the caller. */
struct node *node_new(enum leaf leaf);
struct node *node_group(void);
void node_add(struct node *group, struct node *child, enum occur occur);
void node_free(struct node *n);

/* Fills score[0 .. ndocs): -1 for a document that does not match. A leaf of
 * parts matches with any of them, or, `strict`, only with all of them, where
 * a compound may stand in one word instead of its parts. */
void node_rank(const struct node *n, const struct collection *c, bool strict,
               double *score);

/* How often each document has a leaf from LEAF_PATTERN on; the caller frees
 * it. */
uint32_t *rank_counts(const struct node *n, const struct collection *c);

/* Documents in the statistics that have the stem of a token. */
uint32_t rank_df(const struct collection *c, const struct tok *t);

/* What all leaves of a word weigh together. */
double rank_weight(const struct node *n, const struct collection *c);

/* The same for a whole question: dead documents do not match. */
void rank(const struct node *n, const struct collection *c, double *score);

/* Whether a leaf names documents, and does not search for words. Among
 * optional clauses such leaves restrict: only documents of one of the paths,
 * and of one of the numbers, match. */
bool node_names(const struct node *n);

#endif
