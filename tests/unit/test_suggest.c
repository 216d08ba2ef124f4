/* suggest.h: the word that is proposed, compared with a scan of every form of
 * every term. */
#include "index/layout.h"
#include "query/suggest.h"
#include "tests/unit/temp_docs.h"

enum { WORDS = 700, ASKED = 400, LONGEST = 24 };

/* --- distances, as they are defined --- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Of the first n and m letters, by recursion; with `swaps`, neighbours that
 * changed places are one difference. */
static unsigned far(const char *a, size_t n, const char *b, size_t m,
                    bool swaps, uint8_t memo[LONGEST][LONGEST])
{
    unsigned d;

    if (n == 0 || m == 0)
        return (unsigned)(n + m);
    if (memo[n][m])
        return memo[n][m] - 1u;
    d = far(a, n - 1, b, m - 1, swaps, memo) + (a[n - 1] != b[m - 1]);
    d = least(d, far(a, n - 1, b, m, swaps, memo) + 1);
    d = least(d, far(a, n, b, m - 1, swaps, memo) + 1);
    if (swaps && n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1])
        d = least(d, far(a, n - 2, b, m - 2, swaps, memo) + 1);
    memo[n][m] = (uint8_t)(d + 1);
    return d;
}

static unsigned distance(const char *a, const char *b, bool swaps)
{
    uint8_t memo[LONGEST][LONGEST] = {{0}};

    return far(a, strlen(a), b, strlen(b), swaps, memo);
}

/* A word of soft and hard letters in turn, so that many are alike. */
static void random_word(char *out)
{
    static const char hard[] = "bdkrt", soft[] = "aou";
    size_t n = 3 + (size_t)rand() % 6, i;

    for (i = 0; i < n; i++)
        out[i] = i % 2 ? soft[rand() % 3] : hard[rand() % 5];
    out[n] = 0;
}

/* Up to three slips of the fingers. */
static void spoil(char *w)
{
    int times = 1 + rand() % 3;

    while (times--) {
        size_t n = strlen(w), at = (size_t)rand() % n;
        char c;

        switch (rand() % 4) {
        case 0:
            w[at] = "bdkrtaou"[rand() % 8];
            break;
        case 1:
            if (n > 3)
                memmove(w + at, w + at + 1, n - at);
            break;
        case 2:
            memmove(w + at + 1, w + at, n - at + 1);
            w[at] = "bdkrtaou"[rand() % 8];
            break;
        default:
            c = w[at];
            if (at + 1 < n) {
                w[at] = w[at + 1];
                w[at + 1] = c;
            }
        }
    }
}

static void distances(void **state)
{
    char a[LONGEST], b[LONGEST];
    int i;

    (void)state;
    assert_int_equal(suggest_distance(view_str("rail"), view_str("rail")), 0);
    assert_int_equal(suggest_distance(view_str("rail"), view_str("rial")), 1);
    assert_int_equal(suggest_distance(view_str("rail"), view_str("roil")), 1);
    assert_int_equal(suggest_distance(view_str("rail"), view_str("")), 4);
    /* letters, not bytes */
    assert_int_equal(suggest_distance(view_str("зерно"), view_str("зреноо")),
                     2);
    for (i = 0; i < 20000; i++) {
        random_word(a);
        strcpy(b, a);
        if (i % 4)
            spoil(b);
        else
            random_word(b);
        if (suggest_distance(view_str(a), view_str(b)) != distance(a, b, true))
            fail_msg("%s, %s: %u, not %u", a, b,
                     suggest_distance(view_str(a), view_str(b)),
                     distance(a, b, true));
    }
}

/* --- a word's choice --- */

struct asked {
    struct index index;
    struct arena arena;
    struct suggest sg;
    struct lexers *lexers;
    struct lexer_list list;
    struct err err;
};

static void open_index(struct asked *a)
{
    memset(a, 0, sizeof *a);
    if (index_open(&a->index, "index", &a->err) < 0 ||
        index_begin(&a->index, &a->err) < 0 ||
        temp_lexers(&a->index, &a->lexers, &a->list, &a->err) < 0 ||
        words_open(&a->sg.words, view_of(NULL, 0), NULL, 0) < 0)
        fail_msg("%s", a->err.msg);
    a->sg.ix = &a->index;
    a->sg.n = 1;
    a->sg.lexers = &a->list;
    a->sg.arena = &a->arena;
}

static void close_index(struct asked *a)
{
    words_free(a->sg.words);
    lexers_free(a->lexers);
    arena_release(&a->arena);
    index_close(&a->index);
}

/* Everything the index knows of a term. */
struct known {
    char term[LONGEST];
    uint64_t df, living;
    char form[40][LONGEST]; /* as written; ASCII */
    unsigned nforms;
};

static struct known known[2 * WORDS];
static unsigned nknown;

static struct known *known_of(struct view term)
{
    unsigned i;

    for (i = 0; i < nknown; i++)
        if (view_eq(view_str(known[i].term), term))
            return &known[i];
    assert_in_range(nknown, 0, 2 * WORDS - 1);
    memcpy(known[nknown].term, term.p, term.n);
    return &known[nknown++];
}

