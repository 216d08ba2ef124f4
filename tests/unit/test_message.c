/* formats/message.h: what is written is read; what is broken is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "indexer/formats/message.h"

static void test_heads(void **state)
{
    struct message_size size = {.small = 7, .large = 1000}, got;
    uint8_t head[MESSAGE_HEAD];

    (void)state;
    message_head(size, head);
    assert_int_equal(message_head_read(head, 1000, &got), 0);
    assert_int_equal(got.small, 7);
    assert_int_equal(got.large, 1000);
    assert_int_equal(message_head_read(head, 999, &got), ERR_CORRUPT);
    put_u32(head + 4, MESSAGE_SMALL + 1);
    assert_int_equal(message_head_read(head, 1000, &got), ERR_CORRUPT);
    message_head(size, head);
    head[0] ^= 1;
    assert_int_equal(message_head_read(head, 1000, &got), ERR_CORRUPT);
}

static void test_requests(void **state)
{
    const struct request r = {.path = view_str("/a/b.pdf"),
                              .filter = view_of("cat\0-n\0", 7),
                              .charset = view_str("big5"),
                              .text_max = 5000000000u,
                              .memory = 1u << 30,
                              .seconds = 60};
    struct request got;
    struct buf b = {0};
    size_t n;

    (void)state;
    assert_int_equal(message_write_request(&r, &b), 0);
    assert_int_equal(
        message_read_request(buf_view(&b), view_str("bytes"), &got), 0);
    assert_true(view_eq(got.path, r.path));
    assert_true(view_eq(got.filter, r.filter));
    assert_true(view_eq(got.charset, r.charset));
    assert_true(view_eq(got.bytes, view_str("bytes")));
    assert_true(got.text_max == r.text_max && got.memory == r.memory);
    assert_int_equal(got.seconds, 60);
    for (n = 0; n < b.n; n++)
        assert_int_equal(
            message_read_request(view_of(b.p, n), view_of(NULL, 0), &got),
            ERR_CORRUPT);
    buf_release(&b);
}

static void fill(struct reply *r, struct view fields)
{
    struct extract *x = &r->d.x;

    r->rc = 0;
    r->fresh = true;
    r->nested = 1;
    r->d.format = FORMAT_PDF;
    r->d.packed = FORMAT_GZIP;
    x->guessed = true;
    buf_adds(&x->title, "A title");
    buf_adds(&x->date, "2022-01-04");
    buf_adds(&x->language, "pt-BR");
    buf_adds(&x->charset, "windows-1252");
    buf_add(&x->fields, fields);
}

static int read_fields(struct view fields)
{
    struct reply r = {0}, got = {0};
    struct buf b = {0};
    int rc;

    fill(&r, fields);
    assert_int_equal(message_write_reply(&r, &b), 0);
    rc = message_read_reply(buf_view(&b), &got);
    buf_release(&b);
    extract_release(&r.d.x);
    extract_release(&got.d.x);
    return rc;
}

static void test_replies(void **state)
{
    struct reply r = {0}, got = {0};
    struct buf b = {0};
    size_t n;

    (void)state;
    fill(&r, view_of("author\0Jane\0", 12));
    assert_int_equal(message_write_reply(&r, &b), 0);
    assert_int_equal(message_read_reply(buf_view(&b), &got), 0);
    assert_int_equal(got.rc, 0);
    assert_true(got.fresh && got.d.x.guessed && got.nested == 1);
    assert_int_equal(got.d.format, FORMAT_PDF);
    assert_int_equal(got.d.packed, FORMAT_GZIP);
    assert_string_equal(buf_cstr(&got.d.x.title), "A title");
    assert_string_equal(buf_cstr(&got.d.x.date), "2022-01-04");
    assert_string_equal(buf_cstr(&got.d.x.language), "pt-BR");
    assert_string_equal(buf_cstr(&got.d.x.charset), "windows-1252");
    assert_true(
        view_eq(buf_view(&got.d.x.fields), view_of("author\0Jane\0", 12)));
    for (n = 0; n < b.n; n++)
        assert_int_equal(message_read_reply(view_of(b.p, n), &got),
                         ERR_CORRUPT);
    b.p[3] = FORMATS;
    assert_int_equal(message_read_reply(buf_view(&b), &got), ERR_CORRUPT);
    b.p[3] = FORMAT_PDF;
    b.p[0] = 11;
    assert_int_equal(message_read_reply(buf_view(&b), &got), ERR_CORRUPT);
    b.p[0] = 0;
    b.p[b.n - 1] = '\n'; /* in the encoding's name */
    assert_int_equal(message_read_reply(buf_view(&b), &got), ERR_CORRUPT);
    buf_release(&b);
    /* an error and its message */
    r.rc = ERR_USAGE;
    err_set(&r.err, ERR_USAGE, "a damaged PDF");
    assert_int_equal(message_write_reply(&r, &b), 0);
    assert_int_equal(message_read_reply(buf_view(&b), &got), 0);
    assert_int_equal(got.rc, ERR_USAGE);
    assert_string_equal(got.err.msg, "a damaged PDF");
    buf_release(&b);
    extract_release(&r.d.x);
    extract_release(&got.d.x);
}

static void test_fields(void **state)
{
    (void)state;
    assert_int_equal(read_fields(view_of(NULL, 0)), 0);
    assert_int_equal(read_fields(view_of("a\0\0", 3)), 0);
    assert_int_equal(read_fields(view_of("a\0b", 3)), ERR_CORRUPT);
    assert_int_equal(read_fields(view_of("a\0", 2)), ERR_CORRUPT);
    assert_int_equal(read_fields(view_of("\0b\0", 3)), ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_replies),
        cmocka_unit_test(test_fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
