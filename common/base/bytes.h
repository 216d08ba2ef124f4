/*
 * bytes.h - integers as bytes: fixed little-endian, big-endian for keys, and
 * LEB128 varints (seven bits a byte, low ones first, high bit = more follow).
 *
 * Nothing here needs aligned memory. Decoding of varints is bounded: a
 * `struct rd` walks a byte range and, once anything ran over its end or a
 * varint was too long, `bad` is set and every later read gives 0. So a decoder
 * reads a whole record and checks `bad` once, before it trusts any of it.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

enum { VARINT_MAX = 10 }; /* bytes of the longest 64-bit varint */

static inline uint16_t get_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static inline uint64_t get_u64(const uint8_t *p)
{
    return get_u32(p) | (uint64_t)get_u32(p + 4) << 32;
}

static inline uint32_t get_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

static inline uint64_t get_be64(const uint8_t *p)
{
    return (uint64_t)get_be32(p) << 32 | get_be32(p + 4);
}

/* Each put writes at p and returns the byte behind. */
static inline uint8_t *put_u16(uint8_t *p, uint16_t x)
{
    p[0] = (uint8_t)x;
    p[1] = (uint8_t)(x >> 8);
    return p + 2;
}

static inline uint8_t *put_u32(uint8_t *p, uint32_t x)
{
    put_u16(p, (uint16_t)x);
    return put_u16(p + 2, (uint16_t)(x >> 16));
}

static inline uint8_t *put_u64(uint8_t *p, uint64_t x)
{
    put_u32(p, (uint32_t)x);
    return put_u32(p + 4, (uint32_t)(x >> 32));
}

static inline uint8_t *put_be32(uint8_t *p, uint32_t x)
{
    p[0] = (uint8_t)(x >> 24);
    p[1] = (uint8_t)(x >> 16);
    p[2] = (uint8_t)(x >> 8);
    p[3] = (uint8_t)x;
    return p + 4;
}

static inline uint8_t *put_be64(uint8_t *p, uint64_t x)
{
    put_be32(p, (uint32_t)(x >> 32));
    return put_be32(p + 4, (uint32_t)x);
}

/* Needs VARINT_MAX bytes of room. */
static inline uint8_t *put_varint(uint8_t *p, uint64_t x)
{
    while (x >= 0x80) {
        *p++ = (uint8_t)(x | 0x80);
        x >>= 7;
    }
    *p++ = (uint8_t)x;
    return p;
}

struct rd {
    const uint8_t *p;   /* next byte */
    const uint8_t *end; /* byte behind the range */
    bool bad;           /* something ran over the end */
};

static inline struct rd rd_of(struct view v)
{
    struct rd r = {v.p, v.n ? v.p + v.n : v.p, false};
    return r;
}

static inline size_t rd_left(const struct rd *r)
{
    return (size_t)(r->end - r->p);
}

static inline uint64_t rd_varint(struct rd *r)
{
    uint64_t x = 0;
    unsigned shift = 0;

    if (r->p < r->end && *r->p < 0x80) /* mostly */
        return *r->p++;
    while (r->p < r->end && shift < 64) {
        uint8_t b = *r->p++;

        x |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            return x;
        shift += 7;
    }
    r->bad = true;
    r->p = r->end;
    return 0;
}

/* A varint that must fit 32 bits. */
static inline uint32_t rd_var32(struct rd *r)
{
    uint64_t x = rd_varint(r);

    if (x > UINT32_MAX) {
        r->bad = true;
        r->p = r->end;
        return 0;
    }
    return (uint32_t)x;
}

/* The next n bytes, borrowed; an empty view and `bad` if there are fewer. */
static inline struct view rd_bytes(struct rd *r, size_t n)
{
    struct view v = {NULL, 0};

    if (n > rd_left(r)) {
        r->bad = true;
        r->p = r->end;
        return v;
    }
    v = view_of(r->p, n);
    if (n) /* NULL + 0 is undefined */
        r->p += n;
    return v;
}

static inline uint8_t rd_u8(struct rd *r)
{
    struct view v = rd_bytes(r, 1);

    return v.p ? v.p[0] : 0;
}

static inline uint32_t rd_u32(struct rd *r)
{
    struct view v = rd_bytes(r, 4);

    return v.p ? get_u32(v.p) : 0;
}

static inline uint64_t rd_u64(struct rd *r)
{
    struct view v = rd_bytes(r, 8);

    return v.p ? get_u64(v.p) : 0;
}

#endif
