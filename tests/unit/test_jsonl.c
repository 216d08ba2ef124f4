#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/jsonl.h"

enum { MAX = 1 << 20 };

static volatile sig_atomic_t stop;
static char path[] = "/tmp/test_jsonl.XXXXXX";
static struct jsonl *reader;
static struct record rec;
static struct err err;

static void start(struct view content)
{
    int fd;

    strcpy(path, "/tmp/test_jsonl.XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content.p, content.n), content.n);
    close(fd);
    assert_int_equal(jsonl_open(&reader, path, MAX, &err), 0);
}

static int next(void)
{
    return jsonl_next(reader, &rec, &stop, &err);
}

static void finish(void)
{
    jsonl_close(reader);
    unlink(path);
}

static void is(struct view v, const char *want)
{
    assert_int_equal(v.n, strlen(want));
    assert_memory_equal(v.p, want, v.n);
}

static void keys(void **state)
{
    (void)state;
    start(
        view_str("{\"id\":\"a/1\",\"title\":\"T\",\"text\":\"x\\ny\",\"date\":"
                 "\"2020-01-02\",\"lang\":\"en\",\"author\":\"Me\",\"n\":1.50,"
                 "\"ok\":true,\"nothing\":null,\"list\":[1,2]}\n"
                 "{\"id\":7,\"text\":null}\r\n"
                 "\n  \t\r\n"
                 "{\"language\":\"fr\",\"id\":\"last\"}"));
    assert_int_equal(next(), 1);
    assert_int_equal(rec.line, 1);
    is(rec.id, "a/1");
    is(rec.title, "T");
    is(rec.text, "x\ny");
    is(rec.date, "2020-01-02");
    is(rec.language, "en");
    assert_int_equal(rec.nfields, 4);
    is(rec.field[0].name, "author");
    is(rec.field[0].value, "Me");
    is(rec.field[1].value, "1.50");
    is(rec.field[2].value, "true");
    is(rec.field[3].value, "1,2"); /* a list without its brackets */
    assert_int_equal(next(), 1);
    is(rec.id, "7");
    assert_int_equal(rec.text.n, 0);
    assert_int_equal(rec.nfields, 0);
    assert_int_equal(next(), 1);
    assert_int_equal(rec.line, 5);
    is(rec.language, "fr");
    is(rec.id, "last");
    assert_int_equal(next(), 0);
    assert_int_equal(next(), 0);
    finish();
}

static void bad_lines_do_not_end_it(void **state)
{
    static const char *const bad[] = {
        "x",
        "[1]",
        "{\"text\":\"no id\"}",
        "{\"id\":\"\"}",
        "{\"id\":null}",
        "{\"id\":[1]}",
        "{\"id\":\"a\",\"text\":{}}",
        "{\"id\":\"a\"",
    };
    struct buf b = {0};
    size_t i, n = sizeof bad / sizeof *bad;

    (void)state;
    for (i = 0; i < n; i++)
        buf_addf(&b, "%s\n{\"id\":\"%zu\",\"text\":\"\xff\"}\n", bad[i], i);
    start(buf_view(&b));
    for (i = 0; i < n; i++) {
        assert_int_equal(next(), ERR_USAGE);
        assert_int_equal(rec.line, 2 * i + 1);
        assert_true(err.msg[0]);
        assert_int_equal(next(), 1);
        assert_int_equal(rec.line, 2 * i + 2);
        assert_int_equal(rec.replaced, 1);
    }
    assert_int_equal(next(), 0);
    finish();
    buf_release(&b);
}

static void long_lines(void **state)
{
    struct buf b = {0};
    size_t sizes[] = {MAX - 1, MAX, MAX + 1, 3 * MAX, 10}, i;

    (void)state;
    for (i = 0; i < 5; i++) {
        size_t at = b.n, n = sizes[i] < 25 ? 25 : sizes[i];

        buf_adds(&b, "{\"id\":\"x\",\"text\":\"");
        buf_reserve(&b, n);
        memset(b.p + b.n, 'a', n);
        b.n = at + n - 2;
        buf_adds(&b, "\"}");
        if (i < 4)
            buf_addc(&b, '\n');
    }
    start(buf_view(&b));
    for (i = 0; i < 5; i++) {
        assert_int_equal(next(), i == 2 || i == 3 ? ERR_USAGE : 1);
        assert_int_equal(rec.line, i + 1);
    }
    assert_int_equal(next(), 0);
    finish();
    /* the last line, too long and without an end */
    b.n = 0;
    buf_reserve(&b, 2 * MAX);
    memset(b.p, 'a', 2 * MAX);
    b.n = 2 * MAX;
    start(buf_view(&b));
    assert_int_equal(next(), ERR_USAGE);
    assert_int_equal(next(), 0);
    finish();
    buf_release(&b);
}

static void nothing(void **state)
{
    (void)state;
    start(view_of("", 0));
    assert_int_equal(next(), 0);
    finish();
    start(view_str("\n\n \n"));
    assert_int_equal(next(), 0);
    finish();
    assert_int_equal(jsonl_open(&reader, "/nonexistent", MAX, &err), ERR_IO);
    assert_null(reader);
    assert_int_equal(jsonl_open(&reader, "/", MAX, &err), 0);
    assert_int_equal(next(), ERR_IO);
    jsonl_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys),
        cmocka_unit_test(bad_lines_do_not_end_it),
        cmocka_unit_test(long_lines),
        cmocka_unit_test(nothing),
    };

    return cmocka_run_group_tests_name("jsonl", tests, NULL, NULL);
}
