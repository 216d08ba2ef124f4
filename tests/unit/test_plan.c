#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/plan.h"

static struct lexers *lexers;
static struct lexer_list list;
static struct words *words;
static unsigned least;
static bool percent;

struct planned {
    struct arena arena;
    struct notes notes;
    struct plan_query query;
    struct buf printed; /* the tree */
    int rc;
    struct err err;
};

static void plan(struct planned *p, const char *text, bool all)
{
    struct parse parse = {.all = all, .least = least, .percent = percent};
    struct leaf_maker m = {.lexers = &list,
                           .words = words,
                           .arena = &p->arena,
                           .notes = &p->notes};
    struct node *n;

    memset(p, 0, sizeof *p);
    parse.arena = &p->arena;
    parse.notes = &p->notes;
    p->rc = parse_query(&parse, view_str(text), &n, &p->err);
    if (p->rc == 0)
        p->rc = plan_make(&p->query, &m, n, &p->err);
    if (p->rc == 0 && p->query.root)
        plan_print(p->query.root, &p->printed);
}

static void release(struct planned *p)
{
    arena_release(&p->arena);
    notes_release(&p->notes);
    plan_release(&p->query);
    buf_release(&p->printed);
}

static void assert_plan(const char *text, const char *tree)
{
    struct planned p;

    plan(&p, text, false);
    assert_int_equal(p.rc, 0);
    assert_string_equal(buf_cstr(&p.printed), tree);
    release(&p);
}

static void words_and_phrases(void **state)
{
    (void)state;
    assert_plan("tariffs", "tariff");
    assert_plan("rcep tariffs", "(bool ?rcep ?tariff)");
    assert_plan("China\xe2\x80\x99s", "china");
    assert_plan("U.S.", "us");
    assert_plan("1,000", "1000");
    assert_plan("\"Soft Connectivity\"", "\"soft connectivity\"");
    assert_plan("\"China's\"", "\"china's\"");
    assert_plan("=US", "=US");
    assert_plan("title:rails", "title:rail");
    assert_plan("title:\"debt trap\"", "title:\"debt trap\"");
    assert_plan("- + \"", "");
    assert_plan("", "");
}

static void many_words(void **state)
{
    (void)state;
    assert_plan("Econom* w?LD", "(bool ?econom* ?w?ld)");
    assert_plan("\xc3\x89t* +Tarrifs~1", "(bool ?et* +tarrifs~1)");
    assert_plan("title:rail*", "title:rail*");
    assert_plan("rails^2 (port^3 quay)^0.5",
                "(bool ?rail^2 ?(bool ?port^1.5 ?quay^0.5))");
    assert_plan("rail rail^2", "(bool ?rail ?rail^2)");
}

static void near_each_other(void **state)
{
    (void)state;
    assert_plan("rails NEAR/5 ports", "rail NEAR/5 port");
    assert_plan("\"Rails  ports\"~5", "\"rails ports\"~5");
    assert_plan("\"new york new\"~0", "\"new new york\"~2");
    assert_plan("\"rails\"~5", "\"rails\"");
    assert_plan("(rails OR ports) NEAR/2 qua*", "(rail OR port) NEAR/2 qua*");
    assert_plan("China-Laos NEAR rail", "\"china laos\" NEAR/10 rail");
    assert_plan("rail NEAR - x", "(bool ?rail ?x)");
    /* what has no place means AND */
    assert_plan("rail NEAR path:x", "(bool +rail +path:x)");
    assert_plan("(a AND b) NEAR c", "(bool +(bool +a +b) +c)");
}

