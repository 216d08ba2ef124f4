/* Forms, folded words and terms; then the acceptance table of the text chain:
 * what is written one way in a text is found by a query written another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "text/lexeme.h"
#include "text/normal.h"
#include "text/utf8.h"

static struct lexer *english;

static int open_lexer(void **state)
{
    (void)state;
    return lexer_open(&english, "english", NULL);
}

static int close_lexer(void **state)
{
    (void)state;
    lexer_free(english);
    return 0;
}

/* The lexeme of raw as "form folded term[ term]". */
static void expect_in(struct lexer *lx, const char *raw, const char *want)
{
    struct buf got = {0};
    struct lexeme x;
    unsigned i;

    assert_int_equal(lexer_lexeme(lx, view_str(raw), TOKEN_WORD, &x), 0);
    buf_add(&got, x.form);
    buf_addc(&got, ' ');
    buf_add(&got, x.folded);
    for (i = 0; i < x.nterms; i++) {
        buf_addc(&got, ' ');
        buf_add(&got, x.term[i]);
    }
    assert_string_equal(buf_cstr(&got), want);
    assert_false(x.cut);
    buf_release(&got);
}

static void expect(const char *raw, const char *want)
{
    expect_in(english, raw, want);
}

static void lexemes(void **state)
{
    (void)state;
    expect("Universities", "Universities universities univers");
    expect("China’s", "China's china's china");
    expect("CHINA'S", "CHINA'S china's china");
    expect("states", "states states state");
    expect("U.S.", "U.S. us us");
    expect("U.S.’s", "U.S.'s us's us");
    expect("1,000", "1,000 1000 1000");
    expect("1,234,567.89", "1,234,567.89 1234567.89 1234567.89");
    expect("1.7bn", "1.7bn 1.7bn 1.7bn");
    expect("１．７", "１．７ 1.7 1.7");
    expect("ＲＣＥＰ", "ＲＣＥＰ rcep rcep");
    expect("ﬁnance", "ﬁnance finance financ");
    expect("Xi’an", "Xi'an xian xian");
    expect("don't", "don't dont dont");
    expect("l’", "l' l l");
    expect("Đà", "Đà da da");
    expect("Ürümqi", "Ürümqi urumqi urumqi");
    expect("col·lecció", "col·lecció colleccio colleccio");
    expect("soft\u00ADhyphen", "softhyphen softhyphen softhyphen");
    expect("Hawaiʻi", "Hawaiʻi hawaii hawaii");
    expect("Qurʾān", "Qurʾān quran quran");
    expect("й", "й й й");
    expect("\x01z\x02", "\x01z\x02 z z");
    expect("\u00AD", " ");
    expect("", " ");
}

static void both_spellings(void **state)
{
    struct lexer *french;

    (void)state;
    assert_int_equal(lexer_open(&french, "fr", NULL), 0);
    assert_string_equal(lexer_language(french), "french");
    expect_in(french, "réformées", "réformées reformees reform reforme");
    expect_in(french, "reformees", "reformees reformees reforme");
    expect_in(french, "économie", "économie economie econom");
    lexer_free(french);
}

static void clusters(void **state)
{
    struct lexeme x;

    (void)state;
    lexer_lexeme(english, view_str("ｶﾞス"), TOKEN_BIGRAM, &x);
    assert_true(view_eq(x.form, view_str("ｶﾞス")));
    assert_true(view_eq(x.folded, view_str("ガス")));
    assert_int_equal(x.nterms, 1);
    assert_true(view_eq(x.term[0], view_str("ガス")));
    lexer_lexeme(english, view_str("中\u200B国"), TOKEN_BIGRAM, &x);
    assert_true(view_eq(x.term[0], view_str("中国")));
    lexer_lexeme(english, view_str("鐵路"), TOKEN_BIGRAM, &x);
    assert_true(view_eq(x.form, view_str("鐵路")));
    assert_true(view_eq(x.folded, view_str("铁路")));
    assert_true(view_eq(x.term[0], view_str("铁路")));
}

static void long_words(void **state)
{
    struct buf raw = {0};
    struct lexeme x;
    unsigned i;

    (void)state;
    for (i = 0; i < 64; i++)
        buf_adds(&raw, "x");
    lexer_lexeme(english, buf_view(&raw), TOKEN_WORD, &x);
    assert_false(x.cut);
    assert_int_equal(x.term[0].n, 64);
    buf_adds(&raw, "y");
    lexer_lexeme(english, buf_view(&raw), TOKEN_WORD, &x);
    assert_true(x.cut);
    assert_int_equal(x.term[0].n, 64);
    assert_int_equal(x.folded.n, 64);
    assert_int_equal(x.form.n, 65);
    buf_clear(&raw);
    buf_adds(&raw, "x");
    for (i = 0; i < 500; i++)
        buf_adds(&raw, "中");
    lexer_lexeme(english, buf_view(&raw), TOKEN_WORD, &x);
    assert_true(x.cut);
    assert_int_equal(x.term[0].n, 64);
    assert_int_equal(x.form.n, 94);
    buf_release(&raw);
}

