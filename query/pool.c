#include "query/pool.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "query/job.h"

enum {
    READ = 1 << 16,
    LINES_BYTES = 1 << 20,   /* of lines under way: then no more are taken */
    ANSWERS_BYTES = 8 << 20, /* of answers that wait for others */
    PRINT_AT = 1 << 20,      /* bytes that are gathered to be printed */
    KEEP = 1 << 16           /* bytes of a buffer that is kept */
};

/* A line under way. */
struct pending {
    struct worker_line line;
    struct buf text;
    struct buf reply; /* as far as it has come */
    enum { WAITING, GIVEN, DONE, LOST } state;
    bool alone;   /* its worker ended: to be asked by itself */
    bool damaged; /* LOST: by what crash.h guards against */
};

struct run {
    struct pool *p;
    struct job *job;
    struct pending *slot; /* of line i: i % nslots */
    size_t nslots;
    uint64_t head, tail;    /* lines under way: from head up to tail */
    uint64_t first_waiting; /* none before it is WAITING */
    size_t nwaiting;
    size_t lines, answers; /* bytes of both */
    bool ended;            /* there is no line behind tail */
    int failed;            /* to read lines: 0 or negative, */
    struct err why;        /* with this message */
};

static struct pending *slot_of(struct run *r, uint64_t line)
{
    return &r->slot[line % r->nslots];
}

/* --- lines in --- */

static bool has_room(const struct run *r)
{
    return !r->ended && r->tail - r->head < r->nslots && r->lines < LINES_BYTES;
}

/* That lines cannot be read is told once those before have been answered. */
static int end_of_lines(struct run *r, int rc)
{
    r->ended = true;
    if (rc < 0) {
        r->failed = rc;
        r->why = *r->p->session->err;
    }
    return 0;
}

static int take_line(struct run *r, struct worker_line line, struct view text)
{
    struct pending *slot = slot_of(r, r->tail);

    buf_clear(&slot->text);
    buf_clear(&slot->reply);
    slot->line = line;
    slot->state = WAITING;
    slot->alone = false;
    if (buf_add(&slot->text, text) < 0)
        return err_nomem(r->p->session->err);
    r->lines += text.n;
    r->nwaiting++;
    r->tail++;
    return 0;
}