/* All of it, by reading each term to its last posting. */
static void learn(struct asked *a)
{
    const struct forms *forms;
    struct term_info info;
    struct postings *p;
    struct terms *ts;
    struct view term;
    unsigned i, k;

    memset(known, 0, sizeof known);
    nknown = 0;
    for (i = 0; i < a->index.manifest.nsegments; i++) {
        assert_int_equal(terms_open(&ts, &a->index.segment[i], &a->err), 0);
        while (terms_next(ts, &term, &info) > 0) {
            struct known *w;

            if (term.p[0] == TITLE_MARK || term.n >= LONGEST)
                continue;
            w = known_of(term);
            w->df += info.df;
            assert_int_equal(
                postings_open(&p, &a->index.segment[i], term, &a->err), 1);
            assert_int_equal(postings_forms(p, &forms), 0);
            for (k = 0; k < forms->n; k++, w->nforms++)
                memcpy(w->form[w->nforms], forms->form[k].text.p,
                       forms->form[k].text.n);
            while (postings_next(p) > 0)
                w->living += norms_code(&a->index.norms, p->docid) != 0;
            postings_close(p);
        }
        terms_close(ts);
    }
}

static void lower(const char *from, char *to)
{
    do
        *to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from | 0x20) : *from;
    while (*from++);
}

/* The distance of the term's nearest form from the word, if it is one that the
 * walk over the dictionary finds: 99 else. */
static unsigned nearest(const struct known *w, const char *word,
                        const char *stem)
{
    bool found = distance(w->term, stem, false) <= 2;
    char folded[LONGEST];
    unsigned best = 99, i;

    for (i = 0; i < w->nforms; i++) {
        lower(w->form[i], folded);
        best = least(best, distance(folded, word, true));
        found |= strncmp(folded, w->term, strlen(w->term)) == 0 &&
                 distance(folded, word, false) <= 2;
    }
    return found ? best : 99;
}

/* Whether it is a word that the index lacks. */
static bool check_word(struct asked *a, const char *word)
{
    unsigned most = strlen(word) < 6 ? 1 : 2, best = 99, i, d;
    const struct known *want = NULL;
    char stem[LONGEST] = {0}, got[LONGEST] = {0}, folded[LONGEST];
    struct lexeme lx;
    struct view out;
    bool is_form = false;
    int rc;

    assert_int_equal(
        lexer_lexeme(a->list.lexer[0], view_str(word), TOKEN_WORD, &lx), 0);
    memcpy(stem, lx.term[0].p, lx.term[0].n);
    for (i = 0; i < nknown; i++) {
        const struct known *w = &known[i];

        if (strcmp(w->term, stem) == 0 && w->living)
            return false;
        d = nearest(w, word, stem);
        if (d < 1 || d > most || !w->living)
            continue;
        if (!want || d < best ||
            (d == best &&
             (w->df > want->df ||
              (w->df == want->df && strcmp(w->term, want->term) < 0)))) {
            want = w;
            best = d;
        }
    }
    rc = suggest_word(&a->sg, view_str(word), view_str(stem), false, &out,
                      &a->err);
    if (rc != (want != NULL))
        fail_msg("%s: %d, not %s", word, rc, want ? want->term : "none");
    if (!want)
        return true;
    memcpy(got, out.p, out.n);
    for (i = 0; i < want->nforms; i++)
        is_form |= strcmp(want->form[i], got) == 0;
    lower(got, folded);
    if (!is_form || distance(folded, word, true) != best)
        fail_msg("%s: %s, no form of %s that differs in %u", word, got,
                 want->term, best);
    return true;
}

static void the_nearest_then_the_most_frequent(void **state)
{
    static char word[WORDS][LONGEST];
    struct asked a;
    char name[32], bad[LONGEST];
    unsigned i, k, asked = 0;

    (void)state;
    for (i = 0; i < WORDS; i++) {
        random_word(word[i]);
        if (i % 5 == 0)
            word[i][0] &= 0x5f;
        if (i % 7 == 0)
            strcat(word[i], i % 2 ? "ing" : "s");
    }
    for (i = 0; i < 40; i++) {
        FILE *f;

        snprintf(name, sizeof name, "docs/%02u.txt", i);
        f = fopen(name, "w");
        assert_non_null(f);
        fputs("t\n\n", f);
        for (k = 0; k < 80; k++) /* low numbers are in more of them */
            fprintf(f, "%s ",
                    word[(unsigned)rand() % (unsigned)(rand() % WORDS + 1)]);
        fclose(f);
    }
    build_index("docs", false);
    for (i = 0; i < 3; i++) { /* some words are in dead documents alone */
        snprintf(name, sizeof name, "docs/%02u.txt", i);
        assert_int_equal(unlink(name), 0);
    }
    build_index("docs", false);
    open_index(&a);
    learn(&a);
    for (i = 0; i < ASKED; i++) {
        lower(word[(unsigned)rand() % WORDS], bad);
        spoil(bad);
        if (strlen(bad) >= 3)
            asked += check_word(&a, bad);
    }
    close_index(&a);
    assert_in_range(asked, ASKED / 4, ASKED);
}

#define test(f) cmocka_unit_test_setup_teardown(f, make_docs, remove_docs)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        test(the_nearest_then_the_most_frequent),
    };

    srand(7);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
