#include "indexer/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    r->level = level;
    r->progress =
        progress == 1 || (progress == 2 && terminal && level >= LEVEL_NORMAL &&
                          term && strcmp(term, "dumb") != 0);
    r->summary = level == LEVEL_VERBOSE || (level == LEVEL_NORMAL && terminal);
    clock_gettime(CLOCK_MONOTONIC, &r->start);
}

void report_release(struct report *r)
{
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
        return "?";
    return buf_cstr(&r->said);
}

static void wipe(struct report *r)
{
    if (r->line)
        fputs("\r\033[K", stderr);
    r->line = false;
}

static void verdict(struct report *r, struct view id, enum verdict v,
                    const char *why, int level)
{
    static const char *const word[VERDICTS] = {
        "added", "updated", "unchanged", "skipped", "failed",
    };

    r->count[v]++;
    if (r->level < level || v == VERDICT_UNCHANGED)
        return;
    wipe(r);
    fprintf(stderr, "indexer: %s %s%s%s\n", word[v], name_of(r, id),
            why ? ": " : "", why ? clean(r, why) : "");
}

void report_verdict(struct report *r, struct view id, enum verdict v,
                    const char *why)
{
    verdict(r, id, v, why,
            v == VERDICT_FAILED    ? LEVEL_QUIET
            : v == VERDICT_SKIPPED ? LEVEL_NORMAL
                                   : LEVEL_VERBOSE);
}

void report_again(struct report *r, struct view id, enum verdict v,
                  const char *why)
{
    verdict(r, id, v, why, LEVEL_VERBOSE);
}

void report_warning(struct report *r, struct view id, const char *fmt, ...)
{
    va_list ap;

    if (r->level < LEVEL_NORMAL)
        return;
    wipe(r);
    fprintf(stderr, "indexer: warning: %s: ", name_of(r, id));
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

void report_error(struct report *r, const struct err *err)
{
    wipe(r);
    fprintf(stderr, "indexer: %s\n",
            clean(r, err->msg[0] ? err->msg : "out of memory"));
}

static uint64_t found(const struct report *r)
{
    uint64_t n = 0;
    int i;

    for (i = 0; i < VERDICTS; i++)
        n += r->count[i];
    return n;
}

void report_progress(struct report *r)
{
    uint64_t ns, n = found(r);
    double mb = (double)r->bytes / 1e6;

    if (!r->progress)
        return;
    ns = elapsed_ns(r);
    if (ns - r->shown_ns < PROGRESS_NS)
        return;
    r->shown_ns = ns;
    wipe(r);
    fprintf(stderr, "indexer: %" PRIu64, n);
    if (r->total)
        fprintf(stderr, " of %" PRIu64, r->total);
    fprintf(stderr, " looked at, %.1f MB read, %.1f MB/s", mb,
            mb / ((double)ns / 1e9));
    r->line = true;
    fflush(stderr);
}

void report_end(struct report *r)
{
    wipe(r);
    if (!r->summary)
        return;
    fprintf(stderr,
            "indexer: %" PRIu64 " found: %" PRIu64 " added, %" PRIu64
            " updated, %" PRIu64 " removed, %" PRIu64 " unchanged, %" PRIu64
            " skipped, %" PRIu64 " failed; %.2f s\n",
            found(r), r->count[VERDICT_ADDED], r->count[VERDICT_UPDATED],
            r->removed, r->count[VERDICT_UNCHANGED], r->count[VERDICT_SKIPPED],
            r->count[VERDICT_FAILED], (double)elapsed_ns(r) / 1e9);
}
