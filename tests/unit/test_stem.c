/* Snowball behind its interface. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "text/stem.h"

static void expect(const char *language, const char *word, const char *want)
{
    struct stemmer *s;
    struct err err = {0};

    assert_int_equal(stemmer_open(&s, language, &err), 0);
    assert_true(view_eq(stemmer_stem(s, view_str(word)), view_str(want)));
    stemmer_free(s);
}

static void stems(void **state)
{
    (void)state;
    expect("english", "organisation", "organis");
    expect("english", "organization", "organ");
    expect("en", "universities", "univers");
    expect("eng", "university", "univers");
    expect("french", "économies", "économ");
    expect("de", "häuser", "haus");
    expect("none", "universities", "universities");
    expect("english", "", "");
    expect("english", "中国", "中国");
    expect("english", "1990s", "1990s");
    expect("english", "s", "s");
}

static void languages(void **state)
{
    const char **name;
    struct stemmer *s;

    (void)state;
    for (name = stemmer_languages(); *name; name++) {
        assert_int_equal(stemmer_open(&s, *name, NULL), 0);
        assert_string_equal(stemmer_language(s), *name);
        stemmer_free(s);
    }
    assert_int_equal(stemmer_open(&s, "fra", NULL), 0);
    assert_string_equal(stemmer_language(s), "french");
    stemmer_free(s);
    assert_int_equal(stemmer_open(&s, "none", NULL), 0);
    assert_string_equal(stemmer_language(s), "none");
    stemmer_free(s);
    stemmer_free(NULL);
}

static void unknown(void **state)
{
    struct err err = {0};
    struct stemmer *s;

    (void)state;
    assert_int_equal(stemmer_open(&s, "klingon", &err), ERR_USAGE);
    assert_null(s);
    assert_non_null(strstr(err.msg, "klingon"));
    assert_non_null(strstr(err.msg, "none, "));
    assert_non_null(strstr(err.msg, "english"));
    assert_int_equal(stemmer_open(&s, "", &err), ERR_USAGE);
}

static void version(void **state)
{
    (void)state;
    assert_int_equal(strncmp(stemmer_version(), "Snowball ", 9), 0);
    assert_ptr_equal(stemmer_version(), stemmer_version());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stems),
        cmocka_unit_test(languages),
        cmocka_unit_test(unknown),
        cmocka_unit_test(version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
