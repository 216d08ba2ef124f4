/* paragraph.h: paragraphs of whole texts, and of texts in two parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/paragraph.h"

static void test_counts(void **state)
{
    static const struct {
        const char *text;
        uint32_t n;
    } table[] = {
        {"", 0},
        {" \n\t\n", 0},
        {"a", 1},
        {"a\n", 1},
        {"a\nb\n", 1},
        {"a\n\nb", 2},
        {"\n\na\n\n\n\nb\nc\n \t\r\n\fd", 3},
        {"a\r\n\r\nb", 2},
        {"a\r\nb", 1},
        {"a\f\nb", 1},
        {"a\n\f\nb", 2},
        {"a\fb", 1},
        {"\xc2\xa0", 1}, /* white space of ASCII alone */
    };
    size_t i, cut;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct view v = view_str(table[i].text);

        for (cut = 0; cut <= v.n; cut++) {
            struct paragraphs p = PARAGRAPHS_NONE;

            paragraphs_count(&p, view_sub(v, 0, cut));
            paragraphs_count(&p, view_sub(v, cut, v.n));
            if (p.n != table[i].n)
                fail_msg("text %zu has %u paragraphs, not %u", i, p.n,
                         table[i].n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
