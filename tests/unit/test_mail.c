/* Mail: heads, encodings, parts, mailboxes; all of it also damaged. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/formats/mail.h"
#include "indexer/formats/mail_decode.h"
#include "indexer/formats/mail_header.h"
#include "indexer/formats/mbox.h"
#include "indexer/records.h"

static struct extract x;
static struct err err;
static struct extract_limits limits = {1 << 20, NULL};

static void is(struct view v, const char *want)
{
    if (!view_eq(v, view_str(want)))
        fail_msg("'%.*s' and not '%s'", (int)v.n, (const char *)v.p, want);
}

/* --- encodings and heads --- */

static void decoding(void **state)
{
    static const struct {
        int (*decode)(struct view v, struct buf *out);
        const char *from, *to;
    } cases[] = {
        {mail_base64, "YWJj\r\nZA==\r\n", "abcd"},
        {mail_base64, "YWI=YWI=", "abab"},
        {mail_base64, "Y W!Jj", "abc"},
        {mail_base64, "Y", ""},
        {mail_base64, "", ""},
    };
    static const char *const quoted[][2] = {
        {"a=E9=\r\nb=\nc= \t\nd", "a\xE9"
                                  "bcd"},
        {"a=3d_=zz=", "a=_=zz"},
        {"=", ""},
        {"=4", "=4"},
        {"", ""},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&b);
        assert_int_equal(cases[i].decode(view_str(cases[i].from), &b), 0);
        is(buf_view(&b), cases[i].to);
    }
    for (i = 0; i < sizeof quoted / sizeof *quoted; i++) {
        buf_clear(&b);
        assert_int_equal(
            mail_quoted_printable(view_str(quoted[i][0]), false, &b), 0);
        is(buf_view(&b), quoted[i][1]);
    }
    buf_release(&b);
}

static void words(void **state)
{
    static const char *const cases[][2] = {
        {" plain \r\n folded\t x ", "plain folded x"},
        {"=?utf-8?q?caf=C3=A9_x?= y", "caf\xC3\xA9 x y"},
        {"=?ISO-8859-1?B?Y2Fm6Q==?=", "caf\xC3\xA9"},
        /* side by side: blanks between are none, characters may be cut */
        {"=?utf-8?q?a=C3?=\r\n =?utf-8?q?=A9b?= =?iso-8859-1*fr?q?=E9?= c",
         "a\xC3\xA9"
         "b\xC3\xA9 c"},
        {"(=?utf-8?q?a?=)", "(a)"},
        /* none of these is one */
        {"=?utf-8?x?a?= =?utf-8?q?a =?= =?", "=?utf-8?x?a?= a = =?"},
        {"=?no-such?q?=41=E9?=", "A\xC3\xA9"},
        {"caf\xE9 \x1b", "caf\xC3\xA9"},
        {"caf\xC3\xA9", "caf\xC3\xA9"},
        {"", ""},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&b);
        assert_int_equal(mail_words(view_str(cases[i][0]), &b), 0);
        is(buf_view(&b), cases[i][1]);
    }
    buf_release(&b);
}

static void parameters(void **state)
{
    static const char *const cases[][3] = {
        {"text/plain; charset=utf-8", "charset", "utf-8"},
        {"TEXT/Plain (no) ; x=\"a;charset=b\"; CHARSET = \"u\\\"8\" ",
         "charset", "u\"8"},
        {"a; name*=utf-8'de'gr%C3%B6%C3%9Fe.csv", "name",
         "gr\xC3\xB6\xC3\x9F"
         "e.csv"},
        {"a; name*1=b; name*0=\"a \"; name*2*=%63", "name", "a bc"},
        {"a; name*0*=iso-8859-1''%E9; name*1=x", "name", "\xC3\xA9x"},
        {"a; name=\"=?utf-8?q?=C3=A9?=\"", "name", "\xC3\xA9"},
        {"a; filename=x", "name", ""},
        {"a; name", "name", ""},
        {"a; name=\"open", "name", "open"},
        {"", "name", ""},
    };
    struct buf b = {0};
    char type[8];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&b);
        assert_int_equal(mail_parameter(view_str(cases[i][0]), cases[i][1], &b),
                         0);
        is(buf_view(&b), cases[i][2]);
    }
    mail_token(view_str(cases[1][0]), type, sizeof type);
    assert_string_equal(type, "text/pl");
    buf_release(&b);
}

