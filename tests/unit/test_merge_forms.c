/* Unions of forms against plain search. */
#include "segment_data.h"

#include "indexer/merge_forms.h"

enum { TEXTS = 400, SETS = 5 };

static char text[TEXTS][16];

/* Forms of one segment, which the union numbers. */
struct set {
    struct form form[TEXTS];
    uint32_t count[TEXTS];
    uint32_t place[TEXTS];
    uint32_t n;
};

static struct set set[SETS];

static struct form make_form(uint32_t i)
{
    snprintf(text[i], sizeof text[i], "f%u", i / 2);
    return (struct form){view_str(text[i]), 1 + i % 2, 0};
}

/* Some of the first `texts` forms, in an order of their own. */
static void make_set(struct set *s, uint32_t texts)
{
    uint32_t start = below(texts), i;

    s->n = 0;
    for (i = 0; i < texts; i++) {
        if (below(3) == 0)
            continue;
        s->form[s->n] = make_form((start + i * 7919) % texts);
        s->count[s->n++] = below(4);
    }
}

static uint32_t total(const struct form *f)
{
    uint32_t sum = 0, i, k;

    for (i = 0; i < SETS; i++)
        for (k = 0; k < set[i].n; k++)
            if (set[i].form[k].span == f->span &&
                view_eq(set[i].form[k].text, f->text))
                sum += set[i].count[k];
    return sum;
}

static int order(const struct form *a, const struct form *b)
{
    int c = view_cmp(a->text, b->text);

    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return c ? c : (int)a->span - (int)b->span;
}

static void check(const struct form_union *u)
{
    uint32_t sum = 0, all = 0, i, k;

    for (i = 0; i < u->n; i++) {
        assert_int_equal(u->form[i].count, total(&u->form[i]));
        assert_true(u->form[i].count > 0);
        if (i > 0)
            assert_true(order(&u->form[i - 1], &u->form[i]) < 0);
        sum += u->form[i].count;
    }
    for (i = 0; i < SETS; i++)
        for (k = 0; k < set[i].n; k++) {
            uint32_t number = u->number[set[i].place[k]];

            all += set[i].count[k];
            if (total(&set[i].form[k]) == 0) {
                assert_int_equal(number, UINT32_MAX);
                continue;
            }
            assert_true(number < u->n);
            assert_int_equal(u->form[number].span, set[i].form[k].span);
            assert_true(view_eq(u->form[number].text, set[i].form[k].text));
        }
    assert_int_equal(sum, all);
}

static void unite(struct form_union *u, uint32_t texts)
{
    uint32_t i;

    form_union_clear(u);
    for (i = 0; i < SETS; i++) {
        struct forms f = {.form = set[i].form};

        make_set(&set[i], texts);
        f.n = set[i].n;
        assert_int_equal(
            form_union_add(u, &f, set[i].count, set[i].place, &err), 0);
    }
    form_union_number(u);
}

/* One union for many terms: the few of most and the many of some. */
static void test_union(void **state)
{
    static const uint32_t texts[] = {1, 2, 3, 9, 17, 40, 150, TEXTS};
    struct form_union u = {0};
    uint32_t i;

    (void)state;
    for (i = 0; i < 200; i++) {
        unite(&u, texts[below(sizeof texts / sizeof *texts)]);
        check(&u);
    }
    form_union_clear(&u);
    form_union_number(&u);
    assert_int_equal(u.n, 0);
    form_union_release(&u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_union)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
