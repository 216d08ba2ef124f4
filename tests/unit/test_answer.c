/* Queries on small indexes: what matches, what it scores, and where in the
 * text it is said to be. */
#include <math.h>

#include "query/explain.h"
#include "query/hits.h"
#include "tests/unit/temp_docs.h"

static void put(const char *name, struct view text)
{
    FILE *f = fopen(name, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    fclose(f);
}

/* A query on the index, carried out. */
struct asked {
    struct index index;
    struct err err;
    struct lexers *lexers;
    struct lexer_list list;
    struct words *words;
    struct arena arena;
    struct notes notes;
    struct plan_query plan;
    struct score score;
    struct match match;
    struct match_count count;
    struct top top;
    struct hits hits;
};

static void ask(struct asked *a, const char *text)
{
    struct parse parse = {.arena = &a->arena, .notes = &a->notes};
    struct leaf_maker m = {.arena = &a->arena};
    struct match_env env = {
        .ix = &a->index,
        .arena = &a->arena,
        .notes = &a->notes,
        .score = &a->score,
        .k1 = 1.2,
        .b = 0.75,
    };
    struct node *n;

    memset(a, 0, sizeof *a);
    if (index_open(&a->index, "index", &a->err) < 0 ||
        index_begin(&a->index, &a->err) < 0 ||
        temp_lexers(&a->index, &a->lexers, &a->list, &a->err) < 0 ||
        words_open(&a->words, view_of(NULL, 0), NULL, 0) < 0)
        fail_msg("%s", a->err.msg);
    m.lexers = env.lexers = &a->list;
    m.words = a->words;
    top_init(&a->top, SIZE_MAX);
    if (parse_query(&parse, view_str(text), &n, &a->err) < 0 ||
        plan_make(&a->plan, &m, n, &a->err) < 0 ||
        match_open(&a->match, &env, &a->plan, &a->err) < 0 ||
        match_run(&a->match, &a->top, false, &a->count, &a->err) < 0 ||
        match_every(&a->match, &a->count, &a->err) < 0 ||
        hits_open(&a->hits, &a->match, HITS_MATCHES, &a->err) < 0)
        fail_msg("%s: %s", text, a->err.msg);
    assert_int_equal(a->count.total, a->top.n);
}

static void end(struct asked *a)
{
    hits_close(&a->hits);
    match_close(&a->match);
    plan_release(&a->plan);
    top_release(&a->top);
    index_close(&a->index);
    lexers_free(a->lexers);
    words_free(a->words);
    arena_release(&a->arena);
    notes_release(&a->notes);
}

/* Numbers of the documents that match, in order: "1 4". */
static void assert_found(const char *query, const char *docids)
{
    struct buf got = {0};
    struct asked a;
    size_t i, k;

    ask(&a, query);
    for (k = 1; k < 200; k++)
        for (i = 0; i < a.top.n; i++)
            if (a.top.hit[i].docid == k)
                buf_addf(&got, got.n ? " %zu" : "%zu", k);
    if (strcmp(buf_cstr(&got), docids) != 0)
        fail_msg("%s finds %s, not %s", query, buf_cstr(&got), docids);
    buf_release(&got);
    end(&a);
}

static void phrases_step_over_joined_tokens(void **state)
{
    (void)state;
    put("docs/1.txt", view_str("t\n\nan e-mail address"));
    put("docs/2.txt", view_str("t\n\nan email address"));
    put("docs/3.txt", view_str("t\n\nan e mail address"));
    put("docs/4.txt", view_str("t\n\nmail e address"));
    put("docs/5.txt", view_str("t\n\nan e-mail-list address"));
    build_index("docs", false);
    assert_found("\"e-mail address\"", "1 2 3");
    assert_found("\"email address\"", "1 2");
    assert_found("\"e mail address\"", "1 3");
    assert_found("\"an e-mail address\"", "1 2 3");
    assert_found("\"mail address\"", "1 3");
    assert_found("\"emaillist address\"", "5");
    assert_found("\"e-mail\"", "1 2 3 5");
    assert_found("+e-mail", "1 2 3 4 5");
    assert_found("address -email", "3 4 5");
    assert_found("=email", "1 2");
    assert_found("\"an address\"", "");
}

static void characters_are_found_wherever_they_stand(void **state)
{
    (void)state;
    put("docs/1.txt", view_str("t\n\n2022年初 香港"));
    put("docs/2.txt", view_str("t\n\n2022年 港口"));
    put("docs/3.txt", view_str("t\n\n年"));
    put("docs/4.txt", view_str("t\n\n香 港"));
    build_index("docs", false);
    assert_found("年", "1 2 3");
    assert_found("初", "1");
    assert_found("\"2022年\"", "1 2");
    assert_found("\"2022年初\"", "1");
    assert_found("香港", "1");
    assert_found("港", "1 2 4");
    assert_found("\"香 港\"", "1 4");
    assert_found("title:年", "");
}

static void groups_and_negation(void **state)
{
    (void)state;
    put("docs/1.txt", view_str("t\n\nrail"));
    put("docs/2.txt", view_str("t\n\nrail port"));
    put("docs/3.txt", view_str("t\n\nport"));
    put("docs/4.txt", view_str("t\n\nsea"));
    build_index("docs", false);
    assert_found("-rail", "3 4");
    assert_found("sea OR -port", "1 4");
    assert_found("+port (rail OR sea)", "2 3");
    assert_found("+port +(rail OR sea)", "2");
    assert_found("rail -(port OR sea)", "1");
    assert_found("rail -(-port)", "2");
    assert_found("-(rail port)", "4");
    assert_found("-(+rail +port)", "1 3 4");
    assert_found("NOT \"rail port\" NOT sea", "1 3");
    assert_found("id:2 id:3", "2 3");
    assert_found("rail id:2 id:3", "2");
    assert_found("path:2.txt", "2");
    assert_found("-path:docs/?.txt", "");
    unlink("docs/2.txt");
    build_index("docs", false); /* the dead are found by nothing */
    assert_found("rail", "1");
    assert_found("-sea", "1 3");
    assert_found("id:2", "");
    assert_found("path:docs", "1 3 4");
}

static void documents_are_named_once_in_two_segments(void **state)
{
    struct buf big = {0};
    struct asked a;
    uint32_t word = 1, i;

    (void)state;
    /* a segment of more than a megabyte is not merged with a small one */
    for (i = 0; i < 100000; i++) {
        word = word * 1664525u + 1013904223u;
        buf_addf(&big, "%08x ", word);
    }
    put("docs/1.txt", buf_view(&big));
    buf_release(&big);
    build_index("docs", false);
    put("docs/2.txt", view_str("rail"));
    build_index("docs", false);
    ask(&a, "rail");
    assert_int_equal(a.index.manifest.nsegments, 2);
    end(&a);
    assert_found("path:docs", "1 2");
    assert_found("path:1.txt", "1");
    assert_found("+id:1 rail", "1");
    assert_found("id:1 -rail", "1");
    assert_found("id:2", "2");
}

static void words_count_as_often_as_given(void **state)
{
    struct asked once, thrice;

    (void)state;
    put("docs/1.txt", view_str("t\n\nrail port"));
    put("docs/2.txt", view_str("t\n\nsea"));
    build_index("docs", false);
    ask(&once, "rail");
    ask(&thrice, "rail rail rail");
    assert_true(fabs(thrice.top.hit[0].score / once.top.hit[0].score - 3) <
                1e-6);
    assert_int_equal(thrice.count.every, 1);
    end(&once);
    end(&thrice);
}

/* What explain says of each hit adds up to its score, to the bit. */
static void explanations_add_up(void **state)
{
    static const char *const queries[] = {
        "rail",
        "rail rail port",
        "+rail port",
        "rail-port \"the port\" =Rail",
        "(rail AND sea) OR port",
        "((+rail +port) sea) -ship path:docs",
        "\"rail port\" title:t -none",
        "年 香港 rail",
        "-rail",
        "rail OR rail",
    };
    struct explain x;
    struct asked a;
    size_t i, k;
    unsigned n;

    (void)state;
    put("docs/1.txt", view_str("t\n\nthe rail Rail rail-port"));
    put("docs/2.txt", view_str("t\n\nrail port, the port of 香港 2022年"));
    build_index("docs", false);
    put("docs/3.txt", view_str("t\n\nthe port and the sea; sea 年"));
    put("docs/4.txt", view_str("t rail\n\nsea rail ship port"));
    build_index("docs", false);
    for (i = 0; i < sizeof queries / sizeof *queries; i++) {
        ask(&a, queries[i]);
        assert_true(a.top.n > 0);
        assert_int_equal(explain_open(&x, &a.match, &a.err), 0);
        for (k = 1; k <= 4; k++)
            for (n = 0; n < a.top.n; n++) {
                double sum = 0;
                unsigned t;

                if (a.top.hit[n].docid != k)
                    continue;
                assert_int_equal(explain_get(&x, (uint32_t)k, &a.err), 0);
                for (t = 0; t < x.n; t++) {
                    assert_true(x.term[t].tf > 0 && x.term[t].score > 0);
                    sum += x.term[t].score;
                }
                if (sum != a.top.hit[n].score)
                    fail_msg("%s: %.17g, not %.17g", queries[i], sum,
                             a.top.hit[n].score);
                assert_int_equal(x.n == 0, sum == 0);
            }
        explain_close(&x);
        end(&a);
    }
    ask(&a, "(rail AND sea) OR port"); /* rail counts only beside sea */
    assert_int_equal(explain_open(&x, &a.match, &a.err), 0);
    assert_int_equal(explain_get(&x, 2, &a.err), 0);
    assert_int_equal(x.n, 1);
    assert_true(view_eq(x.term[0].leaf->text, view_str("port")));
    assert_int_equal(x.term[0].tf, 2);
    assert_int_equal(explain_get(&x, 4, &a.err), 0);
    assert_int_equal(x.n, 3);
    explain_close(&x);
    end(&a);
}

static void documents_with_every_word(void **state)
{
    static const struct {
        const char *query;
        uint64_t total, every;
    } table[] = {
        {"rail", 2, 2},          {"rail port", 3, 1},
        {"rail port sea", 4, 0}, {"\"rail port\" sea", 2, 0},
        {"rail-port", 3, 1},     {"rail-port sea", 4, 0},
        {"rail OR port", 3, 1},  {"+rail port", 2, 1},
        {"rail -port", 1, 1},    {"rail port path:2", 1, 1},
    };
    size_t i;

    (void)state;
    put("docs/1.txt", view_str("t\n\nrail"));
    put("docs/2.txt", view_str("t\n\nrail port"));
    put("docs/3.txt", view_str("t\n\nport"));
    put("docs/4.txt", view_str("t\n\nsea"));
    build_index("docs", false);
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct asked a;

        ask(&a, table[i].query);
        assert_int_equal(a.count.total, table[i].total);
        assert_int_equal(a.count.every, table[i].every);
        end(&a);
    }
}