static void heads(void **state)
{
    struct mail_header h;
    struct view v = view_str("From a Tue\nSUBJECT: one\r\n  two\r\n"
                             "Subject: three\r\nX-Other:\r\n\r\nbody");

    (void)state;
    assert_int_equal(mail_header_read(v, &h), v.n - 4);
    is(h.subject, "one\r\n  two");
    assert_int_equal(h.from.n, 0);
    v = view_str("To: a\nno field\n");
    assert_int_equal(mail_header_read(v, &h), 6);
    is(h.to, "a");
    assert_int_equal(mail_header_read(view_of("", 0), &h), 0);
    assert_int_equal(mail_header_read(view_str("\nx"), &h), 1);
}

/* --- messages --- */

static void text_is(const char *message, const char *want)
{
    extract_clear(&x);
    if (eml_extract(view_str(message), &limits, &x, &err) < 0)
        fail_msg("%s: %s", message, err.msg);
    is(buf_view(&x.text), want);
}

static void fields_are(const char *want)
{
    struct buf b = {0};
    size_t i;

    for (i = 0; i < x.fields.n; i++)
        buf_addc(&b, x.fields.p[i] ? x.fields.p[i] : '|');
    is(buf_view(&b), want);
    buf_release(&b);
}

static void extract_file(int mbox, const char *path)
{
    static uint8_t bytes[100000];
    FILE *f = fopen(path, "rb");
    size_t n;

    assert_non_null(f);
    n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    extract_clear(&x);
    assert_int_equal((mbox ? mbox_extract : eml_extract)(view_of(bytes, n),
                                                         &limits, &x, &err),
                     0);
}

#define LETTER                                                                 \
    "Dear Ben,\n\nthe caf\xC3\xA9 opens.\nFrom here on, the quay is ours.\n\n" \
    "berth;depth\nnorth;12\n\n" FORWARDED
#define FORWARDED                                                              \
    "Mangosteen prices\nFrom: Zo\xC3\xAB Example <zoe@example.org>\n"          \
    "Date: Sat, 01 Jan 2022 09:00:00 +0700\n\nThey rose again."
#define SUBJECT                                                                \
    "Caf\xC3\xA9 opening: a long line about the harbour caf\xC3\xA9 that is "  \
    "folded \xE2\x80\x94 ten words"

static void real_files(void **state)
{
    (void)state;
    extract_file(0, "tests/formats/mail/python.eml");
    is(buf_view(&x.text), LETTER);
    is(buf_view(&x.title), SUBJECT);
    is(buf_view(&x.date), "2022-01-04");
    is(buf_view(&x.charset), "windows-1252");
    fields_are("from|\xC3\x81na Example <ana@example.org>|"
               "to|Ben Sample <ben@example.org>, harbour@example.org|"
               "attachment|tiefen-gr\xC3\xB6\xC3\x9F"
               "e.csv|attachment|map.png|");
    extract_file(1, "tests/formats/mail/python.mbox");
    is(buf_view(&x.text), SUBJECT
       "\nFrom: \xC3\x81na Example <ana@example.org>\n"
       "Date: Tue, 04 Jan 2022 23:30:00 +0800\n\n" LETTER "\n\n\f" FORWARDED);
    assert_int_equal(x.title.n, 0);
}

