/* The table of properties: some that matter, and that it is the one which
 * tests/tools/gen-unicode makes of Unicode's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/normal.h"
#include "text/unicode.h"
#include "text/utf8.h"

#define GENERATOR "tests/tools/gen-unicode"
#define TABLE "common/text/unicode_table.c"
#define DATA "/usr/share/unicode"

static void expect(int32_t c, enum word_break wb, enum script script,
                   bool is_word)
{
    const struct unicode_class *cls = unicode_class(c);

    assert_int_equal(cls->word_break, wb);
    assert_int_equal(cls->script, script);
    assert_int_equal(cls->is_word, is_word);
}

static void classes(void **state)
{
    (void)state;
    expect('a', WB_ALETTER, SCRIPT_LATIN, true);
    expect('7', WB_NUMERIC, SCRIPT_COMMON, true);
    expect('_', WB_EXTENDNUMLET, SCRIPT_COMMON, false);
    expect('-', WB_OTHER, SCRIPT_COMMON, false);
    expect(0, WB_OTHER, SCRIPT_COMMON, false);
    expect(0x301, WB_EXTEND, SCRIPT_COMMON, false);
    expect(0x3B1, WB_ALETTER, SCRIPT_GREEK, true);
    expect(0x5D0, WB_HEBREW, SCRIPT_HEBREW, true);
    expect(0x627, WB_ALETTER, SCRIPT_ARABIC, true);
    expect(0x663, WB_NUMERIC, SCRIPT_COMMON, true);
    expect(0xE01, WB_OTHER, SCRIPT_THAI, true);
    expect(0xE51, WB_NUMERIC, SCRIPT_COMMON, true);
    expect(0x4E2D, WB_OTHER, SCRIPT_CJK, true);
    expect(0x3042, WB_OTHER, SCRIPT_CJK, true);
    expect(0x30FC, WB_KATAKANA, SCRIPT_CJK, true);
    expect(0x3006, WB_OTHER, SCRIPT_CJK, true);
    expect(0xFF9E, WB_EXTEND, SCRIPT_COMMON, false);
    expect(0xAC00, WB_ALETTER, SCRIPT_HANGUL, true);
    expect(0x1780, WB_OTHER, SCRIPT_KHMER, true);
    expect(0x2103, WB_OTHER, SCRIPT_COMMON, true);
    expect(0x2122, WB_OTHER, SCRIPT_COMMON, false);
    expect(0x20000, WB_OTHER, SCRIPT_CJK, true);
    assert_true(unicode_class(0x301)->is_mark);
    assert_true(unicode_class(0x1F6D1)->is_pictographic);
}

static void out_of_range(void **state)
{
    const struct unicode_class *none = unicode_class(0xFFFD);

    (void)state;
    assert_ptr_equal(unicode_class(-1), none);
    assert_ptr_equal(unicode_class(0x110000), none);
    assert_ptr_equal(unicode_class(INT32_MIN), none);
    assert_ptr_equal(unicode_class(INT32_MAX), none);
    assert_false(none->is_word);
}

/* Cutting what a growing character normalises to must not meet another. */
static void growing_ends(void **state)
{
    struct buf out = {0};
    uint8_t p[4];
    unsigned len;
    int32_t c;
    size_t at;

    (void)state;
    assert_true(unicode_class(0xBD)->grows);
    assert_true(unicode_class(0x3231)->grows);
    assert_true(unicode_class(0xFDFA)->grows);
    assert_false(unicode_class(0xFB01)->grows);
    assert_false(unicode_class(0x140)->grows);
    for (c = 0; c <= 0x10FFFF; c++) {
        if (!unicode_class(c)->grows)
            continue;
        assert_true(unicode_class(c)->is_word);
        buf_clear(&out);
        normal_compat(view_of(p, utf8_encode((uint32_t)c, p)), &out);
        for (at = 0; at < out.n; at += len) {
            int32_t d = utf8_decode(out.p + at, out.p + out.n, &len);

            assert_false(unicode_class(d)->grows);
        }
    }
    buf_release(&out);
}

static void generated(void **state)
{
    (void)state;
    if (access(GENERATOR, X_OK) != 0 ||
        access(DATA "/UnicodeData.txt", R_OK) != 0) {
        print_message("no " GENERATOR " here or no " DATA "\n");
        skip();
    }
    assert_int_equal(system(GENERATOR " " DATA " | cmp - " TABLE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes),
        cmocka_unit_test(out_of_range),
        cmocka_unit_test(growing_ends),
        cmocka_unit_test(generated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
