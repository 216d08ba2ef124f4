#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/renames.h"

static void gone(struct renames *r, uint32_t docid, uint64_t size,
                 uint64_t hash, uint64_t inode, uint32_t root)
{
    const struct source row = {
        .docid = docid, .size = size, .hash = hash, .inode = inode};

    assert_int_equal(renames_gone(r, &row, root), 0);
}

static void new_file(struct renames *r, uint64_t size, uint64_t inode)
{
    const struct source looks = {.size = size, .inode = inode};

    assert_int_equal(renames_new(r, &looks), 0);
}

static void nothing_is_gone(void **state)
{
    struct renames r = {0};
    uint32_t docid;

    (void)state;
    renames_by_looks(&r, NULL);
    assert_false(renames_size(&r, 0));
    assert_false(renames_take(&r, 1, 1, &docid));
    renames_settle(&r);
    assert_false(renames_taken(&r, 1));
    renames_release(&r);
}

static void the_guard_counts_by_looks_then_by_content(void **state)
{
    uint64_t vanish[2] = {2, 2};
    struct renames r = {0};

    (void)state;
    gone(&r, 1, 10, 111, 5, 0);
    gone(&r, 2, 10, 222, 6, 0);
    gone(&r, 3, 20, 333, 7, 1);
    gone(&r, 4, 20, 333, 8, 1);
    new_file(&r, 10, 6);
    new_file(&r, 21, 7); /* the inode of a file that was another one */
    renames_by_looks(&r, vanish);
    assert_int_equal(vanish[0], 1);
    assert_int_equal(vanish[1], 2);
    assert_true(renames_size(&r, 10));
    assert_false(renames_size(&r, 15));
    renames_by_content(&r, 10, 222, vanish); /* counted already */
    assert_int_equal(vanish[0], 1);
    renames_by_content(&r, 20, 333, vanish);
    renames_by_content(&r, 20, 333, vanish);
    renames_by_content(&r, 20, 333, vanish); /* a third copy is new */
    assert_int_equal(vanish[1], 0);
    renames_release(&r);
}

static void each_document_is_taken_once(void **state)
{
    uint64_t vanish[1] = {3};
    struct renames r = {0};
    uint32_t docid;

    (void)state;
    gone(&r, 9, 10, 111, 1, 0);
    gone(&r, 8, 10, 111, 2, 0);
    gone(&r, 7, 10, 112, 3, 0);
    renames_by_looks(&r, vanish);
    assert_false(renames_take(&r, 11, 111, &docid));
    assert_true(renames_take(&r, 10, 111, &docid));
    assert_int_equal(docid, 8);
    renames_give(&r, 10, 111, 8);
    assert_true(renames_take(&r, 10, 111, &docid));
    assert_int_equal(docid, 8);
    assert_true(renames_take(&r, 10, 111, &docid));
    assert_int_equal(docid, 9);
    assert_false(renames_take(&r, 10, 111, &docid));
    renames_settle(&r);
    assert_false(renames_taken(&r, 7));
    assert_true(renames_taken(&r, 8));
    assert_true(renames_taken(&r, 9));
    assert_false(renames_taken(&r, 10));
    renames_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_gone),
        cmocka_unit_test(the_guard_counts_by_looks_then_by_content),
        cmocka_unit_test(each_document_is_taken_once),
    };

    return cmocka_run_group_tests_name("renames", tests, NULL, NULL);
}