static void parts(void **state)
{
    (void)state;
    text_is("Subject: s\n\n a \r\n\r\nb\t\n", "a\n\nb");
    text_is("Subject: only a head\n", "");
    /* the plain one of alternatives, but not if there is nothing in it */
    text_is("Content-Type: multipart/alternative; boundary=b\n\nno\n--b\n"
            "Content-Type: text/html\n\n<p>html</p>\n--b\n\nplain\n--b--\nno\n",
            "plain");
    text_is("Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\n"
            "Content-Type: text/html; charset=iso-8859-1\n\n<p>ht\xE9ml</p>\n"
            "--b--\n",
            "ht\xC3\xA9ml");
    /* ends that are missing, of a part and of all */
    text_is("Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b\n"
            "Content-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--a b\n\n"
            "--a bc\ntwo",
            "one\n\n--a bc\ntwo");
    /* no boundary, or not in it */
    text_is("Content-Type: multipart/mixed\n\n--b\n\none\n", "--b\n\none");
    text_is("Content-Type: multipart/mixed; boundary=b\n\none\n", "one");
    text_is("Content-Type: application/pdf; name=a.pdf\n\none\n", "");
    fields_are("attachment|a.pdf|");
    /* a message in base64 */
    text_is(
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        "U3ViamVjdDogaW5uZXIKCnRleHQK",
        "inner\n\ntext");
}

static void charsets(void **state)
{
    (void)state;
    text_is("Content-Type: text/plain; charset=koi8-r\n\n\xD0\xD2\xC9", "при");
    is(buf_view(&x.charset), "koi8-r");
    assert_false(x.guessed);
    text_is("A: b\n\ncaf\xC3\xA9", "caf\xC3\xA9");
    is(buf_view(&x.charset), "");
    /* wrongly named: UTF-8 by its bytes */
    text_is("Content-Type: text/plain; charset=us-ascii\n\ncaf\xC3\xA9",
            "caf\xC3\xA9");
    text_is("Content-Type: text/plain; charset=no-such\n\nx\xFFy",
            "x\xEF\xBF\xBDy");
    text_is("Content-Type: text/plain; charset=iso-2022-jp\n\n\x1B$B%j\x1B(B",
            "リ");
}

static void limits_hold(void **state)
{
    struct buf b = {0};
    clock_t before = clock();
    int i;

    (void)state;
    extract_clear(&x);
    assert_int_equal(eml_extract(view_str("no message"), &limits, &x, &err),
                     ERR_USAGE);
    assert_int_equal(mbox_extract(view_str("no mbox"), &limits, &x, &err),
                     ERR_USAGE);
    /* deeper and deeper */
    for (i = 0; i < 100000; i++)
        buf_adds(&b, "Content-Type: message/rfc822\n\n");
    buf_adds(&b, "text\n");
    text_is(buf_cstr(&b), "");
    buf_clear(&b);
    for (i = 0; i < 20000; i++)
        buf_addf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n",
                 i, i);
    text_is(buf_cstr(&b), "");
    /* more and more */
    buf_clear(&b);
    buf_adds(&b, "Content-Type: multipart/mixed; boundary=b\n\n");
    for (i = 0; i < 10010; i++)
        buf_adds(&b, "--b\n\nx\n");
    extract_clear(&x);
    assert_int_equal(eml_extract(buf_view(&b), &limits, &x, &err), ERR_FULL);
    /* larger than it may be */
    limits.text_max = 100;
    buf_clear(&b);
    buf_adds(&b, "A: b\n\n");
    for (i = 0; i < 101; i++)
        buf_addc(&b, 'x');
    extract_clear(&x);
    assert_int_equal(eml_extract(buf_view(&b), &limits, &x, &err), ERR_FULL);
    limits.text_max = 1 << 20;
    /* what begins encoded words, parameters, fields */
    buf_clear(&b);
    buf_adds(&b, "Subject: ");
    for (i = 0; i < 100000; i++)
        buf_adds(&b, "=?a?q?");
    buf_adds(&b, "\nContent-Type: text/plain;");
    for (i = 0; i < 100000; i++)
        buf_adds(&b, "charset*0=\";");
    extract_clear(&x);
    assert_int_equal(eml_extract(buf_view(&b), &limits, &x, &err), 0);
    buf_release(&b);
    assert_true(clock() - before < 10 * CLOCKS_PER_SEC);
}

/* --- mailboxes --- */

#define A "From a@b Tue Jan  4 12:00:00 2022\n"