/* The folded form of raw is the same alone. Voids the lexeme. */
static void check_folded(struct view raw, struct view folded)
{
    uint8_t copy[LEXEME_MAX];
    struct view alone;

    if (folded.n)
        memcpy(copy, folded.p, folded.n);
    folded = view_of(copy, folded.n);
    assert_int_equal(lexer_folded(english, raw, &alone), 0);
    assert_true(view_eq(alone, folded));
}

/* Any bytes at all: terms are short, well-formed and printable. */
static void random_bytes(void **state)
{
    static const char *const parts[] = {
        "'", "’", ".", ",", "1", "s", "é", "ﷺ", "\u0301", "\u00AD", "ß", "中"};
    struct buf raw = {0};
    struct lexeme x;
    unsigned round, i, n;

    (void)state;
    srand(1);
    for (round = 0; round < 100000; round++) {
        buf_clear(&raw);
        n = (unsigned)rand() % 16;
        for (i = 0; i < n; i++)
            if (rand() % 2)
                buf_addc(&raw, rand() % 256);
            else
                buf_adds(
                    &raw,
                    parts[(size_t)rand() % (sizeof parts / sizeof *parts)]);
        assert_int_equal(lexer_lexeme(english, buf_view(&raw), round % 4, &x),
                         0);
        assert_true(x.form.n <= LEXEME_FORM_MAX);
        assert_true(x.folded.n <= LEXEME_MAX);
        for (i = 0; i < x.nterms; i++) {
            assert_true(x.term[i].n > 0 && x.term[i].n <= LEXEME_MAX);
            assert_int_equal(utf8_errors(x.term[i]), 0);
            for (n = 0; n < x.term[i].n; n++)
                assert_true(x.term[i].p[n] >= 0x20);
        }
        check_folded(buf_view(&raw), x.folded);
    }
    buf_release(&raw);
}

static void opening(void **state)
{
    struct lexer *lx;
    struct err err = {0};

    (void)state;
    assert_int_equal(lexer_open(&lx, "xx", &err), ERR_USAGE);
    assert_null(lx);
    assert_non_null(strstr(lexer_version(), "chain 3, utf8proc"));
    assert_non_null(strstr(lexer_version(), "Snowball"));
    assert_string_equal(lexer_language(english), "english");
    lexer_free(NULL);
}

/* ---- the acceptance table ---- */

enum { MAX_ENTRIES = 64 };

struct entry {
    struct token t;
    char form[LEXEME_FORM_MAX + 1];
    char folded[LEXEME_MAX + 1];
    char term[2][LEXEME_MAX + 1];
    unsigned nterms;
};

struct entries {
    struct entry e[MAX_ENTRIES];
    unsigned n;
};

static void copy(char *to, struct view v)
{
    memcpy(to, v.p, v.n);
    to[v.n] = 0;
}

static void analyse(const char *text, struct entries *out)
{
    struct words *w;
    struct lexeme x;
    unsigned i;

    out->n = 0;
    assert_int_equal(words_open(&w, view_str(text), NULL, 0), 0);
    while (words_next(w, &out->e[out->n].t) > 0) {
        struct entry *e = &out->e[out->n++];

        assert_true(out->n < MAX_ENTRIES);
        assert_int_equal(lexer_lexeme(english, e->t.raw, e->t.kind, &x), 0);
        copy(e->form, x.form);
        copy(e->folded, x.folded);
        e->nterms = x.nterms;
        for (i = 0; i < x.nterms; i++)
            copy(e->term[i], x.term[i]);
    }
    words_free(w);
}

static bool share_term(const struct entry *a, const struct entry *b)
{
    unsigned i, k;

    for (i = 0; i < a->nterms; i++)
        for (k = 0; k < b->nterms; k++)
            if (strcmp(a->term[i], b->term[k]) == 0)
                return true;
    return false;
}

/* Whether a query leaves its token q[i] out: the joined form is but one more
 * word, the last cluster of a run stands in its bigrams already. */
