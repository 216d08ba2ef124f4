#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json_read.h"

static struct json_reader *reader;
static const struct json_member *member;
static size_t members;
static struct err err;

static int setup(void **state)
{
    (void)state;
    return json_reader_open(&reader, &err);
}

static int teardown(void **state)
{
    (void)state;
    json_reader_free(reader);
    return 0;
}

static int parse_bytes(struct view line)
{
    memset(&err, 0, sizeof err);
    return json_reader_parse(reader, line, &member, &members, &err);
}

static int parse(const char *line)
{
    return parse_bytes(view_str(line));
}

/* The text of member i, which must be of that kind and have that key. */
static void check(size_t i, const char *key, enum json_kind kind,
                  struct view text)
{
    assert_true(i < members);
    assert_true(view_eq(member[i].key, view_str(key)));
    assert_int_equal(member[i].type, kind);
    assert_int_equal(member[i].text.n, text.n);
    assert_memory_equal(member[i].text.p, text.p, text.n);
}

static void string(const char *json, const char *text)
{
    assert_int_equal(parse(json), 0);
    check(0, "a", JSON_STRING, view_str(text));
}

static void members_of_each_kind(void **state)
{
    (void)state;
    assert_int_equal(parse(" {\"s\":\"x/\\/y\",\"n\":-1.50,\"i\":7,\"t\":true,"
                           "\"f\":false,\"z\":null,\"l\":[1,\"a/b\"],"
                           "\"o\":{\"k\": 2}} \r"),
                     0);
    assert_int_equal(members, 8);
    check(0, "s", JSON_STRING, view_str("x//y"));
    check(1, "n", JSON_NUMBER, view_str("-1.50"));
    assert_true(member[1].number == -1.5);
    check(2, "i", JSON_NUMBER, view_str("7"));
    check(3, "t", JSON_BOOL, view_str("true"));
    assert_true(member[3].number == 1);
    check(4, "f", JSON_BOOL, view_str("false"));
    check(5, "z", JSON_NULL, view_str("null"));
    check(6, "l", JSON_NESTED, view_str("[1,\"a/b\"]"));
    check(7, "o", JSON_NESTED, view_str("{\"k\":2}"));
    assert_int_equal(parse("{}"), 0);
    assert_int_equal(members, 0);
}

static void escapes(void **state)
{
    (void)state;
    string("{\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\"}", "\"\\\b\f\n\r\t");
    string("{\"a\":\"\\u00e9\\u9999\"}", "\xc3\xa9\xe9\xa6\x99");
    string("{\"a\":\"\\ud83d\\ude00\"}", "\xf0\x9f\x98\x80");
    string("{\"a\":\"\\ud83d!\"}", "\xef\xbf\xbd!");
    string("{\"a\":\"\\ude00\"}", "\xef\xbf\xbd");
    string("{\"a\":\"line\nend\"}", "line\nend");
    assert_int_equal(parse("{\"a\":\"x\\u0000y\"}"), 0);
    check(0, "a", JSON_STRING, view_of("x\0y", 3));
}

static void the_last_of_a_key_counts(void **state)
{
    (void)state;
    assert_int_equal(parse("{\"a\":1,\"b\":2,\"a\":\"x\"}"), 0);
    assert_int_equal(members, 2);
    check(0, "a", JSON_STRING, view_str("x"));
    check(1, "b", JSON_NUMBER, view_str("2"));
}

static void ill_formed_bytes(void **state)
{
    static const struct {
        const char *in, *out;
        size_t replaced;
    } rows[] = {
        {"\x80", "\xef\xbf\xbd", 1},
        {"\xc3", "\xef\xbf\xbd", 1},
        {"a\xc0\xaf", "a\xef\xbf\xbd\xef\xbf\xbd", 2},
        {"\xe0\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3},
        {"\xf1\x80\x80\xe1\x80\xc2\x62",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
         "b",
         3}, /* Unicode 15.0, table 3-8 */
        {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
         4},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", 2},
        {"\xef\xbf\xbf \xf4\x8f\xbf\xbf", "\xef\xbf\xbf \xf4\x8f\xbf\xbf", 0},
    };
    char line[64];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(line, sizeof line, "{\"a\":\"%s\"}", rows[i].in);
        string(line, rows[i].out);
        assert_int_equal(json_reader_replaced(reader), rows[i].replaced);
    }
}

static void what_is_no_object(void **state)
{
    static const char *const bad[] = {
        "",
        "nul",
        "[1]",
        "1",
        "\"a\"",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "{\"a\":\"x",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":1 2}",
        "{/**/}",
        "{\"a\":12345678901234567890123}",
        "{\"a\":-12345678901234567890123}",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i]) != ERR_USAGE)
            fail_msg("accepted: %s", bad[i]);
        assert_true(err.msg[0]);
    }
    assert_int_equal(parse_bytes(view_of("{\"a\":\"x\0y\"}", 11)), ERR_USAGE);
    assert_int_equal(parse_bytes(view_of("{\"a\":1}\0", 8)), ERR_USAGE);
    assert_int_equal(parse("{\"a\":9223372036854775807}"), 0);
    /* an error leaves the reader fit for the next line */
    string("{\"a\":\"x\"}", "x");
}

static void depth_is_bounded(void **state)
{
    size_t n = 1 << 20;
    char *s = malloc(n + 1);

    (void)state;
    assert_non_null(s);
    memset(s, '[', n);
    s[n] = 0;
    memcpy(s, "{\"a\":", 5);
    assert_int_equal(parse(s), ERR_USAGE);
    free(s);
}

static int parse_keys(int n)
{
    struct buf b = {0};
    int i, rc;

    buf_addc(&b, '{');
    for (i = 0; i < n; i++)
        buf_addf(&b, "%s\"key%d\":%d", i ? "," : "", i, i);
    buf_addc(&b, '}');
    rc = parse_bytes(buf_view(&b));
    buf_release(&b);
    return rc;
}

static void many_values_are_no_bomb(void **state)
{
    (void)state;
    assert_int_equal(parse_keys(JSON_READ_VALUES), 0);
    assert_int_equal(members, JSON_READ_VALUES);
    check(99999, "key99999", JSON_NUMBER, view_str("99999"));
    assert_int_equal(parse_keys(JSON_READ_VALUES + 1), ERR_USAGE);
}

static void commas_in_strings_are_no_values(void **state)
{
    struct buf b = {0};
    int i;

    (void)state;
    buf_adds(&b, "{\"a\":\"");
    for (i = 0; i < 200000; i++)
        buf_adds(&b, ",\\\"[\\\\");
    buf_adds(&b, "\"}");
    assert_int_equal(parse_bytes(buf_view(&b)), 0);
    assert_int_equal(member[0].text.n, 800000);
    /* strings that do not end */
    assert_int_equal(parse("{\"a\":\"\\"), ERR_USAGE);
    assert_int_equal(parse("\""), ERR_USAGE);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members_of_each_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(escapes, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_of_a_key_counts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(ill_formed_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_object, setup, teardown),
        cmocka_unit_test_setup_teardown(depth_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(many_values_are_no_bomb, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(commas_in_strings_are_no_values, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("json_read", tests, NULL, NULL);
}
