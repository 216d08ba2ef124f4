#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json_write.h"

static struct buf out;

static struct json fresh(void)
{
    struct json j = {.out = &out};

    buf_clear(&out);
    return j;
}

/* Bytes of a literal, NULs in it included. */
#define BYTES(s) view_of((s), sizeof(s) - 1)
#define EQUALS(s) assert_string_equal(buf_cstr(&out), s)

static void nesting(void **state)
{
    struct json j = fresh();

    (void)state;
    json_object(&j);
    json_key(&j, "total");
    json_uint(&j, 87);
    json_key(&j, "hits");
    json_array(&j);
    json_object(&j);
    json_end(&j);
    json_object(&j);
    json_key(&j, "a");
    json_array(&j);
    json_int(&j, -1);
    json_null(&j);
    json_bool(&j, true);
    json_bool(&j, false);
    json_end(&j);
    json_end(&j);
    json_end(&j);
    json_key(&j, "end");
    json_cstr(&j, NULL);
    json_end(&j);
    assert_false(j.failed);
    assert_int_equal(j.depth, 0);
    EQUALS("{\"total\":87,\"hits\":[{},{\"a\":[-1,null,true,false]}],"
           "\"end\":null}");
}

static void one_after_the_other(void **state)
{
    struct json j = fresh();

    (void)state;
    json_array(&j);
    json_end(&j);
    buf_addc(&out, '\n');
    json_object(&j);
    json_key(&j, "a");
    json_cstr(&j, "x");
    json_end(&j);
    buf_addc(&out, '\n');
    EQUALS("[]\n{\"a\":\"x\"}\n");
}

static void string(struct view v, const char *expected)
{
    struct json j = fresh();

    json_str(&j, v);
    assert_false(j.failed);
    EQUALS(expected);
}

static void escapes(void **state)
{
    (void)state;
    string(BYTES(""), "\"\"");
    string(view_of(NULL, 0), "\"\"");
    string(BYTES("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
    string(BYTES("a\nb\tc\0d\x1b[1m\x7f"),
           "\"a\\u000ab\\u0009c\\u0000d\\u001b[1m\\u007f\"");
    string(BYTES("\xc2\x85\xc2\x9b\xc2\xa0"), "\"\\u0085\\u009b\xc2\xa0\"");
    string(BYTES("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa"),
           "\"\xe2\x80\xa7\\u2028\\u2029\xe2\x80\xaa\"");
    string(BYTES("Ürümqi 香港 🚂"), "\"Ürümqi 香港 🚂\"");
}

#define FFFD "\xef\xbf\xbd"

/* The examples of Unicode 15.0, section 3.9, tables 3-8 to 3-11. */
static void ill_formed(void **state)
{
    (void)state;
    string(BYTES("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"),
           "\"" FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A\"");
    string(BYTES("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"),
           "\"" FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A\"");
    string(BYTES("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"),
           "\"" FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B\"");
    string(BYTES("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"),
           "\"" FFFD FFFD FFFD FFFD "A\"");
    string(BYTES("end\xe9\xa6"), "\"end" FFFD "\"");
    string(BYTES("\xf4\x8f\xbf\xbf"), "\"\xf4\x8f\xbf\xbf\"");
}

static void paths(void **state)
{
    static const struct {
        const char *path, *json;
    } cases[] = {{"a/\xc3\xa9.txt", "\"a/\xc3\xa9.txt\""},
                 {"", "\"\""},
                 {"\xff", "{\"b64\":\"/w==\"}"},
                 {"a\xff", "{\"b64\":\"Yf8=\"}"},
                 {"a\xff/b", "{\"b64\":\"Yf8vYg==\"}"},
                 {"\xfe\xff\xfb", "{\"b64\":\"/v/7\"}"}};
    struct json j;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        j = fresh();
        json_path(&j, view_str(cases[i].path));
        EQUALS(cases[i].json);
    }
}

static void numbers(void **state)
{
    struct json j = fresh();

    (void)state;
    json_array(&j);
    json_uint(&j, UINT64_MAX);
    json_int(&j, INT64_MIN);
    json_score(&j, 14.2071);
    json_score(&j, 1.0 / 3);
    json_score(&j, 0);
    json_score(&j, (double)NAN);
    json_score(&j, -(double)INFINITY);
    json_end(&j);
    EQUALS("[18446744073709551615,-9223372036854775808,14.2071,0.333333333,0,"
           "null,null]");
    j = fresh();
    json_array(&j);
    json_seconds(&j, 0.002);
    json_seconds(&j, 0.0000004);
    json_seconds(&j, 12.3456789);
    json_seconds(&j, 100);
    json_seconds(&j, (double)INFINITY);
    json_end(&j);
    EQUALS("[0.002,0,12.345679,100,null]");
}

static void too_deep(void **state)
{
    struct json j = fresh();
    int i;

    (void)state;
    for (i = 0; i < JSON_DEPTH; i++)
        json_array(&j);
    json_int(&j, 1);
    assert_false(j.failed);
    json_array(&j);
    assert_true(j.failed);
    j = fresh();
    json_end(&j);
    assert_true(j.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nesting),  cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(escapes),  cmocka_unit_test(ill_formed),
        cmocka_unit_test(paths),    cmocka_unit_test(numbers),
        cmocka_unit_test(too_deep),
    };
    int failed = cmocka_run_group_tests_name("json_write", tests, NULL, NULL);

    buf_release(&out);
    return failed;
}
