/* Patterns against the whole table of distances, and against wildcards tried
 * out one by one; both on random short words of few letters, where everything
 * happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/pattern.h"

static bool fits(const char *p, const char *s)
{
    if (*p == 0)
        return *s == 0;
    if (*p == '*')
        return fits(p + 1, s) || (*s && fits(p, s + 1));
    return *s && (*p == '?' || *p == *s) && fits(p + 1, s + 1);
}

static unsigned apart(const char *a, const char *b)
{
    unsigned x, y, z;

    if (!*a || !*b)
        return (unsigned)(strlen(a) + strlen(b));
    if (*a == *b)
        return apart(a + 1, b + 1);
    x = apart(a + 1, b);
    y = apart(a, b + 1);
    z = apart(a + 1, b + 1);
    x = x < y ? x : y;
    return 1 + (x < z ? x : z);
}

static void any_word(const char *letters, char *out, size_t most)
{
    size_t n = (size_t)rand() % (most + 1), i;

    for (i = 0; i < n; i++)
        out[i] = letters[(size_t)rand() % strlen(letters)];
    out[n] = 0;
}

static struct pattern wild(const char *s)
{
    struct pattern p = {0};

    for (; *s; s++)
        assert_true(*s == '*'   ? pattern_add_wildcard(&p, PATTERN_MANY)
                    : *s == '?' ? pattern_add_wildcard(&p, PATTERN_ONE)
                                : pattern_add(&p, view_of(s, 1)));
    return p;
}

static void wildcards(void **state)
{
    char p[10], w[10];
    int i;

    (void)state;
    for (i = 0; i < 50000; i++) {
        struct pattern made;

        any_word("ab*?", p, 6);
        any_word("ab", w, 8);
        made = wild(p);
        assert_int_equal(pattern_match(&made, view_str(w)),
                         fits(p, w) ? 0 : PATTERN_NONE);
        if (fits(p, w))
            assert_true(strlen(w) >= pattern_least(&made));
    }
}

static void distances(void **state)
{
    char p[10], w[10];
    int i;

    (void)state;
    for (i = 0; i < 50000; i++) {
        struct pattern made = {.fuzzy = true};
        unsigned d;

        any_word("abc", p, 7);
        any_word("abc", w, 7);
        made.distance = (unsigned)(i % 4);
        assert_true(pattern_add(&made, view_str(p)));
        d = apart(p, w);
        assert_int_equal(pattern_match(&made, view_str(w)),
                         d <= made.distance ? d : PATTERN_NONE);
        if (d <= made.distance)
            assert_true(strlen(w) >= pattern_least(&made));
    }
}

static void characters_not_bytes(void **state)
{
    struct pattern p = {.fuzzy = true, .distance = 1}, w = {0};

    (void)state;
    assert_true(pattern_add(&p, view_str("\xd1\x80\xd0\xb5\xd0\xba\xd0\xb0")));
    assert_int_equal(
        pattern_match(&p, view_str("\xd1\x80\xd1\x83\xd0\xba\xd0\xb0")), 1);
    assert_true(pattern_add_wildcard(&w, PATTERN_ONE));
    assert_int_equal(pattern_match(&w, view_str("\xe4\xb8\xad")), 0);
    assert_int_equal(pattern_match(&w, view_str("ab")), PATTERN_NONE);
}

static void full(void **state)
{
    struct pattern p = {0};
    char text[80];

    (void)state;
    memset(text, 'a', sizeof text);
    assert_true(pattern_add(&p, view_of(text, PATTERN_MAX)));
    assert_false(pattern_add_wildcard(&p, PATTERN_ONE));
    assert_int_equal(pattern_match(&p, view_of(text, PATTERN_MAX)), 0);
    assert_int_equal(pattern_match(&p, view_of(text, PATTERN_MAX + 1)),
                     PATTERN_NONE);
    assert_int_equal(pattern_literal(&p), PATTERN_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards),
        cmocka_unit_test(distances),
        cmocka_unit_test(characters_not_bytes),
        cmocka_unit_test(full),
    };

    srand(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
