/*
 * narrow.h - which of the positions of one word have another word at the right
 * distance: the step by which a phrase is looked for, its rarest word first.
 */
#ifndef QUERY_NARROW_H
#define QUERY_NARROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of from[0..n), ascending, copies to `out`, which may be `from`, each for
 * which pos[0..npos), ascending, has a position from + lo … from + hi (either
 * may be negative). Returns how many. */
size_t narrow(uint32_t *out, const uint32_t *from, size_t n,
              const uint32_t *pos, size_t npos, int64_t lo, int64_t hi);

enum { NARROW_MAP = 16384 }; /* positions in documents of common lengths */

/* Whether narrow_map does it and is the faster one: a few distances, many
 * positions, and none beyond the map. */
static inline bool narrow_maps(size_t n, const uint32_t *pos, size_t npos,
                               int64_t lo, int64_t hi)
{
    return hi - lo < 4 && n >= 8 && npos > 0 && npos / 8 <= n &&
           pos[npos - 1] < NARROW_MAP;
}

/* As narrow, by a map of positions: NARROW_MAP zeros, which they are again
 * afterwards. */
size_t narrow_map(uint8_t *map, uint32_t *out, const uint32_t *from, size_t n,
                  const uint32_t *pos, size_t npos, int64_t lo, int64_t hi);

#endif
