#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/selection.h"

static struct selection selection;
static struct sources sources; /* the folder /a */
static struct roots roots;     /* /a and /b */
static struct err err;

static int setup(void **state)
{
    static size_t at;

    (void)state;
    memset(&selection, 0, sizeof selection);
    memset(&sources, 0, sizeof sources);
    buf_adds(&sources.names, "/a");
    buf_addc(&sources.names, 0);
    at = 0;
    sources.folder = &at;
    sources.nfolders = 1;
    return roots_add(&roots, "/a", "a") + roots_add(&roots, "/b", "b");
}

static int teardown(void **state)
{
    (void)state;
    selection_release(&selection);
    buf_release(&sources.names);
    roots_release(&roots);
    return 0;
}

static bool record(int want)
{
    bool changed = false;

    assert_int_equal(
        selection_record(&selection, &sources, &roots, &changed, &err), want);
    return changed;
}

static void text_is(const struct root *root, const char *want)
{
    struct buf b = {0};

    assert_int_equal(selection_text(root, &b), 0);
    assert_string_equal(buf_cstr(&b), want);
    buf_release(&b);
}

static void what_is_given_is_recorded(void **state)
{
    (void)state;
    assert_false(record(0)); /* nothing given */
    selection_flag(&selection, ROOT_HIDDEN);
    selection_flag(&selection, ROOT_ONE_FS);
    assert_int_equal(selection_pattern(&selection, false, "a b/", &err), 0);
    assert_int_equal(selection_pattern(&selection, true, "#*.md", &err), 0);
    assert_true(record(0));
    assert_string_equal(roots.root[0].patterns, "-a b/\n+#*.md\n");
    text_is(&roots.root[0], " --hidden --one-file-system --exclude=a b/"
                            " --include=#*.md");
    text_is(&roots.root[1], "");
    assert_false(record(0)); /* the same again */
}

static void an_empty_pattern_takes_back(void **state)
{
    (void)state;
    assert_int_equal(roots_select(&roots.root[0], ROOT_FOLLOW, "-x\n"), 1);
    assert_false(record(0));
    text_is(&roots.root[0], " --follow --exclude=x");
    assert_int_equal(selection_pattern(&selection, false, "", &err), 0);
    assert_true(record(0));
    text_is(&roots.root[0], "");
}

static void errors(void **state)
{
    (void)state;
    assert_int_equal(selection_pattern(&selection, true, "!x", &err),
                     ERR_USAGE);
    assert_non_null(strstr(err.msg, "--exclude=x"));
    assert_int_equal(selection_pattern(&selection, true, "x\n", &err),
                     ERR_USAGE);
    assert_int_equal(selection_pattern(&selection, true, "//", &err),
                     ERR_USAGE);
    assert_int_equal(selection.patterns.n, 0);
    sources.names.p[1] = 'c'; /* /c is no root */
    selection.given = true;
    record(ERR_USAGE);
    sources.nfolders = 0;
    record(ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_given_is_recorded, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_empty_pattern_takes_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(errors, setup, teardown),
    };

    return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
