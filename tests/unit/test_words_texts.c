/*
 * The fast ways of the word scan and the general one give the same tokens on
 * all text at hand: corpus/, and, where ../shared is, its articles,
 * collections and the 200 MB of its bench corpus (with sanitizers the first
 * 4 MB). test_words.c does the same on tricky and on random bytes.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <zstd.h>

#include "base/json_read.h"
#include "text/words.h"

static uint64_t tokens;

static bool differ(int ra, const struct token *a, int rb, const struct token *b)
{
    return ra != rb ||
           (ra > 0 && (a->start != b->start || a->end != b->end ||
                       a->pos != b->pos || a->span != b->span ||
                       a->kind != b->kind || !view_eq(a->raw, b->raw)));
}

/* Plain words as they come in stretches, everything else one by one. */
struct stretches {
    struct words *w;
    struct view text;
    struct plain plain[64];
    unsigned n, next;
    uint8_t room[PLAIN_MAX];
    uint32_t pos;
    bool title;
};

static int next_of_stretches(struct stretches *s, struct token *t)
{
    const struct plain *p;

    if (s->next == s->n) {
        s->next = 0;
        s->n = words_plain(s->w, s->plain, 64, &s->pos, &s->title);
    }
    if (s->n == 0)
        return words_next(s->w, t);
    p = &s->plain[s->next++];
    t->start = p->start;
    t->end = p->start + p->n;
    t->pos = p->span > 1 ? s->pos - 1 : s->pos++;
    t->span = p->span;
    t->kind = p->kind;
    t->raw = plain_raw(s->text, p, s->room);
    return 1;
}

static void compare(struct view text, const char *path)
{
    struct stretches s = {.text = text};
    struct words *fast, *general;
    struct token a, b, c;
    int ra, rb, rc;

    assert_int_equal(words_open(&fast, text, NULL, 0), 0);
    assert_int_equal(words_open(&general, text, NULL, 0), 0);
    assert_int_equal(words_open(&s.w, text, NULL, 0), 0);
    words_force_general(general);
    do {
        ra = words_next(fast, &a);
        rb = words_next(general, &b);
        rc = next_of_stretches(&s, &c);
        if (differ(ra, &a, rb, &b) || differ(ra, &a, rc, &c))
            fail_msg("%s: byte %u", path, ra > 0 ? a.start : 0);
        tokens++;
    } while (ra > 0);
    words_free(fast);
    words_free(general);
    words_free(s.w);
}

static int visit(const char *path, const struct stat *st, int type,
                 struct FTW *ftw)
{
    struct buf b = {0};
    FILE *f;

    (void)ftw;
    if (type != FTW_F || st->st_size == 0)
        return 0;
    f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(buf_reserve(&b, (size_t)st->st_size), 0);
    b.n = fread(b.p, 1, (size_t)st->st_size, f);
    fclose(f);
    compare(buf_view(&b), path);
    buf_release(&b);
    return 0;
}

static void test_corpus(void **state)
{
    (void)state;
    if (nftw("corpus", visit, 16, FTW_PHYS) != 0)
        skip(); /* not called from the top of the repository */
    assert_true(tokens > 10000);
}

static void test_shared(void **state)
{
    static const char *const folders[] = {
        "seeds", "collections/cisi", "collections/cranfield", "collections/npl",
        "collections/reuters21578"};
    const char *shared = getenv("SHARED");
    size_t i, found = 0;

    (void)state;
    for (i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[4096];

        snprintf(path, sizeof path, "%s/%s", shared ? shared : "../shared",
                 folders[i]);
        /* compressed ones serve as arbitrary bytes */
        found += nftw(path, visit, 16, FTW_PHYS) == 0;
    }
    if (found == 0)
        skip();
}

/* Takes the whole lines from the front of text; false once `line` has. */
static bool take_lines(struct buf *text, bool (*line)(void *, struct view),
                       void *arg)
{
    size_t from = 0;
    bool more = true;

    while (more) {
        const uint8_t *end = memchr(text->p + from, '\n', text->n - from);

        if (!end)
            break;
        more =
            line(arg, view_sub(buf_view(text), from, (size_t)(end - text->p)));
        from = (size_t)(end - text->p) + 1;
    }
    text->n -= from;
    memmove(text->p, text->p + from, text->n);
    return more;
}

/* Calls `line` with each line of a compressed file until it returns false.
 * Returns false where there is no such file. */
static bool each_line(const char *path, bool (*line)(void *, struct view),
                      void *arg)
{
    FILE *f = fopen(path, "rb");
    ZSTD_DCtx *z = ZSTD_createDCtx();
    size_t packed_n = ZSTD_DStreamInSize(), n = ZSTD_DStreamOutSize();
    uint8_t *packed = malloc(packed_n);
    struct buf text = {0};
    ZSTD_inBuffer in = {packed, 0, 0};
    ZSTD_outBuffer out;
    bool more = f != NULL;

    assert_true(z && packed);
    while (more) {
        if (in.pos == in.size) {
            in.size = fread(packed, 1, packed_n, f);
            in.pos = 0;
            if (in.size == 0)
                break;
        }
        assert_int_equal(buf_reserve(&text, n), 0);
        out = (ZSTD_outBuffer){text.p + text.n, n, 0};
        assert_false(ZSTD_isError(ZSTD_decompressStream(z, &out, &in)));
        text.n += out.pos;
        more = take_lines(&text, line, arg);
    }
    ZSTD_freeDCtx(z);
    free(packed);
    buf_release(&text);
    return f && fclose(f) == 0;
}

/* How much of the bench corpus is compared, in bytes of text. */
#if defined(__SANITIZE_ADDRESS__)
enum { BENCH_MAX = 4 << 20 };
#else
enum { BENCH_MAX = INT32_MAX };
#endif

struct bench {
    struct json_reader *reader;
    size_t bytes; /* compared so far */
    unsigned articles;
};

static bool compare_article(void *arg, struct view line)
{
    struct bench *bench = arg;
    const struct json_member *m;
    struct err err = {0};
    size_t n, i;
    char name[32];

    snprintf(name, sizeof name, "article %u", ++bench->articles);
    if (json_reader_parse(bench->reader, line, &m, &n, &err) < 0)
        fail_msg("%s: %s", name, err.msg);
    for (i = 0; i < n; i++)
        if (view_eq(m[i].key, view_str("text"))) {
            compare(m[i].text, name);
            bench->bytes += m[i].text.n;
        }
    return bench->bytes < BENCH_MAX;
}

static void test_bench_corpus(void **state)
{
    const char *shared = getenv("SHARED");
    struct bench bench = {0};
    struct err err = {0};
    char path[4096];
    bool found;

    (void)state;
    snprintf(path, sizeof path, "%s/bench-corpus/docs.jsonl.zst",
             shared ? shared : "../shared");
    assert_int_equal(json_reader_open(&bench.reader, &err), 0);
    found = each_line(path, compare_article, &bench);
    json_reader_free(bench.reader);
    if (!found)
        skip();
    assert_true(bench.bytes > 1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_bench_corpus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
