#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/forms.h"

enum { MAX = 16 };

/* Encodes texts, each over spans[i] positions and i + 1 from the end
 * occurrences. */
static void encode(struct buf *out, const char *term, const char *const *text,
                   const uint32_t *span, uint32_t n, bool counts)
{
    struct form form[MAX];
    uint32_t i;

    for (i = 0; i < n; i++)
        form[i] = (struct form){view_str(text[i]), span ? span[i] : 1, n - i};
    buf_clear(out);
    assert_int_equal(forms_encode(out, view_str(term), form, n, counts), 0);
}

static void round_trip(const char *term, const char *const *text,
                       const uint32_t *span, uint32_t n, size_t bytes)
{
    struct buf b = {0};
    struct forms f = {0};
    struct err err = {0};
    int counts;
    uint32_t i;

    for (counts = 0; counts < 2; counts++) {
        struct rd r;

        encode(&b, term, text, span, n, counts);
        if (bytes && !counts)
            assert_int_equal(b.n, bytes);
        assert_int_equal(buf_addc(&b, 0x77), 0); /* what follows stays */
        r = rd_of(buf_view(&b));
        assert_int_equal(forms_decode(&f, view_str(term), &r, counts, &err), 0);
        assert_int_equal(rd_left(&r), 1);
        assert_int_equal(f.n, n);
        for (i = 0; i < n; i++) {
            assert_true(view_eq(f.form[i].text, view_str(text[i])));
            assert_int_equal(f.form[i].span, span ? span[i] : 1);
            assert_int_equal(f.form[i].count, counts ? n - i : 0);
        }
        r = rd_of(buf_view(&b));
        assert_int_equal(forms_skip(&r, counts), n);
        assert_int_equal(rd_left(&r), 1);
        assert_false(r.bad);
    }
    forms_release(&f);
    buf_release(&b);
}

#define TRIP(term, span, bytes, ...)                                           \
    round_trip(term, (const char *const[]){__VA_ARGS__}, span,                 \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),    \
               bytes)

static void test_round_trip(void **state)
{
    (void)state;
    TRIP("us", NULL, 1, "us"); /* plain */
    TRIP("us", NULL, 3, "US"); /* all upper */
    TRIP("us", NULL, 3, "Us"); /* first upper */
    TRIP("physic", NULL, 0, "physics", "Physics", "PHYSICS", "physical",
         "physic", "pHysic", "Physic", "PHYSICally");
    TRIP("happi", NULL, 0, "happy", "HAPPIER", "happiness");
    TRIP("x", NULL, 0, "other", "X", "xx");
    TRIP("strasse", NULL, 0,
         "stra\xc3\x9f"
         "e",
         "Stra\xc3\x9f"
         "e",
         "STRASSE", "strasse");
    TRIP("covid-19", NULL, 0, "COVID-19", "Covid-19", "covid-19");
    TRIP("usa", ((const uint32_t[]){1, 3, 2, 70000}), 0, "usa", "U.S.A.", "u s",
         "usa");
    TRIP("usa", ((const uint32_t[]){3, 1}), 0, "usa", "usa"); /* not plain */
}

static void test_long(void **state)
{
    char term[66] = {0}, text[401] = {0};

    (void)state;
    memset(term, 'a', 65);
    memset(text, 'A', 400);
    TRIP(term, NULL, 0, text, term, "a", "Aa");
}

static int decode(const uint8_t *p, size_t n, const char *term, bool counts)
{
    struct rd r = rd_of(view_of(p, n));
    struct rd skip = r;
    struct forms f = {0};
    struct err err = {0};
    int rc = forms_decode(&f, view_str(term), &r, counts, &err);

    forms_skip(&skip, counts);
    if (rc == 0)
        assert_true(f.n > 0 && f.n <= n + 1);
    else
        assert_non_null(strstr(err.msg, term));
    forms_release(&f);
    return rc;
}

static void test_damage(void **state)
{
    static const char *const text[] = {"physic", "Physics", "PHYSICAL",
                                       "physician", "phys"};
    static const uint32_t span[] = {1, 1, 2, 1, 300};
    struct buf b = {0};
    size_t n, i;
    unsigned x;
    int counts;

    (void)state;
    for (counts = 0; counts < 2; counts++) {
        encode(&b, "physic", text, span, 5, counts);
        for (n = 0; n < b.n; n++)
            assert_int_equal(decode(b.p, n, "physic", counts), ERR_CORRUPT);
        for (i = 0; i < b.n; i++)
            for (x = 1; x < 256; x++) {
                /* an exact copy, so that a read past its end shows */
                uint8_t *copy = malloc(b.n);

                assert_non_null(copy);
                memcpy(copy, b.p, b.n);
                copy[i] ^= (uint8_t)x;
                decode(copy, b.n, "physic", counts);
                decode(copy, b.n, "p", counts);
                free(copy);
            }
    }
    /* an empty one */
    assert_int_equal(decode((const uint8_t *)"\2\0\0", 3, "x", false),
                     ERR_CORRUPT);
    /* no forms; more than there are bytes for; a case there is not; span 0 */
    assert_int_equal(decode((const uint8_t *)"\0", 1, "x", false), ERR_CORRUPT);
    assert_int_equal(
        decode((const uint8_t *)"\xff\xff\xff\xff\x0f", 5, "x", false),
        ERR_CORRUPT);
    assert_int_equal(decode((const uint8_t *)"\2\3\0", 3, "x", false),
                     ERR_CORRUPT);
    assert_int_equal(decode((const uint8_t *)"\2\4\0\0", 4, "x", false),
                     ERR_CORRUPT);
    assert_int_equal(decode((const uint8_t *)"\2\x10\0", 3, "x", false),
                     ERR_CORRUPT); /* shares two bytes of one */
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
