/*
 * answer.h - one query, from its text to what is printed of it.
 */
#ifndef QUERY_ANSWER_H
#define QUERY_ANSWER_H

#include "query/dups.h"
#include "query/explain.h"
#include "query/facet.h"
#include "query/hits.h"
#include "query/session.h"

struct answer {
    struct session *session;
    const struct settings *settings;
    struct view qid;  /* names the query in a run */
    struct view text; /* as asked */
    struct view head; /* JSON members that go before those of the answer */
    const struct explain *explain; /* of the hit to be printed, if settings say
                                    * so */
    struct plan_query plan;        /* on the first index, */
    struct match match;            /* and behind them on the others */
    struct match_count count;
    struct also *also; /* what words of the query find as well */
    struct facets facets;
    bool counted;     /* count.total is exact */
    size_t shown;     /* hits that are printed */
    bool collapsed;   /* near-duplicates are below the best of them: */
    struct dups dups; /* which, by rank; offset counts those that stayed */
    const struct question *question;
    struct buf suggestion; /* the query with other words, where nothing matched
                            * and there are any */
    int rank_width;
    struct buf around;  /* what a printer puts around hits, made once, */
    size_t around_from; /* and where what goes behind them begins */
    uint64_t start_ns;
};

/* An output format. What `hit` prints of the hits is put in order of rank,
 * with `between` in the gaps, after what `begin` prints; all append to out and
 * give 0 or ERR_NOMEM. Where more than the path is wanted, the hits are printed
 * before `begin` is called. */
struct printer {
    int what;    /* HITS_PATH, HITS_PASSAGE or HITS_MATCHES */
    size_t dups; /* near-duplicates below a hit that are named; 0: they are
                  * hits as any other */
    const char *between;
    int (*begin)(struct answer *a, struct buf *out);
    int (*hit)(struct answer *a, const struct hit *h, size_t rank,
               struct buf *out);
    int (*end)(struct answer *a, struct buf *out);
};

extern const struct printer print_text;
extern const struct printer print_json;
extern const struct printer print_ndjson;
extern const struct printer print_tsv;
extern const struct printer print_trec;
extern const struct printer print_paths;

/* A question: texts that are ORed. */
struct question {
    struct view qid;
    struct view head;        /* for a JSON answer: "key":value, each with a
                              * comma behind it */
    struct view text;        /* all of it, for answers that repeat it */
    const struct view *part; /* the texts */
    size_t nparts;
    bool plain;  /* no character is an operator */
    size_t line; /* of the file it is from, from 1; 0: of none */
    bool exact;  /* its words alone, and nothing that stands for them */
};

/* Answers into the session's buffers. 1 if anything matches, 0 if nothing,
 * negative on error. */
int answer(struct session *s, const struct question *q);

/* Notes that documents matched but for having no date; where only that is said
 * and there is a file of queries, once. To be called behind what went through
 * the matches. 0 or negative. */
int answer_undated(struct answer *a, bool counted);

/* The index of that number, as it was named: NULL where only one is searched. */
const char *answer_index(const struct answer *a, uint32_t part);

/* Since the answer was begun. */
double answer_seconds(const struct answer *a);

/* Begins a remark: "query: ", and the line where there is a file of queries. 0 or
 * ERR_NOMEM. */
int answer_remark(const struct answer *a, struct buf *out);

/* Words of the query that the index lacks: calls `fn` with each. */
int answer_unknown(const struct answer *a, int (*fn)(void *arg, struct view),
                   void *arg);

#endif
