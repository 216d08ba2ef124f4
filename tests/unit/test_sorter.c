/* sorter.h: records come back in order, whatever memory there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/sorter.h"

enum { RECORDS = 5000, KEY_MAX = 12 };

struct pair {
    uint8_t key[KEY_MAX];
    size_t key_n;
    char value[400];
};

static int by_key(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    return view_cmp(view_of(x->key, x->key_n), view_of(y->key, y->key_n));
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Keys of any bytes that all differ; values of any length. */
static void make(struct pair *p, size_t n, bool ordered)
{
    uint32_t seed = 7;
    size_t i, k;

    for (i = 0; i < n; i++) {
        p[i].key_n = ordered ? 4 : 4 + next(&seed) % (KEY_MAX - 4);
        for (k = 0; k < p[i].key_n; k++)
            p[i].key[k] = (uint8_t)(ordered && k < 2 ? i >> (8 - 8 * k)
                                                     : next(&seed) % 3);
        for (k = ordered ? 2 : 0; ordered && k < 4; k++)
            p[i].key[k] = 0;
        if (!ordered) { /* a number at the end */
            p[i].key[p[i].key_n - 2] = (uint8_t)(i >> 8);
            p[i].key[p[i].key_n - 1] = (uint8_t)i;
        }
        k = (size_t)snprintf(p[i].value, sizeof p[i].value, "%zu ", i);
        memset(p[i].value + k, 'x', next(&seed) % (sizeof p[i].value - k));
        p[i].value[sizeof p[i].value - 1] = 0;
    }
}

static void check(size_t memory, size_t n, bool ordered)
{
    struct pair *p = test_calloc(n + 1, sizeof *p);
    struct sorter s = {.memory = memory};
    struct err err = {0};
    struct view v;
    size_t i;

    make(p, n, ordered);
    for (i = 0; i < n; i++)
        assert_int_equal(sorter_add(&s, view_of(p[i].key, p[i].key_n),
                                    view_str(p[i].value), &err),
                         0);
    assert_int_equal(sorter_rewind(&s, &err), 0);
    assert_true(s.nruns == 0 || memory);
    assert_true(s.nruns > 1 || !memory || memory > 100000 || n < 1000);
    qsort(p, n, sizeof *p, by_key);
    for (i = 0; i < n / 2; i++) /* and from the first again */
        assert_int_equal(sorter_next(&s, &v, &err), 1);
    assert_int_equal(sorter_rewind(&s, &err), 0);
    for (i = 0; i < n; i++) {
        assert_int_equal(sorter_next(&s, &v, &err), 1);
        assert_true(view_eq(v, view_str(p[i].value)));
    }
    assert_int_equal(sorter_next(&s, &v, &err), 0);
    assert_int_equal(sorter_next(&s, &v, &err), 0);
    sorter_release(&s);
    sorter_release(&s);
    test_free(p);
}

static void test_orders(void **state)
{
    static const size_t memory[] = {0, 1, 5000, 60000, 8 << 20};
    static const size_t n[] = {0, 1, 2, 1001, RECORDS};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof memory / sizeof *memory; i++)
        for (k = 0; k < sizeof n / sizeof *n; k++) {
            if (memory[i] == 1 && n[k] > 1001)
                continue; /* a run a record */
            check(memory[i], n[k], false);
            check(memory[i], n[k], true);
        }
}

/* Memory stays what it was told while runs are written. */
static void test_memory(void **state)
{
    struct sorter s = {.memory = 1 << 20};
    struct err err = {0};
    uint8_t key[4], value[100] = {0};
    uint32_t seed = 1, i, k;

    (void)state;
    for (i = 0; i < 100000; i++) {
        k = next(&seed);
        memcpy(key, &k, sizeof key);
        assert_int_equal(
            sorter_add(&s, view_of(key, 4), view_of(value, sizeof value), &err),
            0);
        assert_true(s.bytes.cap + s.cap * sizeof *s.record <= 5 << 18);
    }
    assert_true(s.nruns > 10);
    sorter_release(&s);
}

static void test_errors(void **state)
{
    struct sorter s = {.memory = 100};
    struct err err = {0};

    (void)state;
    setenv("TMPDIR", "/nonexistent", 1);
    assert_int_equal(sorter_add(&s, view_str("a"), view_str("b"), &err), 0);
    while (err.code == 0)
        sorter_add(&s, view_str("a"), view_str("b"), &err);
    assert_int_equal(err.code, ERR_IO);
    sorter_release(&s);
    unsetenv("TMPDIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
