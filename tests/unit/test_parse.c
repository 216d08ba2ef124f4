#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "query/lex.h"
#include "query/parse.h"

/* The tree of `text`, printed; the notes behind it in { }. Borrowed until the
 * next call. */
static const char *tree_of(const char *text, bool all)
{
    static struct buf out;
    struct arena arena = {0};
    struct notes notes = {0};
    struct parse p = {.arena = &arena, .notes = &notes, .all = all};
    struct err err = {0};
    struct node *n;
    unsigned i;

    buf_clear(&out);
    if (!text) {
        buf_release(&out);
        return "";
    }
    if (parse_query(&p, view_str(text), &n, &err) < 0) {
        buf_addf(&out, "error: %s", err.msg);
    } else {
        parse_print(n, &out);
        for (i = 0; i < notes.n; i++) {
            buf_adds(&out, " {");
            buf_add(&out, notes_get(&notes, i));
            buf_adds(&out, "}");
        }
    }
    arena_release(&arena);
    notes_release(&notes);
    return buf_cstr(&out);
}

static const struct {
    const char *text;
    const char *tree;
} table[] = {
    {"", "(or (list))"},
    {"  \t\n ", "(or (list))"},
    {"rail", "(or (list rail))"},
    {"rail port", "(or (list rail port))"},
    {"rail\xc2\xa0port\xe3\x80\x80quay", "(or (list rail port quay))"},
    /* signs */
    {"+rail -port", "(or (list +rail -port))"},
    {"rail - port", "(or (list rail - port))"},
    {"rail-port", "(or (list rail-port))"},
    {"rail -5", "(or (list rail -5))"},
    {"-5 rail", "(or (list -5 rail))"},
    {"-=US", "(or (list -=US))"},
    {"+5G", "(or (list +5G))"},
    {"+=US", "(or (list +=US))"},
    {"--rail", "(or (list --rail))"},
    {"+-rail", "(or (list +-rail))"},
    {"C++ c+d", "(or (list C++ c+d))"},
    {"-\xc3\xa9t\xc3\xa9", "(or (list -\xc3\xa9t\xc3\xa9))"},
    {"-\xc2\xbd", "(or (list -\xc2\xbd))"}, /* ½ is no letter */
    {"-\xe9\xa6\x99", "(or (list -\xe9\xa6\x99))"},
    {"+", "(or (list +))"},
    {"-", "(or (list -))"},
    /* phrases */
    {"\"debt trap\"", "(or (list \"debt trap\"))"},
    {"\xe2\x80\x9c"
     "debt trap\xe2\x80\x9d x",
     "(or (list \"debt trap\" x))"},
    {"\xe2\x80\x9e"
     "debt trap\xe2\x80\x9c x",
     "(or (list \"debt trap\" x))"},
    {"\"debt trap\xe2\x80\x9d x", "(or (list \"debt trap\" x))"},
    {"-\"debt trap\" +\"a\"", "(or (list -\"debt trap\" +\"a\"))"},
    {"\"open rail", "(or (list \"open rail\")) "
                    "{a quote is not closed: it ends with the query}"},
    {"\"", "(or (list \"\"))"},
    {"a\"b c\"d", "(or (list a \"b c\" d))"},
    {"6\" pipe", "(or (list 6\" pipe))"},
    {"\xe4\xb8\x80\xe2\x80\x9c\xe5\xb8\xa6\xe2\x80\x9d\xe4\xb8\x80",
     "(or (list \xe4\xb8\x80 \"\xe5\xb8\xa6\" \xe4\xb8\x80))"},
    /* exact words */
    {"=US =U.S.", "(or (list =US =U.S.))"},
    {"a=b", "(or (list a=b))"},
    {"= ==x", "(or (list = ==x))"},
    /* AND OR NOT */
    {"a AND b", "(or (list +a +b))"},
    {"a b AND c d", "(or (list a +b +c d))"},
    {"a AND b AND c", "(or (list +a +b +c))"},
    {"a AND NOT b", "(or (list +a -b))"},
    {"NOT a AND b", "(or (list -a +b))"},
    {"a AND -b", "(or (list +a -b))"},
    {"a OR b c", "(or (list a) (list b c))"},
    {"a AND b OR c AND d", "(or (list +a +b) (list +c +d))"},
    {"NOT a", "(or (list -a))"},
    {"and or not", "(or (list and or not))"},
    {"AND", "(or (list AND)) {AND lacks an operand: it is searched as text}"},
    {"a AND", "(or (list a AND)) "
              "{AND lacks an operand: it is searched as text}"},
    {"OR a", "(or (list OR a)) "
             "{OR lacks an operand: it is searched as text}"},
    {"a OR", "(or (list a OR)) "
             "{OR lacks an operand: it is searched as text}"},
    {"a AND OR b", "(or (list a AND) (list b)) "
                   "{AND lacks an operand: it is searched as text}"},
    {"NOT", "(or (list NOT)) {NOT lacks an operand: it is searched as text}"},
    {"NOT NOT a", "(or (list NOT -a)) "
                  "{NOT lacks an operand: it is searched as text}"},
    {"+AND", "(or (list +AND))"},
    {"ANDROID ORE NOTE", "(or (list ANDROID ORE NOTE))"},
    {"a AND(b)", "(or (list +a +(or (list b))))"},
    /* groups */
    {"(a b) c", "(or (list (or (list a b)) c))"},
    {"+(a OR b) -(c d)",
     "(or (list +(or (list a) (list b)) -(or (list c d))))"},
    {"(-a b)", "(or (list (or (list -a b))))"},
    {"(a", "(or (list (or (list a)))) "
           "{a '(' is not closed: it ends with the query}"},
    {"a) b", "(or (list a) b)) "},
    {"(", "(or (list)) {a '(' is not closed: it ends with the query}"},
    {")", "(or (list)) {a ')' closes no group: it is skipped}"},
    {"()", "(or (list))"},
    {"a AND () b", "(or (list a b))"},
    {"f(x) g", "(or (list f(x) g))"},
    {"(f(x) g)", "(or (list (or (list f(x) g))))"},
    {":(", "(or (list :())"},
    {"((a) (b))", "(or (list (or (list (or (list a)) (or (list b))))))"},
    /* fields */
    {"title:rail", "(or (list title:rail))"},
    {"-title:rail +title:\"a b\"", "(or (list -title:rail +title:\"a b\"))"},
    {"title:=US", "(or (list title:=US))"},
    {"title:(a OR b)", "(or (list (or (list title:a) (list title:b))))"},
    {"title: rail",
     "(or (list title: rail)) {nothing stands right behind 'title:': it is "
     "searched as text}"},
    {"title:title:rail", "(or (list title:title:rail))"},
    {"path:a/b.txt x", "(or (list path:a/b.txt x))"},
    {"path:\"a b\" x", "(or (list path:a b x))"},
    {"path:", "(or (list path:)) {nothing stands right behind 'path:': it is "
              "searched as text}"},
    {"id:12 -id:7", "(or (list id:12 -id:7))"},
    {"date:2022 lang:pt-BR x", "(or (list date:2022 lang:pt-BR x))"},
    {"-date:..2020-02-03 (date:90d..)",
     "(or (list -date:..2020-02-03 (or (list date:90d..))))"},
    {"date: 2022", "(or (list date: 2022)) {nothing stands right behind "
                   "'date:': it is searched as text}"},
    {"date:.. x", "(or (list date:.. x)) {date: wants a date as 2022, 2022-03 "
                  "or 2021..2022-06: '..' is searched as text}"},
    {"lang:english", "(or (list lang:english)) {lang: wants a language as en: "
                     "'english' is searched as text}"},
    {"id:x", "(or (list id:x)) "
             "{id: wants a number: 'x' is searched as text}"},
    {"id:99999999999999999999",
     "(or (list id:99999999999999999999)) {id: wants a number: "
     "'99999999999999999999' is searched as text}"},
    /* wildcards */
    {"rail* w?ld", "(or (list rail* w?ld))"},
    {"+rail* -c*ing title:ra*", "(or (list +rail* -c*ing title:ra*))"},
    {"(rail*, x)", "(or (list (or (list rail* x))))"},
    {"rail? what?!", "(or (list rail? what?!))"},
    {"http://x.org/?q=a", "(or (list http://x.org/?q=a))"},
    {"* ** *** **bold** ~5", "(or (list * ** *** **bold** ~5))"},
    {"a*b", "(or (list a*b)) {'a*b': * and ? go with one word and two letters "
            "before them, or one and two behind; it is searched as text}"},
    {"*ld", "(or (list *ld)) {'*ld': * and ? go with one word and two letters "
            "before them, or one and two behind; it is searched as text}"},
    {"micro-chip*",
     "(or (list micro-chip*)) {'micro-chip*': * and ? go with one word and two "
     "letters before them, or one and two behind; it is searched as text}"},
    /* misspelled words */
    {"rail~1 rails~2", "(or (list rail~1 rails~2))"},
    {"rail~ railway~", "(or (list rail~1 railway~2))"},
    {"rail~3", "(or (list rail~3)) {'rail~3': ~1 and ~2 are what may follow a "
               "word; it is searched as text}"},
    {"US~", "(or (list US~)) {'US~': ~ goes with one word, of at least 3 "
            "letters for ~1 and 4 for ~2; it is searched as text}"},
    /* boosts */
    {"rail^2 port^0.5", "(or (list rail^2 port^0.5))"},
    {"\"a b\"^3 =US^2 rail*^2 rail~1^2 (a b)^4",
     "(or (list \"a b\"^3 =US^2 rail*^2 rail~1^2 (or (list a b))^4))"},
    {"x^y ^2", "(or (list x^y ^2))"},
    {"2^", "(or (list 2^)) {'^': ^ goes with a number from 0 to 1000; it is "
           "searched as text}"},
    {"a^1001", "(or (list a^1001)) {'^1001': ^ goes with a number from 0 to "
               "1000; it is searched as text}"},
    {"a^1e400", "(or (list a^1e400)) {'^1e400': ^ goes with a number from 0 to "
                "1000; it is searched as text}"},
    {"a^-1", "(or (list a^-1)) {'^-1': ^ goes with a number from 0 to 1000; it "
             "is searched as text}"},
    {"\"a b\"^-1",
     "(or (list \"a b\" ^-1)) {'^-1': ^ goes with a number from 0 "
     "to 1000; it is searched as text}"},
    {"(a b)^", "(or (list (or (list a b)) ^)) {'^': ^ goes with a number from "
               "0 to 1000; it is searched as text}"},
    {"(a b)~2", "(or (list (or (list a b)) ~2)) {a ~ goes behind a word or a "
                "phrase, not behind a group}"},
    {"^_^ a^b", "(or (list ^_^ a^b))"},
    {"=US*", "(or (list =US*)) {'=US*': behind = a word has no * and no ~; it "
             "is searched as text}"},
    {"=US~1", "(or (list =US~1)) {'=US~1': behind = a word has no * and no ~; "
              "it is searched as text}"},
    {"()^2", "(or (list))"},
    /* near each other */
    {"\"a b\"~5", "(or (list \"a b\"~5))"},
    {"\"a b\"~5^2 x", "(or (list \"a b\"~5^2 x))"},
    {"\"a b\"~x", "(or (list \"a b\" ~x))"},
    {"a NEAR/5 b", "(or (list (near a /5 b)))"},
    {"a NEAR b", "(or (list (near a /10 b)))"},
    {"x a NEAR/2 b NEAR \"c d\" y",
     "(or (list x (near a /2 b /10 \"c d\") y))"},
    {"-(a NEAR/3 b) +a NEAR/3 (b OR c)",
     "(or (list -(or (list (near a /3 b))) +(near a /3 (or (list b) (list "
     "c)))))"},
    {"a AND b NEAR/3 c", "(or (list +a +(near b /3 c)))"},
    {"NEAR a", "(or (list NEAR a)) {NEAR lacks an operand: it is searched as "
               "text}"},
    {"a NEAR/5", "(or (list a NEAR/5)) {NEAR/5 lacks an operand: it is "
                 "searched as text}"},
    {"a NEAR/0 b", "(or (list a NEAR/0 b)) {'NEAR/0': the number is from 1 to "
                   "1000; it is searched as text}"},
    {"a NEAR/99999999999 b",
     "(or (list a NEAR/99999999999 b)) {'NEAR/99999999999': the number is from "
     "1 to 1000; it is searched as text}"},
    {"a NEAR/ b", "(or (list a NEAR/ b)) {'NEAR/': the number is from 1 to "
                  "1000; it is searched as text}"},
    {"\"a b\"~",
     "(or (list \"a b\" ~)) {a ~ behind a phrase goes with a number "
     "up to 1000}"},
    {"\"a b\"~999999999",
     "(or (list \"a b\" ~999999999)) {a ~ behind a phrase goes with a number "
     "up to 1000}"},
    {"date:2023..2022",
     "(or (list date:2023..2022)) {date:2023..2022 ends before it begins}"},
    {"date:2001..90d", "(or (list date:2001..90d))"},
    {"a NEAR -b", "(or (list a NEAR -b)) {NEAR lacks an operand: it is "
                  "searched as text}"},
    {"NEARBY near", "(or (list NEARBY near))"},
    /* what may stand in quotes */
    {"\"debt tra*\"", "(or (list (row \"debt\" tra*)))"},
    {"\"the  new w?man of w*ld, x\"",
     "(or (list (row \"the  new\" w?man \"of\" w*ld \"x\")))"},
    {"\"tra*\"^2", "(or (list (row tra*)^2))"},
    {"title:\"goverment~1 a\"",
     "(or (list (row title:goverment~1 title:\"a\")))"},
    {"\"(debt OR student loan) trap\"",
     "(or (list (row (or (list \"debt\") (list \"student loan\")) \"trap\")))"},
    {"\"(a OR (b c OR de*) e OR f).\"",
     "(or (list (row (or (list \"a\") (list (row (or (list \"b c\") (list (row "
     "de*))) \"e\")) (list \"f\")) \".\")))"},
    /* text is quoted as it stands */
    {"\"of (the) a OR b\"", "(or (list \"of (the) a OR b\"))"},
    {"\"f(a OR b) (a OR b)c (OR b) (a OR) (a or b) (a OR b\"",
     "(or (list \"f(a OR b) (a OR b)c (OR b) (a OR) (a or b) (a OR b\"))"},
    {"\"5*3 a * b *a* **c** x.y/a?b what? a~b ~ c:~\"",
     "(or (list \"5*3 a * b *a* **c** x.y/a?b what? a~b ~ c:~\"))"},
    {"\"a?b\"", "(or (list \"a?b\")) {'a?b': * and ? go with one word and two "
                "letters before them, or one and two behind; it is searched as "
                "text}"},
    {"\"loan~3\"", "(or (list \"loan~3\")) {'loan~3': ~1 and ~2 are what may "
                   "follow a word; it is searched as text}"},
    {"\"(a OR b) c\"~5", "(or (list \"(a OR b) c\"~5)) {'(a OR b)': a phrase "
                         "with a ~ has no groups "
                         "(NEAR goes with them); it is searched as text}"},
    {"\"debt tra*\" NEAR/3 a", "(or (list (near (row \"debt\" tra*) /3 a)))"},
    {"foo:bar", "(or (list foo:bar)) "
                "{there is no field 'foo': it is searched as text}"},
    {"Foo:bar 10:30 http://x", "(or (list Foo:bar 10:30 http://x))"},
};