/* Takes the lines that are at hand. */
static int take_lines(struct run *r)
{
    struct worker_line line;
    struct view text;
    int rc;

    while (has_room(r)) {
        rc = r->p->next(r->p->arg, &line, &text);
        if (rc < 0 || (rc == 0 && r->p->fd < 0))
            return end_of_lines(r, rc);
        if (rc == 0)
            break;
        rc = take_line(r, line, text);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* --- lines to workers --- */

/* The worker with the fewest lines, a new one if all have some; NULL where none
 * can take any. */
static struct job *least_busy(struct run *r)
{
    struct job *best = NULL;
    unsigned i, new = r->p->jobs;

    for (i = 0; i < r->p->jobs; i++)
        if (r->job[i].pid == 0)
            new = i;
        else if (!best || r->job[i].n < best->n)
            best = &r->job[i];
    if (new == r->p->jobs || (best && best->n == 0))
        return best;
    /* with fewer than asked for it goes on, too */
    if (job_start(r->job, r->p->jobs, new, r->p->session->settings, r->p->ask,
                  r->p->arg, r->p->session->err) == 0)
        best = &r->job[new];
    return best;
}

/* Whether it has a line to which no other may come. */
static bool is_taken(struct run *r, const struct job *job)
{
    return job->n && slot_of(r, job->line[job->first])->alone;
}

/* Gives a worker up to `n` of the lines that wait. */
static int give(struct run *r, struct job *job, size_t n)
{
    struct pending *slot;

    while (n > 0 && job->n < JOB_LINES && r->first_waiting < r->tail) {
        slot = slot_of(r, r->first_waiting);
        if (slot->state == WAITING) {
            if (slot->alone && job->n)
                break;
            if (job_give(job, r->first_waiting, slot->line,
                         buf_view(&slot->text)) < 0)
                return err_nomem(r->p->session->err);
            slot->state = GIVEN;
            r->nwaiting--;
            n = slot->alone ? 0 : n - 1;
        }
        r->first_waiting++;
    }
    job_send(job);
    return 0;
}

/* Each gets a part of what waits, so that near the end of many, or where there
 * are few, all have something to do. */
static int deal(struct run *r)
{
    unsigned jobs = r->p->jobs;
    struct timing *timing = &r->p->session->timing;
    struct job *job;
    int rc = 0;

    if (r->nwaiting && !timing->begun_ns)
        timing->begun_ns = timing_now();
    while (r->nwaiting && rc == 0) {
        while (slot_of(r, r->first_waiting)->state != WAITING)
            r->first_waiting++;
        job = least_busy(r);
        if (!job)
            return r->p->session->err->code; /* of job_start */
        if (job->n > JOB_LINES / 2 || is_taken(r, job) ||
            (job->n && slot_of(r, r->first_waiting)->alone))
            break;
        rc = give(r, job, (r->nwaiting + 2 * jobs - 1) / (2 * jobs));
    }
    return rc;
}

/* --- answers --- */

/* How long an answer will be, as far as its beginning tells. */
static size_t length(const struct buf *reply)
{
    struct worker_reply head;

    if (reply->n < sizeof head)
        return sizeof head;
    memcpy(&head, reply->p, sizeof head);
    return sizeof head + head.out + head.messages + head.timed + head.why;
}

/* Adds bytes to an answer; *from moves on. Returns whether it is whole. */
static int add_bytes(struct run *r, struct buf *reply, struct view *from)
{
    size_t n;

    while (from->n && reply->n < length(reply)) {
        n = length(reply) - reply->n;
        n = n < from->n ? n : from->n;
        if (buf_add(reply, view_sub(*from, 0, n)) < 0)
            return err_nomem(r->p->session->err);
        *from = view_sub(*from, n, from->n);
        r->answers += n;
    }
    return reply->n == length(reply);
}

/* What a worker that has ended did not answer is asked again, once. */
static void bury(struct run *r, struct job *job)
{
    uint64_t line[JOB_LINES];
    unsigned n = job->n, i;
    bool damaged;

    for (i = 0; i < n; i++)
        line[i] = job->line[(job->first + i) % JOB_LINES];
    damaged = job_end(job, false);
    for (i = 0; i < n; i++) {
        struct pending *slot = slot_of(r, line[i]);

        r->answers -= slot->reply.n;
        buf_clear(&slot->reply);
        slot->state = slot->alone ? LOST : WAITING;
        slot->damaged = damaged;
        if (slot->alone)
            continue;
        slot->alone = true;
        r->nwaiting++;
        if (line[i] < r->first_waiting)
            r->first_waiting = line[i];
    }
}

/* Reads what a worker has sent. */
static int receive(struct run *r, struct job *job)
{
    uint8_t bytes[READ];
    ssize_t n = job_receive(job, bytes, sizeof bytes);
    struct view rest = view_of(bytes, n > 0 ? (size_t)n : 0);
    int rc = 0;

    if (n < 0)
        bury(r, job);
    while (rest.n && rc >= 0) {
        struct pending *slot = slot_of(r, job->line[job->first]);

        rc = add_bytes(r, &slot->reply, &rest);
        if (rc > 0) {
            slot->state = DONE;
            job->first = (job->first + 1) % JOB_LINES;
            job->n--;
        }
    }
    return rc < 0 ? rc : 0;
}

/* Puts an answer into the session; returns what `ask` had, ERR_NOMEM. */
static int add_answer(struct session *s, struct view reply)
{
    struct worker_reply head;
    size_t at = sizeof head;

    memcpy(&head, reply.p, sizeof head);
    if (buf_add(&s->out, view_sub(reply, at, at + head.out)) < 0)
        return err_nomem(s->err);
    at += head.out;
    if (buf_add(&s->messages, view_sub(reply, at, at + head.messages)) < 0)
        return err_nomem(s->err);
    at += head.messages;
    if (buf_add(&s->timing.us, view_sub(reply, at, at + head.timed)) < 0)
        return err_nomem(s->err);
    at += head.timed;
    if (head.rc < 0)
        err_set(s->err, head.rc, "%.*s", (int)head.why,
                (const char *)reply.p + at);
    return head.rc;
}

static void clear(struct buf *b)
{
    if (b->cap > KEEP)
        buf_release(b);
    buf_clear(b);
}

/* Takes the answers whose turn it is: 0, 1 where it is enough, negative. */
static int take_answers(struct run *r)
{
    struct pool *p = r->p;
    struct pending *slot;
    int rc = 0;

    while (rc == 0 && r->head < r->tail) {
        slot = slot_of(r, r->head);
        if (slot->state < DONE)
            break;
        rc = slot->state == DONE
                 ? add_answer(p->session, buf_view(&slot->reply))
                 : p->lost(p->arg, slot->line, buf_view(&slot->text),
                           slot->damaged);
        r->answers -= slot->reply.n;
        r->lines -= slot->text.n;
        clear(&slot->reply);
        clear(&slot->text);
        r->head++;
        rc = p->take(p->arg, rc);
        if (rc == 0 && p->session->out.n >= PRINT_AT)
            rc = session_flush(p->session);
    }
    return rc;
}

/* --- waiting --- */

/* Whether more may be read from it: else answers that wait for their turn would
 * gather without end. The one whose turn it is is always heard. */
static bool listens(struct run *r, const struct job *job)
{
    return r->answers < ANSWERS_BYTES || slot_of(r, r->head)->state != GIVEN ||
           (job->n && job->line[job->first] == r->head);
}

/* Until a worker or a line comes. */
static int wait_for_any(struct run *r)
{
    struct pollfd ready[POOL_JOBS_MAX + 1];
    struct job *of[POOL_JOBS_MAX + 1];
    bool reads = has_room(r);
    unsigned i, n = 0;
    int rc = 0;

    for (i = 0; i < r->p->jobs; i++) {
        struct job *job = &r->job[i];

        if (job->pid == 0)
            continue;
        of[n] = job;
        ready[n++] = (struct pollfd){
            .fd = job->fd,
            .events = (short)((listens(r, job) ? POLLIN : 0) |
                              (job_has_to_send(job) ? POLLOUT : 0))};
    }
    if (reads)
        ready[n] = (struct pollfd){.fd = r->p->fd, .events = POLLIN};
    if (poll(ready, n + reads, -1) < 0)
        return errno == EINTR
                   ? 0
                   : err_sys(r->p->session->err, ERR_IO, errno, "cannot wait");
    if (reads && ready[n].revents) {
        rc = r->p->fill(r->p->arg);
        if (rc < 0)
            rc = end_of_lines(r, rc);
    }
    for (i = 0; i < n && rc == 0; i++) {
        if (ready[i].revents & POLLOUT)
            job_send(of[i]);
        if (ready[i].revents & ~POLLOUT)
            rc = receive(r, of[i]);
    }
    return rc;
}

static int run(struct run *r)
{
    struct session *s = r->p->session;
    int rc;

    for (;;) {
        rc = take_answers(r);
        if (rc == 0)
            rc = take_lines(r);
        if (rc == 0)
            rc = deal(r);
        if (rc != 0)
            return rc;
        if (r->ended && r->head == r->tail)
            break;
        rc = session_flush(s);
        if (rc == 0)
            rc = wait_for_any(r);
        if (rc != 0)
            return rc;
    }
    if (r->failed)
        *s->err = r->why;
    return r->failed;
}

int pool_run(struct pool *p)
{
    struct run r = {.p = p, .nslots = (size_t)POOL_LINES * p->jobs};
    struct session *s = p->session;
    size_t i;
    int rc;

    session_leave(s);
    r.slot = calloc(r.nslots, sizeof *r.slot);
    r.job = calloc(p->jobs, sizeof *r.job);
    rc = r.slot && r.job ? run(&r) : err_nomem(s->err);
    for (i = 0; r.job && i < p->jobs; i++)
        if (r.job[i].pid)
            job_end(&r.job[i], rc != 0);
    for (i = 0; r.slot && i < r.nslots; i++) {
        buf_release(&r.slot[i].text);
        buf_release(&r.slot[i].reply);
    }
    free(r.slot);
    free(r.job);
    return rc < 0 ? rc : 0;
}
