#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/passage.h"
#include "text/normal.h"

static struct leaf leaf[3] = {{.word = 0}, {.word = 1}, {.word = 2}};

static struct spans spans_of(const unsigned (*list)[3], size_t n)
{
    struct spans s = {0};
    size_t i;

    for (i = 0; i < n; i++)
        spans_add(&s, list[i][0], list[i][1], &leaf[list[i][2]]);
    return s;
}

/* A set of matches, and the windows to be chosen in it, in order. */
struct choice {
    const char *why;
    unsigned list[12][3]; /* from, to, word; ends with to 0 */
    unsigned max;
    size_t n;
    struct extract out[4];
    size_t best;
};

static const struct choice choices[] = {
    {"different words above many",
     {{0, 1, 0}, {1, 2, 0}, {2, 3, 0}, {100, 101, 0}, {120, 121, 1}},
     1,
     1,
     {{3, 5}},
     0},
    {"and then near ones",
     {{100, 101, 0}, {120, 121, 1}, {500, 501, 1}, {510, 511, 0}},
     1,
     1,
     {{2, 4}},
     0},
    {"and then many",
     {{0, 1, 0}, {100, 101, 0}, {102, 103, 0}, {300, 301, 0}},
     1,
     1,
     {{1, 3}},
     0},
    {"and then the first",
     {{7, 8, 0}, {100, 101, 0}, {300, 301, 0}},
     1,
     1,
     {{0, 1}},
     0},
    {"a heavy word above two light ones",
     {{0, 1, 0}, {1, 2, 1}, {100, 101, 2}},
     1,
     1,
     {{2, 3}},
     0},
    {"what is not covered comes second, however light",
     {{0, 1, 2}, {100, 101, 2}, {101, 102, 2}, {200, 201, 0}},
     2,
     2,
     {{1, 3}, {3, 4}},
     0},
    {"in order of the document",
     {{0, 1, 0}, {100, 101, 1}, {200, 201, 2}},
     3,
     3,
     {{0, 1}, {1, 2}, {2, 3}},
     2},
    {"covered ones at last",
     {{0, 1, 0}, {100, 101, 0}, {102, 103, 0}},
     3,
     2,
     {{0, 1}, {1, 3}},
     1},
    {"nothing beside a window",
     {{0, 1, 2}, {20, 21, 0}, {35, 36, 0}, {80, 81, 0}},
     3,
     2,
     {{0, 2}, {3, 4}},
     0},
    {"a match longer than a window",
     {{0, 1000, 2}, {1000, 1001, 1}},
     1,
     1,
     {{0, 1}},
     0},
    {"none", {{0, 0, 0}}, 3, 0, {{0, 0}}, 0},
};

static void windows_cover_the_words(void **state)
{
    struct extract out[PASSAGE_MAX];
    size_t i, n, best;

    (void)state;
    leaf[0].weight = 1;
    leaf[1].weight = 1.5;
    leaf[2].weight = 4;
    for (i = 0; i < sizeof choices / sizeof *choices; i++) {
        const struct choice *c = &choices[i];
        struct spans s;

        for (n = 0; n < 12 && c->list[n][1]; n++)
            ;
        s = spans_of(c->list, n);
        n = passage_choose(s.span, s.n, 30, c->max, out, &best);
        if (n != c->n || best != c->best ||
            memcmp(out, c->out, n * sizeof *out) != 0)
            fail_msg("%s: %zu windows, the best is %zu, the first [%zu, %zu)",
                     c->why, n, best, out[0].from, out[0].to);
        free(s.span);
    }
}

