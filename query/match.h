/*
 * match.h - a plan on an index: how many documents match, and the best k.
 *
 *     match_open(&m, &env, &plan, &err);         // statistics, weights
 *     match_run(&m, &top, false, &count, &err);  // documents and scores
 *     match_every(&m, &count, &err);             // those with every word
 *     match_close(&m);
 *
 * Segments are visited oldest first, so docids ascend throughout and ties go
 * to the older document.
 *
 * Several indexes are searched as one: each has a plan of its own, made from
 * the same query, and a match of its own, and both form chains. What weighs a
 * word is what all indexes have together: documents, positions, documents with
 * the word, terms that a pattern stands for. So the scores are those of one
 * index of all documents, to the bit, and the best of each index, offered to
 * one `top` in turn, are the best of all. A document is then known by the number of
 * its index and its docid there. Nothing below a match (operators, masks,
 * passages) knows of more than one index.
 */
#ifndef QUERY_MATCH_H
#define QUERY_MATCH_H

#include "query/filter.h"
#include "query/notes.h"
#include "query/op.h"
#include "query/top.h"

struct match {
    struct match *next;        /* in the next index, or NULL */
    unsigned part;             /* number of the index, from 0 */
    struct index *ix;          /* borrowed, in a transaction */
    struct plan_query *plan;   /* borrowed */
    const struct score *score; /* borrowed */
    struct filter filter;
    struct mask mask;        /* of the filter, if there is any */
    struct norms *norms;     /* what is alive and let through */
    const struct plan *lead; /* few documents, to be gone through; or NULL */
    bool also; /* prune_also is to correct what words alone have scored */
    const struct lexer_list *lexers; /* borrowed */
    struct arena *arena;             /* borrowed: where operators go */
    struct notes *notes;             /* borrowed */
    uint8_t *seen; /* where match_run sets a bit for each match; room
                              * for all pages of norms. NULL: nowhere */
};

/* What a query is run with; all borrowed but the numbers. limits may be NULL. */
struct match_env {
    struct index *ix; /* as many in a row as there are plans */
    const struct lexer_list *lexers;
    struct arena *arena;
    struct notes *notes;
    struct score *score; /* zeroed, or left by a match before */
    const struct limits *limits;
    double k1;
    double b;
};

/* Opens the leaves of the plan, and of those behind it: their postings in each
 * segment, document frequencies, weights. All but match_segment then goes
 * through the whole chain. 0 or negative; match_close in either case. */
int match_open(struct match *m, const struct match_env *env,
               struct plan_query *plan, struct err *err);

struct match_count {
    uint64_t total; /* living documents that match */
    uint64_t every; /* those of them that contain every positive word */
    bool counted;   /* every was counted along the way */
};

/* Offers living matches to `top` and counts them. With top NULL nothing is
 * scored; with `first` the first match is enough. With c NULL nothing is
 * counted or seen, and what cannot enter `top` need not be looked at: the hits
 * are the same, to the bit, and sooner there. */
int match_run(struct match *m, struct top *top, bool first,
              struct match_count *c, struct err *err);

/* Counts those with every word, if match_run could not. */
int match_every(struct match *m, struct match_count *c, struct err *err);

/* Documents that match but for a limit of dates, and have no date but perhaps
 * their file's time: how many, or with `first` 1 if there is any. */
int match_undated(struct match *m, bool first, uint64_t *n, struct err *err);

/* Whether a word of the index stands behind leaf l. */
bool match_known(const struct leaf *l);

/* An env for operators of segment number i. */
struct op_env match_segment(struct match *m, unsigned i, struct err *err);

void match_close(struct match *m);

#endif