static void rows(void **state)
{
    (void)state;
    assert_plan("\"The Debt Tra*\"", "\"the debt tra*\"");
    assert_plan("title:\"debt tra*\"^2", "title:\"debt tra*\"^2");
    assert_plan("\"(Debts OR student Loans OR tra*) trap\"",
                "\"(debts OR student loans OR tra*) trap\"");
    assert_plan("\"a (b OR (c OR d e) f) g\"", "\"a (b OR (c OR d e) f) g\"");
    assert_plan("\"tra*\"", "tra*");
    assert_plan("\"tra* \xe2\x80\x94\"", "tra*");
    assert_plan("\"debt tra* debt\"~5", "\"debt debt tra*\"~5");
    assert_plan("\"debt tra*\" NEAR/3 rails", "\"debt tra*\" NEAR/3 rail");
    assert_plan("\"debts tra*\" ports", "(bool ?\"debts tra*\" ?port)");
}

/* Passages have room for so many words. */
static void words_are_numbered_once(void **state)
{
    struct buf text = {0};
    struct planned p;
    unsigned i, k, n;

    (void)state;
    for (i = 0; i < PARSE_WORDS / 2; i++)
        buf_addf(&text, "a%u NEAR b%u ", i, i);
    plan(&p, buf_cstr(&text), false);
    assert_int_equal(p.rc, 0);
    for (i = 0; i < p.query.nleaves; i++) {
        const struct leaf *l = p.query.leaf[i];

        assert_true(l->word <= PARSE_WORDS);
        for (k = 0; k < l->nnear; k++)
            for (n = 0; n < l->near[k].nleaves; n++)
                assert_true(l->near[k].leaf[n]->word <= PARSE_WORDS);
    }
    assert_int_equal(p.query.nleaves, PARSE_WORDS / 2);
    release(&p);
    buf_release(&text);
}

static void titles(void **state)
{
    static const struct {
        const char *text, *tree;
    } plans[] = {
        {"rails", "(bool ?rail ?title:rail^0.5)"},
        {"rails ports^2", "(bool ?rail ?title:rail^0.5 ?port^2 ?title:port)"},
        {"+rails \"soft power\"", "(bool +rail ?title:rail^0.5 "
                                  "?\"soft power\" "
                                  "?title:\"soft power\"^0.5)"},
        {"rails -ports", "(bool ?rail ?title:rail^0.5 -port)"},
        {"title:rails port*", "(bool ?title:rail ?port*)"},
        {"rails path:x", "(bool ?rail ?title:rail^0.5 #path:x)"},
        {"(rails ports) AND quay", "(bool +(bool ?rail ?title:rail^0.5 ?port "
                                   "?title:port^0.5) +quay ?title:quay^0.5)"},
    };
    struct planned p;
    struct err err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof plans / sizeof *plans; i++) {
        plan(&p, plans[i].text, false);
        assert_int_equal(plan_titles(&p.query, &p.arena, 0, &err), 0);
        buf_clear(&p.printed);
        plan_print(p.query.root, &p.printed);
        assert_null(strstr(buf_cstr(&p.printed), "^0.5"));
        assert_int_equal(plan_titles(&p.query, &p.arena, 0.5, &err), 0);
        buf_clear(&p.printed);
        plan_print(p.query.root, &p.printed);
        assert_string_equal(buf_cstr(&p.printed), plans[i].tree);
        release(&p);
    }
    least = 2; /* what is counted stays one clause */
    plan(&p, "rails ports quay", false);
    least = 0;
    assert_int_equal(plan_titles(&p.query, &p.arena, 0.5, &err), 0);
    buf_clear(&p.printed);
    plan_print(p.query.root, &p.printed);
    assert_string_equal(buf_cstr(&p.printed),
                        "(bool 2 of ?(bool ?rail ?title:rail^0.5) ?(bool "
                        "?port ?title:port^0.5) ?(bool ?quay "
                        "?title:quay^0.5))");
    release(&p);
}

