#include "index/bitpack.h"

#include <string.h>

/*
 * One body each for packing and unpacking, inlined 33 times with a constant
 * width: every shift count and mask is then a constant, and the loop over the
 * 32 rows is unrolled. A table of the instances replaces a switch.
 */

typedef uint32_t v4 __attribute__((vector_size(16)));

/* The same in memory: at any address, over bytes of any type. */
typedef uint32_t v4u __attribute__((vector_size(16), aligned(1), may_alias));

#define ALWAYS static inline __attribute__((always_inline))

enum { ROWS = PACK_N / 4 };

ALWAYS v4 row_get(const v4u *in, unsigned row, unsigned b)
{
    unsigned at = row * b, word = at / 32, off = at % 32;
    v4 x;

    if (b == 0)
        return (v4){0, 0, 0, 0};
    x = in[word] >> off;
    if (off + b > 32)
        x |= in[word + 1] << (32 - off);
    if (b < 32)
        x &= (uint32_t)((UINT64_C(1) << b) - 1);
    return x;
}

ALWAYS void unpack_body(const uint8_t *p, uint32_t *out, unsigned b)
{
    const v4u *in = (const v4u *)(const void *)p;
    v4u *to = (v4u *)(void *)out;
    unsigned i;

#pragma GCC unroll 32
    for (i = 0; i < ROWS; i++)
        to[i] = row_get(in, i, b);
}

ALWAYS void docids_body(const uint8_t *p, uint32_t before, uint32_t *out,
                        unsigned b)
{
    const v4u *in = (const v4u *)(const void *)p;
    v4u *to = (v4u *)(void *)out;
    const v4 zero = {0, 0, 0, 0};
    v4 sum = {before, before, before, before};
    unsigned i;

#pragma GCC unroll 32
    for (i = 0; i < ROWS; i++) {
        v4 x = row_get(in, i, b) + 1;

        /* x becomes its own prefix sum; indices from 4 on pick zeros */
        x += __builtin_shufflevector(x, zero, 4, 0, 1, 2);
        x += __builtin_shufflevector(x, zero, 4, 5, 0, 1);
        x += sum;
        to[i] = x;
        sum = __builtin_shufflevector(x, x, 3, 3, 3, 3);
    }
}

ALWAYS void pack_body(const uint32_t *p, uint8_t *out, unsigned b)
{
    const v4u *in = (const v4u *)(const void *)p;
    v4u *to = (v4u *)(void *)out;
    v4 acc = {0, 0, 0, 0};
    unsigned i;

    if (b == 0)
        return;
#pragma GCC unroll 32
    for (i = 0; i < ROWS; i++) {
        unsigned off = i * b % 32;
        v4 x = in[i];

        acc = off ? acc | x << off : x;
        if (off + b < 32)
            continue;
        *to++ = acc;
        if (off + b > 32)
            acc = x >> (32 - off);
    }
}

/* clang-format off */
#define EACH_WIDTH(X)                                                          \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)        \
    X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23)          \
    X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32)
/* clang-format on */

#define INSTANCE(B)                                                            \
    static void unpack_##B(const uint8_t *in, uint32_t *out)                   \
    {                                                                          \
        unpack_body(in, out, B);                                               \
    }                                                                          \
    static void docids_##B(const uint8_t *in, uint32_t before, uint32_t *out)  \
    {                                                                          \
        docids_body(in, before, out, B);                                       \
    }                                                                          \
    static void pack_##B(const uint32_t *in, uint8_t *out)                     \
    {                                                                          \
        pack_body(in, out, B);                                                 \
    }
EACH_WIDTH(INSTANCE)

#define UNPACK(B) unpack_##B,
#define DOCIDS(B) docids_##B,
#define PACK(B) pack_##B,

static void (*const unpack_table[])(const uint8_t *,
                                    uint32_t *) = {EACH_WIDTH(UNPACK)};
static void (*const docids_table[])(const uint8_t *, uint32_t,
                                    uint32_t *) = {EACH_WIDTH(DOCIDS)};
static void (*const pack_table[])(const uint32_t *,
                                  uint8_t *) = {EACH_WIDTH(PACK)};

unsigned pack_bits(const uint32_t *in, unsigned n)
{
    const v4u *rows = (const v4u *)(const void *)in;
    v4 sum = {0, 0, 0, 0};
    uint32_t all;
    unsigned i;

    for (i = 0; i < n / 4; i++)
        sum |= rows[i];
    all = sum[0] | sum[1] | sum[2] | sum[3];
    for (i *= 4; i < n; i++)
        all |= in[i];
    return all ? 32 - (unsigned)__builtin_clz(all) : 0;
}

unsigned pack_wider(const uint32_t in[PACK_N], unsigned bits)
{
    const v4u *rows = (const v4u *)(const void *)in;
    v4 sum = {0, 0, 0, 0};
    unsigned i;

    for (i = 0; i < ROWS; i++)
        sum += (v4)(rows[i] >> bits != 0); /* -1 where it is so */
    return 0 - (sum[0] + sum[1] + sum[2] + sum[3]);
}

void pack128(const uint32_t in[PACK_N], unsigned bits, uint8_t *out)
{
    pack_table[bits](in, out);
}

void unpack128(const uint8_t *in, unsigned bits, uint32_t out[PACK_N])
{
    unpack_table[bits](in, out);
}

void unpack128_plus1(const uint8_t *in, unsigned bits, uint32_t out[PACK_N])
{
    v4u *rows = (v4u *)(void *)out;
    unsigned i;

    unpack_table[bits](in, out);
#pragma GCC unroll 8
    for (i = 0; i < ROWS; i++)
        rows[i] += 1;
}

void unpack128_docids(const uint8_t *in, unsigned bits, uint32_t before,
                      uint32_t out[PACK_N])
{
    docids_table[bits](in, before, out);
}

/* Whether no number is 0, and they add up to no more than 32 bits hold. */
static bool sums_ascend(const uint32_t *in, unsigned n, uint32_t before)
{
    uint64_t sum = before;
    bool good = true;
    unsigned i;

    for (i = 0; i < n; i++) {
        good = good && in[i] > 0;
        sum += in[i];
    }
    return good && sum <= UINT32_MAX;
}

bool pack_sums(const uint32_t *in, unsigned n, uint32_t before, uint32_t *out)
{
    const v4 zero = {0, 0, 0, 0};
    v4 sum = {before, before, before, before}, same = zero, any = zero;
    uint32_t last = before, bits;
    bool good = true;
    unsigned i;

    for (i = 0; i + 4 <= n; i += 4) {
        v4 x = *(const v4u *)(const void *)(in + i);

        same |= (v4)(x == zero);
        any |= x;
        x += __builtin_shufflevector(x, zero, 4, 0, 1, 2);
        x += __builtin_shufflevector(x, zero, 4, 5, 0, 1);
        x += sum;
        *(v4u *)(void *)(out + i) = x;
        sum = __builtin_shufflevector(x, x, 3, 3, 3, 3);
    }
    last = sum[0];
    bits = any[0] | any[1] | any[2] | any[3];
    for (; i < n; i++) {
        good = good && in[i] > 0;
        bits |= in[i];
        out[i] = last += in[i];
    }
    if ((uint64_t)bits * n > UINT32_MAX) /* more than one wrap is possible */
        return sums_ascend(in, n, before);
    return good && last >= before && !(same[0] | same[1] | same[2] | same[3]);
}
