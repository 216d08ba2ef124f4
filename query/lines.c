#include "query/lines.h"

#include <errno.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };

int lines_fill(struct lines *l, struct err *err)
{
    ssize_t n;

    if (l->at) {
        memmove(l->buf.p, l->buf.p + l->at, l->buf.n - l->at);
        l->buf.n -= l->at;
        l->at = 0;
    }
    if (buf_reserve(&l->buf, CHUNK) < 0)
        return err_nomem(err);
    do
        n = read(l->fd, l->buf.p + l->buf.n, CHUNK);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_sys(err, ERR_IO, errno, "cannot read standard input");
    l->buf.n += (size_t)n;
    l->ended = n == 0;
    return 0;
}

/* Gives the first n bytes at hand as a line; `end` more are its end. */
static int give(struct lines *l, size_t n, size_t end, struct view *line)
{
    *line = view_sub(buf_view(&l->buf), l->at, l->at + n);
    l->at += n + end;
    l->searched = 0;
    l->too_long = l->skipping || n > LINES_MAX;
    l->skipping = false;
    if (!l->begun && n >= 3 && memcmp(line->p, "\xef\xbb\xbf", 3) == 0)
        *line = view_sub(*line, 3, n);
    l->begun = true;
    if (l->too_long)
        *line = view_of(NULL, 0);
    else if (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    return 1;
}

int lines_at_hand(struct lines *l, struct view *line)
{
    size_t n = l->buf.n - l->at;
    const uint8_t *nl = n > l->searched ? memchr(l->buf.p + l->at + l->searched,
                                                 '\n', n - l->searched)
                                        : NULL;

    if (nl)
        return give(l, (size_t)(nl - (l->buf.p + l->at)), 1, line);
    if (l->ended)
        return n || l->skipping ? give(l, n, 0, line) : 0;
    l->searched = n;
    if (n > LINES_MAX || l->skipping) {
        l->skipping = true;
        l->at = l->buf.n;
        l->searched = 0;
    }
    return 0;
}

int lines_next(struct lines *l, struct view *line, struct err *err)
{
    int rc;

    while ((rc = lines_at_hand(l, line)) == 0 && !l->ended) {
        rc = lines_fill(l, err);
        if (rc < 0)
            break;
    }
    return rc;
}

void lines_release(struct lines *l)
{
    buf_release(&l->buf);
    memset(l, 0, sizeof *l);
}
