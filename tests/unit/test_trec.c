#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hash.h"
#include "indexer/records.h"

enum { MAX = 300000 };

static const volatile sig_atomic_t stop;
static char path[] = "/tmp/test_trec.XXXXXX";
static struct records *reader;
static struct record rec;
static struct err err;

static void start_max(struct view content, size_t max)
{
    int fd;

    strcpy(path, "/tmp/test_trec.XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content.p, content.n), content.n);
    close(fd);
    assert_int_equal(records_open(&reader, RECORDS_TREC, path, max, &err), 0);
}

static void start(const char *content)
{
    start_max(view_str(content), MAX);
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

static void is_field(size_t i, const char *name, const char *value)
{
    assert_true(i < rec.nfields);
    is(rec.field[i].name, name);
    is(rec.field[i].value, value);
}

/* The text of a DOC with that content. */
static void text_is(const char *content, const char *want)
{
    char doc[1024];

    snprintf(doc, sizeof doc, "<DOC><DOCNO>x</DOCNO>%s</DOC>", content);
    start(doc);
    assert_int_equal(next(), 1);
    is(rec.text, want);
    finish();
}

static void fails(int line, const char *why)
{
    assert_int_equal(next(), ERR_USAGE);
    assert_int_equal(rec.line, line);
    if (!strstr(err.msg, why))
        fail_msg("'%s' without '%s'", err.msg, why);
}

static void gives(int line, const char *id)
{
    assert_int_equal(next(), 1);
    is(rec.id, id);
    assert_int_equal(rec.line, line);
}

static void elements(void **state)
{
    (void)state;
    start("prologue\n"
          "<DOC>\n"
          "<DOCNO> A-1 </DOCNO>\n"
          "<PROFILE>_AN-1</PROFILE>\n"
          "<DATE>910514\n</DATE>\n"
          "<LANG>en</LANG>\n"
          "<HEADLINE>\n<P>\nPort &amp; harbour:\n  a  view\n</P></HEADLINE>\n"
          "<BYLINE> By A B </BYLINE>\n"
          "<LENGTH>\n123 words\n</LENGTH>\n"
          "<TEXT>\n<P>\nShips call.\n</P>\n<P>\nSecond.\n</P>\n"
          "<INNER>no field</INNER>\n</TEXT>\n"
          "<PUB>The Paper\n</PUB>\n<PUB>Again</PUB>\n"
          "<TWO>lines\nof it</TWO><MARKED>a <b>c</b></MARKED><F P=1>n</F>\n"
          "</DOC>\n"
          "between\n"
          "<doc><docno>2</docno><text>x</text></doc>"
          "<Doc n=\"3\">\n<DocNo>3</DocNo>\n<head>T</head>y</Doc >epilogue");
    gives(2, "A-1");
    is(rec.title, "Port & harbour: a view");
    is(rec.date, "1991-05-14");
    is(rec.language, "en");
    is(rec.text, "_AN-1 \n\nBy A B \n\n123 words\n\nShips call.\n\nSecond.\n\n"
                 "no field \n\nThe Paper\n\nAgain \nlines\nof it a c n");
    assert_int_equal(rec.nfields, 4);
    is_field(0, "profile", "_AN-1");
    is_field(1, "byline", "By A B");
    is_field(2, "length", "123 words");
    is_field(3, "pub", "The Paper");
    assert_int_equal(rec.replaced, 0);
    gives(33, "2");
    is(rec.text, "x");
    assert_int_equal(rec.title.n, 0);
    assert_int_equal(rec.date.n, 0);
    assert_int_equal(rec.nfields, 0);
    gives(33, "3");
    is(rec.title, "T");
    is(rec.text, "y");
    finish();
}

static void titles(void **state)
{
    static const char *const rows[][3] = {
        {"<TITLE>a</TITLE>", "a", ""},
        {"<HL>a</HL><TEXT>b</TEXT>", "a", "b"},
        {"<H3><TI>a</TI></H3>", "a", ""},
        {"<TTL> </TTL><DOCTITLE>a</DOCTITLE>", "a", ""},
        {"<HEAD>a</HEAD> <HEAD>b</HEAD>", "a", "b"},
        {"<HEAD><TITLE>a</TITLE></HEAD><BODY>b", "a", "b"},
        {"<HEAD><TITLE>a</TITLE><BODY>b", "a", "b"},
        {"<HEADLINE>a <TEXT>b</TEXT>", "", "a b"},
    };
    char doc[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(doc, sizeof doc, "<DOC><DOCNO>x</DOCNO>%s</DOC>", rows[i][0]);
        start(doc);
        assert_int_equal(next(), 1);
        is(rec.title, rows[i][1]);
        is(rec.text, rows[i][2]);
        finish();
    }
}

static void dates(void **state)
{
    static const char *const rows[][3] = {
        {"<DATE>2022-01-04</DATE>", "2022-01-04", ""},
        {"<DATE>940228</DATE>", "1994-02-28", ""},
        {"<DATE>940229</DATE>", "", "940229"},
        {"<DATE>94022x</DATE>", "", "94022x"},
        {"<DD> 03/24/87</DD>", "1987-03-24", ""},
        {"<DD>24/03/87</DD>", "", "24/03/87"},
        {"<DATE1> 1 March 1994 </DATE1>", "1994-03-01", ""},
        {"<DATE_TIME> 1998-06-01 00:11:00 </DATE_TIME>", "1998-06-01", ""},
        {"<DATE><P>\nJanuary 1, 1989, Sunday, Home Edition\n</P></DATE>",
         "1989-01-01", ""},
        {"<DATE>some day</DATE><DATE>1990</DATE>", "1990-01-01", "some day"},
        {"<DATE>1990</DATE><DATE>1991</DATE>", "1990-01-01", "1991"},
        {"<TEXT><DATE>1990</DATE></TEXT>", "", "1990"},
        {"<DATE>1990", "", "1990"},
    };
    char doc[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(doc, sizeof doc, "<DOC><DOCNO>x</DOCNO>%s</DOC>", rows[i][0]);
        start(doc);
        assert_int_equal(next(), 1);
        is(rec.date, rows[i][1]);
        is(rec.text, rows[i][2]);
        finish();
    }
}

static void text(void **state)
{
    (void)state;
    text_is("one<b>two</b>three", "one two three");
    text_is("a < b, a<b&&c>d, <3, </>, x<", "a < b, a<b&&c>d, <3, </>, x<");
    text_is("open <tag that never ends", "open <tag that never ends");
    text_is("open <tag and <i>another</i>", "open <tag and another");
    text_is("&lt;p&gt; &#x41; AT&T &amp;lt; &nosuch; &hyph;",
            "<p> A AT&T &lt; &nosuch; -");
    text_is("a<!-- <b> > hidden -->b<!-- open <i>c", "a b<!-- open c");
    text_is("<!DOCTYPE html><?xml version=\"1.0\"?>a<br/>b", "a b");
    text_is("<DOCHDR>\nhttp://x/\nDate: 1990\n</DOCHDR>"
            "<html><script>if (a<b) x</script><STYLE>p{}</STYLE>y</html>",
            "y");
    text_is("<DOCHDR>without its end", "without its end");
    text_is("one\r\ntwo\r\n", "one\ntwo");
    text_is("", "");
    text_is("<TEXT>\n</TEXT>", "");
}

static void bytes(void **state)
{
    static const char doc[] = "<DOC>\r\n<DOCNO> a </DOCNO>\r\n"
                              "<TITLE>\xff</TITLE><DATE>\xff</DATE>\r\n"
                              "<PLACE>\xc3</PLACE>"
                              "nul \0 \xe2\x82 \xe2\x82\xac\r\n</DOC>\r\n";

    (void)state;
    start_max(view_of(doc, sizeof doc - 1), MAX);
    gives(1, "a");
    is(rec.title, "\xef\xbf\xbd");
    is(rec.text, "\xef\xbf\xbd \n\xef\xbf\xbd nul \xef\xbf\xbd \xef\xbf\xbd "
                 "\xe2\x82\xac");
    assert_int_equal(rec.replaced, 5);
    finish();
}

static void damage(void **state)
{
    (void)state;
    start("<DOC>\n<DOCNO>1</DOCNO>\na\n</DOC>\n"
          "<DOC>\n<TEXT>nameless</TEXT>\n</DOC>\n"
          "<DOC>\n</DOC>\n"
          "<DOC>\n<DOCNO> </DOCNO>\n</DOC>\n"
          "<DOC>\n<DOCNO>2\n</DOC>\n"
          "<DOC>\n<DOCNO>3</DOCNO>\nno end\n"
          "  <DOC>\n<DOCNO>4</DOCNO>\nsays <DOC> and <DOC\n</DOC>\n"
          "</DOC>\n"
          "<DOC><DOCNO>5</DOCNO> <DOC><DOCNO>6</DOCNO></DOC>\n"
          "<DOC><DOCNO>7</DOCNO></DOC>\n"
          "<DOC>\n<DOCNO>8</DOCNO>\ncut off </DO");
    gives(1, "1");
    fails(5, "no DOCNO");
    fails(8, "no DOCNO");
    fails(10, "no DOCNO");
    fails(13, "no DOCNO");
    fails(16, "no </DOC>");
    gives(19, "4");
    is(rec.text, "says  and <DOC");
    fails(24, "more than one DOCNO");
    gives(25, "7");
    fails(26, "no </DOC>");
    finish();
}

/* Appends a DOC of that size; returns the line it begins in. */
static int add_doc(struct buf *b, const char *id, size_t size, bool end)
{
    size_t at = b->n, i;
    int line = 1;

    for (i = 0; i < at; i++)
        line += b->p[i] == '\n';

    buf_addf(b, "<DOC><DOCNO>%s</DOCNO>\n", id);
    while (b->n < at + size)
        buf_adds(b, b->n + 7 > at + size ? "x" : "<P> a \n");
    buf_adds(b, end ? "</DOC>\n" : "\n");
    return line;
}

static void large(void **state)
{
    struct buf b = {0};
    int line[6];

    (void)state;
    line[0] = add_doc(&b, "a", 1000, true);
    line[1] = add_doc(&b, "b", 1001, true);
    line[2] = add_doc(&b, "c", 10000, true);
    line[3] = add_doc(&b, "d", 2 * MAX, false);
    line[4] = add_doc(&b, "e", 999, true);
    line[5] = add_doc(&b, "f", 3 * MAX, false);
    start_max(buf_view(&b), 1000);
    gives(line[0], "a");
    assert_int_equal(rec.raw.n, 1000);
    fails(line[1], "longer than 1000");
    fails(line[2], "longer than 1000");
    fails(line[3], "longer than 1000");
    gives(line[4], "e");
    fails(line[5], "longer than 1000");
    finish();
    buf_release(&b);
}

static void nothing(void **state)
{
    (void)state;
    start("");
    finish();
    start("\n \r\n");
    finish();
    start("{\"id\":\"a\"}\n<docs>\n");
    fails(1, "no <DOC>");
    finish();
    assert_int_equal(
        records_open(&reader, RECORDS_TREC, "/nonexistent", MAX, &err), ERR_IO);
    assert_null(reader);
    assert_int_equal(records_open(&reader, RECORDS_TREC, "/", MAX, &err), 0);
    assert_int_equal(next(), ERR_IO);
    records_close(reader);
}

/* A hash of all that the reader gives. */
static uint64_t all_of_it(void)
{
    struct buf b = {0};
    uint64_t hash;
    int rc;

    while ((rc = next()) != 0) {
        assert_true(rc == 1 || rc == ERR_USAGE);
        buf_addf(&b, "%d %d %.*s", rc, (int)rec.line, (int)rec.id.n,
                 (const char *)rec.id.p);
        buf_add(&b, rec.title);
        buf_add(&b, rec.text);
        if (rc < 0)
            buf_adds(&b, err.msg);
    }
    hash = hash64(buf_view(&b));
    buf_release(&b);
    return hash;
}

/* However a pipe hands it out, the same comes from it. */
static void pipes(void **state)
{
    struct buf b = {0};
    uint64_t want;
    size_t step, i;

    (void)state;
    for (i = 0; i < 20; i++) {
        buf_addf(&b, "<not a doc> \n <DOC>\r\n<DOCNO> %zu </DOCNO>\n", i);
        add_doc(&b, "inner", i * 13, i % 3 != 0);
        buf_adds(&b, i % 2 ? "< / <a <</DOC>" : " </doc\n> <");
    }
    start_max(buf_view(&b), 200);
    want = all_of_it();
    finish();
    for (step = 1; step < 40; step += 3) {
        char name[32];
        int fd[2];
        pid_t child;

        assert_int_equal(pipe(fd), 0);
        child = fork();
        if (child == 0) {
            for (i = 0; i < b.n; i += step)
                if (write(fd[1], b.p + i, i + step < b.n ? step : b.n - i) < 0)
                    _exit(1);
            _exit(0);
        }
        close(fd[1]);
        snprintf(name, sizeof name, "/dev/fd/%d", fd[0]);
        assert_int_equal(records_open(&reader, RECORDS_TREC, name, 200, &err),
                         0);
        close(fd[0]);
        assert_true(all_of_it() == want);
        records_close(reader);
        waitpid(child, NULL, 0);
    }
    buf_release(&b);
}

/* What could make it quadratic: seconds are minutes then. */
static void repeated(void **state)
{
    static const char *const parts[] = {
        "<title>",  "<date>",   "<head>",   "<p",
        "<!--",     "<date>1 ", "<script>", "<head></hea ",
        "<lang> <", "&#11111",  "<doc ",    "</title >"};
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_clear(&b);
        buf_adds(&b, "<DOC><DOCNO>x</DOCNO>");
        while (b.n < 1 << 20)
            buf_adds(&b, parts[i]);
        buf_adds(&b, "</DOC>");
        start_max(buf_view(&b), 2 << 20);
        gives(1, "x");
        finish();
    }
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements), cmocka_unit_test(titles),
        cmocka_unit_test(dates),    cmocka_unit_test(text),
        cmocka_unit_test(bytes),    cmocka_unit_test(damage),
        cmocka_unit_test(large),    cmocka_unit_test(nothing),
        cmocka_unit_test(pipes),    cmocka_unit_test(repeated),
    };

    return cmocka_run_group_tests_name("trec", tests, NULL, NULL);
}
