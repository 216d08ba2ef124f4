/* --batch: a line in, a line out. */
#include <unistd.h>

#include "base/json_write.h"
#include "query/answer.h"
#include "query/ask.h"
#include "query/lines.h"
#include "query/pool.h"
#include "query/request.h"

struct batch {
    struct session *session;
    struct lines in;
    struct json_reader *reader;
    struct request request;
    struct pool pool;
};

static int add_error(struct session *s, const struct request *r)
{
    struct json j = {.out = &s->out};

    json_object(&j);
    json_key(&j, "id");
    if (buf_add(&s->out, buf_view(&r->id)) < 0)
        return err_nomem(s->err);
    j.after_key = false;
    json_key(&j, "ok");
    json_bool(&j, false);
    json_key(&j, "error");
    json_object(&j);
    json_key(&j, "code");
    json_cstr(&j, r->code);
    json_key(&j, "message");
    json_cstr(&j, s->err->msg);
    json_end(&j);
    json_end(&j);
    return j.failed || buf_addc(&s->out, '\n') < 0 ? err_nomem(s->err) : 0;
}

/* The answer to a request, or to that for documents like one, whose query goes
 * to `text`. */
static int answer_request(struct session *s, struct request *r,
                          struct question *q, struct buf *text)
{
    bool there;
    int rc;

    r->code = NULL;
    if (!r->similar.p)
        return answer(s, q);
    buf_clear(text);
    rc = ask_similar_query(s, r->similar, text, &there);
    if (rc == 0 && !there)
        rc = err_set(s->err, ERR_USAGE, "no document '%.*s' in the index",
                     NOTE_VIEW(r->similar));
    if (rc == ERR_USAGE)
        r->code = "no_document";
    q->exact = true;
    q->text = r->text = buf_view(text);
    return rc < 0 ? rc : answer(s, q);
}

static int ask(struct session *s, struct request *r)
{
    struct question q = {.text = r->text, .part = &r->text, .nparts = 1};
    struct settings *defaults = s->settings;
    struct session_mark mark = session_mark(s);
    struct buf head = {0}, text = {0};
    int rc = 0;

    if (buf_adds(&head, "\"id\":") < 0 ||
        buf_add(&head, buf_view(&r->id)) < 0 ||
        buf_adds(&head, ",\"ok\":true,") < 0)
        rc = err_nomem(s->err);
    q.head = buf_view(&head);
    s->settings = &r->settings;
    if (rc == 0)
        do
            rc = answer_request(s, r, &q, &text);
        while (session_again(s, &mark, &rc));
    s->settings = defaults;
    buf_release(&head);
    buf_release(&text);
    if (rc < 0 && !r->code)
        r->code = request_code(rc);
    return rc;
}

/* Answers a line into the session's buffers; negative where not even an error
 * can be said. */
static int one(struct batch *b, struct session *s, struct view line,
               bool too_long)
{
    struct session_mark mark = session_mark(s);
    struct request *r = &b->request;
    int rc;

    memset(s->err, 0, sizeof *s->err);
    rc = request_read(r, b->reader, line, s->settings, s->err);
    if (too_long) {
        r->code = "too_long";
        rc = err_set(s->err, ERR_USAGE, "the line has more than %d bytes",
                     LINES_MAX);
    }
    if (rc == 0)
        rc = ask(s, r);
    if (rc >= 0)
        return 0;
    s->out.n = mark.out;
    s->messages.n = mark.messages;
    return add_error(s, r);
}

static int one_by_one(struct batch *b)
{
    struct session *s = b->session;
    struct view line;
    int rc;

    while ((rc = lines_next(&b->in, &line, s->err)) > 0) {
        rc = one(b, s, line, b->in.too_long);
        if (rc == 0)
            rc = session_flush(s);
        if (rc < 0)
            break;
    }
    return rc;
}

/* --- with several processes --- */

static int next(void *arg, struct worker_line *line, struct view *text)
{
    struct batch *b = arg;
    int rc = lines_at_hand(&b->in, text);

    line->number = 0;
    line->too_long = b->in.too_long;
    return rc;
}

static int fill(void *arg)
{
    struct batch *b = arg;
    int rc = lines_fill(&b->in, b->session->err);

    if (b->in.ended)
        b->pool.fd = -1;
    return rc;
}

static int ask_line(void *arg, struct session *s, struct worker_line line,
                    struct view text)
{
    int rc = one(arg, s, text, line.too_long);

    session_end(s); /* the next line sees the newest commit */
    return rc;
}

static int take(void *arg, int rc)
{
    (void)arg;
    return rc;
}

static int lost(void *arg, struct worker_line line, struct view text,
                bool damaged)
{
    struct batch *b = arg;
    struct session *s = b->session;

    (void)line;
    (void)request_read(&b->request, b->reader, text, s->settings, s->err);
    b->request.code = damaged ? "damaged" : "lost";
    err_set(s->err, ERR_IO,
            damaged ? CRASH_MESSAGE
                    : "the process that was to answer has ended, twice");
    return add_error(s, &b->request);
}

int ask_batch(struct session *s)
{
    struct batch b = {.session = s, .in = {.fd = STDIN_FILENO}};
    int rc = json_reader_open(&b.reader, s->err);

    b.pool = (struct pool){.session = s,
                           .jobs = (unsigned)s->settings->jobs,
                           .arg = &b,
                           .fd = STDIN_FILENO,
                           .next = next,
                           .fill = fill,
                           .ask = ask_line,
                           .take = take,
                           .lost = lost};
    if (rc >= 0)
        rc = s->settings->jobs > 1 ? pool_run(&b.pool) : one_by_one(&b);
    request_release(&b.request);
    json_reader_free(b.reader);
    lines_release(&b.in);
    return rc < 0 ? rc : 1; /* whatever the answers were */
}
