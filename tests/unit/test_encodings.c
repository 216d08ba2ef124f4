#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/encodings.h"

static struct encodings encodings;
static struct roots roots; /* /a and /b/c */
static struct err err;

static int setup(void **state)
{
    (void)state;
    return roots_add(&roots, "/a", "a") + roots_add(&roots, "/b/c", "c");
}

static int teardown(void **state)
{
    (void)state;
    encodings_release(&encodings);
    roots_release(&roots);
    return 0;
}

static void add(const char *value, int want)
{
    assert_int_equal(encodings_add(&encodings, value, &err), want);
}

static void is(const char *path, const char *want)
{
    const char *name = encodings_of(&encodings, &roots, view_str(path));

    if (want)
        assert_string_equal(name, want);
    else
        assert_null(name);
}

static void test_globs(void **state)
{
    (void)state;
    is("/a/x.txt", NULL);
    add("*.txt=latin1", 0);
    add("old/=KOI8-R", 0);
    add("/old/new/*=utf8", 0);
    add("a=b.md=big5", 0);
    is("/a/x.txt", "windows-1252");
    is("/a/x.md", NULL);
    is("/a/d/x.txt", "windows-1252");
    is("/a/old/x.md", "koi8-r");
    is("/a/d/old/e/x.txt", "koi8-r");
    is("/a/old/new/x.md", "");
    is("/a/d/old/new/x.md", "koi8-r"); /* anchored at the root */
    is("/b/c/old/new/x.md", "");
    is("/a/a=b.md", "big5");
    is("/a/old", NULL); /* no folder */
    is("/z/old/x", "koi8-r");
    is("/old/new/x", "");
    is("record-7.txt", "windows-1252");
    is("", NULL);
}

static void test_files(void **state)
{
    (void)state;
    assert_int_equal(roots_add(&roots, "/d/one.txt", "one.txt"), 0);
    add("*.txt=big5", 0);
    add("/two.txt=koi8-r", 0);
    is("/d/one.txt", "big5"); /* a root that is the file itself */
    is("/a/two.txt", "koi8-r");
}

static void test_errors(void **state)
{
    static const char *const bad[] = {"latin1",      "=latin1",
                                      "*.txt=",      "*.txt=klingon",
                                      "a\nb=latin1", "/=latin1"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        add(bad[i], ERR_USAGE);
    assert_false(encodings.n);
    add("", 0);
    assert_true(encodings.given && encodings.n == 0);
}

static void test_marks(void **state)
{
    (void)state;
    assert_int_equal(encodings_mark(NULL), 0);
    assert_true(encodings_mark("") && encodings_mark("big5"));
    assert_true(encodings_mark("") != encodings_mark("big5"));
}

static void test_replace(void **state)
{
    struct encodings other = {0};

    (void)state;
    add("*.txt=latin1", 0);
    add("old/=koi8-r", 0);
    assert_int_equal(encodings_replace(&other, &encodings), 1);
    assert_int_equal(encodings_replace(&other, &encodings), 0);
    assert_int_equal(other.n, 2);
    assert_string_equal(other.rule[1].name, "koi8-r");
    encodings_release(&encodings);
    assert_int_equal(encodings_replace(&other, &encodings), 1);
    assert_int_equal(other.n, 0);
    encodings_release(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_globs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_marks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_replace, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
