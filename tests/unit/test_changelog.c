/* changelog.h: the operations of a commit, and bytes that are none. */
#include "index/changelog.h"
#include "index/record.h"
#include "tests/unit/temp_store.h"

/* "+4-8 -2:a/b 1>4", with "!" where it was refused. */
static const char *spelled(struct view record, uint32_t next_docid)
{
    static struct buf out;
    struct err err = {0};
    struct changelog c;
    int rc;

    buf_clear(&out);
    changelog_begin(&c, record, next_docid);
    while ((rc = changelog_next(&c, &err)) > 0) {
        if (c.op == CHANGELOG_ADDED)
            buf_addf(&out, "+%u-%u ", c.first, c.last);
        else if (c.op == CHANGELOG_REMOVED)
            buf_addf(&out, "-%u:%.*s ", c.first, (int)c.path.n,
                     (const char *)c.path.p);
        else
            buf_addf(&out, "%u>%u ", c.first, c.last);
    }
    if (rc < 0) {
        assert_int_equal(rc, ERR_CORRUPT);
        assert_non_null(strstr(err.msg, "index damaged"));
        assert_int_equal(changelog_next(&c, &err), ERR_CORRUPT);
        buf_addc(&out, '!');
    }
    return buf_cstr(&out);
}

#define SPELLED(bytes, next) spelled(view_of(bytes, sizeof(bytes) - 1), next)

static const char all[] = "\x03\x03\x01\x04\x02\x02\x03"
                          "a/b\x01\x04\x08";

static void operations(void **state)
{
    (void)state;
    assert_string_equal(SPELLED(all, 9), "1>4 -2:a/b +4-8 ");
    assert_string_equal(SPELLED("\x00", 9), "");
    assert_string_equal(SPELLED("\x01\x02\x01\x00", 9), "-1: ");
    assert_string_equal(SPELLED("\x01\x01\x08\x08", 9), "+8-8 ");
}

static void broken_records(void **state)
{
    size_t n;

    (void)state;
    assert_string_equal(SPELLED("", 9), "!");
    assert_string_equal(SPELLED("\x00\x01", 9), "!"); /* one more byte */
    assert_string_equal(SPELLED("\x01\x00\x01\x01", 9), "!");
    assert_string_equal(SPELLED("\x01\x04\x01\x01", 9), "!");
    assert_string_equal(SPELLED("\x01\x01\x00\x01", 9), "!");
    assert_string_equal(SPELLED("\x01\x01\x04\x03", 9), "!");
    assert_string_equal(SPELLED("\x01\x01\x04\x09", 9), "!");
    assert_string_equal(SPELLED("\x01\x03\x04\x04", 9), "!"); /* itself */
    assert_string_equal(SPELLED("\x01\x03\x04\x02", 9), "!");
    assert_string_equal(SPELLED("\x01\x02\x09\x00", 9), "!");
    assert_string_equal(SPELLED("\x01\x02\x01\x01", 9), "!"); /* no path */
    assert_string_equal(SPELLED("\x01\x02\x01\xff\xff\xff\xff\x0f", 9), "!");
    assert_string_equal(
        SPELLED("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x01\x02", 9),
        "+1-2 !");
    assert_string_equal(SPELLED("\x01\x01\xff\xff\xff\xff\x1f\x01", 9), "!");
    for (n = 0; n < sizeof all - 1; n++) {
        const char *s = spelled(view_of(all, n), 9);

        assert_int_equal(s[strlen(s) - 1], '!');
    }
}

static void records(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct txn *t = begin(s);
    uint8_t key[8];
    struct buf out = {0};
    struct err err = {0};

    assert_int_equal(changelog_get(t, 1, &out, &err), 0);
    put_be64(key, 7);
    assert_int_equal(record_put(t, table(t, "log"), view_of(key, 8),
                                view_of(all, sizeof all - 1), &err),
                     0);
    assert_int_equal(changelog_get(t, 7, &out, &err), 1);
    assert_true(view_eq(buf_view(&out), view_of(all, sizeof all - 1)));
    assert_int_equal(changelog_get(t, 8, &out, &err), 0);
    assert_int_equal(out.n, 0);
    txn_abort(t);
    store_close(s);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations),
        cmocka_unit_test(broken_records),
        in_dir(records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
