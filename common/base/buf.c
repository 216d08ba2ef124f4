#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/large.h"

enum { ADDF_ROOM = 96 }; /* bytes */

int view_cmp(struct view a, struct view b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

int buf_grow(struct buf *b, size_t more)
{
    size_t cap = b->cap ? b->cap : 64;
    uint8_t *p;

    if (more > SIZE_MAX / 2 - b->n)
        return ERR_NOMEM;
    while (cap - b->n < more)
        cap *= 2;
    p = realloc(b->p, cap);
    if (!p)
        return ERR_NOMEM;
    b->p = p;
    b->cap = cap;
    large_pages(p, cap);
    return 0;
}

int buf_add(struct buf *b, struct view v)
{
    if (buf_reserve(b, v.n) < 0)
        return ERR_NOMEM;
    buf_put(b, v);
    return 0;
}

int buf_adds(struct buf *b, const char *s)
{
    return buf_add(b, view_str(s));
}

int buf_addf(struct buf *b, const char *fmt, ...)
{
    size_t room;
    va_list ap;
    int n;

    /* what is short, as nearly all is, is printed once */
    if (buf_reserve(b, ADDF_ROOM) < 0)
        return ERR_NOMEM;
    room = b->cap - b->n;
    va_start(ap, fmt);
    n = vsnprintf((char *)b->p + b->n, room, fmt, ap);
    va_end(ap);
    if (n < 0)
        return ERR_NOMEM;
    if ((size_t)n >= room) {
        if (buf_reserve(b, (size_t)n + 1) < 0)
            return ERR_NOMEM;
        va_start(ap, fmt);
        vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    b->n += (size_t)n;
    return 0;
}

int buf_addvar(struct buf *b, uint64_t x)
{
    if (buf_reserve(b, VARINT_MAX) < 0)
        return ERR_NOMEM;
    b->n = (size_t)(put_varint(b->p + b->n, x) - b->p);
    return 0;
}

const char *buf_cstr(struct buf *b)
{
    if (buf_reserve(b, 1) < 0)
        return NULL;
    b->p[b->n] = 0;
    return (const char *)b->p;
}

void buf_release(struct buf *b)
{
    free(b->p);
    b->p = NULL;
    b->n = b->cap = 0;
}
