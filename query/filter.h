/*
 * filter.h - what documents a query is limited to, beside its words, and the
 * documents that are left: a mask over the norms.
 *
 * A query takes a document whose norm is 0 for a dead one and never shows it.
 * So a filter is a copy of the norms in which documents that it does not let
 * through are 0: whatever way a query is evaluated, pruned ones too, needs no
 * test of its own, and none costs more than without the filter. The mask is made
 * page by page, of the pages a query comes by: 4032 documents take a microsecond
 * or two, and no document is read for them. Paths alone are looked at when a
 * document is about to be a match (norms_counts), 32 at a time where it can be
 * (paths.h).
 *
 * Limits come from settings (--since, --path …) and from the query's own
 * restrictions at its top (date:2022, path:x), which filter_hoist takes out of
 * the plan, so that what is left may be evaluated as the plain words it is.
 *
 *     filter_open(&f, &limits, ix, plan, arena, &err);
 *     ... the plan's leaves are opened: LEAF_DOCS have their documents ...
 *     mask_open(&mask, &f, FILTER_PASS, &err);   // mask.norms
 *     mask_release(&mask);
 *     filter_close(&f);
 */
#ifndef QUERY_FILTER_H
#define QUERY_FILTER_H

#include "index/column.h"
#include "index/fields.h"
#include "index/index.h"
#include "query/paths.h"
#include "query/plan.h"
#include "query/when.h"

enum { LIMITS_FIELDS = 16 };

/* What the command line or a request asks for. All zero: nothing. */
struct limits {
    bool since_set, until_set;
    int32_t since, until; /* days: since <= date < until */
    struct view path;     /* as path: has it; empty: any */
    uint8_t language[2];  /* NULs: any */
    struct {
        struct view name, value;
    } field[LIMITS_FIELDS]; /* each is required */
    unsigned nfields;
};

/* Documents known beforehand. */
struct filter_set {
    const struct plan *plan; /* a leaf, or leaves of which one is enough */
    bool without;            /* none of them */
};

struct filter {
    struct index *ix; /* borrowed, as is limits */
    const struct limits *limits;
    bool dated;           /* there is a limit of dates */
    struct period period; /* what it lets through */
    bool undated;         /* it keeps out documents that have no date, on the
                           * pages that were asked for */
    const char *dated_by; /* "--since": how it is called in notes */
    uint8_t language[2];
    struct field_rows field[LIMITS_FIELDS];
    unsigned nfields;
    struct filter_set *set; /* in the arena */
    unsigned nsets;
    struct paths *paths; /* in the arena; each is required */
    unsigned npaths;
};

/* Gathers limits, and takes those at the top of the plan out of it. 0 or
 * negative; filter_close in either case. */
int filter_open(struct filter *f, const struct limits *limits, struct index *ix,
                struct plan_query *plan, struct arena *arena, struct err *err);
void filter_close(struct filter *f);

/* A list of documents leads where there is at most one of them to so many of
 * the index. */
enum { FILTER_LEAD = 64 };

/* The documents of a limit that are so few that they had better lead, as a
 * plan that lists them, in *out: NULL where there are none such. `plan` is what
 * is searched, and its leaves are open. 0 or negative. */
int filter_lead(struct filter *f, const struct plan_query *plan,
                struct arena *arena, const struct plan **out, struct err *err);

/* Whether there is any limit. */
bool filter_any(const struct filter *f);

enum filter_which {
    FILTER_PASS,   /* documents that all limits let through */
    FILTER_UNDATED /* those that only the limit of dates keeps out, and that
                    * have no date but perhaps their file's time */
};

struct mask {
    struct norms norms; /* in place of the index's; pages are made when they are
                         * asked for, from this struct: it stays where it is */
    struct filter *filter;
    enum filter_which which;
    struct column dates, languages;
    uint8_t *codes;  /* room for pages that are not the index's own */
    uint32_t *known; /* where there are limits of paths: a bit for each
                      * document whose path was looked at */
};

int mask_open(struct mask *m, struct filter *f, enum filter_which which,
              struct err *err);
void mask_release(struct mask *m);

/* The documents of the whole mask, if they are few: 1 with a leaf that lists
 * them, to lead; 0 where they are many. Negative on error. */
int mask_lead(struct mask *m, struct arena *arena, const struct plan **out,
              struct err *err);

#endif
