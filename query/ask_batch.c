/* --batch: a line in, a line out. */
#include <unistd.h>

#include "base/json_write.h"
#include "query/answer.h"
#include "query/ask.h"
#include "query/lines.h"
#include "query/request.h"

/* Replaces what was printed by the error that stopped it. */
static int add_error(struct session *s, const struct request *r)
{
    struct json j = {.out = &s->out};

    buf_clear(&s->out);
    buf_clear(&s->messages);
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

static int ask(struct session *s, struct request *r)
{
    struct question q = {.text = r->text, .part = &r->text, .nparts = 1};
    struct settings *defaults = s->settings;
    struct session_mark mark = session_mark(s);
    struct buf head = {0};
    int rc = 0;

    if (buf_adds(&head, "\"id\":") < 0 ||
        buf_add(&head, buf_view(&r->id)) < 0 ||
        buf_adds(&head, ",\"ok\":true,") < 0)
        rc = err_nomem(s->err);
    q.head = buf_view(&head);
    s->settings = &r->settings;
    if (rc == 0)
        do
            rc = answer(s, &q);
        while (session_again(s, &mark, &rc));
    s->settings = defaults;
    buf_release(&head);
    if (rc < 0)
        r->code = request_code(rc);
    return rc;
}

/* Answers a line and prints the answer; negative where nothing can be printed
 * any more. */
static int one(struct session *s, struct json_reader *reader, struct request *r,
               const struct lines *in, struct view line)
{
    int rc;

    memset(s->err, 0, sizeof *s->err);
    rc = request_read(r, reader, line, s->settings, s->err);
    if (in->too_long) {
        r->code = "too_long";
        rc = err_set(s->err, ERR_USAGE, "the line has more than %d bytes",
                     LINES_MAX);
    }
    if (rc == 0)
        rc = ask(s, r);
    if (rc < 0)
        rc = add_error(s, r);
    return rc < 0 ? rc : session_flush(s);
}

int ask_batch(struct session *s)
{
    struct lines in = {.fd = STDIN_FILENO};
    struct json_reader *reader = NULL;
    struct request r = {0};
    struct view line;
    int rc = json_reader_open(&reader, s->err);

    while (rc >= 0 && (rc = lines_next(&in, &line, s->err)) > 0)
        rc = one(s, reader, &r, &in, line);
    request_release(&r);
    json_reader_free(reader);
    lines_release(&in);
    return rc < 0 ? rc : 1; /* whatever the answers were */
}
