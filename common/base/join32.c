#include "base/join32.h"

#include "base/find32.h"

/* Numbers of a, and of b to each of them, between which a search costs more
 * than the map. */
enum { MAP_FROM = 4, MAP_RATIO = 12 };

static uint32_t by_search(const uint32_t *a, uint32_t na, const uint32_t *b,
                          uint32_t nb, uint8_t *in_a, uint8_t *in_b)
{
    uint32_t i, k = 0, n = 0;

    for (i = 0; i < na; i++) {
        k = (uint32_t)find32(b, nb, k, a[i]);
        if (k == nb)
            break;
        in_a[n] = (uint8_t)i;
        in_b[n] = (uint8_t)k;
        n += b[k] == a[i];
    }
    return n;
}

/* What the map has of earlier calls does no harm: it is looked at again. */
static uint32_t by_map(const uint32_t *a, uint32_t na, const uint32_t *b,
                       uint32_t nb, uint8_t *map, uint8_t *in_a, uint8_t *in_b)
{
    uint32_t i, k, n = 0;

    for (k = 0; k < nb; k++)
        map[b[k] % JOIN_MAP] = (uint8_t)k;
    for (i = 0; i < na; i++) {
        k = map[a[i] % JOIN_MAP];
        in_a[n] = (uint8_t)i;
        in_b[n] = (uint8_t)k;
        n += (k < nb) & (b[k] == a[i]);
    }
    return n;
}

uint32_t join32(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb,
                struct join_map *map, uint8_t in_a[JOIN_MAX],
                uint8_t in_b[JOIN_MAX])
{
    if (na == 0 || nb == 0)
        return 0;
    if (na < MAP_FROM || nb > MAP_RATIO * na || b[nb - 1] - b[0] >= JOIN_MAP)
        return by_search(a, na, b, nb, in_a, in_b);
    return by_map(a, na, b, nb, map->at, in_a, in_b);
}
