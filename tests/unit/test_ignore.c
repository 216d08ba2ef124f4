/* ignore.h against what `git check-ignore` says of the same rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "indexer/ignore.h"

struct trial {
    const char *rules;
    const char *path; /* below the folder of the rules; a folder ends in / */
    bool ignored;
};

static const struct trial trials[] = {
    {"", "a.txt", false},
    {"a.txt\n", "a.txt", true},
    {"a.txt\n", "b/a.txt", true},
    {"a.txt\n", "ba.txt", false},
    {"*.txt\n", "b/c/a.txt", true},
    {"*.txt\n!a.txt\n", "a.txt", false},
    {"!a.txt\n*.txt\n", "a.txt", true},
    {"/a.txt\n", "a.txt", true},
    {"/a.txt\n", "b/a.txt", false},
    {"drafts/\n", "drafts/", true},
    {"drafts/\n", "b/drafts/", true},
    {"drafts/\n", "drafts", false},
    {"b/a.txt\n", "b/a.txt", true},
    {"b/a.txt\n", "c/b/a.txt", false},
    {"b/*\n", "b/a.txt", true},
    {"b/*\n", "b/c/a.txt", false},
    {"b/**\n", "b/c/a.txt", true},
    {"b/**\n", "b/", false},
    {"**/a.txt\n", "a.txt", true},
    {"**/a.txt\n", "b/c/a.txt", true},
    {"b/**/a.txt\n", "b/a.txt", true},
    {"b/**/a.txt\n", "b/c/d/a.txt", true},
    {"b/**/a.txt\n", "b/c/d/ba.txt", false},
    {"**/b/**/c/**/d\n", "x/b/c/c/y/d", true},
    {"**/b/**/c/**/d\n", "x/b/y/d", false},
    {"# a\n", "# a", false},
    {"\\#a\n", "#a", true},
    {"\\!a\n", "!a", true},
    {"a.txt  \n", "a.txt", true},
    {"a\\ \n", "a ", true},
    {"a.txt\r\n", "a.txt", true},
    {"[ab].txt\n", "a.txt", true},
    {"[!ab].txt\n", "a.txt", false},
    {"a?c\n", "abc", true},
    {"/*\n!/b/\n", "b/", false},
    {"/*\n!/b/\n", "c/", true},
    {"\xEF\xBB\xBF"
     "a\n",
     "a", true},
    {"/\n", "a/", false},
    {"!\n", "a", false},
    {"a", "a", true},
};

static void test_rules(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof trials / sizeof *trials; i++) {
        struct ignore ig = {0};
        char path[64] = "/base/";
        size_t n;

        strcat(path, trials[i].path);
        n = strlen(path);
        if (path[n - 1] == '/')
            path[n - 1] = 0;
        assert_int_equal(ignore_enter(&ig, 6, view_str(trials[i].rules)), 0);
        if ((ignore_match(&ig, path, path[n - 1] == 0) == IGNORE_OUT) !=
            trials[i].ignored)
            fail_msg("rules \"%s\", path %s", trials[i].rules, path);
        ignore_release(&ig);
    }
}

/* Inner rules go before outer ones, and go when their folder is left. */
static void test_levels(void **state)
{
    struct ignore ig = {0};

    (void)state;
    assert_int_equal(ignore_enter(&ig, 3, view_str("*.md\n/x.txt\n")), 0);
    assert_int_equal(ignore_enter(&ig, 5, view_of(NULL, 0)), 0);
    assert_int_equal(ignore_enter(&ig, 7, view_str("!a.md\n/y.txt\n")), 0);
    assert_true(ignore_match(&ig, "/r/b/c/a.md", false) != IGNORE_OUT);
    assert_true(ignore_match(&ig, "/r/b/c/b.md", false) == IGNORE_OUT);
    assert_true(ignore_match(&ig, "/r/b/c/y.txt", false) == IGNORE_OUT);
    assert_true(ignore_match(&ig, "/r/b/c/x.txt", false) != IGNORE_OUT);
    ignore_leave(&ig);
    assert_true(ignore_match(&ig, "/r/b/a.md", false) == IGNORE_OUT);
    assert_true(ignore_match(&ig, "/r/b/y.txt", false) != IGNORE_OUT);
    ignore_leave(&ig);
    assert_true(ignore_match(&ig, "/r/x.txt", false) == IGNORE_OUT);
    ignore_leave(&ig);
    assert_int_equal(ig.nrules, 0);
    ignore_release(&ig);
}

/* Patterns of the command line: + takes in, nothing but a line end ends one. */
static void test_patterns(void **state)
{
    struct ignore ig = {0};

    (void)state;
    assert_int_equal(ignore_patterns(&ig, 3, "-*.md\n+/b/*.md\n-#x \n-!y\n"),
                     0);
    assert_int_equal(ig.nrules, 4);
    assert_int_equal(ignore_match(&ig, "/r/a.md", false), IGNORE_OUT);
    assert_int_equal(ignore_match(&ig, "/r/b/a.md", false), IGNORE_IN);
    assert_int_equal(ignore_match(&ig, "/r/c/b/a.md", false), IGNORE_OUT);
    assert_int_equal(ignore_match(&ig, "/r/c/#x ", false), IGNORE_OUT);
    assert_int_equal(ignore_match(&ig, "/r/c/#x", false), IGNORE_NO_RULE);
    assert_int_equal(ignore_match(&ig, "/r/!y", false), IGNORE_OUT);
    assert_int_equal(ignore_match(&ig, "/r/y", false), IGNORE_NO_RULE);
    ignore_release(&ig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_patterns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
