/* The record of languages, and the lexers it asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index/languages.h"
#include "text/lexers.h"

static void there_and_back(void **state)
{
    struct languages a = {{0}}, b;
    struct buf bytes = {0};

    (void)state;
    assert_int_equal(languages_encode(&a, &bytes), 0);
    assert_int_equal(bytes.n, 0);
    assert_int_equal(languages_decode(buf_view(&bytes), &b, NULL), 1);
    a.docs[0] = 300;
    a.docs[stemmer_number(view_str("en"))] = 1;
    a.docs[stemmer_number(view_str("yi"))] = UINT32_MAX;
    assert_int_equal(languages_encode(&a, &bytes), 0);
    assert_int_equal(languages_decode(buf_view(&bytes), &b, NULL), 1);
    assert_memory_equal(&a, &b, sizeof a);
    buf_release(&bytes);
}

static void damaged(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
    } bad[] = {
        {"e", 1},
        {"en", 2},
        {"en\0", 3},
        {"en\x01"
         "en\x01",
         6},
        {"xx\x01", 3},
        {"en\xff\xff\xff\xff\xff\x01", 8},
        {"\0\0", 2},
        {"\0e\x01", 3},
    };
    struct languages out;
    unsigned i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(
            languages_decode(view_of(bad[i].bytes, bad[i].n), &out, NULL),
            ERR_CORRUPT);
}

static unsigned number(const char *language)
{
    return stemmer_number(view_str(language));
}

static void numbers(void **state)
{
    unsigned i;

    (void)state;
    assert_string_equal(stemmer_name(number("de")), "german");
    assert_int_equal(number("german"), number("de"));
    assert_int_equal(number("de-at"), number("de"));
    assert_int_equal(number("por"), number("pt_br"));
    assert_int_equal(number("nb"), number("no"));
    assert_int_equal(number("zh-cn"), 0);
    assert_int_equal(number("d"), 0);
    assert_int_equal(number(""), 0);
    for (i = 1; i < STEMMERS; i++)
        assert_int_equal(stemmer_number(stemmer_code(i)), i);
    assert_int_equal(stemmer_code(0).n, 0);
    assert_true(stemmer_prefixes(number("id")));
    assert_false(stemmer_prefixes(number("en")));
    assert_false(stemmer_prefixes(0));
}

static void lists(void **state)
{
    uint64_t docs[STEMMERS] = {0};
    struct lexer_list list;
    struct lexers *ls;

    (void)state;
    assert_int_equal(lexers_open(&ls, "auto", NULL), 0);
    assert_string_equal(lexers_setting(ls), "auto");
    assert_int_equal(lexers_number(ls, view_str("")), number("en"));
    assert_int_equal(lexers_number(ls, view_str("th")), 0);
    assert_int_equal(lexers_list(ls, docs, &list), 0);
    assert_int_equal(list.n, 1);
    assert_string_equal(lexer_language(list.lexer[0]), "english");
    docs[number("de")] = docs[number("en")] = docs[0] = 1;
    assert_int_equal(lexers_list(ls, docs, &list), 0);
    assert_int_equal(list.n, 3);
    assert_string_equal(lexer_language(list.lexer[0]), "english");
    assert_string_equal(lexer_language(list.lexer[1]), "none");
    assert_string_equal(lexer_language(list.lexer[2]), "german");
    assert_int_equal(list.ncommon, 3);
    docs[number("fr")] = 2 * LEXERS_RARE;
    docs[number("de")] = 2;
    assert_int_equal(lexers_list(ls, docs, &list), 0);
    assert_int_equal(list.n, 4); /* one in more than two thousand is rare */
    assert_int_equal(list.ncommon, 1);
    assert_string_equal(lexer_language(list.lexer[0]), "french");
    assert_string_equal(lexer_language(list.lexer[1]), "english");
    docs[number("en")] = 3;
    assert_int_equal(lexers_list(ls, docs, &list), 0);
    assert_int_equal(list.ncommon, 2);
    assert_string_equal(lexer_language(list.lexer[0]), "english");
    assert_string_equal(lexer_language(list.lexer[1]), "french");
    lexers_free(ls);
    assert_int_equal(lexers_open(&ls, "german", NULL), 0);
    assert_int_equal(lexers_number(ls, view_str("en")), 0);
    assert_int_equal(lexers_list(ls, docs, &list), 0);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.number[0], number("de"));
    lexers_free(ls);
    assert_int_equal(lexers_open(&ls, "klingon", NULL), ERR_USAGE);
    assert_null(ls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(damaged),
        cmocka_unit_test(numbers),
        cmocka_unit_test(lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
