#include "base/hash.h"

#include <xxhash.h>

#include "base/bytes.h"

uint64_t hash64(struct view v)
{
    return XXH3_64bits(v.p, v.n);
}

void hash128(struct view v, uint8_t out[16])
{
    XXH128_hash_t h = XXH3_128bits(v.p, v.n);

    put_u64(put_u64(out, h.low64), h.high64);
}

uint8_t crc8(struct view v)
{
    uint8_t crc = 0;
    size_t i;
    int bit;

    for (i = 0; i < v.n; i++) {
        crc ^= v.p[i];
        for (bit = 0; bit < 8; bit++)
            crc = (uint8_t)(crc << 1 ^ (crc & 0x80 ? 0x07 : 0));
    }
    return crc;
}
