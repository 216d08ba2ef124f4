#include "indexer/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/report_json.h"
#include "text/lexeme.h"
#include "text/utf8.h"

#define PROGRESS_NS 200000000u /* between two progress lines */

static uint64_t elapsed_ns(const struct report *r)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)(now.tv_sec - r->start.tv_sec) * 1000000000u +
           (uint64_t)now.tv_nsec - (uint64_t)r->start.tv_nsec;
}

void report_init(struct report *r, int level, int progress)
{
    const char *term = getenv("TERM");
    bool terminal = isatty(STDERR_FILENO);

    memset(r, 0, sizeof *r);
    r->fd = -1;
    r->level = level;
    r->progress =
        progress == 1 || (progress == 2 && terminal && level >= LEVEL_NORMAL &&
                          term && strcmp(term, "dumb") != 0);
    r->summary = level == LEVEL_VERBOSE || (level == LEVEL_NORMAL && terminal);
    clock_gettime(CLOCK_MONOTONIC, &r->start);
}

void report_release(struct report *r)
{
    report_json_close(r);
    buf_release(&r->name);
    buf_release(&r->said);
}

/* C0, C1, DEL, and the marks that turn the direction of text around. */
static bool unprintable(int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

int report_escape(struct view v, struct buf *out)
{
    size_t i = 0, k;

    while (i < v.n) {
        unsigned len;
        int32_t c = utf8_decode(v.p + i, v.p + v.n, &len);
        int rc = 0;

        if (!unprintable(c))
            rc = buf_add(out, view_sub(v, i, i + len));
        for (k = i; unprintable(c) && k < i + len && rc == 0; k++)
            rc = buf_addf(out, "\\x%02x", v.p[k]);
        if (rc < 0)
            return rc;
        i += len;
    }
    return 0;
}

/* The source's name as it is shown; borrowed until the next call. */
static const char *name_of(struct report *r, struct view id)
{
    struct roots none = {0};
    struct buf shown = {0};
    const char *name = NULL;

    buf_clear(&r->name);
    if (roots_show(r->roots ? r->roots : &none, id, &shown) == 0 &&
        report_escape(buf_view(&shown), &r->name) == 0)
        name = buf_cstr(&r->name);
    buf_release(&shown);
    return name ? name : "?";
}

/* What is to be said, escaped; borrowed until the next call. */
static const char *clean(struct report *r, const char *said)
{
    buf_clear(&r->said);
    if (report_escape(view_str(said), &r->said) < 0 || !buf_cstr(&r->said))
        return "out of memory";
    return buf_cstr(&r->said);
}

static void wipe(struct report *r)
{
    if (r->line)
        fputs("\r\033[K", stderr);
    r->line = false;
}

static const char *word(const struct event *e)
{
    static const char *const words[VERDICTS] = {
        "added", "updated", "renamed", "unchanged", "skipped", "failed",
    };

    return e->removed ? "removed" : words[e->verdict];
}

/* From which level on an event is named. */
static int level_of(const struct event *e)
{
    if (e->removed || e->again)
        return LEVEL_VERBOSE;
    return e->verdict == VERDICT_FAILED    ? LEVEL_QUIET
           : e->verdict == VERDICT_SKIPPED ? LEVEL_NORMAL
                                           : LEVEL_VERBOSE;
}

static void warn(struct report *r, const struct event *e)
{
    const struct view charset = e->charset.n ? e->charset : view_str("UTF-8");

    if (e->errors && r->level >= LEVEL_NORMAL)
        fprintf(stderr, "indexer: warning: %s: %zu invalid %.*s sequence%s\n",
                name_of(r, e->id), e->errors, (int)charset.n,
                (const char *)charset.p, e->errors == 1 ? "" : "s");
    if (e->bare && r->level >= LEVEL_NORMAL)
        fprintf(stderr,
                "indexer: warning: %s: %s, of which only the title is "
                "found\n",
                name_of(r, e->id), e->bare);
    if (e->cut && r->level >= LEVEL_VERBOSE)
        fprintf(stderr, "indexer: warning: %s: %u word%s cut at %d bytes\n",
                name_of(r, e->id), e->cut, e->cut == 1 ? "" : "s", LEXEME_MAX);
    if (e->guessed && e->charset.n && r->level >= LEVEL_NORMAL)
        fprintf(
            stderr, "indexer: warning: %s: read as %.*s, which is a guess\n",
            name_of(r, e->id), (int)e->charset.n, (const char *)e->charset.p);
}

/* Says on stdout what would be done. */
static void tell(struct report *r, const struct event *e)
{
    if (e->verdict == VERDICT_RENAMED && !e->removed)
        printf("%-8s %s -> ", word(e), name_of(r, e->old));
    else
        printf("%-8s ", word(e));
    printf("%s%s%s\n", name_of(r, e->id), e->why ? ": " : "",
           e->why ? clean(r, e->why) : "");
}

static void name_it(struct report *r, const struct event *e)
{
    wipe(r);
    fprintf(stderr, "indexer: %s ", word(e));
    if (e->old.n)
        fprintf(stderr, "%s -> ", name_of(r, e->old));
    fputs(name_of(r, e->id), stderr);
    if (e->format.n || e->charset.n)
        fprintf(stderr, " (%.*s%s%.*s)", (int)e->format.n,
                e->format.n ? (const char *)e->format.p : "",
                e->format.n && e->charset.n ? ", " : "", (int)e->charset.n,
                e->charset.n ? (const char *)e->charset.p : "");
    fprintf(stderr, "%s%s\n", e->why ? ": " : "",
            e->why ? clean(r, e->why) : "");
}

/* Whether the round before did without this message about `name`. */
static bool is_new(struct report *r, const char *name, const char *why)
{
    struct buf message = {0};
    bool is = true;

    if (r->told && buf_addf(&message, "%s: %s", name, why ? why : "") == 0)
        is = told_new(r->told, buf_view(&message));
    buf_release(&message);
    return is;
}

/* Whether it is to be named: what failed or is skipped once only. */
static bool worth_it(struct report *r, const struct event *e)
{
    return r->level >= level_of(e) &&
           (e->removed || e->verdict < VERDICT_SKIPPED ||
            is_new(r, name_of(r, e->id), e->why));
}

void report_event(struct report *r, const struct event *e)
{
    bool unchanged = e->verdict == VERDICT_UNCHANGED && !e->removed;

    if (e->removed)
        r->removed++;
    else
        r->count[e->verdict]++;
    if (unchanged)
        return;
    report_json_event(r, e);
    if (r->dry && !e->again && level_of(e) != LEVEL_QUIET)
        tell(r, e);
    else if (worth_it(r, e))
        name_it(r, e);
    if (e->errors || e->bare || e->cut || (e->guessed && e->charset.n)) {
        wipe(r);
        warn(r, e);
    }
}

void report_verdict(struct report *r, struct view id, enum verdict v,
                    const char *why)
{
    const struct event e = {.id = id, .verdict = v, .why = why};

    report_event(r, &e);
}

void report_warning(struct report *r, struct view id, const char *what)
{
    if (r->level < LEVEL_NORMAL)
        return;
    wipe(r);
    fprintf(stderr, "indexer: warning: %s: %s\n", name_of(r, id), what);
}

void report_error(struct report *r, const struct err *err)
{
    wipe(r);
    if (!is_new(r, "", err->msg))
        return;
    fprintf(stderr, "indexer: %s\n",
            clean(r, err->msg[0] ? err->msg : "out of memory"));
}

void report_failed(struct report *r, const struct err *err, int code)
{
    report_error(r, err);
    report_json_error(r, err, code);
}

uint64_t report_found(const struct report *r)
{
    uint64_t n = 0;
    int i;

    for (i = 0; i < VERDICTS; i++)
        n += r->count[i];
    return n;
}

void report_reading(struct report *r, uint64_t n, uint64_t bytes)
{
    r->total = n;
    r->total_bytes = bytes;
    r->before = report_found(r);
    r->began_ns = elapsed_ns(r);
}

/* Prints how long it will take, going by bytes, or by sources where those are
 * small. */
static void print_rest(const struct report *r, uint64_t done, uint64_t ns)
{
    double by_bytes =
        r->total_bytes ? (double)r->bytes / (double)r->total_bytes : 1;
    double by_count = r->total ? (double)done / (double)r->total : 1;
    double share = by_bytes < by_count ? by_bytes : by_count;
    double rest;

    if (share <= 0 || share >= 1 || ns < 1000000000u)
        return;
    rest = (double)ns / 1e9 * (1 - share) / share;
    if (rest < 100)
        fprintf(stderr, ", %.0f s left", rest);
    else if (rest < 6000)
        fprintf(stderr, ", %.0f min left", rest / 60);
    else
        fprintf(stderr, ", %.1f h left", rest / 3600);
}

void report_progress(struct report *r)
{
    uint64_t now, ns, n;
    double mb = (double)r->bytes / 1e6;

    if (!r->progress)
        return;
    now = elapsed_ns(r);
    if (now - r->shown_ns < PROGRESS_NS)
        return;
    r->shown_ns = now;
    ns = now - r->began_ns;
    n = report_found(r) - r->before;
    wipe(r);
    fprintf(stderr, "indexer: %" PRIu64, n);
    if (r->total)
        fprintf(stderr, " of %" PRIu64, r->total);
    fprintf(stderr, " read, %.1f MB", mb);
    if (r->total_bytes)
        fprintf(stderr, " of %.1f", (double)r->total_bytes / 1e6);
    fprintf(stderr, ", %.1f MB/s", mb / ((double)ns / 1e9));
    if (r->total)
        print_rest(r, n, ns);
    r->line = true;
    fflush(stderr);
}

static void print_summary(const struct report *r)
{
    fprintf(
        stderr,
        "indexer: %" PRIu64 " found: %" PRIu64 " added, %" PRIu64 " updated, ",
        report_found(r), r->count[VERDICT_ADDED], r->count[VERDICT_UPDATED]);
    if (r->count[VERDICT_RENAMED])
        fprintf(stderr, "%" PRIu64 " renamed, ", r->count[VERDICT_RENAMED]);
    fprintf(stderr,
            "%" PRIu64 " removed, %" PRIu64 " unchanged, %" PRIu64
            " skipped, %" PRIu64 " failed; %.2f s%s\n",
            r->removed, r->count[VERDICT_UNCHANGED], r->count[VERDICT_SKIPPED],
            r->count[VERDICT_FAILED], (double)elapsed_ns(r) / 1e9,
            r->dry ? "; nothing was changed" : "");
}

int report_end(struct report *r, const struct report_index *ix, struct err *err)
{
    wipe(r);
    if (r->dry && (fflush(stdout) != 0 || ferror(stdout)))
        return err_sys(err, ERR_IO, errno, "cannot write to standard output");
    if (r->summary && (!r->told || report_found(r) + r->removed !=
                                       r->count[VERDICT_UNCHANGED] +
                                           r->count[VERDICT_SKIPPED] +
                                           r->count[VERDICT_FAILED]))
        print_summary(r);
    report_json_end(r, ix, (double)elapsed_ns(r) / 1e9);
    if (r->error)
        return err_sys(err, ERR_IO, r->error, "cannot write %s", r->file);
    return 0;
}
