#include "indexer/mailbox.h"

#include <inttypes.h>
#include <stdlib.h>

#include "indexer/formats/mail_header.h"
#include "indexer/formats/mbox.h"
#include "indexer/stream.h"

struct mailbox {
    struct stream in;
    const char *name; /* borrowed */
    size_t max;
    uint64_t line; /* line ends passed over */
    uint64_t byte; /* passed over */
    bool any;      /* there was a message */
    bool other;    /* there were other bytes before it */
    struct buf message, id, charset;
};

int mailbox_open(struct mailbox **out, const char *path, size_t max,
                 struct err *err)
{
    struct mailbox *m = calloc(1, sizeof *m);
    int rc;

    *out = NULL;
    if (!m)
        return err_nomem(err);
    m->max = max;
    m->name = path;
    rc = stream_open(&m->in, path, err);
    if (rc < 0)
        free(m);
    else
        *out = m;
    return rc;
}

void mailbox_close(struct mailbox *m)
{
    if (!m)
        return;
    stream_close(&m->in);
    buf_release(&m->message);
    buf_release(&m->id);
    buf_release(&m->charset);
    free(m);
}

int mailbox_charset(struct mailbox *m, const char *charset)
{
    buf_clear(&m->charset);
    return buf_adds(&m->charset, charset);
}

static void pass(struct mailbox *m, size_t n)
{
    struct view v = stream_rest(&m->in);
    const uint8_t *p = v.p, *end = n ? p + n : p;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        m->line++;
        p++;
    }
    m->byte += n;
    stream_pass(&m->in, n);
}

/* Where the next message begins, from byte `at` of the stream on, which is not
 * in the middle of a line that begins one: 1 with *n; 0 where there is none, *n
 * bytes are left; ERR_IO, ERR_NOMEM. If that is further than the limit, the
 * first bytes are passed over. */
static int find(struct mailbox *m, size_t at, size_t *n, bool *large,
                const volatile sig_atomic_t *stop, struct err *err)
{
    int rc = 1;

    *large = false;
    for (;;) {
        struct view v = stream_rest(&m->in), line;

        *n = mbox_find(v, at);
        line = view_sub(v, *n, v.n);
        if (line.n && (rc == 0 || memchr(line.p, '\n', line.n)))
            return 1;
        if (rc <= 0 || *stop)
            return rc < 0 ? rc : 0;
        /* the last line may be one that begins a message when it is whole */
        if (v.n > MBOX_LINE && at < v.n - MBOX_LINE)
            at = v.n - MBOX_LINE;
        if (at > m->max + 1) {
            *large = true;
            pass(m, at - 1);
            at = 1;
        }
        rc = stream_fill(&m->in, stop, err);
    }
}

/* Goes to the first message: 1, 0, ERR_IO, ERR_NOMEM. */
static int find_first(struct mailbox *m, const volatile sig_atomic_t *stop,
                      struct err *err)
{
    bool large;
    size_t n;
    int rc = find(m, 0, &n, &large, stop, err);

    m->other = large || n > 0;
    pass(m, n);
    return rc;
}

static int set_id(struct mailbox *m, struct view field, uint64_t at)
{
    const uint8_t *from = field.n ? memchr(field.p, '<', field.n) : NULL;
    const uint8_t *to;

    buf_clear(&m->id);
    if (from) {
        field = view_sub(field, (size_t)(from - field.p) + 1, field.n);
        to = field.n ? memchr(field.p, '>', field.n) : NULL;
        field.n = to ? (size_t)(to - field.p) : field.n;
    }
    if (mail_words(field, &m->id) < 0)
        return ERR_NOMEM;
    return m->id.n ? 0 : buf_addf(&m->id, "%s:%" PRIu64, m->name, at);
}

int mailbox_next(struct mailbox *m, struct record *out,
                 const volatile sig_atomic_t *stop, struct err *err)
{
    struct mail_header head;
    uint64_t at;
    bool large;
    size_t n;
    int rc = 1;

    memset(out, 0, sizeof *out);
    if (!m->any) {
        rc = find_first(m, stop, err);
        m->any = true;
        out->line = 1;
        if (rc == 0 && !*stop && m->other)
            return err_set(err, ERR_USAGE, "no line begins a message in it");
    }
    if (rc <= 0 || stream_rest(&m->in).n == 0)
        return rc < 0 ? rc : 0;
    out->line = m->line + 1;
    at = m->byte;
    rc = find(m, 1, &n, &large, stop, err);
    if (rc < 0 || *stop)
        return rc < 0 ? rc : 0;
    out->raw = view_sub(stream_rest(&m->in), 0, n);
    pass(m, n);
    if (large || n > m->max)
        return err_set(err, ERR_USAGE, "longer than %zu bytes (--max-size)",
                       m->max);
    buf_clear(&m->message);
    if (mbox_message(out->raw, &m->message) < 0)
        return err_nomem(err);
    mail_header_read(buf_view(&m->message), &head);
    if (set_id(m, head.message_id, at) < 0)
        return err_nomem(err);
    out->id = buf_view(&m->id);
    out->message = buf_view(&m->message);
    out->charset = buf_view(&m->charset);
    return 1;
}