static bool is_extra(const struct entries *q, unsigned i)
{
    return q->e[i].t.kind == TOKEN_JOINED ||
           (q->e[i].t.kind == TOKEN_UNIGRAM && i > 0 &&
            q->e[i - 1].t.kind == TOKEN_BIGRAM);
}

/* Whether every word of the query is in the text. */
static bool has(const char *text, const char *query)
{
    static struct entries t, q;
    unsigned i, k;

    analyse(text, &t);
    analyse(query, &q);
    assert_true(q.n > 0);
    for (i = 0; i < q.n; i++) {
        for (k = 0; k < t.n && !share_term(&t.e[k], &q.e[i]); k++)
            ;
        if (k == t.n && !is_extra(&q, i))
            return false;
    }
    return true;
}

static bool has_at(const struct entries *t, uint32_t pos, const char *folded)
{
    unsigned k;

    for (k = 0; k < t->n; k++)
        if (t->e[k].t.pos == pos && strcmp(t->e[k].folded, folded) == 0)
            return true;
    return false;
}

/* Whether the words of the query stand in the text as they are, in a row. */
static bool has_phrase(const char *text, const char *query)
{
    static struct entries t, q;
    uint32_t from;
    unsigned i;

    analyse(text, &t);
    analyse(query, &q);
    for (from = 0; from < MAX_ENTRIES; from++) {
        for (i = 0; i < q.n; i++)
            if (!is_extra(&q, i) &&
                !has_at(&t, from + q.e[i].t.pos, q.e[i].folded))
                break;
        if (i == q.n)
            return true;
    }
    return false;
}

static bool has_form(const char *text, const char *query)
{
    static struct entries t, q;
    unsigned k;

    analyse(text, &t);
    analyse(query, &q);
    assert_int_equal(q.n, 1);
    for (k = 0; k < t.n; k++)
        if (strcmp(t.e[k].form, q.e[0].form) == 0)
            return true;
    return false;
}

static void table_compounds(void **state)
{
    static const char *const spelt[] = {"people-to-people", "people‑to‑people",
                                        "people–to–people", "people to people"};
    unsigned i, k;

    (void)state;
    for (i = 0; i < 4; i++)
        for (k = 0; k < 4; k++) {
            assert_true(has(spelt[i], spelt[k]));
            assert_true(has_phrase(spelt[i], spelt[k]));
        }
    assert_true(has(spelt[0], "peopletopeople"));
    assert_true(has_phrase("China-Laos", "china laos"));
    assert_true(has_phrase("China–Laos", "China-Laos"));
    assert_true(has_phrase("China—Laos", "china laos"));
    assert_true(has("China—Laos", "China-Laos"));
    assert_true(has("China-Laos", "Laos"));
    assert_true(has("China-Laos railway", "ChinaLaos"));
    assert_true(has("COVID-19 G20 5G Article 7 RMB500m", "covid-19 g20 5g"));
    assert_true(has("COVID-19", "covid 19"));
    assert_true(has_phrase("of Article 7", "article 7"));
    assert_true(has("2021–22", "2021"));
}

static void table_numbers(void **state)
{
    (void)state;
    assert_true(has("US$1.7 billion", "1.7 billion"));
    assert_true(has("US$1.7 billion", "US$1.7 billion"));
    assert_true(has_phrase("US$1.7 billion", "1.7 billion"));
    assert_false(has_phrase("US$1.7 billion", "1.7 million"));
    assert_false(has_phrase("US$1.7 billion", "17 billion"));
    assert_false(has("US$1.7 billion", "17"));
    assert_true(has("1,000", "1000"));
    assert_true(has("1000", "1,000"));
    assert_false(has("1,000", "000"));
    assert_true(has_phrase("25 per cent", "25 per cent"));
    assert_true(has("72.93%", "72.93"));
}

static void table_apostrophes(void **state)
{
    (void)state;
    assert_true(has("China’s China's ADB's states’", "china adb states"));
    assert_false(has("China’s China's ADB's states’", "s"));
    assert_true(has_phrase("China’s", "china's"));
    assert_true(has_phrase("China's", "China’s"));
    assert_false(has_phrase("China", "china's"));
    assert_true(has_phrase("“debt trap”", "“debt trap”"));
    assert_true(has_phrase("“debt trap”", "debt trap"));
    assert_true(has("Xi’an", "xian"));
    assert_true(has("Xi’an", "Xi'an"));
    assert_true(has("l’économie", "economie"));
    assert_true(has("l'économie", "économie"));
}

