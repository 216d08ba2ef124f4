/* Word boundaries: every case of Unicode's own conformance file, and what the
 * file does not ask: hostile text, ill-formed text, the tailored joins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/segment.h"

#define CONFORMANCE "/usr/share/unicode/auxiliary/WordBreakTest.txt"

/* The segments of v, a '|' before, between and behind them. */
static void cut(struct view v, bool tailored, struct buf *out)
{
    struct segmenter s;
    size_t from, to, at = 0;

    segmenter_init(&s, v);
    s.tailored = tailored;
    while (segmenter_next(&s, &from, &to)) {
        assert_int_equal(from, at);
        assert_true(to > from);
        buf_addc(out, '|');
        buf_add(out, view_sub(v, from, to));
        at = to;
    }
    assert_int_equal(at, v.n);
    buf_addc(out, '|');
}

static void expect(const char *text, bool tailored, const char *want)
{
    struct buf got = {0};

    cut(view_str(text), tailored, &got);
    assert_string_equal(buf_cstr(&got), want);
    buf_release(&got);
}

/* One line of the conformance file: "÷ 0061 × 0308 ÷ 0020 ÷ # ...". */
static bool conforms(char *line)
{
    struct buf text = {0}, want = {0}, got = {0};
    char *save = NULL, *word;
    uint8_t bytes[4];
    bool same;

    for (word = strtok_r(line, " \t", &save); word && *word != '#';
         word = strtok_r(NULL, " \t", &save)) {
        if (strcmp(word, "\xC3\xB7") == 0) {
            buf_addc(&want, '|');
        } else if (strcmp(word, "\xC3\x97") != 0) {
            unsigned n = utf8_encode((uint32_t)strtoul(word, NULL, 16), bytes);

            buf_add(&text, view_of(bytes, n));
            buf_add(&want, view_of(bytes, n));
        }
    }
    cut(buf_view(&text), false, &got);
    same = view_eq(buf_view(&got), buf_view(&want));
    buf_release(&text);
    buf_release(&want);
    buf_release(&got);
    return same;
}

static void test_conformance(void **state)
{
    FILE *f = fopen(CONFORMANCE, "r");
    char line[1024];
    unsigned cases = 0;

    (void)state;
    if (!f) {
        print_message("no %s (package unicode-data)\n", CONFORMANCE);
        skip();
    }
    while (fgets(line, sizeof line, f)) {
        char copy[sizeof line];

        if (*line == '#' || *line == '\n')
            continue;
        strcpy(copy, line);
        if (!conforms(copy))
            fail_msg("%s", line);
        cases++;
    }
    fclose(f);
    assert_true(cases >= 1823);
}

static void test_tailored(void **state)
{
    (void)state;
    expect("a\u200Bb", false, "|a|\u200B|b|");
    expect("a\u200Bb", true, "|a\u200Bb|");
    expect("a\u00AD\nb", false, "|a\u00AD|\n|b|");
    expect("a\u00AD\nb", true, "|a\u00AD\nb|");
    expect("a\u00AD\r\nb", true, "|a\u00AD\r\nb|");
    expect("a\u00AD\rb", true, "|a\u00AD\rb|");
    expect("a\u00AD \t\n b", true, "|a\u00AD \t\n b|");
    expect("a\u00AD\n\n\fb", true, "|a\u00AD\n\n\fb|");
    expect("a\u00AD\n\nb", true, "|a\u00AD|\n|\n|b|");
    expect("a\u00AD b", true, "|a\u00AD| |b|");
    expect("a\u00AD", true, "|a\u00AD|");
    expect("a\u00AD\r", true, "|a\u00AD\r|");
}

static void test_edges(void **state)
{
    struct buf got = {0};

    (void)state;
    expect("", false, "|");
    expect("\xFF\xFEz", false, "|\xFF|\xFE|z|");
    expect("a\xCC", false, "|a|\xCC|");
    cut(view_of("a\0b", 3), false, &got);
    assert_true(view_eq(buf_view(&got), view_of("|a|\0|b|", 7)));
    buf_release(&got);
}

/* Long texts of what the rules look over or look ahead at; each takes some
 * hundred steps a byte at most, or this would not end. */
static void test_hostile(void **state)
{
    static const char *const units[] = {
        "a",        "'",      ".",      "a.",       "a'",         "1.",
        "_",        "\u0301", "\u00AD", "a'\u0301", "\U0001F1E6", "\u200D",
        "\u05D0\"", "カ",     " ",      "\r",       "\x80",
    };
    enum { SIZE = 1 << 20 };
    size_t i, n, from, to, total;
    uint8_t *p = malloc(SIZE);
    struct segmenter s;

    (void)state;
    assert_non_null(p);
    for (i = 0; i < sizeof units / sizeof *units; i++) {
        for (n = 0; n < SIZE; n++)
            p[n] = (uint8_t)units[i][n % strlen(units[i])];
        total = 0;
        segmenter_init(&s, view_of(p, SIZE));
        while (segmenter_next(&s, &from, &to))
            total += to - from;
        assert_int_equal(total, SIZE);
    }
    free(p);
}

/* Any boundary is as good a start as the first byte, and no segment ends
 * within a character. */
static void test_restart(void **state)
{
    static const char *const units[] = {
        "a",      "1",          "'",          ".",  ",",    "\"",     ":",
        "\u05D0", "\u0301",     "_",          "カ", " ",    "\r",     "\n",
        "\u200D", "\U0001F1E6", "\U0001F6D1", "中", "\xFF", "\u00AD",
    };
    struct buf text = {0};
    struct segmenter all, rest;
    size_t from, to, f, t;
    unsigned round, i;

    (void)state;
    srand(1);
    for (round = 0; round < 20000; round++) {
        buf_clear(&text);
        for (i = 0; i < 12; i++)
            buf_adds(&text,
                     units[(size_t)rand() % (sizeof units / sizeof *units)]);
        segmenter_init(&all, buf_view(&text));
        all.tailored = round & 1;
        while (segmenter_next(&all, &from, &to)) {
            segmenter_init(&rest, view_sub(buf_view(&text), from, text.n));
            rest.tailored = round & 1;
            assert_true(segmenter_next(&rest, &f, &t));
            assert_int_equal(from + t, to);
            assert_int_equal(utf8_cut(buf_view(&text), to), to);
        }
    }
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conformance), cmocka_unit_test(test_tailored),
        cmocka_unit_test(test_edges),       cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
