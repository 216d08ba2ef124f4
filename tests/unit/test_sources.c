#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/sources.h"

static char top[] = "/tmp/test_sources.XXXXXX";
static struct sources sources;
static struct roots roots;
static struct err err;
static bool new_root;

static void touch(const char *path)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fclose(f);
}

static int setup(void **state)
{
    (void)state;
    strcpy(top, "/tmp/test_sources.XXXXXX");
    if (!mkdtemp(top) || chdir(top) < 0)
        return -1;
    mkdir("a", 0777);
    mkdir("a/sub", 0777);
    mkdir("ab", 0777);
    touch("a/x.txt");
    touch("a/sub/y.txt");
    return symlink("a", "link") + symlink("x.txt", "a/alias.txt");
}

static int teardown(void **state)
{
    char command[64];

    (void)state;
    sources_release(&sources);
    roots_release(&roots);
    memset(&roots, 0, sizeof roots);
    snprintf(command, sizeof command, "rm -rf %s", top);
    return chdir("/") < 0 || system(command) != 0;
}

static int add(const char *path)
{
    new_root = false;
    return sources_operand(&sources, &roots, path, &new_root, &err);
}

/* Folders, a bar, files; without the folder they are all in. */
static const char *all(void)
{
    static struct buf out;
    size_t i;

    buf_clear(&out);
    assert_int_equal(sources_sort(&sources, &roots), 0);
    for (i = 0; i < sources.nfolders; i++)
        buf_addf(&out, "%s ",
                 sources_name(&sources, sources.folder[i]) + strlen(top));
    buf_addc(&out, '|');
    for (i = 0; i < sources.nfiles; i++)
        buf_addf(&out, " %s",
                 sources_name(&sources, sources.file[i]) + strlen(top));
    return buf_cstr(&out);
}

static void operands(void **state)
{
    (void)state;
    assert_int_equal(add("a/x.txt"), 0);
    assert_int_equal(add("./a/../a/x.txt"), 0);
    assert_int_equal(add("link/sub/y.txt"), 0);
    assert_int_equal(add("a/alias.txt"), 0); /* a source of its own */
    assert_false(new_root);
    assert_string_equal(all(), "| /a/alias.txt /a/sub/y.txt /a/x.txt");
    assert_int_equal(add("a/"), 0);
    assert_true(new_root);
    assert_int_equal(add("link"), 0);
    assert_false(new_root);
    assert_int_equal(add("a/sub"), 0);
    assert_false(new_root); /* it lies in one */
    assert_int_equal(add("ab"), 0);
    assert_true(new_root); /* that one only looks like it */
    assert_int_equal(roots.n, 2);
    assert_string_equal(all(), "/a /ab | /a/alias.txt /a/sub/y.txt /a/x.txt");
    assert_true(sources_cover(&sources, &roots));
    assert_int_equal(add("nowhere"), ERR_NOTFOUND);
    assert_int_equal(add(""), ERR_NOTFOUND);
}

static void a_part_does_not_cover(void **state)
{
    (void)state;
    add("a");
    sources_release(&sources);
    add("a/sub");
    assert_false(sources_cover(&sources, &roots));
    assert_string_equal(all(), "/a/sub |");
    sources_release(&sources);
    assert_int_equal(sources_roots(&sources, &roots, &err), 0);
    assert_string_equal(all(), "/a |");
    assert_true(sources_cover(&sources, &roots));
}

static void a_root_that_is_gone_is_still_one(void **state)
{
    (void)state;
    add("ab");
    sources_release(&sources);
    rmdir("ab");
    assert_int_equal(add("ab"), 0);
    assert_false(new_root);
    assert_string_equal(all(), "/ab |");
    sources_release(&sources);
    roots_release(&roots);
    assert_int_equal(sources_roots(&sources, &roots, &err), ERR_USAGE);
}

static void roots_in_roots(void **state)
{
    bool changed = false;

    (void)state;
    add("a/sub");
    add("a");
    assert_int_equal(roots.n, 2);
    assert_string_equal(all(), "/a /a/sub |"); /* each for itself */
    sources_release(&sources);
    add("a");
    assert_string_equal(all(), "/a /a/sub |"); /* a root comes with the other */
    assert_true(sources_cover(&sources, &roots));
    sources_release(&sources);
    add("a/sub");
    assert_string_equal(all(), "/a/sub |");
    sources_forget(NULL, &roots, &changed);
    assert_false(changed);
    unlink("a/sub/y.txt");
    rmdir("a/sub");
    sources_forget(&sources, &roots, &changed); /* that folder itself */
    assert_false(changed);
    add("a");
    sources_forget(&sources, &roots, &changed);
    assert_true(changed);
    assert_int_equal(roots.n, 1);
    assert_string_equal(roots.root[0].name, "a");
}

static void lists(void **state)
{
    FILE *f = fopen("list", "w");
    int i;

    (void)state;
    fputs("a/x.txt\n\na/sub/y.txt\nmissing/z.txt\na/x.txt", f);
    fclose(f);
    assert_int_equal(sources_list(&sources, "list", false, &err), 0);
    assert_string_equal(all(), "| /a/sub/y.txt /a/x.txt /missing/z.txt");
    sources_release(&sources);
    f = fopen("list", "w");
    for (i = 0; i < 20000; i++)
        fprintf(f, "a/%d\n.txt%c", i, 0);
    fclose(f);
    assert_int_equal(sources_list(&sources, "list", true, &err), 0);
    assert_int_equal(sources_sort(&sources, &roots), 0);
    assert_int_equal(sources.nfiles, 20000);
    assert_int_equal(sources_list(&sources, "none", true, &err), ERR_IO);
}

#define in_top(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void files_by_their_ids(void **state)
{
    const struct roots none = {0};
    struct sources s = {0};

    (void)state;
    assert_int_equal(sources_file(&s, view_str("/b/x.txt")), 0);
    assert_int_equal(sources_file(&s, view_of("/a/y.txt!", 8)), 0);
    assert_int_equal(sources_file(&s, view_str("/b/x.txt")), 0);
    assert_int_equal(sources_sort(&s, &none), 0);
    assert_int_equal(s.nfiles, 2);
    assert_string_equal(sources_name(&s, s.file[0]), "/a/y.txt");
    assert_string_equal(sources_name(&s, s.file[1]), "/b/x.txt");
    sources_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_top(operands),
        in_top(a_part_does_not_cover),
        in_top(a_root_that_is_gone_is_still_one),
        in_top(roots_in_roots),
        in_top(lists),
        cmocka_unit_test(files_by_their_ids),
    };

    return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
