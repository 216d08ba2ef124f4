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
