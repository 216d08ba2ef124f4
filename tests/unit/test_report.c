#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "indexer/report.h"

static void escapes(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", ""},
        {"plain \xc3\xa9 \xe9\xa6\x99", "plain \xc3\xa9 \xe9\xa6\x99"},
        {"a\nb\t\x1b[31m\x7f", "a\\x0ab\\x09\\x1b[31m\\x7f"},
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m"}, /* C1: CSI */
        {"\xe2\x80\xae"
         "txt",
         "\\xe2\\x80\\xaetxt"}, /* right to left */
        {"\xe2\x81\xa6", "\\xe2\\x81\\xa6"},
    };
    struct buf out = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_clear(&out);
        assert_int_equal(report_escape(view_str(rows[i].in), &out), 0);
        assert_string_equal(buf_cstr(&out), rows[i].out);
    }
    buf_release(&out);
}

static void verdicts_add_up(void **state)
{
    struct report r;

    (void)state;
    report_init(&r, LEVEL_QUIET, 0);
    report_verdict(&r, view_str("a"), VERDICT_ADDED, NULL);
    report_verdict(&r, view_str("b"), VERDICT_UNCHANGED, NULL);
    report_again(&r, view_str("c"), VERDICT_SKIPPED, "why");
    report_verdict(&r, view_str("d"), VERDICT_SKIPPED, "why");
    assert_int_equal(r.count[VERDICT_ADDED], 1);
    assert_int_equal(r.count[VERDICT_UNCHANGED], 1);
    assert_int_equal(r.count[VERDICT_SKIPPED], 2);
    assert_int_equal(r.count[VERDICT_FAILED], 0);
    report_end(&r);
    report_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(verdicts_add_up),
    };

    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
