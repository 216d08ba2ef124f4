/* Words near each other against trying all combinations of places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/near.h"

enum { WORDS = 3, PLACES = 6 };

static uint32_t below(uint32_t n)
{
    return (uint32_t)rand() % n;
}

static void any_words(struct near_word *w, unsigned n)
{
    unsigned k, i, places;

    for (k = 0; k < n; k++) {
        w[k].spans.n = 0;
        places = 1 + below(PLACES);
        for (i = 0; i < places; i++) {
            uint32_t from = below(25);

            assert_int_equal(spans_add(&w[k].spans, from,
                                       from + 1 + (below(8) == 0) * below(3),
                                       NULL),
                             0);
        }
        near_sort(&w[k].spans);
        w[k].beside = 1 + below(5);
        w[k].times = 1;
    }
}

static bool beside(const struct span *a, const struct span *b, uint32_t most)
{
    if (a->to <= b->from)
        return b->from - a->to + 1 <= most;
    return b->to <= a->from && a->from - b->to + 1 <= most;
}

/* Marks of all ways to choose a place for each word. */
static void chains(const struct near_word *w, bool in[WORDS][PLACES])
{
    size_t i, j, k;

    memset(in, 0, WORDS * sizeof *in);
    for (i = 0; i < w[0].spans.n; i++)
        for (j = 0; j < w[1].spans.n; j++)
            for (k = 0; k < w[2].spans.n; k++)
                if (beside(&w[0].spans.span[i], &w[1].spans.span[j],
                           w[1].beside) &&
                    beside(&w[1].spans.span[j], &w[2].spans.span[k],
                           w[2].beside))
                    in[0][i] = in[1][j] = in[2][k] = true;
}

/* The same of places right behind each other. */
static void rows(const struct near_word *w, bool in[WORDS][PLACES],
                 struct spans *whole)
{
    size_t i, j, k;

    memset(in, 0, WORDS * sizeof *in);
    whole->n = 0;
    for (i = 0; i < w[0].spans.n; i++)
        for (j = 0; j < w[1].spans.n; j++)
            for (k = 0; k < w[2].spans.n; k++)
                if (w[0].spans.span[i].to == w[1].spans.span[j].from &&
                    w[1].spans.span[j].to == w[2].spans.span[k].from) {
                    in[0][i] = in[1][j] = in[2][k] = true;
                    assert_int_equal(spans_add(whole, w[0].spans.span[i].from,
                                               w[2].spans.span[k].to, NULL),
                                     0);
                }
    near_sort(whole);
}

static void same_spans(const struct spans *a, const struct spans *b)
{
    size_t i;

    assert_int_equal(a->n, b->n);
    for (i = 0; i < a->n; i++) {
        assert_int_equal(a->span[i].from, b->span[i].from);
        assert_int_equal(a->span[i].to, b->span[i].to);
    }
}

static void stretches(const struct near_word *w, uint32_t reach,
                      bool in[WORDS][PLACES])
{
    uint32_t from;
    size_t i, n;
    int k, pass;

    memset(in, 0, WORDS * sizeof *in);
    for (from = 0; from < 30; from++)
        for (pass = 0; pass < 2; pass++)
            for (k = 0; k < WORDS; k++) {
                for (i = n = 0; i < w[k].spans.n; i++)
                    if (w[k].spans.span[i].from >= from &&
                        w[k].spans.span[i].to <= from + reach + 1) {
                        n++;
                        in[k][i] |= pass;
                    }
                if (n < w[k].times) {
                    pass = 2;
                    break;
                }
            }
}

static void same_marks(const struct near_word *w, bool in[WORDS][PLACES])
{
    uint32_t least = UINT32_MAX;
    size_t i, part;
    int k;

    for (k = 0; k < WORDS; k++) {
        for (i = part = 0; i < w[k].spans.n; i++) {
            assert_int_equal(w[k].in[i], in[k][i]);
            part += in[k][i];
        }
        assert_int_equal(w[k].part, part);
        if (part / w[k].times < least)
            least = (uint32_t)(part / w[k].times);
    }
    assert_int_equal(near_count(w, WORDS), least);
}

static void all_combinations(void **state)
{
    struct near_word w[WORDS] = {0};
    struct near_room room = {0};
    struct spans whole = {0}, covered = {0};
    bool in[WORDS][PLACES];
    uint32_t reach;
    int i, k, found = 0;

    (void)state;
    for (i = 0; i < 20000; i++) {
        any_words(w, WORDS);
        assert_int_equal(near_chain(w, WORDS, &room), 0);
        chains(w, in);
        same_marks(w, in);
        assert_int_equal(near_row(w, WORDS, &room), 0);
        rows(w, in, &whole);
        same_marks(w, in);
        covered.n = 0;
        assert_int_equal(near_row_spans(w, WORDS, NULL, &covered), 0);
        same_spans(&whole, &covered);
        found += whole.n > 0;
        for (k = 0; k < WORDS; k++)
            w[k].times = 1 + below(2);
        reach = 1 + below(9);
        assert_int_equal(near_window(w, WORDS, reach, &room), 0);
        stretches(w, reach, in);
        same_marks(w, in);
    }
    for (k = 0; k < WORDS; k++)
        near_word_release(&w[k]);
    near_room_release(&room);
    free(whole.span);
    free(covered.span);
    assert_true(found > 100); /* a test of nothing else */
}

static void one_way(void **state)
{
    struct near_word w[2] = {{.beside = 0, .times = 1},
                             {.beside = 2, .times = 1}};
    struct near_room room = {0};

    (void)state;
    spans_add(&w[0].spans, 10, 11, NULL);
    spans_add(&w[1].spans, 12, 13, NULL);
    assert_int_equal(near_chain(w, 2, &room), 0);
    assert_int_equal(near_count(w, 2), 1);
    w[1].beside = 1;
    assert_int_equal(near_chain(w, 2, &room), 0);
    assert_int_equal(near_count(w, 2), 0);
    /* at the end of what positions there can be */
    w[0].spans.span[0] = (struct span){UINT32_MAX - 1, UINT32_MAX, NULL};
    w[1].spans.span[0] = (struct span){UINT32_MAX - 2, UINT32_MAX - 1, NULL};
    assert_int_equal(near_chain(w, 2, &room), 0);
    assert_int_equal(near_count(w, 2), 1);
    assert_int_equal(near_window(w, 2, 1000, &room), 0);
    assert_int_equal(near_count(w, 2), 1);
    near_word_release(&w[0]);
    near_word_release(&w[1]);
    near_room_release(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_combinations),
        cmocka_unit_test(one_way),
    };

    srand(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
