#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/write_all.h"
#include "indexer/formats/child.h"
#include "indexer/formats/filter.h"
#include "indexer/formats/worker.h"
#include "indexer/formats/worker_fd.h"
#include "text/utf8.h"

enum { DECLARED_MAX = 1 << 14 }; /* bytes of a title, a date … */

/* The address sanitizer takes terabytes of it. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMIT_SELF 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMIT_SELF 0
#endif
#endif
#ifndef LIMIT_SELF
#define LIMIT_SELF 1
#endif

bool worker_wanted(int argc, char **argv)
{
    return argc == 1 && strcmp(argv[0], WORKER_NAME) == 0;
}

static void limit(const struct request *r)
{
    const struct rlimit memory = {r->memory, r->memory}, none = {0, 0};
    const struct child_limits programs = {.memory = r->memory,
                                          .seconds = r->seconds + 1};

    if (LIMIT_SELF && r->memory)
        setrlimit(RLIMIT_AS, &memory);
    setrlimit(RLIMIT_CORE, &none);
    child_limit(&programs);
}

/* The next n bytes: 0; 1 where the indexer is gone. */
static int get(size_t n, struct buf *out)
{
    buf_clear(out);
    if (buf_reserve(out, n) < 0)
        return ERR_NOMEM;
    while (out->n < n) {
        ssize_t got = read(WORKER_FD, out->p + out->n, n - out->n);

        if (got == 0 || (got < 0 && errno != EINTR))
            return 1;
        out->n += got > 0 ? (size_t)got : 0;
    }
    return 0;
}

struct work {
    struct buf head, small, large;
    struct request request;
    struct reply reply;
};

/* The next file: 0, 1 where there is none. */
static int take(struct work *w)
{
    struct message_size size;
    int rc = get(MESSAGE_HEAD, &w->head);

    if (rc == 0)
        rc = message_head_read(w->head.p, SIZE_MAX, &size);
    if (rc == 0)
        rc = get(size.small, &w->small);
    if (rc == 0)
        rc = get(size.large, &w->large);
    return rc == 0 ? message_read_request(buf_view(&w->small),
                                          buf_view(&w->large), &w->request)
                   : rc;
}

static void work(struct work *w)
{
    const struct request *q = &w->request;
    struct buf charset = {0};
    struct extract_limits limits = {.text_max = q->text_max};
    struct reply *r = &w->reply;
    unsigned n = 0;
    struct view name = q->path;

    r->err.msg[0] = 0;
    if (q->charset.n && buf_add(&charset, q->charset) == 0)
        limits.charset = buf_cstr(&charset);
    if (q->filter.n) {
        extract_clear(&r->d.x);
        r->d.format = r->d.packed = FORMAT_TEXT;
        r->d.name = q->path;
        r->rc = filter_extract(q->filter, q->path, q->bytes, &limits, &r->d.x,
                               &r->err);
    } else {
        r->rc = format_extract(q->bytes, q->path, &limits, &r->d, &r->err);
    }
    if (r->rc == 0 && r->d.x.text.n > q->text_max)
        r->rc = err_set(&r->err, ERR_FULL, "its text is larger than %zu bytes",
                        q->text_max);
    for (; n < FORMAT_NESTED && name.n != r->d.name.n; n++)
        name = format_inner_name(name);
    r->nested = n;
    buf_release(&charset);
}

/* What a file declares has its bounds; what is beyond them is left out. */
static void bound(struct extract *x)
{
    if (x->title.n > DECLARED_MAX)
        x->title.n = utf8_cut(buf_view(&x->title), DECLARED_MAX);
    if (x->date.n > DECLARED_MAX)
        buf_clear(&x->date);
    if (x->language.n > DECLARED_MAX)
        buf_clear(&x->language);
    if (x->charset.n > DECLARED_MAX)
        buf_clear(&x->charset);
    if (x->fields.n > MESSAGE_SMALL / 2)
        buf_clear(&x->fields);
}

static int answer(struct work *w)
{
    struct reply *r = &w->reply;
    struct message_size size;
    uint8_t head[MESSAGE_HEAD];

    r->fresh = child_ran();
    if (r->rc < 0)
        extract_clear(&r->d.x);
    bound(&r->d.x);
    buf_clear(&w->small);
    if (message_write_reply(r, &w->small) < 0)
        return ERR_NOMEM;
    size.small = w->small.n;
    size.large = r->d.x.text.n;
    message_head(size, head);
    if (write_all(WORKER_FD, view_of(head, sizeof head)) < 0 ||
        write_all(WORKER_FD, buf_view(&w->small)) < 0)
        return ERR_IO;
    return write_all(WORKER_FD, buf_view(&r->d.x.text)) < 0 ? ERR_IO : 0;
}

int worker_main(void)
{
    struct work w = {0};
    int rc;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fcntl(WORKER_FD, F_SETFD, FD_CLOEXEC);
    while ((rc = take(&w)) == 0) {
        limit(&w.request);
        work(&w);
        rc = answer(&w);
        if (rc < 0)
            break;
    }
    return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
