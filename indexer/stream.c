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

void stream_close(struct stream *s)
{
    if (s->fd != STDIN_FILENO)
        close(s->fd);
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

int stream_fill(struct stream *s, const volatile sig_atomic_t *stop,
                struct err *err)
{
    ssize_t n;

    if (s->ended)
        return 0;
    if (make_room(s) < 0)
        return err_nomem(err);
    do
        n = read(s->fd, s->in.p + s->in.n, BLOCK);
    while (n < 0 && errno == EINTR && !*stop);
    if (n < 0 && errno != EINTR)
        return err_sys(err, ERR_IO, errno, "cannot read %s", s->name);
    if (n <= 0) {
        s->ended = true;
        return 0;
    }
    s->in.n += (size_t)n;
    return 1;
}