static void table_abbreviations(void **state)
{
    (void)state;
    assert_true(has("the U.S. and the U.K.-led e.g. plan", "U.S."));
    assert_true(has("the U.S. and the U.K.-led e.g. plan", "u.s."));
    assert_true(has("the U.S. and the U.K.-led e.g. plan", "UK"));
    assert_false(has_form("they told us", "US"));
    assert_true(has_form("the US and us", "US"));
    assert_false(has_form("the U.S. and us", "US"));
    assert_true(has_form("the U.S.", "U.S."));
    assert_false(has_form("the US", "U.S."));
    assert_true(has_phrase("the U.S. plan", "us plan"));
}

static void table_scripts(void **state)
{
    (void)state;
    assert_true(has("Xi Jinping in Ürümqi, Lü, Đà Nẵng",
                    "xi jinping urumqi lu da nang"));
    assert_true(has_phrase("习近平主席", "习近平"));
    assert_true(has("习近平主席", "主席"));
    assert_true(has("中老铁路RCEP协定", "铁路"));
    assert_true(has("中老铁路RCEP协定", "RCEP"));
    assert_true(has("香港亞洲研究中心", "香港"));
    assert_false(has("香港亞洲研究中心", "港洲"));
    assert_true(has_phrase("香港亞洲研究中心", "亚洲研究"));
    assert_true(has_phrase("รถไฟความเร็วสูง", "รถไฟ"));
}

static void table_characters(void **state)
{
    (void)state;
    assert_true(has("\uFEFFﬁnance of ＲＣＥＰ", "finance rcep"));
    assert_true(has("infra\u00ADstructure", "infrastructure"));
    assert_true(has("infra\u00AD\r\nstructure", "infrastructure"));
    assert_true(has("infra\u200Bstructure", "infrastructure"));
    assert_true(has("belt\u00A0road\r\nplan", "belt road plan"));
    assert_true(has_phrase("belt\u00A0road\r\nplan", "road plan"));
    assert_true(has("½ of it", "1 2"));
}

static void table_stems(void **state)
{
    (void)state;
    assert_true(has("universities", "university"));
    assert_true(has("universities", "universal"));
    assert_true(has_phrase("university", "university"));
    assert_false(has_phrase("universal universities", "university"));
    assert_true(has("organisations", "organisation"));
    assert_true(
        has("exports.The file_name title:foo", "exports the file name foo"));
    assert_true(has("https://www.aiib.org/en/a.html", "aiib"));
    assert_true(has("https://www.aiib.org/en/a.html", "aiib.org"));
    assert_true(has_phrase("see https://www.aiib.org/en/a.html",
                           "https://www.aiib.org/en/a.html"));
    assert_true(has("mail info@aiib.org", "aiib.org"));
}

/* Ideographs are folded in a shorter way: it gives what the general one does,
 * also of what comes before and behind them. */
static void ideographs(void **state)
{
    struct buf raw = {0}, form = {0};
    struct view folded;
    struct lexeme x;
    int32_t c;

    (void)state;
    for (c = 0x4DF0; c < 0xA010; c++) {
        uint8_t two[8];
        unsigned n = utf8_encode(c, two);

        n += utf8_encode(c % 2 ? 0x570B : c, two + n); /* 國, folded to 国 */
        buf_clear(&raw);
        buf_clear(&form);
        assert_int_equal(buf_add(&raw, view_of(two, n)), 0);
        assert_int_equal(normal_form(buf_view(&raw), &form), 0);
        assert_int_equal(
            lexer_lexeme(english, buf_view(&raw), TOKEN_BIGRAM, &x), 0);
        assert_true(view_eq(x.form, buf_view(&form)));
        assert_int_equal(x.nterms, 1);
        assert_true(view_eq(x.folded, x.term[0]));
        buf_clear(&form);
        assert_int_equal(buf_add(&form, x.folded), 0);
        assert_int_equal(lexer_folded(english, buf_view(&raw), &folded), 0);
        assert_true(view_eq(folded, buf_view(&form)));
    }
    buf_release(&raw);
    buf_release(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lexemes),
        cmocka_unit_test(both_spellings),
        cmocka_unit_test(clusters),
        cmocka_unit_test(ideographs),
        cmocka_unit_test(long_words),
        cmocka_unit_test(random_bytes),
        cmocka_unit_test(opening),
        cmocka_unit_test(table_compounds),
        cmocka_unit_test(table_numbers),
        cmocka_unit_test(table_apostrophes),
        cmocka_unit_test(table_abbreviations),
        cmocka_unit_test(table_scripts),
        cmocka_unit_test(table_characters),
        cmocka_unit_test(table_stems),
    };

    return cmocka_run_group_tests(tests, open_lexer, close_lexer);
}
