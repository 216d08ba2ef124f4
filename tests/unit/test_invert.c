/* Inverts made-up documents and compares with the plainest way to do it:
 * every occurrence of every term in one list, sorted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "index/norm.h"
#include "indexer/invert.h"

enum { DOCS = 60, OCCURRENCES = 200000, BUDGET = 64 << 20 };

/* An occurrence as the plain way sees it. */
struct seen {
    char term[80];
    uint32_t doc, pos, order;
    char form[128];
    uint32_t span;
};

static struct lexers *lexers;
static struct lexer *lexer; /* of them */
static struct seen *seen;
static size_t nseen;
static uint32_t length[DOCS];
static uint64_t state64;

static uint32_t below(uint32_t n)
{
    state64 = state64 * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state64 >> 33) % n;
}

static int open_lexer(void **state)
{
    struct err err;

    (void)state;
    seen = malloc(OCCURRENCES * sizeof *seen);
    if (!seen || lexers_open(&lexers, "english", &err) < 0)
        return -1;
    lexer = lexers_get(lexers, 0);
    return 0;
}

static int close_lexer(void **state)
{
    (void)state;
    lexers_free(lexers);
    free(seen);
    return 0;
}

static void see(struct view term, bool title, uint32_t doc,
                const struct token *t, const struct lexeme *x)
{
    struct seen *s = &seen[nseen];

    assert_true(nseen < OCCURRENCES);
    snprintf(s->term, sizeof s->term, "%s%.*s", title ? "\x01" : "",
             (int)term.n, (const char *)term.p);
    snprintf(s->form, sizeof s->form, "%.*s", (int)x->form.n,
             (const char *)x->form.p);
    s->doc = doc;
    s->pos = t->pos;
    s->span = t->span;
    s->order = (uint32_t)nseen++;
}

static void see_document(uint32_t doc, struct view text,
                         const struct zone *zones, size_t nzones)
{
    struct words *w;
    struct token t;
    struct lexeme x;
    unsigned i;

    assert_int_equal(words_open(&w, text, zones, nzones), 0);
    while (words_next(w, &t) > 0) {
        assert_int_equal(lexer_lexeme(lexer, t.raw, t.kind, &x), 0);
        for (i = 0; i < x.nterms; i++) {
            see(x.term[i], false, doc, &t, &x);
            if (t.title)
                see(x.term[i], true, doc, &t, &x);
        }
    }
    length[doc] = words_length(w);
    words_free(w);
}