/* As many as there is room for, none within the reach of another. */
static void many_windows(void **state)
{
    struct extract out[PASSAGE_MAX];
    struct spans s = {0};
    size_t i, n, best;

    (void)state;
    for (i = 0; i < 5000; i++)
        spans_add(&s, (uint32_t)(i * 7), (uint32_t)(i * 7 + 1), &leaf[i % 3]);
    n = passage_choose(s.span, s.n, 30, PASSAGE_MAX, out, &best);
    assert_int_equal(n, PASSAGE_MAX);
    for (i = 0; i < n; i++) {
        assert_true(out[i].from < out[i].to);
        assert_true(s.span[out[i].to - 1].to - s.span[out[i].from].from <= 30);
        assert_true(i == 0 || out[i].from >= out[i - 1].to);
    }
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

/* The spans of many words, each in order: what stays ascends, is of what there
 * was, and holds the rest. */
static void spans_of_many_words_are_put_in_order(void **state)
{
    struct span all[300];
    unsigned words, w, i, round;
    size_t n, k;

    (void)state;
    srand(1);
    for (round = 0; round < 300; round++) {
        struct spans s = {0};

        words = 1 + round % 15;
        for (w = n = 0; w < words; w++) {
            uint32_t at = (uint32_t)rand() % 9;

            for (i = (unsigned)rand() % 20; i > 0; i--, n++) {
                all[n] = (struct span){at, at + 1 + (uint32_t)rand() % 3,
                                       &leaf[w % 3]};
                spans_add(&s, all[n].from, all[n].to, all[n].leaf);
                at += 3 + (uint32_t)rand() % 9;
            }
        }
        passage_merge(&s);
        for (i = 1; i < s.n; i++)
            assert_true(s.span[i - 1].from < s.span[i].from &&
                        s.span[i - 1].to < s.span[i].to);
        for (k = 0; k < n; k++) {
            for (i = 0; i < s.n && s.span[i].to < all[k].to; i++)
                ;
            assert_true(i < s.n && s.span[i].from <= all[k].from);
        }
        for (i = 0; i < s.n; i++) {
            for (k = 0; k < n && memcmp(&all[k], &s.span[i], sizeof *all); k++)
                ;
            assert_true(k < n);
        }
        free(s.span);
    }
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
    int limits =
        passage_cut(v, 0, (uint32_t)v.n, from, to, PASSAGE_WIDTH, start, end);

    assert_true(*start <= from && *start < *end && *end <= v.n);
    assert_true(normal_width(view_sub(v, *start, *end)) <= PASSAGE_WIDTH);
    assert_true((v.p[*start] & 0xc0) != 0x80);
    assert_true(*end == v.n || (v.p[*end] & 0xc0) != 0x80);
    if (limits & PASSAGE_LIMIT_END)
        assert_true(*end + 2 > v.n || v.p[*end] <= ' ');
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
        assert_true(end - start > PASSAGE_WIDTH - 40);
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

/* Clusters of several characters: a passage begins and ends with whole ones,
 * wherever the match is and however wide the passage. */
static void clusters_stay_whole(void **state)
{
    static const char *const cluster[] = {
        "e\u0301",
        "\U0001F1EB\U0001F1F7",
        "\U0001F469\u200D\U0001F469\u200D\U0001F467",
        "\u0E01\u0E33",
        "\u1100\u1161\u11A8",
        "港",
        "x",
        "\u0928\u093F",
    };
    static uint8_t edge[8192];
    struct buf b = {0};
    uint32_t start, end, at, n;
    unsigned width;
    size_t i;

    (void)state;
    for (i = 0; i < 300; i++)
        buf_adds(&b, cluster[i * 7 % 8]);
    assert_true(b.n < sizeof edge);
    for (at = 0; at < b.n; at += n) {
        edge[at] = 1;
        n = (uint32_t)normal_cluster(view_sub(buf_view(&b), at, b.n));
    }
    edge[b.n] = 1;
    for (width = PASSAGE_WIDTH_MIN; width < 300; width += 13)
        for (at = 0; at < b.n; at += n) {
            n = (uint32_t)normal_cluster(view_sub(buf_view(&b), at, b.n));
            passage_cut(buf_view(&b), 0, (uint32_t)b.n, at, at + n, width,
                        &start, &end);
            assert_true(start <= at && end >= at + n);
            assert_true(edge[start] && edge[end]);
        }
    buf_release(&b);
}

/* What bounds a passage is told, and only that. */
static void limits_are_told(void **state)
{
    struct buf b = {0};
    uint32_t start, end;
    int i;

    (void)state;
    for (i = 0; i < 100; i++)
        buf_adds(&b, "seven77 ");
    assert_int_equal(passage_cut(view_sub(buf_view(&b), 0, 600), 200, 600, 400,
                                 407, 100, &start, &end),
                     0);
    assert_int_equal(passage_cut(view_sub(buf_view(&b), 0, 600), 392, 600, 400,
                                 407, 100, &start, &end),
                     PASSAGE_LIMIT_START);
    assert_int_equal(start, 392);
    assert_int_equal(passage_cut(view_sub(buf_view(&b), 0, 416), 200, 416, 400,
                                 407, 100, &start, &end),
                     PASSAGE_LIMIT_END);
    assert_int_equal(passage_cut(view_sub(buf_view(&b), 0, 416), 392, 416, 400,
                                 407, 100, &start, &end),
                     PASSAGE_LIMIT_START | PASSAGE_LIMIT_END);
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
        cmocka_unit_test(windows_cover_the_words),
        cmocka_unit_test(many_windows),
        cmocka_unit_test(contained_matches_count_once),
        cmocka_unit_test(spans_of_many_words_are_put_in_order),
        cmocka_unit_test(bigrams_of_a_run_are_one_match),
        cmocka_unit_test(short_texts_are_shown_whole),
        cmocka_unit_test(long_texts_are_cut_at_blanks),
        cmocka_unit_test(characters_stay_whole),
        cmocka_unit_test(clusters_stay_whole),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(paragraphs_begin_passages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
