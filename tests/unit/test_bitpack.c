/* Packing against shifting one number at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/bitpack.h"

static uint64_t state = 88172645463325252u;

static uint32_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static void fill(uint32_t v[PACK_N], unsigned bits)
{
    uint32_t mask = bits == 32 ? UINT32_MAX : (1u << bits) - 1;
    unsigned i;

    for (i = 0; i < PACK_N; i++)
        v[i] = rnd() % 3 ? rnd() & mask : rnd() % 2 ? mask : 0;
}

/* Number i of the layout that bitpack.h describes, bit by bit. */
static uint32_t slow(const uint8_t *in, unsigned bits, unsigned i)
{
    uint32_t x = 0;
    unsigned b;

    for (b = 0; b < bits; b++) {
        unsigned at = i / 4 * bits + b;
        unsigned byte = at / 32 * 16 + i % 4 * 4 + at % 32 / 8;

        x |= (uint32_t)(in[byte] >> at % 8 & 1) << b;
    }
    return x;
}

static void test_widths(void **unused)
{
    uint8_t room[16 * 32 + 3 + 1];
    uint32_t in[PACK_N], out[PACK_N];
    unsigned bits, round, i;

    (void)unused;
    for (round = 0; round < 200; round++)
        for (bits = 0; bits <= 32; bits++) {
            uint8_t *p = room + round % 4; /* at any address */

            memset(room, 0xa5, sizeof room);
            fill(in, bits);
            pack128(in, bits, p);
            assert_int_equal(p[16 * bits], 0xa5);
            unpack128(p, bits, out);
            assert_memory_equal(in, out, sizeof in);
            for (i = 0; i < PACK_N; i++)
                assert_int_equal(slow(p, bits, i), in[i]);
            unpack128_plus1(p, bits, out);
            for (i = 0; i < PACK_N; i++)
                assert_int_equal(out[i], (uint32_t)(in[i] + 1));
        }
}

static void test_docids(void **unused)
{
    uint8_t p[16 * 32];
    uint32_t in[PACK_N], out[PACK_N];
    unsigned bits, round, i;

    (void)unused;
    for (round = 0; round < 100; round++)
        for (bits = 0; bits <= 32; bits++) {
            uint32_t doc = rnd(), before = doc; /* wraps alike */

            fill(in, bits);
            pack128(in, bits, p);
            unpack128_docids(p, bits, before, out);
            for (i = 0; i < PACK_N; i++) {
                doc += in[i] + 1;
                assert_int_equal(out[i], doc);
            }
        }
}

static void test_sums(void **unused)
{
    uint32_t in[PACK_N], out[PACK_N + 1];
    unsigned bits, n, i;

    (void)unused;
    for (bits = 1; bits <= 32; bits++)
        for (n = 0; n <= PACK_N; n++) {
            uint32_t before = rnd() >> (bits & 7);
            uint64_t sum = before;
            bool good = true;

            fill(in, bits);
            for (i = 0; i < n && bits < 30; i++)
                in[i] += in[i] == 0 && rnd() % 100; /* mostly above */
            out[n] = 0xa5;
            for (i = 0; i < n; i++) {
                good = good && in[i] > 0 && (uint32_t)sum + in[i] >= in[i];
                sum += in[i];
            }
            assert_int_equal(pack_sums(in, n, before, out), good);
            assert_int_equal(out[n], 0xa5);
            for (sum = before, i = 0; i < n; i++) {
                sum += in[i];
                assert_int_equal(out[i], (uint32_t)sum);
            }
        }
}

static void test_bits(void **unused)
{
    uint32_t v[PACK_N] = {0};
    unsigned bits;

    (void)unused;
    assert_int_equal(pack_bits(v, PACK_N), 0);
    for (bits = 1; bits <= 32; bits++) {
        v[bits] = 1u << (bits - 1);
        assert_int_equal(pack_bits(v, PACK_N), bits);
        assert_int_equal(pack_bits(v, bits), bits - 1);
    }
    assert_int_equal(pack_bits(v, 0), 0);
}

static void test_wider(void **unused)
{
    uint32_t v[PACK_N];
    unsigned bits, round, i, n;

    (void)unused;
    for (round = 0; round < 50; round++) {
        fill(v, round % 33);
        for (bits = 0; bits < 32; bits++) {
            for (i = n = 0; i < PACK_N; i++)
                n += v[i] >> bits != 0;
            assert_int_equal(pack_wider(v, bits), n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths), cmocka_unit_test(test_docids),
        cmocka_unit_test(test_sums),   cmocka_unit_test(test_bits),
        cmocka_unit_test(test_wider),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