/* --- places --- */

/* The place of every match agrees with the text of the document. */
static void check_places(const struct hit *h, struct view text)
{
    size_t i;

    assert_int_equal(h->nmatches, h->count < 100 ? h->count : 100);
    for (i = 0; i < h->nmatches; i++) {
        const struct hit_match *m = &h->match[i];
        uint32_t line = 1, col = 1, b;

        for (b = 0; b < m->byte; b++) {
            col = text.p[b] == '\n' ? 1 : col + 1;
            line += text.p[b] == '\n';
        }
        assert_int_equal(m->line, line);
        assert_int_equal(m->col, col);
        assert_int_equal(m->len, m->term.n);
        assert_memory_equal(text.p + m->byte, m->term.p, m->len);
    }
    assert_true(h->npassages == 1 && h->placed);
    assert_true(h->passage->byte <= h->place.byte);
    assert_true(h->place.byte + h->place.len <= h->passage->end);
    assert_true(h->passage->end <= text.n);
    assert_true(h->passage->end - h->passage->byte <= 300);
}

/* A text over many frames: every word but `rail` stands in it once. */
static void places_in_long_texts(void **state)
{
    static const char *const ends[] = {" ",  "\n",   "\r\n", " ",
                                       ". ", "\n\n", " ",    "–"};
    struct buf text = {0};
    struct asked a;
    struct hit h;
    char query[64];
    int i;

    (void)state;
    buf_adds(&text, "A title\n\n");
    for (i = 0; i < 30000; i++)
        buf_addf(&text, "%s%05dé%s", i % 997 ? "w" : "rail w", i,
                 i > 20000 ? " " : ends[i * 7 % 8]);
    put("docs/1.txt", buf_view(&text));
    put("docs/2.txt", view_str("nothing"));
    build_index("docs", false);
    for (i = 0; i < 30000; i += 613) {
        snprintf(query, sizeof query, "w%05dé", i);
        ask(&a, query);
        assert_int_equal(a.top.n, 1);
        assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
        assert_int_equal(h.count, 1);
        check_places(&h, buf_view(&text));
        end(&a);
    }
    ask(&a, "rail");
    assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
    assert_int_equal(h.count, 31);
    check_places(&h, buf_view(&text));
    end(&a);
    buf_release(&text);
}

