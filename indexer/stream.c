#include "indexer/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 }; /* bytes asked for at a time */

int stream_open(struct stream *s, const char *path, struct err *err)
{
    bool in = strcmp(path, "-") == 0;

    memset(s, 0, sizeof *s);
    s->name = in ? "standard input" : path;
    s->fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    return s->fd < 0 ? err_sys(err, ERR_IO, errno, "cannot open %s", path) : 0;
}

int stream_decode(struct stream *s, const char *encoding, struct err *err)
{
    return charset_reader_open(&s->decode, encoding, err);
}

size_t stream_replaced(const struct stream *s)
{
    return s->decode ? charset_reader_replaced(s->decode) : 0;
}

void stream_close(struct stream *s)
{
    if (s->fd != STDIN_FILENO)
        close(s->fd);
    charset_reader_free(s->decode);
    buf_release(&s->raw);
    buf_release(&s->in);
}

/* Moves the rest to the front. */
static int make_room(struct stream *s)
{
    if (s->at > 0) {
        memmove(s->in.p, s->in.p + s->at, s->in.n - s->at);
        s->in.n -= s->at;
        s->at = 0;
        if (s->in.n < STREAM_KEEP / 4 && s->in.cap > STREAM_KEEP) {
            struct buf small = {0};

            if (buf_add(&small, buf_view(&s->in)) < 0)
                return ERR_NOMEM;
            buf_release(&s->in);
            s->in = small;
        }
    }
    return buf_reserve(&s->in, BLOCK);
}

/* Appends what is read next to `to`: 1, 0 at the end, negative. */
static int read_block(struct stream *s, struct buf *to,
                      const volatile sig_atomic_t *stop, struct err *err)
{
    ssize_t n;

    do
        n = read(s->fd, to->p + to->n, BLOCK);
    while (n < 0 && errno == EINTR && !*stop);
    if (n < 0 && errno != EINTR)
        return err_sys(err, ERR_IO, errno, "cannot read %s", s->name);
    if (n <= 0) {
        s->ended = true;
        return 0;
    }
    to->n += (size_t)n;
    return 1;
}

/* The same, decoded; at the end, what is left of a character. */
static int read_decoded(struct stream *s, const volatile sig_atomic_t *stop,
                        struct err *err)
{
    size_t before = s->in.n;
    int rc = buf_reserve(&s->raw, BLOCK) < 0 ? err_nomem(err) : 1;

    while (rc > 0 && s->in.n == before) {
        rc = read_block(s, &s->raw, stop, err);
        if (rc >= 0 && charset_read(s->decode, &s->raw, s->ended, &s->in) < 0)
            rc = err_nomem(err);
        if (rc > 0 && buf_reserve(&s->raw, BLOCK) < 0)
            rc = err_nomem(err);
    }
    return rc < 0 ? rc : s->in.n > before;
}

int stream_fill(struct stream *s, const volatile sig_atomic_t *stop,
                struct err *err)
{
    if (s->ended)
        return 0;
    if (make_room(s) < 0)
        return err_nomem(err);
    return s->decode ? read_decoded(s, stop, err)
                     : read_block(s, &s->in, stop, err);
}
