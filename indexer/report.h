/*
 * report.h - what a run says while it runs and at its end.
 *
 * Every source found gets one verdict: added, updated, renamed, unchanged,
 * skipped or failed; they add up to those found. Removed ones are counted
 * beside. What was skipped or failed is named with its reason on stderr; a
 * progress line is shown on a terminal, the summary there or where it was asked
 * for. What comes from outside is printed with control characters and
 * ill-formed bytes escaped.
 *
 * Beside that, for programs: --report=FILE, a line of JSON for each source that
 * changed, was skipped or failed, and one at the end (indexer(1) lists the
 * keys). The lines of a batch are written once it is committed.
 *
 *     report_init(&r, level, progress);
 *     report_open(&r, file, &err);
 *     report_event(&r, &event); report_committed(&r); ...
 *     report_end(&r, &index, &err);
 *     report_release(&r);
 */
#ifndef INDEXER_REPORT_H
#define INDEXER_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "index/source.h"
#include "indexer/told.h"

enum verdict {
    VERDICT_ADDED,
    VERDICT_UPDATED,
    VERDICT_RENAMED,
    VERDICT_UNCHANGED,
    VERDICT_SKIPPED,
    VERDICT_FAILED,
    VERDICTS
};

enum { LEVEL_QUIET = -1, LEVEL_NORMAL, LEVEL_VERBOSE };

/* What became of a source. */
struct event {
    struct view id;
    enum verdict verdict;
    bool removed;       /* it is no more; `verdict` does not count */
    bool again;         /* as in the run before: not worth a word */
    struct view old;    /* the id it had, of a renamed one */
    const char *why;    /* of one skipped or failed, or NULL */
    uint32_t docid;     /* its document, 0 = none or not known */
    uint64_t bytes;     /* of the source */
    uint32_t length;    /* of the document, in positions */
    size_t errors;      /* invalid sequences in it … */
    uint32_t cut;       /* words cut */
    struct view format; /* "pdf", "html.gz"; empty: its bytes are its text */
    struct view
        charset;      /* that they were read as; empty: no other than UTF-8 */
    bool guessed;     /* … by the looks of them */
    const char *bare; /* a PDF with a title and no text: what that is */
};

struct report {
    int level;     /* LEVEL_* */
    bool progress; /* a progress line is wanted */
    bool summary;  /* the last line is wanted */
    bool dry;      /* nothing is done: stdout says what would be */
    uint64_t count[VERDICTS];
    uint64_t removed;
    uint64_t bytes;       /* of text read */
    uint64_t total;       /* sources to look at, 0 = unknown */
    uint64_t total_bytes; /* of them */
    uint64_t before;      /* sources that had a verdict before reading began */
    struct timespec start;
    uint64_t shown_ns; /* since start: when the progress line was last shown */
    uint64_t began_ns; /* when reading began */
    bool line;         /* there is one on the screen */
    const struct roots *roots; /* to show paths with; may be NULL */
    struct told *told;         /* what failed in the last round is not said
                                * again, nor a summary of no changes; may be
                                * NULL */
    struct buf name;           /* of the source at hand, as shown */
    struct buf said;           /* about it */
    const char *file;          /* of --report, borrowed; NULL = none */
    int fd;                    /* it */
    struct buf lines;          /* for it, of the batch at hand */
    int error;                 /* errno where it could not be written */
};

/* What the index is like at the end. */
struct report_index {
    const char *uuid; /* as text */
    uint64_t generation;
    uint64_t file_bytes;
    uint64_t used_bytes;
};

/* `progress`: 0 never, 1 always, 2 on a terminal. */
void report_init(struct report *r, int level, int progress);

/* Where the lines of JSON go: a file, made anew, "-" for stdout, NULL for
 * nowhere. */
int report_open(struct report *r, const char *file, struct err *err);

/* Counts a verdict and names the source, at the level that deserves: failures
 * always, what is skipped (but not again) unless quiet, the rest if verbose.
 * Warnings unless quiet, words cut if verbose. */
void report_event(struct report *r, const struct event *e);

/* As that, of no more than a verdict; `why` may be NULL. */
void report_verdict(struct report *r, struct view id, enum verdict v,
                    const char *why);

/* Says something odd of what is no source, unless quiet. */
void report_warning(struct report *r, struct view id, const char *what);

/* What was reported so far is in the index for good. */
void report_committed(struct report *r);

/* The message of a failure, whatever the level, and the exit code with it. */
void report_error(struct report *r, const struct err *err);
void report_failed(struct report *r, const struct err *err, int code);

/* Begins to count how far reading is: `n` sources of so many bytes. */
void report_reading(struct report *r, uint64_t n, uint64_t bytes);

/* Shows how far it is, now and then. */
void report_progress(struct report *r);

/* The last line; counts as they are. ERR_IO where --report could not be
 * written. */
int report_end(struct report *r, const struct report_index *ix,
               struct err *err);

void report_release(struct report *r);

/* Appends v with what is no printable UTF-8 as \xHH. 0 or ERR_NOMEM. */
int report_escape(struct view v, struct buf *out);

#endif
