/*
 * hash.h - content hashes and checksums, all of the XXH3 family (libxxhash).
 *
 * Not cryptographic: they notice damage and change, not malice.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/buf.h"

uint64_t hash64(struct view v);
void hash128(struct view v, uint8_t out[16]);

/* The checksum of FORMAT.md: the low 32 bits of hash64. */
static inline uint32_t checksum32(struct view v)
{
    return (uint32_t)hash64(v);
}

#endif
