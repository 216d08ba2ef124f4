/*
 * report.h - what a run says while it runs and at its end.
 *
 * Every source found gets one verdict: added, updated, unchanged, skipped or
 * failed; they add up to those found. Removed ones are counted beside. What was
 * skipped or failed is named with its reason on stderr; a progress line is
 * shown on a terminal, the summary there or where it was asked for. What comes
 * from outside is printed with control characters and ill-formed bytes escaped.
 */
#ifndef INDEXER_REPORT_H
#define INDEXER_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "index/source.h"

enum verdict {
    VERDICT_ADDED,
    VERDICT_UPDATED,
    VERDICT_UNCHANGED,
    VERDICT_SKIPPED,
    VERDICT_FAILED,
    VERDICTS
};

enum { LEVEL_QUIET = -1, LEVEL_NORMAL, LEVEL_VERBOSE };

struct report {
    int level;     /* LEVEL_* */
    bool progress; /* a progress line is wanted */
    bool summary;  /* the last line is wanted */
    uint64_t count[VERDICTS];
    uint64_t removed;
    uint64_t bytes; /* of text read */
    uint64_t total; /* sources to look at, 0 = unknown */
    struct timespec start;
    uint64_t shown_ns; /* since start: when the progress line was last shown */
    bool line;         /* there is one on the screen */
    const struct roots *roots; /* to show paths with; may be NULL */
    struct buf name;           /* of the source at hand, as shown */
    struct buf said;           /* about it */
};

/* `progress`: 0 never, 1 always, 2 on a terminal. */
void report_init(struct report *r, int level, int progress);

/* Counts a verdict and names the source, at the level that deserves: failures
 * always, what is skipped (but not `again`) unless quiet, the rest if verbose.
 * `why` may be NULL. */
void report_verdict(struct report *r, struct view id, enum verdict v,
                    const char *why);
void report_again(struct report *r, struct view id, enum verdict v,
                  const char *why);
void report_warning(struct report *r, struct view id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The message of a failure, whatever the level. */
void report_error(struct report *r, const struct err *err);

/* Shows how far it is, now and then. */
void report_progress(struct report *r);

/* The last line; `removed` and verdicts as counted. */
void report_end(struct report *r);

void report_release(struct report *r);

/* Appends v with what is no printable UTF-8 as \xHH. 0 or ERR_NOMEM. */
int report_escape(struct view v, struct buf *out);

#endif