static void least_of_them(void **state)
{
    static const struct {
        const char *text;
        unsigned least;
        bool percent;
        const char *tree;
    } table[] = {
        {"a b c", 2, false, "(bool 2 of ?a ?b ?c)"},
        {"a b c", 9, false, "(bool 3 of ?a ?b ?c)"},
        {"a b c", 1, false, "(bool ?a ?b ?c)"},
        {"a b c", 67, true, "(bool 2 of ?a ?b ?c)"},
        {"a b c", 100, true, "(bool 3 of ?a ?b ?c)"},
        {"a b c", 50, true, "(bool ?a ?b ?c)"},
        {"a & b a", 100, true, "(bool 2 of ?a ?b)"},
        {"+a b c -d", 2, false, "(bool 2 of +a ?b ?c -d)"},
        {"(a b) c", 2, false, "(bool 2 of ?(bool ?a ?b) ?c)"},
        {"a OR b c", 2, false, "(bool ?a ?(bool 2 of ?b ?c))"},
        {"x-y z", 2, false,
         "(bool ?x ?xy ?y ?z #(bool 2 of ?(bool ?(bool #x #y) ?xy) ?z))"},
        {"a b path:p", 2, false, "(bool 2 of ?a ?b #path:p)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct planned p;

        least = table[i].least;
        percent = table[i].percent;
        plan(&p, table[i].text, false);
        least = 0;
        assert_int_equal(p.rc, 0);
        assert_string_equal(buf_cstr(&p.printed), table[i].tree);
        release(&p);
    }
}

static void compounds(void **state)
{
    (void)state;
    /* parts and the joined token, any of them … */
    assert_plan("China-Laos", "(bool ?china ?chinalao ?lao)");
    /* … but all parts or the joined token where it must match */
    assert_plan("+China-Laos",
                "(bool #(bool ?(bool #china #lao) ?chinalao) ?china "
                "?chinalao ?lao)");
    assert_plan("x -China-Laos",
                "(bool ?x -(bool ?(bool #china #lao) ?chinalao))");
    assert_plan("aiib.org", "(bool ?aiib ?org)");
    assert_plan("+aiib.org", "(bool #(bool #aiib #org) ?aiib ?org)");
    assert_plan("+aiib.org x",
                "(bool +(bool #(bool #aiib #org) ?aiib ?org) ?x)");
    assert_plan("US$1.7", "(bool ?us ?1.7)");
}

static void unspaced_runs(void **state)
{
    (void)state;
    assert_plan("香港", "香港");
    assert_plan("香港亞洲", "\"香港 港亚 亚洲\"");
    assert_plan("香港亞洲研", "(bool ?香港 ?港亚 ?亚洲 ?洲研)");
    assert_plan("+香港亞洲研",
                "(bool #(bool #香港 #港亚 #亚洲 #洲研) ?香港 ?港亚 "
                "?亚洲 ?洲研)");
    assert_plan("\"香港亞洲研\"", "\"香港 港亚 亚洲 洲研\"");
    assert_plan("香", "香*");
    assert_plan("\"香\"", "香*");
    assert_plan("RCEP协定", "(bool ?rcep ?协定)");
    assert_plan("\"RCEP协定\"", "\"rcep 协定\"");
}

static void words_in_runs(void **state)
{
    struct planned p;
    char text[8 * LEAF_SLOTS] = "";
    unsigned i;

    (void)state;
    /* short runs stand for themselves */
    assert_plan("รถไฟ", "\"รถ ถไ ไฟ\"");
    assert_plan("+รถไฟใหม่",
                "(bool #(bool #รถไฟ #ใหม่) ?รถไฟ ?ใหม่ ?รถ^0.3 ?ถไ^0.3 ?ไฟ^0.3 "
                "?ฟใ^0.3 ?ให^0.3 ?หม่^0.3)");
    assert_plan("-รถไฟใหม่", "(bool -(bool #รถไฟ #ใหม่) #all)");
    assert_plan("รถไฟใหม่^2",
                "(bool ?รถไฟ^2 ?ใหม่^2 ?รถ^0.6 ?ถไ^0.6 ?ไฟ^0.6 ?ฟใ^0.6 ?ให^0.6 "
                "?หม่^0.6)");
    /* words of one cluster are left out; where all are, the bigrams count */
    assert_plan("+ที่รถก็มีสี่",
                "(bool #รถ ?รถ ?ที่ร^0.3 ?รถ^0.3 ?ถก็^0.3 ?ก็มี^0.3 ?มีสี่^0.3)");
    assert_plan("ที่ก็มีสี่ปี", "(bool ?ที่ก็ ?ก็มี ?มีสี่ ?สี่ปี)");
    /* a zero width space is an end of a word that somebody knew */
    assert_plan("ทา\u200bงห\u200bลวงก",
                "(bool ?ทา ?งห ?ลวง ?ทา^0.3 ?าง^0.3 ?งห^0.3 ?หล^0.3 ?ลว^0.3 "
                "?วง^0.3 ?งก^0.3)");
    assert_plan("\"รถไฟใหม่\"", "\"รถ ถไ ไฟ ฟใ ให หม่\"");
    plan(&p, "รถไฟใหม่", false);
    assert_string_equal(buf_cstr(&p.query.parsed), "(รถไฟ ใหม่)");
    release(&p);
    /* words never make a query too long that is not without them */
    for (i = 0; i < LEAF_SLOTS / 9; i++)
        strcat(text, "รถไฟใหม่ ");
    plan(&p, text, false);
    assert_int_equal(p.rc, 0);
    release(&p);
}

static void lists(void **state)
{
    (void)state;
    assert_plan("+a1 b1 -c1", "(bool +a1 ?b1 -c1)");
    assert_plan("-rail", "(bool -rail #all)");
    assert_plan("a1 OR b1 c1", "(bool ?a1 ?(bool ?b1 ?c1))");
    assert_plan("a1 OR -b1", "(bool ?a1 ?(bool -b1 #all))");
    assert_plan("(a1 OR b1) AND c1", "(bool +(bool ?a1 ?b1) +c1)");
    assert_plan("a1 - OR -", "a1");
    assert_plan("\"-\" a1", "a1");
    /* a path restricts, unless it has a sign */
    assert_plan("a1 path:x", "(bool ?a1 #path:x)");
    assert_plan("a1 path:x path:y id:3",
                "(bool ?a1 #(bool ?path:x ?path:y) #id:3)");
    assert_plan("a1 date:2020 lang:en date:2022",
                "(bool ?a1 #(bool ?date:2020 ?date:2022) #lang:en)");
    assert_plan("path:x", "path:x");
    assert_plan("a1 -path:x", "(bool ?a1 -path:x)");
    assert_plan("a1 +path:x", "(bool ?a1 +path:x)");
    /* the same word again counts twice */
    assert_plan("a1 b1 a1", "(bool ?a1 ?b1)");
    /* but not a part of another word */
    assert_plan("a1-b1 a1", "(bool ?a1 ?a1b1 ?b1 ?a1)");
}

static void what_is_simple(void **state)
{
    static const struct {
        const char *text;
        bool simple, plain;
        unsigned words, times;
    } table[] = {
        {"rail", true, true, 1, 1},
        {"rail port rail", true, true, 2, 2},
        {"rail \"debt trap\"", true, true, 2, 1},
        {"China-Laos", false, true, 1, 1},
        {"+rail port", false, false, 2, 1},
        {"rail -port", false, false, 1, 1},
        {"rail OR port", true, false, 2, 1},
        {"rail path:x", false, true, 1, 1},
    };
    struct planned p;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        plan(&p, table[i].text, false);
        assert_int_equal(p.query.simple, table[i].simple);
        assert_int_equal(p.query.plain, table[i].plain);
        assert_int_equal(p.query.nwords, table[i].words);
        assert_int_equal(p.query.leaf[0]->times, table[i].times);
        release(&p);
    }
}

