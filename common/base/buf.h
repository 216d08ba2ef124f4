/*
 * buf.h - bytes: a `view` borrows them, a `buf` owns them.
 *
 * Neither need be NUL-ended or text. A zeroed struct is a valid empty value
 * of both. A buf grows by doubling, so n appends cost O(n); `buf_clear` keeps
 * the memory for the next use, `buf_release` gives it back.
 *
 *     struct buf b = {0};
 *     if (buf_add(&b, view_str("abc")) < 0) ...   // ERR_NOMEM
 *     use(buf_view(&b));                          // until b changes
 *     buf_release(&b);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct view {
    const uint8_t *p; /* first byte; may be NULL when n is 0 */
    size_t n;         /* bytes */
};

struct buf {
    uint8_t *p; /* first byte, malloc'd; NULL while nothing was added */
    size_t n;   /* bytes in use */
    size_t cap; /* bytes allocated */
};

static inline struct view view_of(const void *p, size_t n)
{
    struct view v = {p, n};
    return v;
}

/* The bytes of a C string without its NUL. */
static inline struct view view_str(const char *s)
{
    return view_of(s, strlen(s));
}

/* Bytes [from, to) of v; both must lie within it. */
static inline struct view view_sub(struct view v, size_t from, size_t to)
{
    return view_of(v.p ? v.p + from : v.p, to - from);
}

static inline bool view_eq(struct view a, struct view b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Order of unsigned bytes, a prefix first: negative, 0 or positive. */
int view_cmp(struct view a, struct view b);

static inline struct view buf_view(const struct buf *b)
{
    return view_of(b->p, b->n);
}

static inline void buf_clear(struct buf *b)
{
    b->n = 0;
}

/* Makes the room that buf_reserve finds missing. */
int buf_grow(struct buf *b, size_t more);

/* Room for `more` bytes past n; 0 or ERR_NOMEM (the buf is unchanged). */
static inline int buf_reserve(struct buf *b, size_t more)
{
    return more <= b->cap - b->n ? 0 : buf_grow(b, more);
}

/* Each appends and returns 0 or ERR_NOMEM (the buf is unchanged). The bytes
 * appended must not lie inside the buf itself. */
int buf_add(struct buf *b, struct view v);
static inline int buf_addc(struct buf *b, int c)
{
    int rc = buf_reserve(b, 1);

    if (rc == 0)
        b->p[b->n++] = (uint8_t)c;
    return rc;
}
int buf_adds(struct buf *b, const char *s);
int buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int buf_addvar(struct buf *b, uint64_t x); /* LEB128, see bytes.h */

/* Appends what buf_reserve has made room for. */
static inline void buf_put(struct buf *b, struct view v)
{
    if (v.n)
        memcpy(b->p + b->n, v.p, v.n);
    b->n += v.n;
}

/* The content as a C string (a NUL is kept behind it), or NULL when memory
 * is out. Borrowed until the buf changes. */
const char *buf_cstr(struct buf *b);

void buf_release(struct buf *b);

#endif
