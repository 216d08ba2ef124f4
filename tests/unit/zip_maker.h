/*
 * zip_maker.h - makes a ZIP archive in memory, sound or not, for tests.
 *
 *     struct zip_maker z = {0};
 *     zip_add(&z, "content.xml", view_str("<a/>"));
 *     use(zip_end(&z));
 *     zip_release(&z);
 */
#ifndef TESTS_UNIT_ZIP_MAKER_H
#define TESTS_UNIT_ZIP_MAKER_H

#include "base/buf.h"

struct zip_maker {
    struct buf file, directory;
    unsigned members;
    unsigned flags; /* of the members that come: 1 is encrypted */
};

static inline void zip_put(struct buf *b, uint32_t x, unsigned bytes)
{
    for (; bytes > 0; bytes--, x >>= 8)
        buf_addc(b, (int)(x & 0xFF));
}

static inline uint32_t zip_crc(struct view v)
{
    uint32_t crc = ~0u;
    size_t i;
    int k;

    for (i = 0; i < v.n; i++)
        for (crc ^= v.p[i], k = 0; k < 8; k++)
            crc = crc >> 1 ^ (0xEDB88320 & (0 - (crc & 1)));
    return ~crc;
}

/* Version, flags, method, no time, checksum, sizes, length of the name. */
static inline void zip_head(struct zip_maker *z, struct buf *to, size_t name,
                            unsigned method, uint32_t crc, size_t packed,
                            size_t size)
{
    zip_put(to, 20, 2);
    zip_put(to, z->flags, 2);
    zip_put(to, method, 2);
    zip_put(to, 0, 4);
    zip_put(to, crc, 4);
    zip_put(to, (uint32_t)packed, 4);
    zip_put(to, (uint32_t)size, 4);
    zip_put(to, (uint32_t)name, 2);
    zip_put(to, 0, 2);
}

/* A member as it lies in the archive: method 0 is stored, 8 deflated. */
static inline void zip_add_raw(struct zip_maker *z, const char *name,
                               unsigned method, uint32_t crc,
                               struct view packed, size_t size)
{
    size_t at = z->file.n;

    zip_put(&z->file, 0x04034B50, 4);
    zip_head(z, &z->file, strlen(name), method, crc, packed.n, size);
    buf_adds(&z->file, name);
    buf_add(&z->file, packed);
    zip_put(&z->directory, 0x02014B50, 4);
    zip_put(&z->directory, 20, 2);
    zip_head(z, &z->directory, strlen(name), method, crc, packed.n, size);
    zip_put(&z->directory, 0, 10);
    zip_put(&z->directory, (uint32_t)at, 4);
    buf_adds(&z->directory, name);
    z->members++;
}

static inline void zip_add(struct zip_maker *z, const char *name,
                           struct view content)
{
    zip_add_raw(z, name, 0, zip_crc(content), content, content.n);
}

static inline struct view zip_end(struct zip_maker *z)
{
    size_t at = z->file.n;

    buf_add(&z->file, buf_view(&z->directory));
    zip_put(&z->file, 0x06054B50, 4);
    zip_put(&z->file, 0, 4);
    zip_put(&z->file, z->members, 2);
    zip_put(&z->file, z->members, 2);
    zip_put(&z->file, (uint32_t)z->directory.n, 4);
    zip_put(&z->file, (uint32_t)at, 4);
    zip_put(&z->file, 0, 2);
    return buf_view(&z->file);
}

static inline void zip_release(struct zip_maker *z)
{
    buf_release(&z->file);
    buf_release(&z->directory);
    memset(z, 0, sizeof *z);
}

#endif