static void every_word(void **state)
{
    struct planned p;

    (void)state;
    plan(&p, "rail China-Laos -port \"debt trap\"", false);
    buf_clear(&p.printed);
    plan_print(p.query.every, &p.printed);
    assert_string_equal(
        buf_cstr(&p.printed),
        "(bool #rail #(bool ?(bool #china #lao) ?chinalao) #\"debt trap\" "
        "#(bool ?rail ?china ?chinalao ?lao -port ?\"debt trap\"))");
    release(&p);
}

static void slots(void **state)
{
    struct planned p;
    const struct leaf *l;

    (void)state;
    plan(&p, "\"e-mail of x\"", false);
    l = p.query.leaf[0];
    assert_int_equal(l->nslots, 5); /* e, email, mail, of, x */
    assert_int_equal(l->length, 4);
    assert_int_equal(l->slot[1].kind, TOKEN_JOINED);
    assert_int_equal(l->slot[1].span, 2);
    assert_int_equal(l->slot[2].pos, 1);
    assert_int_equal(l->slot[4].pos, 3);
    assert_int_equal(l->slot[0].test, TEST_FOLDED);
    release(&p);
    plan(&p, "say \"title\" (RCEP, yes)", false);
    assert_memory_equal(p.query.leaf[2]->text.p, "RCEP", 4);
    assert_int_equal(p.query.leaf[2]->text.n, 4);
    release(&p);
    plan(&p, "title:x", false);
    assert_memory_equal(p.query.leaf[0]->slot->term.p, "\001x", 2);
    release(&p);
}

