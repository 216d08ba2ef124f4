#include "base/spool.h"

#include <errno.h>
#include <unistd.h>

#include "base/temp_file.h"
#include "base/write_all.h"

enum { CHUNK = 65536 };

/* Moves what is in memory to the file. */
static int store(struct spool *s, struct err *err)
{
    int rc = 0;

    if (!s->has_file) {
        rc = temp_file_open(err);
        if (rc < 0)
            return rc;
        s->fd = rc;
        s->has_file = true;
    }
    rc = temp_file_add(s->fd, buf_view(&s->tail), err);
    if (rc < 0)
        return rc;
    s->stored += s->tail.n;
    buf_clear(&s->tail);
    return 0;
}

int spool_add(struct spool *s, struct view v, struct err *err)
{
    size_t memory = s->memory ? s->memory : SPOOL_MEMORY;
    int rc = 0;

    if (s->tail.n && s->tail.n + v.n > memory)
        rc = store(s, err);
    if (rc == 0 && buf_add(&s->tail, v) < 0)
        rc = err_nomem(err);
    return rc;
}

void spool_clear(struct spool *s)
{
    buf_clear(&s->tail);
    if (s->has_file)
        close(s->fd);
    s->has_file = false;
    s->stored = 0;
}

int spool_print(struct spool *s, int fd)
{
    uint8_t chunk[CHUNK];
    uint64_t at = 0;
    ssize_t n;

    while (at < s->stored) {
        n = pread(s->fd, chunk, sizeof chunk, (off_t)at);
        if (n == 0)
            errno = EIO; /* somebody cut it short */
        if (n <= 0 || write_all(fd, view_of(chunk, (size_t)n)) < 0)
            return -1;
        at += (uint64_t)n;
    }
    return write_all(fd, buf_view(&s->tail));
}

void spool_release(struct spool *s)
{
    spool_clear(s);
    buf_release(&s->tail);
}