static void trees(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        const char *got = tree_of(table[i].text, false);

        /* what is only a beginning ends in a blank */
        if (table[i].tree[strlen(table[i].tree) - 1] == ' ')
            assert_memory_equal(got, "(or (list a", 11);
        else
            assert_string_equal(got, table[i].tree);
    }
}

static void all_words_required(void **state)
{
    (void)state;
    assert_string_equal(tree_of("a b -c (d e)", true),
                        "(or (list +a +b -c +(or (list +d +e))))");
    assert_string_equal(tree_of("a OR b c", true),
                        "(or (list +a) (list +b +c))");
    /* a path is no word */
    assert_string_equal(tree_of("a path:x", true), "(or (list +a path:x))");
}

static void words_alone(void **state)
{
    struct arena arena = {0};
    struct notes notes = {0};
    struct parse p = {.arena = &arena, .notes = &notes};
    struct err err = {0};
    struct buf out = {0};
    struct node *n;

    (void)state;
    assert_int_equal(
        parse_words(&p, view_str(" +a -b \"c d\" AND (e) f:g "), &n, &err), 0);
    parse_print(n, &out);
    assert_string_equal(buf_cstr(&out),
                        "(or (list +a -b \"c d\" AND (e) f:g))");
    assert_int_equal(n->child->child->occur, OCCUR_SHOULD);
    assert_int_equal(notes.n, 0);
    buf_release(&out);
    arena_release(&arena);
    notes_release(&notes);
}

