/* Places found by reading the frames that hold them are those that a scan of
 * the whole text gives; and no other frame is read. */
#include <fcntl.h>

#include "query/hits.h"
#include "tests/unit/temp_docs.h"

static void put(const char *name, const struct buf *text)
{
    FILE *f = fopen(name, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(text->p, 1, text->n, f), text->n);
    fclose(f);
}

/* --- every document of the index, without a query --- */

struct token_of {
    uint32_t pos, start, end;
};

/* All tokens of a text, but for joined ones. */
static struct token_of *scan(struct view text, const struct document *d,
                             size_t *n)
{
    struct token_of *list = NULL;
    struct words *w;
    struct token t;
    size_t cap = 0;

    *n = 0;
    assert_int_equal(words_open(&w, text, d->zone, d->nzones), 0);
    while (words_next(w, &t) > 0) {
        if (t.kind == TOKEN_JOINED || t.kind == TOKEN_SECOND)
            continue;
        if (*n == cap) {
            cap = cap ? 2 * cap : 1024;
            list = realloc(list, cap * sizeof *list);
            assert_non_null(list);
        }
        list[(*n)++] = (struct token_of){t.pos, t.start, t.end};
    }
    words_free(w);
    return list;
}

/* Where byte `at` lies, by counting. */
static void count_lines(struct view text, uint32_t at, uint32_t *line,
                        uint32_t *begin)
{
    static const uint8_t *counted;
    static uint32_t byte, l, b;

    if (counted != text.p || byte > at) {
        counted = text.p;
        byte = b = 0;
        l = 1;
    }
    for (; byte < at; byte++)
        if (text.p[byte] == '\n') {
            l++;
            b = byte + 1;
        }
    *line = l;
    *begin = b;
}

static bool blank_line(const uint8_t *p, const uint8_t *end)
{
    for (; p < end; p++)
        if (!strchr(" \t\v\f\r", *p))
            return false;
    return true;
}

/* The paragraph and page of byte `at`, line by line. */
static void count_paragraphs(struct view text, uint32_t at, uint32_t *paragraph,
                             uint32_t *page)
{
    const uint8_t *p = text.p, *end = text.p + text.n, *nl;
    bool before = true;

    for (*paragraph = 0; p <= text.p + at; p = nl + 1) {
        nl = memchr(p, '\n', (size_t)(end - p));
        nl = nl ? nl : end;
        *paragraph += before && !blank_line(p, nl);
        before = blank_line(p, nl);
    }
    for (*page = 1, p = text.p; p < text.p + at; p++)
        *page += *p == '\f';
}

static void check_token(struct doctext *t, struct view text,
                        const struct token_of *k)
{
    struct place_of place = {.pos = k->pos, .needed = true};
    uint32_t line, col, want, begin;
    struct err err = {0};

    assert_int_equal(doctext_find(t, &place, 1, 0, &err), 0);
    assert_int_equal(place.start, k->start);
    assert_int_equal(place.end, k->end);
    assert_memory_equal(t->text.p + place.start, text.p + k->start,
                        k->end - k->start);
    assert_int_equal(doctext_line(t, place.start, &line, &col, &err), 0);
    count_lines(text, k->start, &want, &begin);
    assert_int_equal(line, want);
    assert_int_equal(col, k->start - begin + 1);
    if (k->start % 4096 > 64 && text.n > 1 << 16)
        return; /* the rest counts from the beginning */
    count_paragraphs(text, k->start, &want, &begin);
    assert_int_equal(doctext_paragraph(t, k->start, &line, &err), 0);
    assert_int_equal(line, want);
    assert_int_equal(doctext_page(t, k->start, &line, &err), 0);
    assert_int_equal(line, begin);
}

/* Checks about `many` tokens of document d one by one, each from scratch, then
 * all at once. Gives the most frames that one cost. */
static size_t check_document(struct documents *ds, const struct document *d,
                             size_t many)
{
    struct err err = {0};
    struct doctext t = {0};
    struct buf text = {0};
    struct token_of *list;
    struct place_of *place;
    size_t i, n, step, most = 0;

    if (documents_text(ds, d, 0, d->nframes, &text, &err) < 0)
        fail_msg("%s", err.msg);
    list = scan(buf_view(&text), d, &n);
    step = n / many + 1;
    for (i = 0; i < n; i += i + step < n || i + 1 == n ? step : n - 1 - i) {
        assert_int_equal(doctext_begin(&t, ds, d), 0);
        check_token(&t, buf_view(&text), &list[i]);
        if (t.loaded > most)
            most = t.loaded;
    }
    place = calloc(n + 1, sizeof *place);
    assert_non_null(place);
    for (i = 0; i < n; i++)
        place[i] = (struct place_of){.pos = list[i].pos, .needed = i % 3 == 0};
    assert_int_equal(doctext_begin(&t, ds, d), 0);
    assert_int_equal(doctext_find(&t, place, n, UINT32_MAX, &err), 0);
    for (i = 0; i < n; i++) {
        if (!place[i].seen)
            continue;
        assert_int_equal(place[i].start, list[i].start);
        assert_int_equal(place[i].end, list[i].end);
    }
    free(place);
    free(list);
    doctext_release(&t);
    buf_release(&text);
    return most;
}

