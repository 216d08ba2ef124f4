#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/csv_row.h"
#include "indexer/records.h"

enum { MAX = 300000 };

static const volatile sig_atomic_t stop;
static char path[40];
static struct records *reader;
static struct record rec;
static struct err err;

static void start_named(struct view content, const char *end)
{
    int fd;

    snprintf(path, sizeof path, "/tmp/test_csv.XXXXXX%s", end);
    fd = mkstemps(path, (int)strlen(end));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content.p, content.n), content.n);
    close(fd);
    assert_int_equal(records_open(&reader, RECORDS_CSV, path, MAX, &err), 0);
}

static void start(const char *content)
{
    start_named(view_str(content), "");
}

static int next(void)
{
    return records_next(reader, &rec, &stop, &err);
}

static void finish(void)
{
    assert_int_equal(next(), 0);
    assert_int_equal(next(), 0);
    records_close(reader);
    unlink(path);
}

static void is(struct view v, const char *want)
{
    if (!view_eq(v, view_str(want)))
        fail_msg("'%.*s' and not '%s'", (int)v.n, (const char *)v.p, want);
}

static void is_next(uint64_t line, const char *id, const char *text)
{
    assert_int_equal(next(), 1);
    assert_int_equal(rec.line, line);
    is(rec.id, id);
    is(rec.text, text);
}

static void fails(uint64_t line, const char *why)
{
    assert_int_equal(next(), ERR_USAGE);
    assert_int_equal(rec.line, line);
    if (!strstr(err.msg, why))
        fail_msg("'%s' and not '%s'", err.msg, why);
}

static void columns(void **state)
{
    (void)state;
    start("\xEF\xBB\xBFID, Title ,author,text,,Date,lang,tag,tag\r\n"
          "a/1,T,Me,\"x, \"\"y\"\"\r\nz\",left out,2020-01-02,en,p,q\r\n"
          "\r\n"
          ",,,,,,,,\n"
          "2,,,\xff!,,,,,,,\n"
          "last,,,5\" wide,,,,,\"\"");
    is_next(2, "a/1", "x, \"y\"\r\nz");
    is(rec.title, "T");
    is(rec.date, "2020-01-02");
    is(rec.language, "en");
    assert_int_equal(rec.nfields, 3);
    is(rec.field[0].name, "author");
    is(rec.field[0].value, "Me");
    is(rec.field[1].value, "p");
    is(rec.field[2].name, "tag");
    is(rec.field[2].value, "q");
    assert_int_equal(rec.replaced, 0);
    is_next(6, "2", "\xEF\xBF\xBD!");
    assert_int_equal(rec.nfields, 0);
    assert_int_equal(rec.replaced, 1);
    is_next(7, "last", "5\" wide");
    finish();
}

static void delimiters(void **state)
{
    (void)state;
    start("id;text\n1;a,b\n");
    is_next(2, "1", "a,b");
    finish();
    start("id\ttext, long\ttext\n1\tx;y\tz\n");
    is_next(2, "1", "z");
    finish();
    start("\"a;b;c\",id,text\nx,1,y\n"); /* those within quotes do not count */
    is_next(2, "1", "y");
    is(rec.field[0].name, "a;b;c");
    finish();
    start_named(view_str("id\ta,b,c\n1\tx\n"), ".tsv");
    is_next(2, "1", "");
    is(rec.field[0].name, "a,b,c");
    finish();
    start("id\n1\n"); /* one column, no delimiter */
    is_next(2, "1", "");
    finish();
}

static void bad_rows_fail_alone(void **state)
{
    static const struct {
        const char *row, *why;
    } bad[] = {
        {"x", "fewer cells"},
        {"x,y,z", "more cells"},
        {",text", "no \"id\""},
        {"\"x\"y,z", "follows the quote"},
        {"x,\"y\" ", "follows the quote"},
        {"x,\"y\"\rz", "follows the quote"},
    };
    struct buf b = {0};
    size_t i, n = sizeof bad / sizeof *bad;

    (void)state;
    buf_adds(&b, "id,text\n");
    for (i = 0; i < n; i++)
        buf_addf(&b, "%s\n%zu,ok\n", bad[i].row, i);
    start_named(buf_view(&b), "");
    for (i = 0; i < n; i++) {
        fails(2 * i + 2, bad[i].why);
        assert_int_equal(next(), 1);
        assert_int_equal(rec.line, 2 * i + 3);
    }
    finish();
    buf_release(&b);
}

