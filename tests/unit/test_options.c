#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/options.h"

enum { DB = 1, LIMIT, LISTING, QUIET, KWIC, CONTEXT, SIZE };

static const struct option table[] = {
    {0, 0, "", OPTION_FLAG, NULL, "Where"},
    {DB, 'd', "db", OPTION_VALUE, "DIR", "the index"},
    {0, 0, "", OPTION_FLAG, NULL, "Output"},
    {LIMIT, 'n', "limit", OPTION_VALUE, "N", "show N hits (10)"},
    {LISTING, 'l', "paths", OPTION_FLAG, NULL, "paths only"},
    {QUIET, 'q', "quiet", OPTION_FLAG, NULL, "status only"},
    {KWIC, 0, "kwic", OPTION_OPTIONAL, "WIDTH", "words in context"},
    {CONTEXT, 'C', "context", OPTION_OPTIONAL, "N", "lines around"},
    {SIZE, 0, "max-size", OPTION_VALUE, "SIZE", NULL},
    {0, 0, NULL, OPTION_FLAG, NULL, NULL}};

/* Parses the NULL-ended words; gives what was found as "id=value;", or the
 * message of the error. Borrowed until the next call. */
static const char *parse(const char *const *words)
{
    static char result[sizeof(((struct err *)NULL)->msg)];
    struct buf out = {0};
    struct options o;
    struct err err = {0};
    int argc = 1, rc;
    char *argv[16] = {(char *)(uintptr_t) "query"};

    while (*words)
        argv[argc++] = (char *)(uintptr_t)*words++;
    options_init(&o, table, argc, argv);
    while ((rc = options_next(&o, &err)) > 0)
        buf_addf(&out, "%d%s%s;", o.id, o.value ? "=" : "",
                 o.value ? o.value : "");
    if (rc < 0)
        assert_int_equal(rc, ERR_USAGE);
    snprintf(result, sizeof result, "%s", rc < 0 ? err.msg : buf_cstr(&out));
    buf_release(&out);
    return result;
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})
#define CONTAINS(text, part) assert_non_null(strstr(text, part))

static void long_options(void **state)
{
    (void)state;
    assert_string_equal(PARSE("--db=x"), "1=x;");
    assert_string_equal(PARSE("--db", "x"), "1=x;");
    assert_string_equal(PARSE("--db="), "1=;");
    assert_string_equal(PARSE("--db", "--quiet"), "1=--quiet;");
    assert_string_equal(PARSE("--quiet", "a"), "4;0=a;");
    assert_string_equal(PARSE("--kwic", "a"), "5;0=a;");
    assert_string_equal(PARSE("--kwic=5", "a"), "5=5;0=a;");
    CONTAINS(PARSE("--quiet=1"), "takes no value");
    CONTAINS(PARSE("--db"), "--db needs a value");
}

static void short_options(void **state)
{
    (void)state;
    assert_string_equal(PARSE("-d", "x", "-n", "5"), "1=x;2=5;");
    assert_string_equal(PARSE("-n5"), "2=5;");
    assert_string_equal(PARSE("-d2022"), "1=2022;");
    assert_string_equal(PARSE("-lq"), "3;4;");
    assert_string_equal(PARSE("-lqn5", "a"), "3;4;2=5;0=a;");
    assert_string_equal(PARSE("-lqn", "5", "a"), "3;4;2=5;0=a;");
    assert_string_equal(PARSE("-C"), "6;");
    assert_string_equal(PARSE("-C3", "b"), "6=3;0=b;");
    assert_string_equal(PARSE("-Cq"), "6;4;");
    CONTAINS(PARSE("-n"), "-n needs a value");
}

static void a_word_with_a_dash_is_no_option(void **state)
{
    (void)state;
    CONTAINS(PARSE("connectivity", "-durian"), "quote the query");
    CONTAINS(PARSE("-x"), "unknown option -x");
    CONTAINS(PARSE("-lx"), "unknown option -x");
    CONTAINS(PARSE("-quiet"), "did you mean --quiet?");
    CONTAINS(PARSE("-n5x"), "quote the query");
    CONTAINS(PARSE("-n5.x"), "quote the query");
    CONTAINS(PARSE("-\xc3\xa9"), "unknown option -?");
}

static void operands(void **state)
{
    (void)state;
    assert_string_equal(PARSE("a", "-q", "b"), "0=a;4;0=b;");
    assert_string_equal(PARSE("--", "-q", "--db", "--"), "0=-q;0=--db;0=--;");
    assert_string_equal(PARSE("-"), "0=-;");
    assert_string_equal(PARSE(""), "0=;");
    assert_string_equal(PARSE("a", "--"), "0=a;");
    assert_string_equal(parse((const char *const[]){NULL}), "");
}

static void unknown_options_name_the_nearest(void **state)
{
    (void)state;
    CONTAINS(PARSE("--limt=3"), "unknown option --limt; did you mean --limit?");
    CONTAINS(PARSE("--qiuet"), "did you mean --quiet?");
    CONTAINS(PARSE("--lim"), "did you mean --limit?");
    assert_string_equal(PARSE("--xyzzyx"), "unknown option --xyzzyx");
    assert_string_equal(PARSE("--=5"), "unknown option --");
}

static void nearest(void **state)
{
    static const char *const words[] = {"score", "date", "path", NULL};

    (void)state;
    assert_string_equal(nearest_word("dtae", words), "date");
    assert_string_equal(nearest_word("paht", words), "path");
    assert_string_equal(nearest_word("scores", words), "score");
    assert_null(nearest_word("zebra-crossing", words));
    assert_null(nearest_word("", words));
    assert_null(nearest_word("a", words));
}

