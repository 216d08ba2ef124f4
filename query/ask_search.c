#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "query/answer.h"
#include "query/ask.h"
#include "query/pool.h"

enum { FLUSH_AT = 1 << 20 }; /* bytes of answers gathered before a write */

/* All of a file, or of standard input. */
static int read_file(const char *path, struct buf *out, struct err *err)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 1;
    int rc = 0;

    if (fd < 0)
        return err_sys(err, ERR_USAGE, errno, "cannot open %s", path);
    while (n != 0 && rc == 0) {
        if (buf_reserve(out, 65536) < 0) {
            rc = err_nomem(err);
            break;
        }
        n = read(fd, out->p + out->n, out->cap - out->n);
        if (n > 0)
            out->n += (size_t)n;
        else if (n < 0 && errno != EINTR)
            rc = err_sys(err, ERR_USAGE, errno, "cannot read %s", path);
    }
    if (!standard)
        close(fd);
    return rc;
}

/* The next line of *rest without its end; false at the end. */
static bool next_line(struct view *rest, struct view *line)
{
    const uint8_t *nl;

    if (rest->n == 0)
        return false;
    nl = memchr(rest->p, '\n', rest->n);
    *line = view_sub(*rest, 0, nl ? (size_t)(nl - rest->p) : rest->n);
    *rest = view_sub(*rest, line->n + (nl != NULL), rest->n);
    if (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    return true;
}

static bool is_blank(struct view v)
{
    size_t i;

    for (i = 0; i < v.n; i++)
        if (v.p[i] != ' ' && v.p[i] != '\t')
            return false;
    return true;
}

/* Answers a question. */
static int one(struct session *s, const struct question *q)
{
    struct session_mark mark = session_mark(s);
    int rc;

    do
        rc = answer(s, q);
    while (session_again(s, &mark, &rc));
    return rc;
}

/* Prints what has gathered if it is much. A listing with remarks below is
 * printed at once. */
static int flush_some(struct session *s)
{
    if (s->out.n < FLUSH_AT && !s->pour.arg &&
        (s->settings->format != FORMAT_TEXT || s->messages.n == 0))
        return 0;
    return session_flush(s);
}

/* Answers a line: 1, 0, negative; 0 too for a blank one. */
static int one_line(struct session *s, struct view line, size_t number)
{
    struct question q = {0};
    char qid[24], why[sizeof s->err->msg];
    const uint8_t *tab;
    int rc;

    if (is_blank(line))
        return 0;
    q.line = number;
    q.qid = view_of(qid, (size_t)snprintf(qid, sizeof qid, "%zu", number));
    if (s->settings->mode == MODE_TOPICS) {
        tab = memchr(line.p, '\t', line.n);
        if (!tab)
            return err_set(s->err, ERR_USAGE,
                           "%s: line %zu has no tab behind its number",
                           s->settings->file, number);
        q.qid = view_sub(line, 0, (size_t)(tab - line.p));
        line = view_sub(line, q.qid.n + 1, line.n);
        q.plain = true;
    }
    q.text = line;
    q.part = &line;
    q.nparts = 1;
    rc = one(s, &q);
    if (rc == ERR_USAGE) {
        snprintf(why, sizeof why, "%s", s->err->msg);
        err_set(s->err, rc, "%s: line %zu: %s", s->settings->file, number, why);
    }
    return rc;
}

/* Lines of a file to be answered. */
struct batch {
    struct session *session;
    struct view rest;
    size_t number; /* of the line before it */
    bool found;
};

/* pool.h says what these do, for one process as for many. */

static int next(void *arg, struct worker_line *line, struct view *text)
{
    struct batch *b = arg;

    line->number = ++b->number;
    line->too_long = false;
    return next_line(&b->rest, text);
}

static int ask_line(void *arg, struct session *s, struct worker_line line,
                    struct view text)
{
    (void)arg;
    return one_line(s, text, (size_t)line.number);
}

static int take(void *arg, int rc)
{
    struct batch *b = arg;
    int failed;

    if (rc < 0)
        return rc;
    b->found |= rc > 0;
    failed = flush_some(b->session);
    return failed < 0 ? failed : b->found && b->session->settings->quiet;
}

static int lost(void *arg, struct worker_line line, struct view text,
                bool damaged)
{
    struct batch *b = arg;
    struct err *err = b->session->err;

    (void)text;
    if (damaged)
        return err_set(err, ERR_CORRUPT, CRASH_MESSAGE);
    return err_set(err, ERR_IO,
                   "%s: line %llu: the process that was to answer has ended, "
                   "twice",
                   b->session->settings->file, (unsigned long long)line.number);
}

static int one_by_one(struct batch *b)
{
    struct worker_line line;
    struct view text;
    int rc = 0;

    while (rc == 0 && next(b, &line, &text))
        rc = take(b, ask_line(b, b->session, line, text));
    return rc;
}

static int all_lines(struct session *s)
{
    struct batch b = {.session = s};
    struct pool pool = {.session = s,
                        .jobs = (unsigned)s->settings->jobs,
                        .arg = &b,
                        .fd = -1,
                        .next = next,
                        .ask = ask_line,
                        .take = take,
                        .lost = lost};
    struct buf text = {0};
    int rc = read_file(s->settings->file, &text, s->err);

    b.rest = buf_view(&text);
    if (b.rest.n >= 3 && memcmp(b.rest.p, "\xef\xbb\xbf", 3) == 0)
        b.rest = view_sub(b.rest, 3, b.rest.n);
    if (rc == 0)
        rc = pool.jobs > 1 ? pool_run(&pool) : one_by_one(&b);
    buf_release(&text);
    return rc < 0 ? rc : b.found;
}

/* WORDS make one query; -e QUERY, repeated, are alternatives. */
static int command_line(struct session *s)
{
    const struct settings *set = s->settings;
    struct view *part = calloc(set->nqueries, sizeof *part);
    struct buf text = {0};
    struct question q = {.qid = view_str("1"), .part = part};
    size_t i;
    int rc = 0;

    if (!part)
        return err_nomem(s->err);
    for (i = 0; i < set->nqueries && rc == 0; i++) {
        part[i] = view_str(set->query[i]);
        if (i)
            rc = buf_adds(&text, set->words ? " " : " OR ");
        if (rc == 0)
            rc = buf_add(&text, part[i]);
    }
    q.text = buf_view(&text);
    q.nparts = set->nqueries;
    if (set->words) {
        part[0] = q.text;
        q.nparts = 1;
    }
    rc = rc < 0 ? err_nomem(s->err) : one(s, &q);
    free(part);
    buf_release(&text);
    return rc;
}

int ask_search(struct session *s)
{
    return s->settings->file ? all_lines(s) : command_line(s);
}
