#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/passage.h"

static struct leaf leaf[3] = {{.word = 0}, {.word = 1}, {.word = 2}};

static struct spans spans_of(const unsigned (*list)[3], size_t n)
{
    struct spans s = {0};
    size_t i;

    for (i = 0; i < n; i++)
        spans_add(&s, list[i][0], list[i][1], &leaf[list[i][2]]);
    return s;
}

static void window_prefers_different_words(void **state)
{
    static const unsigned list[][3] = {
        {0, 1, 0},     {1, 2, 0},     {2, 3, 0},     /* three of one word */
        {100, 101, 0}, {120, 121, 1},                /* two different ones */
        {500, 501, 1}, {510, 511, 0}, {511, 512, 0}, /* and once more */
    };
    struct spans s = spans_of(list, 8);
    size_t from, to;

    (void)state;
    passage_window(s.span, s.n, &from, &to);
    assert_int_equal(from, 5);
    assert_int_equal(to, 8);
    passage_window(s.span, 5, &from, &to);
    assert_int_equal(from, 3);
    assert_int_equal(to, 5);
    passage_window(s.span, 3, &from, &to);
    assert_int_equal(from, 0);
    assert_int_equal(to, 3);
    /* a match longer than the window is one still */
    s.span[0].to = 1000;
    passage_window(s.span, 1, &from, &to);
    assert_int_equal(to, 1);
    free(s.span);
}

static void contained_matches_count_once(void **state)
{
    static const unsigned list[][3] = {
        {11, 12, 1}, {10, 11, 0}, {10, 12, 2}, /* parts and joined */
        {20, 21, 0}, {20, 21, 1},              /* two stems of one word */
        {30, 32, 0}, {31, 33, 1},              /* overlapping phrases */
    };
    struct spans s = spans_of(list, 7);

    (void)state;
    passage_merge(&s);
    assert_int_equal(s.n, 4);
    assert_int_equal(s.span[0].from, 10);
    assert_int_equal(s.span[0].to, 12);
    assert_ptr_equal(s.span[0].leaf, &leaf[2]);
    assert_ptr_equal(s.span[1].leaf, &leaf[0]);
    assert_int_equal(s.span[3].from, 31);
    free(s.span);
}

static void bigrams_of_a_run_are_one_match(void **state)
{
    static const unsigned list[][3] = {{5, 6, 0}, {6, 7, 1}, {7, 8, 1}};
    struct spans s = spans_of(list, 3);

    (void)state;
    leaf[0].run = true;
    leaf[1].word = 0;
    passage_merge(&s);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.span[0].to, 8);
    leaf[0].run = false;
    leaf[1].word = 1;
    free(s.span);
}

static void cut(const char *text, uint32_t from, uint32_t to, uint32_t *start,
                uint32_t *end)
{
    struct view v = view_str(text);

    passage_cut(v, 0, (uint32_t)v.n, from, to, start, end);
    assert_true(*start <= from && *start < *end && *end <= v.n);
    assert_true(*end - *start <= PASSAGE_BYTES + 4);
    assert_true((v.p[*start] & 0xc0) != 0x80);
    assert_true(*end == v.n || (v.p[*end] & 0xc0) != 0x80);
}

static void short_texts_are_shown_whole(void **state)
{
    uint32_t start, end;

    (void)state;
    cut("The port grew.", 4, 8, &start, &end);
    assert_int_equal(start, 0);
    assert_int_equal(end, 14);
    cut("  port \n", 2, 6, &start, &end);
    assert_int_equal(start, 2);
    assert_int_equal(end, 6);
}

static void long_texts_are_cut_at_blanks(void **state)
{
    struct buf b = {0};
    uint32_t start, end, at;
    int i;

    (void)state;
    for (i = 0; i < 200; i++)
        buf_adds(&b, "seven77 ");
    buf_cstr(&b);
    for (at = 0; at < 1592; at += 8) {
        cut((char *)b.p, at, at + 7, &start, &end);
        assert_true(start % 8 == 0 && end % 8 == 7);
        assert_true(end >= at + 7);
        assert_true(end - start > PASSAGE_BYTES - 40);
    }
    buf_release(&b);
}

static void characters_stay_whole(void **state)
{
    struct buf b = {0};
    uint32_t start, end, at;
    int i;

    (void)state;
    for (i = 0; i < 400; i++)
        buf_adds(&b, i % 3 ? "港" : "𠀀");
    buf_cstr(&b);
    for (at = 0; at < 1000; at += 10)
        cut((char *)b.p, at, at + 4, &start, &end);
    /* no blank, no boundary: a match as long as the text */
    cut((char *)b.p, 0, (uint32_t)b.n, &start, &end);
    buf_release(&b);
}

static void paragraphs_begin_passages(void **state)
{
    const char *text = "A heading\n\nThe port grew fast.";
    uint32_t start, end;

    (void)state;
    cut(text, 15, 19, &start, &end);
    assert_int_equal(start, 11);
    assert_int_equal(end, strlen(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(window_prefers_different_words),
        cmocka_unit_test(contained_matches_count_once),
        cmocka_unit_test(bigrams_of_a_run_are_one_match),
        cmocka_unit_test(short_texts_are_shown_whole),
        cmocka_unit_test(long_texts_are_cut_at_blanks),
        cmocka_unit_test(characters_stay_whole),
        cmocka_unit_test(paragraphs_begin_passages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