static void an_open_quote_costs_one_record(void **state)
{
    (void)state;
    start("id,text\na,\"open\nb,two\nc,\"three\"\nd,four\n");
    fails(2, "follows the quote"); /* c's first quote would close it */
    is_next(3, "b", "two");
    is_next(4, "c", "three");
    is_next(5, "d", "four");
    finish();
    start("id,text\na,\"open\nb,two\nc,three");
    fails(2, "not closed");
    is_next(3, "b", "two");
    is_next(4, "c", "three");
    finish();
}

static void long_rows(void **state)
{
    size_t sizes[] = {MAX - 5, MAX - 2, MAX, 3 * MAX, 10}, i;
    struct buf b = {0};

    (void)state;
    buf_adds(&b, "id,text\n");
    for (i = 0; i < 5; i++) {
        buf_adds(&b, "a,");
        buf_reserve(&b, sizes[i]);
        memset(b.p + b.n, 'x', sizes[i]);
        b.n += sizes[i];
        buf_adds(&b, "\n");
    }
    start_named(buf_view(&b), "");
    for (i = 0; i < 5; i++) {
        assert_int_equal(next(), sizes[i] + 2 > MAX ? ERR_USAGE : 1);
        assert_int_equal(rec.line, i + 2);
    }
    finish();
    buf_release(&b);
}

/* Each row opens a quote that the last one closes: read again and again, that
 * would be 3 * 10^12 bytes. */
static void time_is_linear(void **state)
{
    struct buf b = {0};
    int rc, n = 0;

    (void)state;
    buf_adds(&b, "id,text\n");
    while (b.n < 20 * MAX)
        buf_adds(&b, "a\"b,\"c\n");
    buf_adds(&b, "\"x\"y\nlast,t\n");
    start_named(buf_view(&b), "");
    while ((rc = next()) < 0) {
        assert_int_equal(rc, ERR_USAGE);
        n++;
    }
    assert_int_equal(rc, 1);
    is(rec.id, "last");
    assert_true(n > 10);
    finish();
    buf_release(&b);
}

static void headers(void **state)
{
    struct buf b = {0};
    int i;

    (void)state;
    start("");
    finish();
    start("name,text\n1,x\n");
    fails(1, "no column is named \"id\"");
    finish();
    start("id,lang,language\n1,x\n");
    fails(1, "two columns");
    finish();
    start("\"id,text\n1,x\n");
    fails(1, "not closed");
    finish();
    start_named(view_of("\xff\xfei\0d\0\n", 7), "");
    fails(1, "UTF-16");
    finish();
    for (i = 0; i < 10001; i++)
        buf_adds(&b, "x,");
    buf_adds(&b, "id\n");
    start_named(buf_view(&b), "");
    fails(1, "more than 10000 columns");
    finish();
    buf_release(&b);
}

/* Another header makes another record of the same row. */
static void context(void **state)
{
    uint64_t was;

    (void)state;
    start("id,text\n1,x\n");
    assert_int_equal(next(), 1);
    was = rec.context;
    finish();
    start("id,title\n1,x\n");
    assert_int_equal(next(), 1);
    assert_true(rec.context != was);
    finish();
}

/* Fed byte by byte, the end of a row is found at the same place. */
static void in_pieces(void **state)
{
    struct view v = view_str("a,\"b\"\"\r\n\",\"\"\r\n\"c\"\r\nd\r\n");
    size_t want[] = {14, 19, 22}, at = 0, i;

    (void)state;
    for (i = 0; i < 3; i++) {
        struct csv_scan scan = {.delimiter = ','};
        size_t n = at;
        int rc = 0;

        while (rc == 0 && n < v.n)
            rc = csv_row_end(&scan, view_sub(v, at, ++n));
        assert_int_equal(rc, 1);
        assert_int_equal(at + scan.at, want[i]);
        at += scan.at;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns),
        cmocka_unit_test(delimiters),
        cmocka_unit_test(bad_rows_fail_alone),
        cmocka_unit_test(an_open_quote_costs_one_record),
        cmocka_unit_test(long_rows),
        cmocka_unit_test(time_is_linear),
        cmocka_unit_test(headers),
        cmocka_unit_test(context),
        cmocka_unit_test(in_pieces),
    };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