static size_t check_index(size_t many, size_t *frames)
{
    struct index index = {0};
    struct err err = {0};
    struct documents *ds;
    struct document d;
    uint32_t docid;
    size_t most = 0, n;

    if (index_open(&index, "index", &err) < 0 ||
        index_begin(&index, &err) < 0 ||
        documents_open(&ds, index.txn, &err) < 0)
        fail_msg("%s", err.msg);
    *frames = 0;
    for (docid = 1; docid < 200; docid++) {
        if (documents_get(ds, docid, &d, &err) <= 0)
            continue;
        n = check_document(ds, &d, many);
        if (n > most)
            most = n;
        if (d.nframes > *frames)
            *frames = d.nframes;
    }
    documents_close(ds);
    index_close(&index);
    return most;
}

static void places_in_the_corpus(void **state)
{
    const char *corpus = getenv("CORPUS");
    size_t frames;

    (void)state;
    if (!corpus || access(corpus, R_OK) < 0)
        skip();
    build_index(corpus, false);
    assert_true(check_index(SIZE_MAX / 2, &frames) <= 4);
}

/* Text that does not compress to nothing: n pieces, with what stands between
 * them. */
static void generate(struct buf *b, const char *const *piece, unsigned npieces,
                     const char *const *gap, unsigned ngaps, size_t n)
{
    uint32_t x = 2463534242u;
    size_t i;

    for (i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        buf_adds(b, piece[x % npieces]);
        if (x % 5 == 0)
            buf_addf(b, "%x", x);
        buf_adds(b, gap[(x >> 16) % ngaps]);
    }
}

static void check_generated(const char *const *piece, unsigned npieces,
                            const char *const *gap, unsigned ngaps)
{
    struct buf b = {0};
    size_t frames, most;

    generate(&b, piece, npieces, gap, ngaps, 60000);
    put("docs/1.txt", &b);
    build_index("docs", false);
    most = check_index(300, &frames);
    assert_true(frames > 10);
    if (most > 3)
        fail_msg("%zu of %zu frames for one word", most, frames);
    buf_release(&b);
}

static const char *const latin[] = {"port", "naïve", "e-mail",  "1,000",
                                    "l'or", "U.S.",  "rail-to", "½"};
static const char *const chinese[] = {"港", "铁路", "东盟自由", "貿易",
                                      "の", "한국", "。",       "，"};
static const char *const thai[] = {"การ", "ค้า", "เสรี", "ประ", "เทศ", "ไทย"};

static void places_in_lines(void **state)
{
    static const char *const gap[] = {" ", "\n", ", ", "\n\n", " "};

    (void)state;
    check_generated(latin, 8, gap, 5);
}

static void places_with_cr_lf(void **state)
{
    static const char *const gap[] = {" ", "\r\n", " ", "\r\n\r\n"};

    (void)state;
    check_generated(latin, 8, gap, 4);
}

static void places_in_a_single_line(void **state)
{
    static const char *const gap[] = {" "};

    (void)state;
    check_generated(latin, 8, gap, 1);
}

static void places_without_blanks(void **state)
{
    static const char *const gap[] = {"", "", "", ""};

    (void)state;
    check_generated(chinese, 8, gap, 4);
}

static void places_in_thai(void **state)
{
    static const char *const gap[] = {"", "", "", "", "", " ", "", "\n"};

    (void)state;
    check_generated(thai, 6, gap, 8);
}

static void places_in_records(void **state)
{
    static const char *const gap[] = {" ", "\\n", "\\u0020", "\\r\\n"};
    struct buf b = {0};
    size_t frames, i;

    (void)state;
    for (i = 0; i < 4; i++) {
        buf_addf(&b, "{\"id\":\"r%zu\",\"title\":\"A title\",\"text\":\"", i);
        generate(&b, i % 2 ? chinese : latin, 8, gap, 4, 4000 * i);
        buf_adds(&b, "\"}\n");
    }
    put("records.jsonl", &b);
    build_index("records.jsonl", true);
    assert_true(check_index(300, &frames) <= 3);
    assert_true(frames > 3);
    buf_release(&b);
}