static void first_lines(void **state)
{
    static const char *const yes[] = {
        A,
        "From - Tue Jan 04 12:00:00 2022\r\n",
        "From MAILER DAEMON tue jan 4 12:00 +0000 2022 remote",
    };
    static const char *const no[] = {
        "From here on the quay is ours, Tue, all of it\n",
        "from a@b Tue Jan  4 12:00:00 2022\n",
        ">" A,
        " " A,
        "From a@b Tue Jan  4 noon 2022\n",
        "From a@b Tue Jan  4 12:00:00\n",
        "From ",
        "",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_int_equal(mbox_find(view_str(yes[i]), 0), 0);
    for (i = 0; i < sizeof no / sizeof *no; i++)
        assert_int_equal(mbox_find(view_str(no[i]), 0), strlen(no[i]));
    assert_int_equal(mbox_find(view_str("x\n" A), 0), 2);
    assert_int_equal(mbox_find(view_str("x\n" A), 2), 2);
    assert_int_equal(mbox_find(view_str(A A), 1), strlen(A));
}

static void quoting(void **state)
{
    static const char *const cases[][2] = {
        {A "x\n>From y\n>>From z\n> From\n>Fro",
         "x\nFrom y\n>From z\n> From\n>Fro"},
        {A ">From y", "From y"},
        {A, ""},
        {A "\n>", "\n>"},
    };
    struct buf b = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&b);
        assert_int_equal(mbox_message(view_str(cases[i][0]), &b), 0);
        is(buf_view(&b), cases[i][1]);
    }
    buf_release(&b);
}

/* --- a stream of them --- */

enum { MAX = 300000 };

static const volatile sig_atomic_t stop;
static char path[] = "/tmp/test_mail.XXXXXX";
static struct records *reader;
static struct record rec;

static void start(struct view content)
{
    int fd;

    strcpy(path, "/tmp/test_mail.XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content.p, content.n), content.n);
    close(fd);
    assert_int_equal(records_open(&reader, RECORDS_MBOX, path, MAX, &err), 0);
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

static void stream(void **state)
{
    char id[60];

    (void)state;
    start(view_str("junk\n" A "Message-ID: <a@b>\n\nFrom here on\n>From x\n" A
                   "Subject: no id\n\ny\n" A));
    assert_int_equal(next(), 1);
    assert_int_equal(rec.line, 2);
    is(rec.id, "a@b");
    is(rec.message, "Message-ID: <a@b>\n\nFrom here on\nFrom x\n");
    assert_int_equal(next(), 1);
    assert_int_equal(rec.line, 7);
    snprintf(id, sizeof id, "%s:%zu", path, 5 + strlen(A) + 40);
    is(rec.id, id);
    assert_int_equal(next(), 1);
    assert_int_equal(rec.message.n, 0);
    finish();
    start(view_of("", 0));
    finish();
    start(view_str("no\nmailbox\n"));
    assert_int_equal(next(), ERR_USAGE);
    assert_int_equal(rec.line, 1);
    finish();
}

static void long_messages(void **state)
{
    size_t sizes[] = {MAX - 100, MAX + 1, 3 * MAX, 10, MAX}, i, k;
    struct buf b = {0};

    (void)state;
    for (i = 0; i < 5; i++) {
        buf_addf(&b, A "Message-ID: %zu\n\n", i);
        for (k = 0; k < sizes[i]; k += 9)
            buf_adds(&b, i % 2 ? "\nFrom Tue" : "         ");
        buf_adds(&b, "\n");
    }
    start(buf_view(&b));
    for (i = 0; i < 5; i++) {
        assert_int_equal(next(), sizes[i] < MAX ? 1 : ERR_USAGE);
        if (sizes[i] < MAX)
            assert_int_equal(rec.id.p[0], '0' + i);
    }
    finish();
    buf_release(&b);
}

static int clear(void **state)
{
    (void)state;
    extract_release(&x);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding),    cmocka_unit_test(words),
        cmocka_unit_test(parameters),  cmocka_unit_test(heads),
        cmocka_unit_test(real_files),  cmocka_unit_test(parts),
        cmocka_unit_test(charsets),    cmocka_unit_test(limits_hold),
        cmocka_unit_test(first_lines), cmocka_unit_test(quoting),
        cmocka_unit_test(stream),      cmocka_unit_test(long_messages),
    };

    return cmocka_run_group_tests_name("mail", tests, NULL, clear);
}
