#include "query/worker.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crash.h"

enum {
    READ = 1 << 16,         /* bytes asked for at once */
    SEND_AT = 1 << 16,      /* bytes of answers sent at once */
    SEND_AFTER_NS = 1000000 /* see worker.h */
};

struct worker {
    int fd;
    struct session session;
    struct err err;
    struct buf in; /* from `at` on not yet answered */
    size_t at;
    struct buf out;     /* answers to be sent */
    uint64_t oldest_ns; /* when the first of them was there; 0: no answer */
};

/* Sends all answers, holding no page of the index meanwhile. */
static int send_all(struct worker *w)
{
    size_t at = 0;
    ssize_t n;

    session_end(&w->session);
    while (at < w->out.n) {
        n = send(w->fd, w->out.p + at, w->out.n - at, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return -1;
        at += n > 0 ? (size_t)n : 0;
    }
    if (w->out.cap > 4 * (size_t)SEND_AT)
        buf_release(&w->out);
    buf_clear(&w->out);
    w->oldest_ns = 0;
    return 0;
}

/* The next line, if all of it has been read. */
static bool next_line(struct worker *w, struct worker_line *line,
                      struct view *text)
{
    struct view rest = view_sub(buf_view(&w->in), w->at, w->in.n);

    if (rest.n < sizeof *line)
        return false;
    memcpy(line, rest.p, sizeof *line);
    if (rest.n - sizeof *line < line->n)
        return false;
    *text = view_sub(rest, sizeof *line, sizeof *line + line->n);
    w->at += sizeof *line + line->n;
    return true;
}

/* Reads what there is: false at the end. */
static bool fill(struct worker *w)
{
    ssize_t n;

    if (w->at) {
        memmove(w->in.p, w->in.p + w->at, w->in.n - w->at);
        w->in.n -= w->at;
        w->at = 0;
    }
    if (buf_reserve(&w->in, READ) < 0)
        return false;
    do
        n = recv(w->fd, w->in.p + w->in.n, READ, 0);
    while (n < 0 && errno == EINTR);
    w->in.n += n > 0 ? (size_t)n : 0;
    return n > 0;
}

/* Puts what the session holds behind the answers. */
static int add_reply(struct worker *w, int rc)
{
    struct session *s = &w->session;
    struct worker_reply r = {0};
    int gathered = session_gather(s);

    rc = gathered < 0 ? gathered : rc;
    r.out = s->out.n;
    r.messages = s->messages.n;
    r.timed = s->timing.us.n;
    if (rc < 0)
        r.why = (uint32_t)strlen(w->err.msg);
    r.rc = rc;
    if (buf_add(&w->out, view_of(&r, sizeof r)) < 0 ||
        buf_add(&w->out, buf_view(&s->out)) < 0 ||
        buf_add(&w->out, buf_view(&s->messages)) < 0 ||
        buf_add(&w->out, buf_view(&s->timing.us)) < 0 ||
        buf_add(&w->out, view_of(w->err.msg, r.why)) < 0)
        return -1;
    if (s->out.cap > 4 * (size_t)SEND_AT)
        buf_release(&s->out);
    buf_clear(&s->out);
    buf_clear(&s->messages);
    buf_clear(&s->timing.us);
    return 0;
}

static int answer_line(struct worker *w, worker_ask *ask, void *arg,
                       struct worker_line line, struct view text)
{
    if (w->out.n >= SEND_AT ||
        (w->out.n && timing_now() - w->oldest_ns > SEND_AFTER_NS))
        if (send_all(w) < 0)
            return -1;
    memset(&w->err, 0, sizeof w->err);
    if (add_reply(w, ask(arg, &w->session, line, text)) < 0)
        return -1;
    if (w->oldest_ns == 0)
        w->oldest_ns = timing_now();
    return 0;
}

void worker_run(int fd, struct settings *settings, worker_ask *ask, void *arg)
{
    struct worker w = {.fd = fd};
    struct worker_line line;
    struct view text;

    session_init(&w.session, settings, &w.err);
    crash_guard(""); /* whoever gave the line says what happened */
    do {
        while (next_line(&w, &line, &text))
            if (answer_line(&w, ask, arg, line, text) < 0)
                _exit(1);
    } while (send_all(&w) == 0 && fill(&w));
    session_close(&w.session); /* no reader of the index is left behind */
    buf_release(&w.in);
    buf_release(&w.out);
    _exit(0);
}
