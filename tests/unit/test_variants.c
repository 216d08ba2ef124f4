/* Traditional and simplified characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "text/variants.h"

#define GENERATOR "tests/tools/gen-variants"
#define TABLE "common/text/variants_table.c"
#define DATA "/usr/share/unicode"

static void expect(const char *text, const char *folded)
{
    struct buf b = {0};

    assert_int_equal(buf_adds(&b, text), 0);
    assert_int_equal(variants_fold(&b).n, strlen(folded));
    assert_string_equal(buf_cstr(&b), folded);
    buf_release(&b);
}

static void folds(void **state)
{
    (void)state;
    expect("", "");
    expect("鐵路", "铁路");
    expect("铁路", "铁路");
    expect("亞洲", "亚洲");
    expect("發", "发");
    expect("髮", "发");
    expect("裏", "里"); /* Hong Kong */
    expect("裡", "里"); /* Taiwan */
    expect("説", "说"); /* another shape of 說 */
    expect("ア機𠀀é機x", "ア机𠀀é机x");
    expect("rail", "rail");
    expect("한국", "한국");
    expect("\xE9\x90", "\xE9\x90");
    expect("\xE9\x90\xB5\xE9", "铁\xE9");
}

/* In order, and done in one step. */
static void table(void **state)
{
    const char *p = variants_table;
    unsigned i;

    (void)state;
    assert_in_range(variants_pairs, 2500, 5000);
    for (i = 0; i < variants_pairs; i++, p += 6) {
        char to[4] = {p[3], p[4], p[5], 0};

        if (i)
            assert_true(memcmp(p - 6, p, 3) < 0);
        expect(to, to);
    }
    assert_int_equal(*p, 0);
}

static void generated(void **state)
{
    (void)state;
    if (access(GENERATOR, X_OK) != 0 ||
        access(DATA "/Unihan_Variants.txt.bz2", R_OK) != 0 ||
        system("command -v bzcat >/dev/null") != 0) {
        print_message("no " GENERATOR " here, no " DATA " or no bzcat\n");
        skip();
    }
    assert_int_equal(system(GENERATOR " " DATA " | cmp - " TABLE), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds),
        cmocka_unit_test(table),
        cmocka_unit_test(generated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
