/* bytes.h: integers as bytes, and reading within bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void test_fixed(void **state)
{
    uint8_t p[8];

    (void)state;
    assert_ptr_equal(put_u16(p, 0x1234), p + 2);
    assert_memory_equal(p, "\x34\x12", 2);
    assert_int_equal(get_u16(p), 0x1234);
    assert_ptr_equal(put_u32(p, 0x89abcdef), p + 4);
    assert_memory_equal(p, "\xef\xcd\xab\x89", 4);
    assert_int_equal(get_u32(p), 0x89abcdef);
    assert_ptr_equal(put_u64(p, 0x0123456789abcdef), p + 8);
    assert_memory_equal(p, "\xef\xcd\xab\x89\x67\x45\x23\x01", 8);
    assert_true(get_u64(p) == 0x0123456789abcdef);
    assert_ptr_equal(put_be32(p, 0x89abcdef), p + 4);
    assert_memory_equal(p, "\x89\xab\xcd\xef", 4);
    assert_int_equal(get_be32(p), 0x89abcdef);
    assert_ptr_equal(put_be64(p, 0xf123456789abcdef), p + 8);
    assert_memory_equal(p, "\xf1\x23\x45\x67\x89\xab\xcd\xef", 8);
    assert_true(get_be64(p) == 0xf123456789abcdef);
}

static void test_varint(void **state)
{
    unsigned shift;

    (void)state;
    for (shift = 0; shift < 64; shift++) {
        uint64_t x = UINT64_C(1) << shift;
        uint64_t near[] = {x - 1, x, x + 1, ~x};
        size_t i;

        for (i = 0; i < 4; i++) {
            uint8_t p[VARINT_MAX];
            size_t n = (size_t)(put_varint(p, near[i]) - p), cut;
            struct rd r = rd_of(view_of(p, n));

            assert_true(n <= VARINT_MAX);
            assert_true(rd_varint(&r) == near[i]);
            assert_false(r.bad);
            for (cut = 0; cut < n; cut++) {
                r = rd_of(view_of(p, cut));
                assert_true(rd_varint(&r) == 0);
                assert_true(r.bad);
            }
            r = rd_of(view_of(p, n));
            assert_int_equal(rd_var32(&r), near[i] <= UINT32_MAX ? near[i] : 0);
            assert_int_equal(r.bad, near[i] > UINT32_MAX);
        }
    }
}

static void test_varint_too_long(void **state)
{
    uint8_t p[20];
    struct rd r;

    (void)state;
    memset(p, 0x80, sizeof p);
    r = rd_of(view_of(p, sizeof p));
    assert_true(rd_varint(&r) == 0);
    assert_true(r.bad);
    assert_int_equal(rd_left(&r), 0);
}

static void test_bounds(void **state)
{
    const uint8_t p[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    struct rd r = rd_of(view_of(p, sizeof p));

    (void)state;
    assert_int_equal(rd_u8(&r), 1);
    assert_int_equal(rd_u32(&r), 0x05040302);
    assert_int_equal(rd_left(&r), 4);
    assert_true(rd_u64(&r) == 0);
    assert_true(r.bad);
    /* and bad it stays */
    assert_int_equal(rd_u8(&r), 0);
    assert_int_equal(rd_u32(&r), 0);
    assert_int_equal(rd_bytes(&r, 1).n, 0);
    assert_true(r.bad);

    r = rd_of(view_of(p, sizeof p));
    assert_true(view_eq(rd_bytes(&r, 9), view_of(p, 9)));
    assert_false(r.bad);
    assert_int_equal(rd_bytes(&r, 0).n, 0);
    assert_false(r.bad);
    assert_null(rd_bytes(&r, SIZE_MAX).p);
    assert_true(r.bad);

    r = rd_of(view_of(NULL, 0));
    assert_int_equal(rd_u8(&r), 0);
    assert_true(r.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed),
        cmocka_unit_test(test_varint),
        cmocka_unit_test(test_varint_too_long),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
