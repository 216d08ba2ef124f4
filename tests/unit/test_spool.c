/* spool.h: output that is kept back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/spool.h"

/* What the spool prints is `wanted`. */
static void prints(struct spool *s, struct view wanted)
{
    FILE *f = tmpfile();
    uint8_t *got = test_calloc(wanted.n + 1, 1);

    assert_non_null(f);
    assert_int_equal(spool_print(s, fileno(f)), 0);
    assert_int_equal(lseek(fileno(f), 0, SEEK_END), (off_t)wanted.n);
    assert_int_equal(pread(fileno(f), got, wanted.n, 0), (ssize_t)wanted.n);
    assert_int_equal(memcmp(got, wanted.p, wanted.n), 0);
    test_free(got);
    fclose(f);
}

static void test_sizes(void **state)
{
    static const size_t memory[] = {0, 1, 1000, 100000};
    size_t m, i;

    (void)state;
    for (m = 0; m < sizeof memory / sizeof *memory; m++) {
        struct spool s = {.memory = memory[m]};
        struct buf all = {0};
        struct err err = {0};
        char line[32];

        prints(&s, view_str(""));
        for (i = 0; i < 20000; i++) {
            snprintf(line, sizeof line, "line %zu\n", i * i);
            assert_int_equal(spool_add(&s, view_str(line), &err), 0);
            assert_int_equal(buf_adds(&all, line), 0);
        }
        assert_int_equal(s.has_file, memory[m] != 0);
        prints(&s, buf_view(&all));
        prints(&s, buf_view(&all)); /* and again */
        spool_clear(&s);
        prints(&s, view_str(""));
        assert_int_equal(spool_add(&s, view_str("x"), &err), 0);
        prints(&s, view_str("x"));
        spool_release(&s);
        spool_release(&s);
        buf_release(&all);
    }
}

static void test_errors(void **state)
{
    struct spool s = {.memory = 1};
    struct err err = {0};

    (void)state;
    setenv("TMPDIR", "/none/such", 1);
    assert_int_equal(spool_add(&s, view_str("one"), &err), 0);
    assert_int_equal(spool_add(&s, view_str("two"), &err), ERR_IO);
    assert_non_null(strstr(err.msg, "/none/such/spool-"));
    unsetenv("TMPDIR");
    assert_int_equal(spool_print(&s, -1), -1);
    assert_int_equal(errno, EBADF);
    spool_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
