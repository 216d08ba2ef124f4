#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
    const struct event again = {
        .id = view_str("c"), .verdict = VERDICT_SKIPPED, .again = true};
    const struct event gone = {.id = view_str("e"), .removed = true};
    const struct report_index ix = {0};
    struct err err;
    struct report r;

    (void)state;
    report_init(&r, LEVEL_QUIET, 0);
    report_verdict(&r, view_str("a"), VERDICT_ADDED, NULL);
    report_verdict(&r, view_str("b"), VERDICT_UNCHANGED, NULL);
    report_event(&r, &again);
    report_verdict(&r, view_str("d"), VERDICT_SKIPPED, "why");
    report_event(&r, &gone);
    assert_int_equal(r.count[VERDICT_ADDED], 1);
    assert_int_equal(r.count[VERDICT_UNCHANGED], 1);
    assert_int_equal(r.count[VERDICT_SKIPPED], 2);
    assert_int_equal(r.count[VERDICT_FAILED], 0);
    assert_int_equal(r.removed, 1);
    assert_int_equal(report_end(&r, &ix, &err), 0);
    report_release(&r);
}

static void assert_file(const char *path, const char *content)
{
    char text[4096] = {0};
    FILE *f = fopen(path, "rb");

    assert_non_null(f);
    assert_true(fread(text, 1, sizeof text - 1, f) < sizeof text - 1);
    fclose(f);
    assert_string_equal(text, content);
}

static void lines_are_written_when_committed(void **state)
{
    const struct report_index ix = {"u", 7, 100, 90};
    const struct event added = {.id = view_str("a\n.txt"),
                                .verdict = VERDICT_ADDED,
                                .docid = 5,
                                .bytes = 9,
                                .length = 2,
                                .errors = 3,
                                .cut = 1,
                                .charset = view_str("utf-16")};
    const struct event moved = {.id = view_str("b"),
                                .verdict = VERDICT_RENAMED,
                                .old = view_str("\xff")};
    char path[] = "/tmp/test_report.XXXXXX";
    const char *line1, *line2;
    struct err err;
    struct report r;
    char all[2048];
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    report_init(&r, LEVEL_QUIET, 0);
    assert_int_equal(report_open(&r, path, &err), 0);
    report_event(&r, &added);
    assert_file(path, "");
    report_committed(&r);
    line1 = "{\"type\":\"file\",\"op\":\"add\",\"path\":\"a\\u000a.txt\","
            "\"old\":null,\"id\":5,\"bytes\":9,\"terms\":2,\"reason\":null,"
            "\"warnings\":[\"invalid_utf16:3\",\"words_cut:1\"],"
            "\"format\":null,\"charset\":\"utf-16\",\"guessed\":false}\n";
    assert_file(path, line1);
    report_event(&r, &moved);
    assert_int_equal(report_end(&r, &ix, &err), 0);
    report_release(&r);
    line2 = "{\"type\":\"file\",\"op\":\"rename\",\"path\":\"b\",\"old\":"
            "{\"b64\":\"/w==\"},\"id\":null,\"bytes\":null,\"terms\":null,"
            "\"reason\":null,\"warnings\":[],\"format\":null,"
            "\"charset\":null,\"guessed\":false}\n"
            "{\"type\":\"end\",\"schema\":1,\"uuid\":\"u\",\"generation\":7,"
            "\"found\":2,\"added\":1,\"updated\":0,\"renamed\":1,"
            "\"removed\":0,\"unchanged\":0,\"skipped\":0,\"failed\":0,";
    snprintf(all, sizeof all, "%s%s", line1, line2);
    {
        char text[4096] = {0};
        FILE *f = fopen(path, "rb");

        assert_non_null(f);
        assert_true(fread(text, 1, sizeof text - 1, f) > 0);
        fclose(f);
        assert_int_equal(strncmp(text, all, strlen(all)), 0);
        assert_non_null(strstr(text, ",\"db_bytes\":100,\"db_used\":90}\n"));
    }
    unlink(path);
}

static void a_report_that_cannot_be_written(void **state)
{
    const struct report_index ix = {0};
    struct err err;
    struct report r;

    (void)state;
    report_init(&r, LEVEL_QUIET, 0);
    assert_int_equal(report_open(&r, "/nowhere/at/all", &err), ERR_IO);
    report_release(&r);
    report_init(&r, LEVEL_QUIET, 0);
    assert_int_equal(report_open(&r, "/dev/full", &err), 0);
    assert_int_equal(report_end(&r, &ix, &err), ERR_IO);
    assert_non_null(strstr(err.msg, "/dev/full"));
    report_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(verdicts_add_up),
        cmocka_unit_test(lines_are_written_when_committed),
        cmocka_unit_test(a_report_that_cannot_be_written),
    };

    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