static void parsed(void **state)
{
    static const struct {
        const char *text, *parsed;
    } table[] = {
        {"RCEP tariffs", "rcep tariff"},
        {"+RCEP -port NOT \"debt trap\"", "+rcep -port -\"debt trap\""},
        {"a1 OR (b1 c1)", "a1 OR (b1 c1)"},
        {"China-Laos rail", "(china chinalao lao) rail"},
        {"=US title:rail path:x id:3", "=US title:rail path:x id:3"},
        {"- rail + (-)", "rail"},
    };
    struct planned p;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        plan(&p, table[i].text, false);
        assert_string_equal(buf_cstr(&p.query.parsed), table[i].parsed);
        release(&p);
    }
}

static void too_many_terms(void **state)
{
    struct buf b = {0};
    struct planned p;
    int i;

    (void)state;
    buf_addc(&b, '"');
    for (i = 0; i < 2000; i++)
        buf_addf(&b, "w%d ", i);
    plan(&p, buf_cstr(&b), false);
    assert_int_equal(p.rc, ERR_USAGE);
    release(&p);
    buf_clear(&b);
    for (i = 0; i < 3000; i++)
        buf_adds(&b, i % 2 ? "香" : "港");
    plan(&p, buf_cstr(&b), false);
    assert_int_equal(p.rc, ERR_USAGE);
    release(&p);
    buf_release(&b);
}

static int open_chain(void **state)
{
    struct err err;

    (void)state;
    return lexers_open(&lexers, "english", &err) < 0 ||
           lexers_list(lexers, (uint64_t[STEMMERS]){0}, &list) < 0 ||
           words_open(&words, view_of(NULL, 0), NULL, 0) < 0;
}

static int close_chain(void **state)
{
    (void)state;
    lexers_free(lexers);
    words_free(words);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_phrases),
        cmocka_unit_test(many_words),
        cmocka_unit_test(near_each_other),
        cmocka_unit_test(rows),
        cmocka_unit_test(words_are_numbered_once),
        cmocka_unit_test(titles),
        cmocka_unit_test(least_of_them),
        cmocka_unit_test(compounds),
        cmocka_unit_test(unspaced_runs),
        cmocka_unit_test(words_in_runs),
        cmocka_unit_test(lists),
        cmocka_unit_test(what_is_simple),
        cmocka_unit_test(every_word),
        cmocka_unit_test(slots),
        cmocka_unit_test(parsed),
        cmocka_unit_test(too_many_terms),
    };

    return cmocka_run_group_tests(tests, open_chain, close_chain);
}
