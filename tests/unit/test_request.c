/* lines.h and request.h: what --batch makes of its input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "query/lines.h"
#include "query/request.h"
#include "query/timing.h"

/* --- lines --- */

/* The lines of a stream, a bar behind each; # for one that is too long. */
static const char *cut(struct view in)
{
    static struct buf out;
    struct err err = {0};
    struct lines l = {0};
    struct view line;
    FILE *f = tmpfile();
    int rc;

    assert_non_null(f);
    assert_int_equal(fwrite(in.p, 1, in.n, f), in.n);
    assert_int_equal(fflush(f), 0);
    assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
    l.fd = fileno(f);
    buf_clear(&out);
    while ((rc = lines_next(&l, &line, &err)) > 0) {
        assert_true(!l.too_long || line.n == 0);
        if (l.too_long)
            buf_addc(&out, '#');
        else if (line.n > 100)
            buf_addf(&out, "%zu", line.n);
        else
            buf_add(&out, line);
        buf_addc(&out, '|');
    }
    assert_int_equal(rc, 0);
    assert_int_equal(lines_next(&l, &line, &err), 0);
    lines_release(&l);
    fclose(f);
    return buf_cstr(&out);
}

static void lines(void **state)
{
    (void)state;
    assert_string_equal(cut(view_str("")), "");
    assert_string_equal(cut(view_str("\n")), "|");
    assert_string_equal(cut(view_str("a\nb")), "a|b|");
    assert_string_equal(cut(view_str("a\r\n\n\rb\n")), "a||\rb|");
    assert_string_equal(cut(view_str("\xef\xbb\xbf"
                                     "a\n\xef\xbb\xbf"
                                     "b")),
                        "a|\xef\xbb\xbf"
                        "b|");
    assert_memory_equal(cut(view_of("a\0b\nc", 5)), "a\0b|c|", 6);
}

static void long_lines(void **state)
{
    static const int lengths[] = {LINES_MAX - 1, LINES_MAX, LINES_MAX + 1,
                                  2 * LINES_MAX, 3 * LINES_MAX + 65536};
    struct buf in = {0};
    char want[64];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int n = lengths[i];

        buf_clear(&in);
        buf_adds(&in, "a\n");
        assert_int_equal(buf_reserve(&in, (size_t)n), 0);
        memset(in.p + in.n, 'x', (size_t)n);
        in.n += (size_t)n;
        if (n > LINES_MAX)
            snprintf(want, sizeof want, "a|#|");
        else
            snprintf(want, sizeof want, "a|%d|", n);
        assert_string_equal(cut(buf_view(&in)), want);
        buf_adds(&in, "\nb\n");
        strcat(want, "b|");
        assert_string_equal(cut(buf_view(&in)), want);
    }
    buf_release(&in);
}

static void a_line_is_given_as_soon_as_it_ends(void **state)
{
    struct lines l = {0};
    struct view line;
    int fd[2];

    (void)state;
    assert_int_equal(pipe(fd), 0);
    l.fd = fd[0];
    assert_int_equal(write(fd[1], "a\nb", 3), 3);
    assert_int_equal(lines_next(&l, &line, NULL), 1);
    assert_true(view_eq(line, view_str("a")));
    assert_int_equal(write(fd[1], "c\n", 2), 2);
    assert_int_equal(lines_next(&l, &line, NULL), 1);
    assert_true(view_eq(line, view_str("bc")));
    close(fd[1]);
    assert_int_equal(lines_next(&l, &line, NULL), 0);
    close(fd[0]);
    lines_release(&l);
}

/* --- requests --- */

static struct json_reader *reader;
static struct request r;
static const struct settings defaults = {.limit = 10, .k1 = 1.2, .b = 0.75};

static int open_reader(void **state)
{
    (void)state;
    return json_reader_open(&reader, NULL);
}

static int close_reader(void **state)
{
    (void)state;
    json_reader_free(reader);
    request_release(&r);
    return 0;
}

