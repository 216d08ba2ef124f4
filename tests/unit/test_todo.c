#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "indexer/todo.h"

static void add(struct todo *t, enum todo_op op, const char *path)
{
    assert_int_equal(todo_add(t, op, view_str(path)), 0);
}

static void gives_back_what_was_added(void **state)
{
    static const char *const path[] = {
        "/a/b/one.txt", "/a/b/one.txt", "/a/b/onetwo.txt", "/a/b/o", "/a", "",
        "/z/\xff\n",    "/z",
    };
    struct todo t = {0};
    struct todo_entry e;
    size_t i;

    (void)state;
    assert_int_equal(todo_next(&t, &e), 0);
    for (i = 0; i < 8; i++)
        add(&t, (enum todo_op)(i % 3), path[i]);
    assert_int_equal(t.reads, 6);
    for (i = 0; i < 8; i++) {
        assert_int_equal(todo_next(&t, &e), 1);
        assert_int_equal(e.op, i % 3);
        assert_int_equal(e.path.n, strlen(path[i]));
        assert_string_equal((const char *)e.path.p, path[i]);
    }
    assert_int_equal(todo_next(&t, &e), 0);
    todo_release(&t);
}

static void sorted_paths_are_short(void **state)
{
    struct todo t = {0};
    struct todo_entry e;
    char path[200];
    int i;

    (void)state;
    for (i = 0; i < 100000; i++) {
        snprintf(path, sizeof path, "/a/long/path/of/many/folders/%06d.txt", i);
        add(&t, TODO_READ, path);
    }
    assert_true(t.entries.n < 100000 * 10);
    for (i = 0; i < 100000; i++) {
        snprintf(path, sizeof path, "/a/long/path/of/many/folders/%06d.txt", i);
        assert_int_equal(todo_next(&t, &e), 1);
        assert_string_equal((const char *)e.path.p, path);
    }
    todo_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_added),
        cmocka_unit_test(sorted_paths_are_short),
    };

    return cmocka_run_group_tests_name("todo", tests, NULL, NULL);
}
