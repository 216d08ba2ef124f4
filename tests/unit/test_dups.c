/* dups.h: which hits stay, and what is below them. */
#include <stdlib.h>

#include "index/column.h"
#include "query/dups.h"
#include "tests/unit/temp_store.h"
#include "text/sketch.h"

enum { HITS = 3000 };

static uint8_t sketch[HITS + 1][SKETCH_BYTES]; /* of each docid */

static uint32_t draw(uint32_t n)
{
    static uint32_t seed = 7;

    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Families of documents that have some of their bytes in common; some have no
 * sketch. */
static void make_sketches(unsigned families)
{
    uint32_t d, i;

    for (d = 1; d <= HITS; d++) {
        uint32_t like = d > families ? 1 + draw(families) : d;

        for (i = 0; i < SKETCH_BYTES; i++)
            sketch[d][i] = d > families && draw(9) < 6
                               ? sketch[like][i]
                               : (uint8_t)(1 + draw(255));
        if (d % 50 == 0)
            memset(sketch[d], 0, SKETCH_BYTES);
    }
}

/* The rank of the hit that hit i goes below, or i: by comparing all. */
static void expect(const struct top_hit *h, size_t n, size_t *below)
{
    size_t i, k;

    for (i = 0; i < n; i++) {
        below[i] = i;
        for (k = 0; k < i && below[i] == i; k++)
            if (below[k] == k &&
                sketch_near(sketch[h[k].docid], sketch[h[i].docid]))
                below[i] = k;
    }
}

static void compare(const struct dups *d, const struct top *t,
                    const struct top_hit *h, size_t n)
{
    size_t *below = test_malloc(n * sizeof *below), stay = 0, at = 0, i, k;

    expect(h, n, below);
    for (i = 0; i < n; i++) {
        if (below[i] != i)
            continue;
        assert_true(stay < t->n);
        assert_int_equal(t->hit[stay].docid, h[i].docid);
        assert_int_equal(dups_below(d, stay), at);
        for (k = i + 1; k < n; k++)
            if (below[k] == i)
                assert_int_equal(d->hit[at++].docid, h[k].docid);
        assert_int_equal(dups_below(d, ++stay), at);
    }
    assert_int_equal(stay, t->n);
    assert_int_equal(stay + at, n);
    test_free(below);
}

/* Hits of documents in a random order; two indexes are the same one. */
static void collapse(struct index *ix, size_t n)
{
    struct top_hit *h = test_malloc((n + 1) * sizeof *h);
    struct dups d = {0};
    struct err err = {0};
    struct top t;
    uint32_t i;

    top_init(&t, n);
    t.hit = malloc((n + 1) * sizeof *t.hit);
    assert_non_null(t.hit);
    for (i = 0; i < n; i++) {
        uint32_t k = draw(i + 1);

        h[i] = h[k];
        h[k] = (struct top_hit){1, i + 1, draw(2)};
    }
    memcpy(t.hit, h, n * sizeof *h);
    t.n = n;
    assert_int_equal(dups_collapse(&d, ix, &t, &err), 0);
    compare(&d, &t, h, n);
    dups_release(&d);
    top_release(&t);
    test_free(h);
}

static void test_families(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 10, 100, HITS};
    struct store *s = open_store(*state, STORE_WRITE);
    struct index ix[2] = {{.store = s}, {.store = s}};
    struct err err = {0};
    unsigned i;

    ix[0].txn = ix[1].txn = begin(s);
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        make_sketches(1 + (unsigned)sizes[i] / 5);
        assert_int_equal(
            column_write(ix->txn, COLUMN_SKETCH, 1, sketch[1], HITS, &err), 0);
        collapse(ix, sizes[i]);
    }
    txn_abort(ix->txn);
    store_close(s);
}

/* No column at all: nothing is near anything. */
static void test_none(void **state)
{
    struct store *s = open_store(*state, STORE_WRITE);
    struct index ix[2] = {{.store = s}, {.store = s}};

    memset(sketch, 0, sizeof sketch);
    ix[0].txn = ix[1].txn = begin(s);
    collapse(ix, 20);
    txn_abort(ix->txn);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_families, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_none, make_dir, remove_dir),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
