/* Decoding and encoding UTF-8, all of it and everything that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "text/utf8.h"

static void every_code_point(void **state)
{
    uint8_t p[4];
    uint32_t c;
    unsigned n, len, cut;

    (void)state;
    for (c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        n = utf8_encode(c, p);
        assert_int_equal(n, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        assert_int_equal(utf8_decode(p, p + n, &len), c);
        assert_int_equal(len, n);
        /* What is left when the text ends early is one subpart. */
        for (cut = 1; cut < n; cut++) {
            assert_int_equal(utf8_decode(p, p + cut, &len), -1);
            assert_int_equal(len, cut);
        }
    }
}

/* The subparts of v as their lengths, ill-formed ones with a '-'. */
static void expect(const char *text, const char *want)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + strlen(text);
    struct buf got = {0};
    size_t errors = 0, replaced;
    unsigned len;

    while (p < end) {
        bool bad = utf8_decode(p, end, &len) < 0;

        buf_addf(&got, "%s%u", bad ? "-" : "", len);
        errors += bad;
        p += len;
    }
    assert_string_equal(buf_cstr(&got), want);
    assert_int_equal(utf8_errors(view_str(text)), errors);
    buf_clear(&got);
    replaced = 0;
    assert_int_equal(utf8_add(&got, view_str(text), &replaced), 0);
    assert_int_equal(replaced, errors);
    assert_int_equal(utf8_errors(buf_view(&got)), 0);
    buf_release(&got);
}

/* Tables 3-8 to 3-11 of the Unicode Standard, and what is near them. */
static void ill_formed(void **state)
{
    (void)state;
    expect("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "-1-1-1-1-1-1-1-11");
    expect("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "-1-1-1-1-1-1-1-11");
    expect("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "-1-1-1-1-11-1-11");
    expect("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "-2-1-3-21");
    expect("\xC1\xBF\xF5\x80\xF8\x88", "-1-1-1-1-1-1");
    expect("\xC2\x41\xE0\xA0\x41\xF0\x90\x80\x41", "-11-21-31");
    expect("\xEF\xBF\xBD", "3");
    assert_int_equal(utf8_errors(view_of(NULL, 0)), 0);
}

static void cuts(void **state)
{
    const char *text = "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80z";
    const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(utf8_cut(view_str(text), i), want[i]);
    /* Stray continuation bytes are characters. */
    for (i = 0; i <= 6; i++)
        assert_int_equal(utf8_cut(view_str("\x80\x80\x80\x80\x80\x80"), i), i);
    assert_int_equal(utf8_cut(view_str("\xC3\xA9\xA9\xA9"), 3), 3);
    assert_int_equal(utf8_cut(view_str("\xC3\xA9\xA9\xA9"), 1), 0);
    assert_int_equal(utf8_cut(view_of(NULL, 0), 5), 0);
}

/* A cut of any bytes leaves the decoding of both halves what it was. */
static void cuts_of_random_bytes(void **state)
{
    uint8_t b[24];
    unsigned round, i, len;

    (void)state;
    srand(1);
    for (round = 0; round < 100000; round++) {
        size_t max = (size_t)rand() % sizeof b, at, cut;

        for (i = 0; i < sizeof b; i++)
            b[i] = (uint8_t)(rand() % 3 ? 0x80 + rand() % 128 : rand());
        cut = utf8_cut(view_of(b, sizeof b), max);
        for (at = 0; at < cut; at += len)
            utf8_decode(b + at, b + sizeof b, &len);
        assert_int_equal(at, cut);
        utf8_decode(b + at, b + sizeof b, &len);
        assert_true(cut <= max && cut + len > max);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(ill_formed),
        cmocka_unit_test(cuts),
        cmocka_unit_test(cuts_of_random_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
