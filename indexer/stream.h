/*
 * stream.h - a file or standard input, read once and forwards: the bytes that
 * were read and not passed over yet lie in one piece.
 *
 *     stream_open(&s, path, &err);
 *     while ((n = find_end(stream_rest(&s))) == 0)
 *         if (stream_fill(&s, &stop, &err) <= 0) ...
 *     stream_pass(&s, n);
 *     stream_close(&s);
 */
#ifndef INDEXER_STREAM_H
#define INDEXER_STREAM_H

#include <assert.h>
#include <signal.h>

#include "base/buf.h"
#include "base/err.h"
#include "indexer/formats/charset.h"

enum { STREAM_KEEP = 1 << 20 }; /* a larger piece leaves no memory behind */

struct stream {
    int fd;
    const char *name; /* for messages; borrowed */
    struct buf in;    /* read and not passed over, from `at` on */
    size_t at;
    bool ended;                    /* nothing is left behind `in` */
    struct charset_reader *decode; /* NULL: they are taken as they are */
    struct buf raw;                /* what it has not used yet */
};

/* `path` "-" is stdin. ERR_IO, and then there is nothing to close. */
int stream_open(struct stream *s, const char *path, struct err *err);

/* From now on what is read becomes UTF-8; `encoding` is as charset_name gives
 * it. 0, ERR_USAGE, ERR_NOMEM. */
int stream_decode(struct stream *s, const char *encoding, struct err *err);

/* Sequences that the encoding does not have, so far. */
size_t stream_replaced(const struct stream *s);

/* Reads on: 1; 0 at the end or when stopped; ERR_IO, ERR_NOMEM. Moves what
 * stream_rest gave. */
int stream_fill(struct stream *s, const volatile sig_atomic_t *stop,
                struct err *err);

static inline struct view stream_rest(const struct stream *s)
{
    return view_sub(buf_view(&s->in), s->at, s->in.n);
}

/* The first n bytes of the rest are done with; they stay where they are until
 * the next stream_fill. */
static inline void stream_pass(struct stream *s, size_t n)
{
    assert(n <= s->in.n - s->at);
    s->at += n;
}

void stream_close(struct stream *s);

#endif