static void accepts(const char *line, const char *id, const char *text)
{
    struct err err = {0};

    if (request_read(&r, reader, view_str(line), &defaults, &err) != 0)
        fail_msg("%s: %s: %s", line, r.code, err.msg);
    assert_null(r.code);
    assert_string_equal(buf_cstr(&r.id), id);
    assert_true(view_eq(r.text, view_str(text)));
}

static void refuses(const char *line, const char *id, const char *code)
{
    struct err err = {0};

    if (request_read(&r, reader, view_str(line), &defaults, &err) >= 0)
        fail_msg("%s is taken", line);
    if (strcmp(r.code, code) != 0)
        fail_msg("%s: %s, not %s", line, r.code, code);
    assert_string_equal(buf_cstr(&r.id), id);
    assert_true(err.msg[0]);
}

static void what_is_asked(void **state)
{
    (void)state;
    accepts("rail port", "null", "rail port");
    accepts("\"a {b\"", "null", "\"a {b\"");
    accepts("{\"q\":\"rail\"}", "null", "rail");
    accepts(" \t{\"q\":\"{x\"}", "null", "{x");
    accepts("{\"id\":7,\"q\":\"a\"}", "7", "a");
    accepts("{\"q\":\"a\",\"id\":-1.50e+3}", "-1.50e+3", "a");
    accepts("{\"id\":\"x\\\"\\n\",\"q\":\"a\"}", "\"x\\\"\\u000a\"", "a");
    accepts("{\"id\":null,\"q\":\"a\"}", "null", "a");
    accepts("{\"id\":1,\"q\":\"a\",\"q\":\"b\",\"id\":2}", "2", "b");
}

static void documents_like_one(void **state)
{
    (void)state;
    accepts("{\"id\":1,\"similar\":812,\"limit\":5}", "1",
            "{\"id\":1,\"similar\":812,\"limit\":5}");
    assert_true(view_eq(r.similar, view_str("812")));
    accepts("{\"similar\":\"a b.txt\"}", "null", "{\"similar\":\"a b.txt\"}");
    assert_true(view_eq(r.similar, view_str("a b.txt")));
    accepts("{\"similar\":\"\"}", "null", "{\"similar\":\"\"}");
    assert_non_null(r.similar.p);
    accepts("{\"q\":\"similar\"}", "null", "similar");
    assert_null(r.similar.p);
    refuses("{\"similar\":1,\"q\":\"a\",\"id\":2}", "2", "usage");
    refuses("{\"similar\":true}", "null", "bad_value");
    refuses("{\"similar\":[1]}", "null", "bad_value");
}