static char *repeated(const char *piece, size_t times)
{
    size_t n = strlen(piece), i;
    char *s = malloc(n * times + 1);

    assert_non_null(s);
    for (i = 0; i < times; i++)
        memcpy(s + i * n, piece, n);
    s[n * times] = 0;
    return s;
}

static void limits(void **state)
{
    char *deep = repeated("(", LEX_DEPTH), *deeper = repeated("(a ", 10000);
    char *many = repeated("a ", PARSE_WORDS), *more = repeated("a ", 100000);

    (void)state;
    assert_memory_equal(tree_of(deep, false), "(or (list)", 10);
    assert_string_equal(tree_of(deeper, false),
                        "error: the query nests parentheses more than 64 deep");
    assert_memory_equal(tree_of(many, false), "(or (list a a", 13);
    assert_string_equal(tree_of(more, false),
                        "error: the query has more than 1024 words");
    free(deep);
    free(deeper);
    free(many);
    free(more);
}

/* Any bytes give a tree or one of the two errors. */
static void any_bytes(void **state)
{
    static const char *const pieces[] = {"(",
                                         ")",
                                         "\"",
                                         "\xe2\x80\x9c",
                                         "\xe2\x80\x9d",
                                         "+",
                                         "-",
                                         "=",
                                         " ",
                                         "AND",
                                         "OR",
                                         "NOT",
                                         "title:",
                                         "id:",
                                         "path:",
                                         "\xff",
                                         "\xc3",
                                         "\xe9\xa6\x99",
                                         "a",
                                         "7",
                                         ":",
                                         "x:y",
                                         "\x01",
                                         "*"};
    unsigned seed = 1;
    char text[200];
    int round, i, n;

    (void)state;
    for (round = 0; round < 20000; round++) {
        text[0] = 0;
        n = rand_r(&seed) % 24;
        for (i = 0; i < n; i++)
            strcat(text, pieces[(unsigned)rand_r(&seed) %
                                (sizeof pieces / sizeof *pieces)]);
        assert_memory_equal(tree_of(text, round & 1), "(or (list", 9);
    }
}

static int release(void **state)
{
    (void)state;
    tree_of(NULL, false);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees),       cmocka_unit_test(all_words_required),
        cmocka_unit_test(words_alone), cmocka_unit_test(limits),
        cmocka_unit_test(any_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