static void the_passage_is_below_the_title(void **state)
{
    struct asked a;
    struct hit h;

    (void)state;
    put("docs/1.txt", view_str("Rail port\n\nThe rail. A port."));
    build_index("docs", false);
    ask(&a, "rail port");
    assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
    assert_int_equal(h.count, 4);
    assert_int_equal(h.place.line, 3);
    assert_int_equal(h.place.col, 5);
    assert_memory_equal(h.title.p, "Rail port", 9);
    assert_int_equal(h.npassages, 1);
    assert_int_equal(h.passage->nparts, 5);
    assert_true(h.passage->part[1].match && !h.passage->part[2].match &&
                h.passage->part[3].match);
    end(&a);
    ask(&a, "title:port");
    assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
    assert_int_equal(h.place.line, 1);
    assert_int_equal(h.place.col, 6);
    end(&a);
}

static void changed_files_are_stale(void **state)
{
    struct asked a;
    struct hit h;

    (void)state;
    put("docs/1.txt", view_str("t\n\nthe rail"));
    build_index("docs", false);
    put("docs/1.txt", view_str("t\n\nno such word"));
    ask(&a, "rail");
    assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
    assert_true(h.stale && h.npassages == 1 && !h.placed);
    assert_int_equal(h.nmatches, 0);
    assert_int_equal(h.count, 1);
    unlink("docs/1.txt");
    assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
    assert_true(h.stale);
    end(&a);
}

#define test(f) cmocka_unit_test_setup_teardown(f, make_docs, remove_docs)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(phrases_step_over_joined_tokens),
        test(characters_are_found_wherever_they_stand),
        test(groups_and_negation),
        test(documents_are_named_once_in_two_segments),
        test(words_count_as_often_as_given),
        test(explanations_add_up),
        test(documents_with_every_word),
        test(places_in_long_texts),
        test(the_passage_is_below_the_title),
        test(changed_files_are_stale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
