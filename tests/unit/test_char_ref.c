#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/char_ref.h"

static void known(void **state)
{
    static const struct {
        const char *in;
        uint32_t c;
    } rows[] = {
        {"&amp;", '&'},         {"&lt;", '<'},
        {"&gt;", '>'},          {"&quot;", '"'},
        {"&apos;", '\''},       {"&nbsp;", 0xA0},
        {"&hyph;", '-'},        {"&blank;", ' '},
        {"&hellip;", 0x2026},   {"&Agrave;", 0xC0},
        {"&times;", 0xD7},      {"&szlig;", 0xDF},
        {"&eacute;", 0xE9},     {"&divide;", 0xF7},
        {"&yuml;", 0xFF},       {"&#65;", 'A'},
        {"&#x41;", 'A'},        {"&#X4a;", 'J'},
        {"&#0000065;", 'A'},    {"&#x10FFFF;", 0x10FFFF},
        {"&#146;", 0x2019},     {"&#128;", 0x20AC},
        {"&#129;", 129},        {"&#159;", 0x178},
        {"&#0;", 0xFFFD},       {"&#xD800;", 0xFFFD},
        {"&#x110000;", 0xFFFD}, {"&#99999999999999999999;", 0xFFFD},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct view v = view_str(rows[i].in);
        uint32_t c = 1;

        assert_int_equal(char_ref(v, &c), v.n);
        assert_int_equal(c, rows[i].c);
        /* cut anywhere it is none */
        while (v.n-- > 0)
            assert_int_equal(char_ref(v, &c), 0);
    }
}

static void others(void **state)
{
    static const char *const rows[] = {
        "",      "&",      "&;",      "&#;",       "&#x;",         "x&amp;",
        "& lt;", "&LT;",   "&amp",    "&amp amp;", "&nosuchname;", "&#-1;",
        "&#1a;", "&#xg1;", "&#x 41;", "&eacut;",   "&eacutee;"};
    size_t i;
    uint32_t c = 7;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(char_ref(view_str(rows[i]), &c), 0);
    assert_int_equal(c, 7);
    assert_int_equal(char_ref(view_str("&lt;b&gt;"), &c), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),
        cmocka_unit_test(others),
    };

    return cmocka_run_group_tests_name("char_ref", tests, NULL, NULL);
}