static void found_by_name(void **state)
{
    (void)state;
    assert_int_equal(options_find(table, "limit")->id, LIMIT);
    assert_null(options_find(table, "limi"));
    assert_null(options_find(table, ""));
}

static void help(void **state)
{
    struct buf out = {0};

    (void)state;
    assert_int_equal(options_help(table, &out), 0);
    assert_string_equal(buf_cstr(&out),
                        "Where\n"
                        "  -d, --db DIR        the index\n"
                        "\n"
                        "Output\n"
                        "  -n, --limit N       show N hits (10)\n"
                        "  -l, --paths         paths only\n"
                        "  -q, --quiet         status only\n"
                        "      --kwic[=WIDTH]  words in context\n"
                        "  -C, --context[=N]   lines around\n");
    buf_release(&out);
}

static void help_wraps(void **state)
{
    static const struct option wide[] = {
        {1, 'x', "an-option-with-a-very-long-name", OPTION_FLAG, NULL, "short"},
        {2, 'y', "y", OPTION_FLAG, NULL,
         "a help text that is longer than the line has room for, so that it "
         "goes on in the next one"},
        {0, 0, NULL, OPTION_FLAG, NULL, NULL}};
    struct buf out = {0};

    (void)state;
    assert_int_equal(options_help(wide, &out), 0);
    assert_string_equal(
        buf_cstr(&out),
        "  -x, --an-option-with-a-very-long-name\n"
        "           short\n"
        "  -y, --y  a help text that is longer than the line has room for, so "
        "that it\n"
        "           goes on in the next one\n");
    buf_release(&out);
}

static struct options value(const char *s)
{
    struct options o = {0};

    o.option = &table[3];
    o.value = s;
    return o;
}

static void whole_numbers(void **state)
{
    struct err err = {0};
    struct options o = value("10");
    uint64_t x;

    (void)state;
    assert_int_equal(option_uint(&o, 10, &x, &err), 0);
    assert_int_equal(x, 10);
    o = value("18446744073709551615");
    assert_int_equal(option_uint(&o, UINT64_MAX, &x, &err), 0);
    assert_true(x == UINT64_MAX);
    o = value("11");
    assert_int_equal(option_uint(&o, 10, &x, &err), ERR_USAGE);
    CONTAINS(err.msg, "--limit: 11 is more than 10");
    o = value("18446744073709551616");
    assert_int_equal(option_uint(&o, UINT64_MAX, &x, &err), ERR_USAGE);
    for (const char *const *s = (const char *const[]){"", "-1", "+1", " 1",
                                                      "1 ", "0x1", "1.0", NULL};
         *s; s++) {
        o = value(*s);
        assert_int_equal(option_uint(&o, 10, &x, &err), ERR_USAGE);
        CONTAINS(err.msg, "is not a whole number");
    }
}

static void doubles(void **state)
{
    struct err err = {0};
    struct options o = value("1.25");
    double x;

    (void)state;
    assert_int_equal(option_double(&o, 0, 10, &x, &err), 0);
    assert_true(x == 1.25);
    o = value("1e1");
    assert_int_equal(option_double(&o, 0, 10, &x, &err), 0);
    assert_true(x == 10);
    o = value("-1");
    assert_int_equal(option_double(&o, 0, 10, &x, &err), ERR_USAGE);
    CONTAINS(err.msg, "between 0 and 10");
    for (const char *const *s =
             (const char *const[]){"", "nan", "inf", "0x1", "1,5", " 1", "1x",
                                   "1e999", NULL};
         *s; s++) {
        o = value(*s);
        assert_int_equal(option_double(&o, 0, 10, &x, &err), ERR_USAGE);
        CONTAINS(err.msg, "is not a number");
    }
}

static void sizes(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {{"0", 0},          {"1048576", 1048576}, {"512K", 512 << 10},
                {"64M", 64 << 20}, {"64m", 64 << 20},    {"1G", 1 << 30},
                {"2T", 2ULL << 40}};
    static const char *const bad[] = {
        "",    "K",    "-1",        "1X",
        "1KB", "1.5G", "20000000T", "99999999999999999999"};
    struct err err = {0};
    struct options o;
    uint64_t x;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        o = value(good[i].text);
        assert_int_equal(option_size(&o, &x, &err), 0);
        assert_int_equal(x, good[i].bytes);
    }
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        o = value(bad[i]);
        assert_int_equal(option_size(&o, &x, &err), ERR_USAGE);
        CONTAINS(err.msg, "--limit");
    }
}

static void choices(void **state)
{
    static const char *const words[] = {"text", "json", "trec", NULL};
    struct err err = {0};
    struct options o = value("json");
    int i;

    (void)state;
    assert_int_equal(option_choice(&o, words, &i, &err), 0);
    assert_int_equal(i, 1);
    o = value("yaml");
    assert_int_equal(option_choice(&o, words, &i, &err), ERR_USAGE);
    assert_string_equal(err.msg, "--limit: 'yaml' is none of text, json, trec");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_options),
        cmocka_unit_test(short_options),
        cmocka_unit_test(a_word_with_a_dash_is_no_option),
        cmocka_unit_test(operands),
        cmocka_unit_test(unknown_options_name_the_nearest),
        cmocka_unit_test(nearest),
        cmocka_unit_test(found_by_name),
        cmocka_unit_test(help),
        cmocka_unit_test(help_wraps),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(doubles),
        cmocka_unit_test(sizes),
        cmocka_unit_test(choices),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
