/* hash.h: fixed values, since they are on disk, and what they notice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/hash.h"

/* XXH3 is stable since xxHash 0.8.0; values of its command-line tool
 * (`printf ... | xxhsum -H3`, `xxhsum -H128`). */
static void test_values(void **state)
{
    uint8_t h[16];

    (void)state;
    assert_true(hash64(view_str("")) == 0x2d06800538d394c2);
    assert_true(hash64(view_str("abc")) == 0x78af5f94892f3950);
    assert_int_equal(checksum32(view_str("abc")), 0x892f3950);
    hash128(view_str("abc"), h);
    assert_true(get_u64(h + 8) == 0x06b05ab6733a6185);
    assert_true(get_u64(h) == 0x78af5f94892f3950);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
