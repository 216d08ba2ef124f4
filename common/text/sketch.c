#include "text/sketch.h"

#include <string.h>

void sketch_begin(struct sketch *s)
{
    memset(s->least, 0xff, sizeof s->least);
    s->window = s->sum = 0;
    s->words = 0;
}

/* Every bit of x counts in every bit of what comes out (MurmurHash3's end). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 33) * 0xff51afd7ed558ccdu;
    x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53u;
    return x ^ x >> 33;
}

/* Never 0, which is what a text without a sketch has. */
static uint8_t byte_of(uint64_t x, unsigned i)
{
    return (uint8_t)(1 + mix(x + i * 0x9e3779b97f4a7c15u) % 255);
}

static unsigned filled(const struct sketch *s)
{
    unsigned n = 0, i;

    for (i = 0; i < SKETCH_BYTES; i++)
        n += s->least[i] != UINT64_MAX;
    return n;
}

void sketch_end(const struct sketch *s, uint8_t out[SKETCH_BYTES])
{
    bool few = s->words < SKETCH_WORDS || filled(s) < SKETCH_BYTES / 2;
    unsigned i, far;

    if (s->words < SKETCH_LEAST) {
        memset(out, 0, SKETCH_BYTES);
        return;
    }
    for (i = 0; i < SKETCH_BYTES; i++) {
        for (far = 0; !few; far++)
            if (s->least[(i + far) % SKETCH_BYTES] != UINT64_MAX)
                break;
        out[i] = few ? byte_of(s->sum, i)
                     : byte_of(s->least[(i + far) % SKETCH_BYTES], far);
    }
}

bool sketch_near(const uint8_t a[SKETCH_BYTES], const uint8_t b[SKETCH_BYTES])
{
    unsigned same = 0, i;

    for (i = 0; i < SKETCH_BYTES; i++)
        same += a[i] == b[i] && a[i];
    return same > SKETCH_BYTES / 2;
}
