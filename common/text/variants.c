#include "text/variants.h"

#include <string.h>

enum { CHARACTER = 3, PAIR = 2 * CHARACTER };

static uint32_t character(const void *p)
{
    const uint8_t *c = p;

    return (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2];
}

/* The pair of the character at p, or NULL. A search whose steps have no branch
 * to be mispredicted. */
static const char *find(const uint8_t *p)
{
    uint32_t wanted = character(p);
    const char *from = variants_table;
    unsigned n = variants_pairs, half;

    for (; n > 1; n -= half) {
        half = n / 2;
        from +=
            character(from + (size_t)half * PAIR) <= wanted ? half * PAIR : 0;
    }
    return character(from) == wanted ? from : NULL;
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
        pair = find(b->p + i);
        if (pair)
            memcpy(b->p + i, pair + CHARACTER, CHARACTER);
    }
    return buf_view(b);
}
