/* utf16.h against hand-made bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "text/utf16.h"

struct trial {
    const char *bytes;
    size_t n;
    const char *text;
    size_t errors;
};

static const struct trial trials[] = {
    {"\xFF\xFE", 2, "", 0},
    {"\xFE\xFF", 2, "", 0},
    {"\xFF\xFE"
     "r\0a\0i\0l\0",
     10, "rail", 0},
    {"\xFE\xFF\0r\0a", 6, "ra", 0},
    {"\xFF\xFE\x2D\x4E", 4, "中", 0},
    {"\xFE\xFF\xD8\x3D\xDE\x00", 6, "😀", 0},
    {"\xFE\xFF\xD8\x3D\0r", 6, "\xEF\xBF\xBDr", 1},
    {"\xFE\xFF\xDE\x00\0r", 6, "\xEF\xBF\xBDr", 1},
    {"\xFE\xFF\xD8\x3D", 4, "\xEF\xBF\xBD", 1},
    {"\xFE\xFF\0r\0", 5, "r\xEF\xBF\xBD", 1},
};

static void test_decode(void **state)
{
    size_t i, errors;

    (void)state;
    for (i = 0; i < sizeof trials / sizeof *trials; i++) {
        struct view v = view_of(trials[i].bytes, trials[i].n);
        struct buf b = {0};

        assert_true(utf16_marked(v));
        assert_int_equal(utf16_decode(v, &b, &errors), 0);
        assert_true(view_eq(buf_view(&b), view_str(trials[i].text)));
        assert_int_equal(errors, trials[i].errors);
        buf_release(&b);
    }
}

static void test_marked(void **state)
{
    (void)state;
    assert_false(utf16_marked(view_of(NULL, 0)));
    assert_false(utf16_marked(view_of("\xFF", 1)));
    assert_false(utf16_marked(view_of("rail", 4)));
    assert_false(utf16_marked(view_of("\xFF\xFE\0\0", 4))); /* UTF-32 */
    assert_false(utf16_marked(view_of("\xEF\xBB\xBF", 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
