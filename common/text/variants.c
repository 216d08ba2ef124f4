#include "text/variants.h"

#include <stdlib.h>
#include <string.h>

enum { CHARACTER = 3, PAIR = 2 * CHARACTER };

static int compare(const void *key, const void *pair)
{
    return memcmp(key, pair, CHARACTER);
}

struct view variants_fold(struct buf *b)
{
    size_t i, len;
    const char *pair;

    /* Han runs hold nothing but their scripts: one look passes over the rest */
    if (b->n < CHARACTER || b->p[0] < 0xE3 || b->p[0] > 0xE9)
        return buf_view(b);
    for (i = 0; i + CHARACTER <= b->n; i += len) {
        uint8_t c = b->p[i];

        len = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? CHARACTER : 4;
        if (c < 0xE3 || c > 0xE9)
            continue;
        pair = bsearch(b->p + i, variants_table, variants_pairs, PAIR, compare);
        if (pair)
            memcpy(b->p + i, pair + CHARACTER, CHARACTER);
    }
    return buf_view(b);
}
