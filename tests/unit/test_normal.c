/* Normal forms, folding, accents, clusters and widths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "text/normal.h"
#include "text/unicode.h"
#include "text/utf8.h"

typedef int normaliser(struct view, struct buf *);

static void expect(normaliser *f, const char *in, const char *want)
{
    struct buf out = {0};

    assert_int_equal(f(view_str(in), &out), 0);
    assert_string_equal(buf_cstr(&out), want);
    buf_release(&out);
}

static void form(void **state)
{
    (void)state;
    expect(normal_form, "", "");
    expect(normal_form, "China’s", "China's");
    expect(normal_form, "Xi‘anʼs", "Xi'an's");
    expect(normal_form, "e\u0301", "é");
    expect(normal_form, "ＲＣＥＰ＇s ﬁ", "ＲＣＥＰ's ﬁ");
    expect(normal_form, "so\u00ADft\u200B\uFEFF", "soft");
    expect(normal_form, "a\xFFz", "a\uFFFDz");
    expect(normal_form, "infra\u00AD\r\nstructure", "infrastructure");
    expect(normal_form, "infra\u00AD\nstructure", "infrastructure");
}

static void fold(void **state)
{
    (void)state;
    expect(normal_fold, "STRAẞE ﬁnance ＲＣＥＰ", "strasse finance rcep");
    expect(normal_fold, "İ Ǆ ŉ ΣΑΣ", "i̇ dž 'n σασ");
    expect(normal_fold, "½ ㈱ ｶﾞ", "1⁄2 (株) ガ");
    expect(normal_fold, "\u00AD\u200D", "");
    expect(normal_fold, "น้ำ", "น้ํา");
    expect(normal_compat, "℃ Ⅳ", "°C IV");
}

static void unaccent(void **state)
{
    (void)state;
    expect(normal_unaccent, "plain", "plain");
    expect(normal_unaccent, "đà nẵng ürümqi", "da nang urumqi");
    expect(normal_unaccent, "đðøłæœıħŧþ", "ddolaeoeihtth");
    expect(normal_unaccent, "αθήνα", "αθηνα");
    expect(normal_unaccent, "مُحَمَّد ـآ", "محمد ا");
    expect(normal_unaccent, "שָׁלוֹם", "שלום");
    expect(normal_unaccent, "чай ёлка", "чай ёлка");
    expect(normal_unaccent, "กำลัง हिन्दी ガ", "กำลัง हिन्दी ガ");
    expect(normal_unaccent, "한국 5\u0304", "한국 5\u0304");
}

/* Any text: no call fails, the result is well-formed, and folding what is
 * folded changes nothing. */
static void random_text(void **state)
{
    struct buf in = {0}, out = {0}, again = {0};
    unsigned round, i, n;
    uint8_t p[4];

    (void)state;
    srand(1);
    for (round = 0; round < 40000; round++) {
        buf_clear(&in);
        n = (unsigned)rand() % 12;
        for (i = 0; i < n; i++) {
            uint32_t c = (uint32_t)rand() % (rand() % 2 ? 0x3100 : 0x30000);

            if (rand() % 8 == 0)
                buf_addc(&in, rand() % 256);
            else if (c < 0xD800 || c > 0xDFFF)
                buf_add(&in, view_of(p, utf8_encode(c, p)));
        }
        buf_clear(&out);
        assert_int_equal(normal_form(buf_view(&in), &out), 0);
        assert_int_equal(utf8_errors(buf_view(&out)), 0);
        buf_clear(&out);
        assert_int_equal(normal_fold(buf_view(&in), &out), 0);
        assert_int_equal(utf8_errors(buf_view(&out)), 0);
        buf_clear(&again);
        assert_int_equal(normal_fold(buf_view(&out), &again), 0);
        assert_true(view_eq(buf_view(&out), buf_view(&again)));
        buf_clear(&again);
        assert_int_equal(normal_unaccent(buf_view(&out), &again), 0);
        assert_true(again.n <= out.n);
    }
    buf_release(&in);
    buf_release(&out);
    buf_release(&again);
}

/* Each code point: folds to at most 18, and once is enough. */
static void every_code_point(void **state)
{
    struct buf out = {0}, again = {0};
    uint32_t c;
    uint8_t p[4];

    (void)state;
    for (c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        buf_clear(&out);
        buf_clear(&again);
        normal_fold(view_of(p, utf8_encode(c, p)), &out);
        normal_fold(buf_view(&out), &again);
        assert_true(view_eq(buf_view(&out), buf_view(&again)));
        assert_true(out.n <= 18 * 4);
        if (c != UTF8_REPLACEMENT && out.n == 3)
            assert_int_not_equal(memcmp(out.p, "\uFFFD", 3), 0);
    }
    buf_release(&out);
    buf_release(&again);
}

/* Marks in the worst order for sorting; more than 30 on a letter are cut. */
static void many_marks(void **state)
{
    struct buf in = {0}, out = {0};
    unsigned i;

    (void)state;
    buf_addc(&in, 'z');
    for (i = 0; i < 1 << 17; i++)
        buf_adds(&in, i % 2 ? "\u0301" : "\u0327");
    assert_int_equal(normal_fold(buf_view(&in), &out), 0);
    assert_true(out.n <= 1 + 2 * 30);
    buf_clear(&out);
    assert_int_equal(normal_unaccent(buf_view(&in), &out), 0);
    assert_string_equal(buf_cstr(&out), "z");
    buf_release(&in);
    buf_release(&out);
}

static void clusters(void **state)
{
    (void)state;
    assert_int_equal(normal_cluster(view_str("")), 0);
    assert_int_equal(normal_cluster(view_str("ab")), 1);
    assert_int_equal(normal_cluster(view_str("e\u0301x")), 3);
    assert_int_equal(normal_cluster(view_str("\r\nx")), 2);
    assert_int_equal(normal_cluster(view_str("น้ำมัน")), 9);
    assert_int_equal(normal_cluster(view_str("🇱🇦🇱🇦")), 8);
    assert_int_equal(normal_cluster(view_str("👩‍🔬!")), 11);
    assert_int_equal(normal_cluster(view_str("\xFF\xFF")), 1);
    assert_int_equal(normal_cluster(view_of("\0a", 2)), 1);
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(normal_width(view_str("")), 0);
    assert_int_equal(normal_width(view_str("abc")), 3);
    assert_int_equal(normal_width(view_str("中国")), 4);
    assert_int_equal(normal_width(view_str("e\u0301")), 1);
    assert_int_equal(normal_width(view_str("ก็")), 1);
    assert_int_equal(normal_width(view_str("a\xFF")), 2);
}

static void version(void **state)
{
    (void)state;
    assert_non_null(strstr(normal_version(), "utf8proc 2."));
    assert_non_null(strstr(normal_version(), "Unicode 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form),
        cmocka_unit_test(fold),
        cmocka_unit_test(unaccent),
        cmocka_unit_test(random_text),
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(many_marks),
        cmocka_unit_test(clusters),
        cmocka_unit_test(widths),
        cmocka_unit_test(version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
