/* Which texts are near-duplicates, and that their sketches say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "text/sketch.h"

enum { WORDS_MAX = 4000 };

/* A text: each word a number. */
struct made {
    uint32_t word[WORDS_MAX];
    unsigned n;
    unsigned title; /* words in front that are its title */
};

static uint32_t seed;

static uint32_t draw(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Appends n words, common ones more often. */
static void write_words(struct made *t, unsigned n)
{
    while (n-- > 0)
        t->word[t->n++] = draw(1 + draw(3000));
}

static void copy_words(struct made *t, const struct made *from, unsigned at,
                       unsigned n)
{
    memcpy(t->word + t->n, from->word + at, n * sizeof *t->word);
    t->n += n;
}

static void sketch_of(const struct made *t, const char *style,
                      uint8_t out[SKETCH_BYTES])
{
    struct sketch s;
    unsigned i;

    sketch_begin(&s);
    for (i = 0; i < t->n; i++) {
        char text[17] = {0};
        uint64_t word[2];

        snprintf(text, sizeof text, style, (unsigned)t->word[i]);
        word[0] = get_u64((const uint8_t *)text);
        word[1] = get_u64((const uint8_t *)text + 8);
        sketch_add(&s, word, i < t->title);
    }
    sketch_end(&s, out);
}

static bool near(const struct made *a, const struct made *b)
{
    uint8_t x[SKETCH_BYTES], y[SKETCH_BYTES];

    sketch_of(a, "w%u", x);
    sketch_of(b, "w%u", y);
    return sketch_near(x, y);
}

/* An article as one paper prints it: headline, byline, so much in a hundred of
 * what was written, and its own words at the foot. */
static void print_article(struct made *t, const struct made *written,
                          unsigned percent, unsigned foot)
{
    t->n = 0;
    write_words(t, t->title = 5 + draw(6));
    write_words(t, 4 + draw(6));
    copy_words(t, written, 0, written->n * percent / 100);
    write_words(t, foot);
}

static void copies(void **state)
{
    static struct made written, one, other;
    unsigned i, found = 0, all = 0;

    (void)state;
    seed = 1;
    for (i = 0; i < 400; i++, all++) {
        written.n = 0;
        write_words(&written, 250 + draw(1500));
        print_article(&one, &written, 100, 15 + draw(20));
        print_article(&other, &written, 80 + draw(11), 15 + draw(20));
        found += near(&one, &other);
    }
    /* by the binomial distribution some of the short ones are missed */
    assert_in_range(found, all * 97 / 100, all);
}

static void others(void **state)
{
    static struct made written, one, other;
    unsigned i;

    (void)state;
    seed = 2;
    for (i = 0; i < 400; i++) {
        one.n = written.n = 0;
        write_words(&one, one.title = 8);
        write_words(&one, 60 + draw(800));
        write_words(&written, 60 + draw(800));
        assert_false(near(&one, &written));
        /* a quarter of it is quoted */
        other.n = 0;
        other.title = 0;
        write_words(&other, one.n);
        copy_words(&other, &one, one.n / 2, one.n / 4);
        assert_false(near(&one, &other));
    }
}

/* A form that is filled in: of every six words one is another. */
static void forms(void **state)
{
    static struct made one, other;
    unsigned i, k;

    (void)state;
    seed = 3;
    for (i = 0; i < 100; i++) {
        one.n = other.n = 0;
        write_words(&one, 300);
        copy_words(&other, &one, 0, one.n);
        for (k = 3; k < other.n; k += 6)
            other.word[k] = 5000 + i;
        assert_false(near(&one, &other));
    }
}

static void case_and_title(void **state)
{
    static struct made one, other;
    uint8_t x[SKETCH_BYTES], y[SKETCH_BYTES];

    (void)state;
    seed = 4;
    one.n = one.title = other.n = 0;
    write_words(&one, 500);
    sketch_of(&one, "word%u", x);
    sketch_of(&one, "WoRD%u", y);
    assert_memory_equal(x, y, sizeof x);
    write_words(&other, other.title = 100);
    copy_words(&other, &one, 0, one.n);
    assert_true(near(&one, &other));
}

/* Texts of few words, or of the same ones: identical or nothing. */
static void short_ones(void **state)
{
    static struct made one, other;
    uint8_t x[SKETCH_BYTES], zeros[SKETCH_BYTES] = {0};
    unsigned n;

    (void)state;
    seed = 5;
    for (n = 0; n < SKETCH_WORDS; n++) {
        one.n = other.n = one.title = other.title = 0;
        write_words(&one, n);
        copy_words(&other, &one, 0, n);
        sketch_of(&one, "w%u", x);
        assert_int_equal(memcmp(x, zeros, sizeof x) != 0, n >= SKETCH_LEAST);
        assert_int_equal(near(&one, &other), n >= SKETCH_LEAST);
        if (n)
            other.word[n / 2] += 7000;
        assert_false(near(&one, &other));
    }
    for (one.n = 0; one.n < 1000; one.n++)
        one.word[one.n] = 9;
    other = one;
    assert_true(near(&one, &other));
    other.n--;
    assert_false(near(&one, &other));
    assert_false(sketch_near(zeros, zeros));
}

/* What is stored stays what it is. */
static void fixed(void **state)
{
    static const uint8_t want[8] = {0xf7, 0x2b, 0xfb, 0xb8,
                                    0x01, 0xcc, 0xb4, 0x96};
    static struct made one;
    uint8_t x[SKETCH_BYTES];
    unsigned i;

    (void)state;
    one.n = one.title = 0;
    for (i = 0; i < 200; i++)
        one.word[one.n++] = i;
    sketch_of(&one, "w%u", x);
    assert_memory_equal(x, want, sizeof want);
}

/* Agreeing in more than half means agreeing in a pair of neighbours. */
static void pairs(void **state)
{
    uint8_t x[SKETCH_BYTES], y[SKETCH_BYTES];
    unsigned round, i;

    (void)state;
    seed = 6;
    for (round = 0; round < 20000; round++) {
        bool pair = false;

        for (i = 0; i < SKETCH_BYTES; i++) {
            x[i] = (uint8_t)(1 + draw(255));
            y[i] = draw(2) ? x[i] : (uint8_t)(1 + draw(255));
            pair |= i % 2 && x[i] == y[i] && x[i - 1] == y[i - 1];
        }
        assert_true(pair || !sketch_near(x, y));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies),     cmocka_unit_test(others),
        cmocka_unit_test(forms),      cmocka_unit_test(case_and_title),
        cmocka_unit_test(short_ones), cmocka_unit_test(fixed),
        cmocka_unit_test(pairs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
