#include "query/narrow.h"

#include "base/find32.h"

size_t narrow(uint32_t *out, const uint32_t *from, size_t n,
              const uint32_t *pos, size_t npos, int64_t lo, int64_t hi)
{
    size_t i, k = 0, kept = 0;

    for (i = 0; i < n; i++) {
        uint32_t f = from[i];
        int64_t least = f + lo, most = f + hi;

        if (most < 0)
            continue;
        if (least > UINT32_MAX)
            break;
        k = find32(pos, npos, k, least < 0 ? 0 : (uint32_t)least);
        if (k == npos)
            break;
        out[kept] = f;
        kept += pos[k] <= most;
    }
    return kept;
}

size_t narrow_map(uint8_t *map, uint32_t *out, const uint32_t *from, size_t n,
                  const uint32_t *pos, size_t npos, int64_t lo, int64_t hi)
{
    size_t i, kept = 0;
    int64_t d;

    for (i = 0; i < npos; i++)
        map[pos[i]] = 1;
    for (i = 0; i < n; i++) {
        uint32_t f = from[i];
        uint8_t any = 0;

        for (d = lo; d <= hi; d++) {
            uint64_t at = (uint64_t)(f + d); /* huge where it is negative */

            any |= at < NARROW_MAP ? map[at] : 0;
        }
        out[kept] = f;
        kept += any;
    }
    for (i = 0; i < npos; i++)
        map[pos[i]] = 0;
    return kept;
}
