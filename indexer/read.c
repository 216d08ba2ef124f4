#include "indexer/read.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "indexer/open.h"

enum {
    TRIES = 3,       /* of a file that changes while it is read */
    HEAD = 1 << 13,  /* here one NUL byte makes a file binary */
    SAMPLE = 1 << 16 /* control characters are counted in so many bytes */
};

void read_stat(struct source *s, const struct stat *st)
{
    s->mtime_ns = (uint64_t)st->st_mtim.tv_sec * 1000000000u +
                  (uint64_t)st->st_mtim.tv_nsec;
    s->size = (uint64_t)st->st_size;
    s->inode = (uint64_t)st->st_ino;
    s->device = (uint64_t)st->st_dev;
}

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Bytes of fd behind those of out, at most max + 1 of them: how many, or -1. */
static ssize_t read_bytes(int fd, uint64_t max, size_t expect, struct buf *out)
{
    size_t got = 0;

    while (got <= max) {
        size_t want = expect > got ? expect - got + 1 : HEAD;
        ssize_t n;

        if (want > max + 1 - got)
            want = (size_t)(max + 1 - got);
        if (buf_reserve(out, want) < 0) {
            errno = ENOMEM;
            return -1;
        }
        n = read(fd, out->p + out->n, want);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        out->n += (size_t)n;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

/* One attempt; REASON_CHANGING where it is worth another. */
static enum source_reason read_once(int fd, uint64_t max, struct buf *out,
                                    struct stat *st, int *error)
{
    struct stat after;
    ssize_t n;

    if (fstat(fd, st) < 0 || lseek(fd, 0, SEEK_SET) < 0) {
        *error = errno;
        return REASON_UNREADABLE;
    }
    if ((uint64_t)st->st_size > max)
        return REASON_TOO_LARGE;
    n = read_bytes(fd, max, (size_t)st->st_size, out);
    if (n < 0 || fstat(fd, &after) < 0) {
        *error = errno;
        return REASON_UNREADABLE;
    }
    if (!same(st, &after))
        return REASON_CHANGING;
    if ((uint64_t)n > max) /* of a file that has no size, as in /proc */
        return REASON_TOO_LARGE;
    return n == 0 ? REASON_EMPTY : REASON_NONE;
}

enum source_reason read_file(const char *path, uint64_t max, struct buf *out,
                             struct stat *st, int *error)
{
    enum source_reason reason = REASON_UNREADABLE;
    size_t start = out->n;
    int fd, tries;

    *error = 0;
    memset(st, 0, sizeof *st);
    if (stat_path(path, st) < 0) {
        *error = errno;
        return REASON_UNREADABLE;
    }
    if (!S_ISREG(st->st_mode)) {
        *error = S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
        return REASON_UNREADABLE;
    }
    fd = open_path(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *error = errno;
        return REASON_UNREADABLE;
    }
    if (fstat(fd, st) == 0 && !S_ISREG(st->st_mode)) {
        *error = EINVAL; /* it was swapped for something else */
    } else {
        for (tries = 0; tries < TRIES; tries++) {
            reason = read_once(fd, max, out, st, error);
            if (reason != REASON_CHANGING)
                break;
            out->n = start;
        }
    }
    close(fd);
    if (reason != REASON_NONE)
        out->n = start;
    return reason;
}

typedef uint8_t bytes16 __attribute__((vector_size(16)));

static bool odd_control(uint8_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' &&
            c != '\b' && c != 0x1b) ||
           c == 0x7f;
}

/* Whether one of p[0..64) may be such: a control character that ends no line. */
static bool may_be_odd(const uint8_t *p)
{
    bytes16 v, any = {0};
    uint64_t half[2];
    unsigned i;

    for (i = 0; i < 64; i += 16) {
        memcpy(&v, p + i, sizeof v);
        any |= (bytes16)((v < 0x20) & (v != '\n') & (v != '\r')) |
               (bytes16)(v == 0x7f);
    }
    memcpy(half, &any, sizeof half);
    return half[0] | half[1];
}

/* Control characters in p[0..n) that texts do not have. */
static size_t odd_controls(const uint8_t *p, size_t n)
{
    size_t i = 0, to, odd = 0;

    while (i < n) {
        to = n - i < 64 ? n : i + 64;
        if (to - i == 64 && !may_be_odd(p + i))
            i = to;
        for (; i < to; i++)
            odd += odd_control(p[i]);
    }
    return odd;
}

const char *read_binary(struct view v)
{
    size_t head = v.n < HEAD ? v.n : HEAD;
    size_t sample = v.n < SAMPLE ? v.n : SAMPLE;
    size_t i, nul = 0, odd;

    if (v.n == 0) /* and maybe nowhere */
        return NULL;
    if (v.n >= 5 && memcmp(v.p, "%PDF-", 5) == 0)
        return "a PDF document";
    odd = odd_controls(v.p, sample);
    if (odd == 0 && sample == v.n)
        return NULL;
    if (memchr(v.p, 0, head))
        return "NUL bytes";
    if (odd > 16 + sample / 20)
        return "control characters";
    /* a stray one does no harm, many far behind do */
    for (i = head; i < v.n && nul <= v.n / 1000; i++) {
        const uint8_t *p = memchr(v.p + i, 0, v.n - i);

        if (!p)
            break;
        i = (size_t)(p - v.p);
        nul++;
    }
    return nul > v.n / 1000 ? "NUL bytes" : NULL;
}