static int by_place(const void *pa, const void *pb)
{
    const struct seen *a = pa, *b = pb;
    int c = strcmp(a->term, b->term);

    if (c)
        return c;
    if (a->doc != b->doc)
        return a->doc < b->doc ? -1 : 1;
    if (a->pos != b->pos)
        return a->pos < b->pos ? -1 : 1;
    if (a->span != b->span)
        return a->span > b->span ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* Sorts, and of those at one place keeps the widest. */
static void settle(void)
{
    size_t i, n = 0;

    qsort(seen, nseen, sizeof *seen, by_place);
    for (i = 0; i < nseen; i++)
        if (n == 0 || strcmp(seen[n - 1].term, seen[i].term) != 0 ||
            seen[n - 1].doc != seen[i].doc || seen[n - 1].pos != seen[i].pos)
            seen[n++] = seen[i];
    nseen = n;
}

/* Compares one term with the occurrences from *at on. */
static void compare(const struct inverted_term *t, size_t *at)
{
    uint32_t i, k, max = 0, df = 0, counts[256] = {0};
    const struct occurrence *o = t->occurrence;
    uint8_t min = 255;
    uint64_t cf = 0;

    for (i = 0; i < t->info.df; i++) {
        const struct inverted_posting *p = &t->posting[i];

        for (k = 0; k < p->tf; k++, o++, cf++) {
            const struct seen *s = &seen[(*at)++];
            const struct form *f;

            assert_true(*at <= nseen);
            assert_true(view_eq(t->term, view_str(s->term)));
            assert_int_equal(p->doc, s->doc);
            assert_int_equal(o->pos, s->pos);
            assert_true(o->form < t->nforms && o->form < 256);
            f = &t->form[o->form];
            assert_true(view_eq(f->text, view_str(s->form)));
            assert_int_equal(f->span, s->span);
            counts[o->form]++;
        }
        assert_int_equal(p->code, norm_encode(length[p->doc]));
        max = p->tf > max ? p->tf : max;
        min = p->code < min ? p->code : min;
        df++;
    }
    assert_true(*at == nseen || strcmp(seen[*at].term, seen[*at - 1].term));
    assert_int_equal(t->info.df, df);
    assert_int_equal(t->info.cf, cf);
    assert_int_equal(t->info.max_tf, max > 255 ? 255 : max);
    assert_int_equal(t->info.min_len, min);
    for (i = 0; i < t->nforms; i++) {
        assert_int_equal(t->form[i].count, counts[i]);
        assert_true(i == 0 || counts[i] <= counts[i - 1]);
        for (k = 0; k < i; k++)
            assert_false(view_eq(t->form[i].text, t->form[k].text) &&
                         t->form[i].span == t->form[k].span);
    }
}

static void compare_all(struct invert *v)
{
    struct inverted_term t;
    size_t at = 0;
    int rc;

    settle();
    assert_int_equal(invert_sort(v), 0);
    while ((rc = invert_next(v, &t)) > 0)
        compare(&t, &at);
    assert_int_equal(rc, 0);
    assert_int_equal(at, nseen);
}

#define ALPHABET "abcdefghijklmnopqrstuvwxyz"
#define ENDLESS ALPHABET ALPHABET ALPHABET ALPHABET ALPHABET

/* Words that make trouble: forms that fold together, joined forms with the
 * stem of a part, two stems at a position, nothing but ignorable characters,
 * tokens of 14, 15 and very many bytes. */
static const char *const vocabulary[] = {"the",
                                         "The",
                                         "THE",
                                         "physics",
                                         "physical",
                                         "Physics",
                                         "re-do",
                                         "redo",
                                         "people-to-people",
                                         "a-a",
                                         "x-X",
                                         "U.S.",
                                         "US",
                                         "us",
                                         "\xe2\x80\x8b",
                                         "r\303\251form\303\251es",
                                         "reformees",
                                         "China\xe2\x80\x99s",
                                         "China's",
                                         "abcdefghijklmn",
                                         "abcdefghijklmno",
                                         "Abcdefghijklmnop",
                                         ENDLESS,
                                         "\xe9\xa6\x99\xe6\xb8\xaf\xe4\xba\x9e",
                                         "\xe9\xa6\x99",
                                         "1,000",
                                         "1000",
                                         "caf\xc3\xa9",
                                         "cafe\xcc\x81",
                                         "cafe",
                                         "\n\n",
                                         ". ",
                                         "infra\xc2\xadstructure",
                                         "depart-\nment",
                                         "policy12"};

static void make_text(struct buf *text, struct zone *zones)
{
    uint32_t n = below(300), i, title = below(12);

    buf_clear(text);
    zones[0].start = zones[1].end = 0;
    zones[0].end = 0;
    for (i = 0; i < n + title; i++) {
        if (i == title)
            zones[0].end = (uint32_t)text->n;
        if (below(4) == 0)
            buf_addf(text, "w%u ", below(500));
        else
            buf_addf(text, "%s%s",
                     vocabulary[below(sizeof vocabulary / sizeof *vocabulary)],
                     below(9) ? " " : "");
    }
    if (title >= n + title)
        zones[0].end = (uint32_t)text->n;
    zones[0].title = true;
    zones[1].start = zones[0].end;
    zones[1].end = (uint32_t)text->n;
    zones[1].title = false;
}

static void add_documents(struct invert *v, uint32_t n)
{
    struct buf text = {0};
    struct inverted doc;
    struct zone zones[2];
    uint32_t i;

    nseen = 0;
    for (i = 0; i < n; i++) {
        make_text(&text, zones);
        assert_int_equal(
            invert_add(v, 0, buf_view(&text), zones, 2, NULL, &doc), 0);
        see_document(i, buf_view(&text), zones, 2);
        assert_int_equal(doc.length, length[i]);
    }
    assert_int_equal(invert_documents(v), n);
    buf_release(&text);
}

static void random_batches(void **state)
{
    struct invert *v;
    int round;

    (void)state;
    assert_int_equal(invert_open(&v, lexers, BUDGET, 0), 0);
    for (round = 0; round < 12; round++) {
        add_documents(v, 1 + below(DOCS));
        compare_all(v);
        invert_clear(v, round % 5 == 4);
    }
    invert_free(v);
}

static void nothing_at_all(void **state)
{
    struct inverted_term t;
    struct inverted doc;
    struct invert *v;

    (void)state;
    assert_int_equal(invert_open(&v, lexers, BUDGET, 0), 0);
    assert_int_equal(invert_sort(v), 0);
    assert_int_equal(invert_next(v, &t), 0);
    invert_clear(v, false);
    /* documents without a word */
    assert_int_equal(invert_add(v, 0, view_str("... "), NULL, 0, NULL, &doc),
                     0);
    assert_int_equal(doc.length, 0);
    assert_int_equal(invert_add(v, 0, view_str("a"), NULL, 0, NULL, &doc), 0);
    assert_int_equal(invert_add(v, 0, view_of(NULL, 0), NULL, 0, NULL, &doc),
                     0);
    assert_int_equal(invert_sort(v), 0);
    assert_int_equal(invert_next(v, &t), 1);
    assert_int_equal(t.posting[0].doc, 1);
    assert_int_equal(invert_next(v, &t), 0);
    invert_free(v);
}

static void what_is_over_the_budget_leaves_no_trace(void **state)
{
    struct buf big = {0};
    struct inverted doc;
    struct invert *v;
    struct checkpoints checks = {0};
    size_t n;
    int i;

    (void)state;
    for (i = 0; i < 400000; i++)
        buf_addf(&big, "q%d ", i);
    assert_int_equal(invert_open(&v, lexers, 8 << 20, 0), 0);
    add_documents(v, 20);
    n = invert_bytes(v);
    assert_int_equal(invert_add(v, 0, buf_view(&big), NULL, 0, &checks, &doc),
                     ERR_FULL);
    assert_int_equal(invert_documents(v), 20);
    assert_int_equal(checks.n, 0);
    assert_true(invert_bytes(v) >= n);
    compare_all(v);
    invert_clear(v, true);
    assert_int_equal(invert_bytes(v), 0);
    add_documents(v, 5);
    compare_all(v);
    invert_free(v);
    free(checks.at);
    buf_release(&big);
}

/* A scan that restarts at a checkpoint gives what the scan of the whole gave
 * from there on. */
static void checkpoints_restart(void **state)
{
    struct checkpoints checks = {0};
    struct buf text = {0};
    struct zone zones[2];
    struct inverted doc;
    struct invert *v;
    size_t i, k;

    (void)state;
    assert_int_equal(invert_open(&v, lexers, BUDGET, 0), 0);
    do
        make_text(&text, zones);
    while (text.n < 2000);
    assert_int_equal(invert_add(v, 0, buf_view(&text), zones, 2, &checks, &doc),
                     0);
    assert_true(checks.n > 1);
    for (i = 0; i < checks.n; i++) {
        const struct checkpoint *c = &checks.at[i];
        struct words *all, *rest;
        struct token a, b;
        uint32_t lines = 1;
        int ra, rb;

        assert_true(c->byte >= (i ? checks.at[i - 1].byte : 0) + 256);
        for (k = 0; k < c->byte; k++)
            lines += text.p[k] == '\n';
        assert_int_equal(c->line, lines);
        assert_int_equal(c->page, 1);
        words_open(&all, buf_view(&text), zones, 2);
        words_open_at(&rest, buf_view(&text), zones, 2, c->byte, c->pos);
        do
            ra = words_next(all, &a);
        while (ra > 0 && a.start < c->byte);
        for (;;) {
            rb = words_next(rest, &b);
            assert_int_equal(ra, rb);
            if (ra <= 0)
                break;
            assert_int_equal(a.start, b.start);
            assert_int_equal(a.pos, b.pos);
            assert_true(view_eq(a.raw, b.raw));
            ra = words_next(all, &a);
        }
        words_free(all);
        words_free(rest);
    }
    invert_free(v);
    free(checks.at);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_batches),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(what_is_over_the_budget_leaves_no_trace),
        cmocka_unit_test(checkpoints_restart),
    };

    return cmocka_run_group_tests_name("invert", tests, open_lexer,
                                       close_lexer);
}