static void options_hold_for_one_line(void **state)
{
    (void)state;
    accepts("{\"q\":\"a\",\"all\":true,\"limit\":3,\"offset\":4,\"k1\":0.5,"
            "\"b\":1,\"total\":\"none\",\"explain\":true,\"count\":true}",
            "null", "a");
    assert_true(r.settings.all && r.settings.explain && r.settings.count);
    assert_int_equal(r.settings.limit, 3);
    assert_int_equal(r.settings.offset, 4);
    assert_true(r.settings.k1 == 0.5 && r.settings.b == 1);
    assert_int_equal(r.settings.total, TOTAL_NONE);
    accepts("{\"q\":\"a\"}", "null", "a");
    assert_memory_equal(&r.settings, &defaults, sizeof defaults);
    accepts("{\"q\":\"a\",\"any\":false}", "null", "a");
    assert_true(r.settings.all);
    accepts("{\"q\":\"a\",\"any\":true,\"all\":false}", "null", "a");
    assert_false(r.settings.all);
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *line, *id, *code;
    } rows[] = {
        {"", "null", "blank"},
        {" \t ", "null", "blank"},
        {"{\"id\":1,\"q\":\" \"}", "1", "blank"},
        {"{", "null", "not_json"},
        {"{\"q\":\"a\"} x", "null", "not_json"},
        {"{'q':'a'}", "null", "not_json"},
        {"{\"q\":\"a\",\"limit\":99999999999999999999}", "null", "not_json"},
        {"{}", "null", "usage"},
        {"{\"id\":\"\"}", "\"\"", "usage"},
        {"{\"q\":5}", "null", "bad_value"},
        {"{\"q\":null,\"id\":5}", "5", "bad_value"},
        {"{\"q\":{\"q\":\"a\"}}", "null", "bad_value"},
        {"{\"q\":\"a\",\"id\":true}", "null", "bad_value"},
        {"{\"q\":\"a\",\"id\":[1]}", "null", "bad_value"},
        {"{\"q\":\"a\",\"id\":NaN}", "null", "bad_value"},
        {"{\"q\":\"a\",\"id\":1e999}", "null", "bad_value"},
        {"{\"lmit\":5,\"q\":\"a\",\"id\":6}", "6", "unknown_key"},
        {"{\"\":5,\"q\":\"a\"}", "null", "unknown_key"},
        {"{\"Q\":\"a\"}", "null", "unknown_key"},
        {"{\"db\":\"x\",\"q\":\"a\"}", "null", "unknown_key"},
        {"{\"format\":\"text\",\"q\":\"a\"}", "null", "unknown_key"},
        {"{\"batch\":true,\"q\":\"a\"}", "null", "unknown_key"},
        {"{\"show\":\"1\",\"q\":\"a\"}", "null", "unknown_key"},
        {"{\"q\":\"a\",\"n\":5}", "null", "unknown_key"},
        {"{\"q\":\"a\",\"a-key-that-is-longer-than-any-option-has\":5}", "null",
         "unknown_key"},
        {"{\"q\":\"a\",\"limit\":\"5\"}", "null", "bad_value"},
        {"{\"q\":\"a\",\"limit\":-5}", "null", "bad_value"},
        {"{\"q\":\"a\",\"limit\":5.5}", "null", "bad_value"},
        {"{\"q\":\"a\",\"limit\":4294967296}", "null", "bad_value"},
        {"{\"q\":\"a\",\"limit\":true}", "null", "bad_value"},
        {"{\"q\":\"a\",\"limit\":[5]}", "null", "bad_value"},
        {"{\"q\":\"a\",\"b\":1.5}", "null", "bad_value"},
        {"{\"q\":\"a\",\"k1\":1e999}", "null", "bad_value"},
        {"{\"q\":\"a\",\"total\":\"some\"}", "null", "bad_value"},
        {"{\"q\":\"a\",\"total\":\"exact\\u0000\"}", "null", "bad_value"},
        {"{\"q\":\"a\",\"total\":1}", "null", "bad_value"},
        {"{\"q\":\"a\",\"all\":1}", "null", "bad_value"},
        {"{\"q\":\"a\",\"all\":\"true\"}", "null", "bad_value"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        refuses(rows[i].line, rows[i].id, rows[i].code);
}

/* --- timing --- */

static void percentiles(void **state)
{
    struct timing t = {0};
    struct buf out = {0};
    float us;
    int i;

    (void)state;
    assert_int_equal(timing_print(&t, &out), 0);
    assert_string_equal(buf_cstr(&out),
                        "{\"queries\":0,\"wall\":0,\"mean\":null,\"p50\":null,"
                        "\"p95\":null,\"p99\":null}\n");
    buf_clear(&out);
    for (i = 200; i > 0; i--) {
        us = (float)i + 0.25F;
        buf_add(&t.us, view_of(&us, sizeof us));
    }
    t.begun_ns = timing_now();
    assert_int_equal(timing_print(&t, &out), 0);
    assert_non_null(strstr(buf_cstr(&out), "{\"queries\":200,\"wall\":0"));
    assert_non_null(strstr(buf_cstr(&out),
                           "\"mean\":100.8,\"p50\":100.3,\"p95\":190.3,"
                           "\"p99\":198.3}\n"));
    buf_release(&out);
    timing_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(long_lines),
        cmocka_unit_test(a_line_is_given_as_soon_as_it_ends),
        cmocka_unit_test(what_is_asked),
        cmocka_unit_test(documents_like_one),
        cmocka_unit_test(options_hold_for_one_line),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(percentiles),
    };

    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