/* --- a query on a long text --- */

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
    struct top top;
    struct hits hits;
};

static void ask(struct asked *a, const char *text, int what)
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
        match_run(&a->match, &a->top, false, NULL, &a->err) < 0 ||
        hits_open(&a->hits, &a->match, what, &a->err) < 0)
        fail_msg("%s: %s", text, a->err.msg);
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

/* Ten megabytes, a match in the middle: its frame, with luck not the one beside
 * it, and the first for the title. */
static void a_match_in_a_long_text(void **state)
{
    static const int what[] = {HITS_PASSAGE, HITS_MATCHES};
    struct buf b = {0};
    struct asked a;
    struct hit h;
    size_t i;

    (void)state;
    buf_adds(&b, "A title\n\n");
    for (i = 0; i < 1200000; i++)
        buf_addf(&b, "%s%zx%c", i == 700000 ? "needle " : "w", i * 2654435761u,
                 i % 11 ? ' ' : '\n');
    assert_true(b.n > 10 << 20);
    put("docs/1.txt", &b);
    build_index("docs", false);
    for (i = 0; i < 2; i++) {
        ask(&a, "needle", what[i]);
        assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
        assert_int_equal(h.count, 1);
        assert_true(h.placed && h.npassages == 1);
        assert_memory_equal(b.p + h.place.byte, "needle", 6);
        assert_true(a.hits.text.loaded <= 3);
        a.hits.passages = 0;
        assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
        assert_int_equal(h.npassages, 0);
        assert_true(a.hits.text.loaded <= 2);
        end(&a);
    }
    ask(&a, "needle", HITS_PATH);
    assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
    assert_int_equal(a.hits.text.loaded, 0);
    end(&a);
    buf_release(&b);
}

/* Every passage agrees with the text, none overlaps another, and what is
 * marked in them are all the matches that lie there. */
static void check_passages(const struct hit *h, struct view text)
{
    uint32_t before = 0, at, want, begin;
    size_t i, k, shown = 0, listed = 0;

    for (i = 0; i < h->npassages; i++) {
        const struct hit_passage *p = &h->passage[i];

        assert_true(p->byte >= before && p->end > p->byte);
        at = p->byte;
        for (k = 0; k < p->nparts; k++) {
            assert_memory_equal(p->part[k].text.p, text.p + at,
                                p->part[k].text.n);
            at += (uint32_t)p->part[k].text.n;
            shown += p->part[k].match;
        }
        assert_int_equal(at, p->end);
        count_lines(text, p->byte, &want, &begin);
        assert_int_equal(p->line, want);
        for (k = 0; k < h->nmatches; k++)
            listed += h->match[k].byte < p->end &&
                      h->match[k].byte + h->match[k].len > p->byte;
        before = p->end;
    }
    assert_int_equal(shown, listed);
}

static void several_passages(void **state)
{
    static const char *const gap[] = {" ", "\n", ", ", " ", " "};
    static const char *const query[] = {"needle", "needle \"hay stack\"",
                                        "needle hay stack barn", "barn"};
    struct buf b = {0};
    struct asked a;
    struct hit h;
    unsigned n, i;

    (void)state;
    buf_adds(&b, "A title\n\n");
    for (i = 0; i < 30; i++) {
        generate(&b, latin, 8, gap, 5, i * i % 1700);
        buf_adds(&b, i % 5 ? "the needle in the hay stack " : "a barn ");
    }
    put("docs/1.txt", &b);
    build_index("docs", false);
    for (i = 0; i < 4; i++)
        for (n = 1; n <= 40; n += 3) {
            ask(&a, query[i], HITS_MATCHES);
            a.hits.passages = n;
            a.hits.width = 40 + 20 * n;
            assert_int_equal(hits_get(&a.hits, a.top.hit, &h, &a.err), 1);
            assert_true(h.npassages >= 1 && h.npassages <= n);
            check_passages(&h, buf_view(&b));
            end(&a);
        }
    buf_release(&b);
}

#define test(f) cmocka_unit_test_setup_teardown(f, make_docs, remove_docs)

int main(void)
{
    char corpus[4096];
    const struct CMUnitTest tests[] = {
        test(places_in_the_corpus),  test(places_in_lines),
        test(places_with_cr_lf),     test(places_in_a_single_line),
        test(places_without_blanks), test(places_in_thai),
        test(places_in_records),     test(a_match_in_a_long_text),
        test(several_passages),
    };

    if (getcwd(corpus, sizeof corpus - 8) && !getenv("CORPUS")) {
        strcat(corpus, "/corpus");
        setenv("CORPUS", corpus, 1);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
