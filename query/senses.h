/*
 * senses.h - what a short form stands for, as the documents have it.
 *
 * The rows of index/acronyms.h name long forms as they are written; those that
 * have the same stems in the same order are one sense here, "Belt and Road
 * Initiative" as "Belt and Road Initiatives". A sense counts the living documents
 * that state it, those of all indexes together, each once.
 *
 *     senses_find(&ss, &env, brief, &err);          // folded, best first
 *     for (i = 0; i < ss.n; i++)
 *         if (senses_usable(&ss, i))
 *             use(ss.sense[i].docs, senses_share(&ss, i));
 *
 * All of it lies in the arena.
 */
#ifndef QUERY_SENSES_H
#define QUERY_SENSES_H

#include "index/acronyms.h"
#include "index/index.h"
#include "query/leaf.h"

enum {
    SENSES_ROWS = 4096,  /* of a short form that are read */
    SENSES_USED = 3,     /* senses that a query is widened by, at most */
    SENSES_DOCS = 2,     /* documents that state one of several, at least */
    SENSES_SHARE = 10,   /* one in so many of the statements, at least */
    SENSES_ORDINARY = 10 /* a word of more documents for each statement is an
                          * ordinary one, as it and who are */
};

struct senses_env {
    struct index *ix; /* in transactions */
    unsigned nindexes;
    struct leaf_maker *maker; /* borrowed, for its analysis */
};

struct sense {
    struct view stems;  /* each with a blank behind it */
    struct view folded; /* the long form most documents have it in */
    uint32_t docs;
    unsigned part;  /* the index of the first document with that form, … */
    uint32_t docid; /* … and that document */
    struct sense_row *row;
    struct sense_form *form;
};

struct senses {
    struct sense *sense; /* of most documents first */
    unsigned n, cap;
    uint64_t total; /* sum of docs */
};

/* Fills in the senses of a short form, folded: 0 or negative. */
int senses_find(struct senses *ss, const struct senses_env *env,
                struct view brief, struct err *err);

/* Whether a query is widened by sense number i: there is no other, or enough
 * documents state it. */
bool senses_usable(const struct senses *ss, unsigned i);

/* Its part of all that is stated of the short form. */
double senses_share(const struct senses *ss, unsigned i);

/* The stems of a text as those of senses are, in the arena: 0 or negative.
 * ends[k]: bytes of the stems of what lies before byte bounds[k]. */
int senses_stems(const struct senses_env *env, struct view text,
                 const size_t *bounds, size_t *ends, unsigned n,
                 struct view *out, struct err *err);

/* The pair as the sense's document writes it, in the arena: 1, 0, negative. */
int senses_written(const struct senses_env *env, struct view brief,
                   const struct sense *s, struct acronym_pair *out,
                   struct err *err);

/* Whether it surely is an ordinary word, found out without its senses. 1, 0,
 * negative. */
int senses_common(const struct senses_env *env, struct view brief,
                  struct err *err);

/* Whether the stem of a short form is that of an ordinary word as well. 1, 0,
 * negative. */
int senses_ordinary(const struct senses *ss, const struct senses_env *env,
                    struct view brief, struct err *err);

#endif
