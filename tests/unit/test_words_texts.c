/*
 * The fast way of the word scan and the general one give the same tokens on
 * all text at hand: corpus/, and, where ../shared is, its articles and
 * collections. test_words.c does the same on tricky and on random bytes.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "text/words.h"

static uint64_t tokens;

static void compare(struct view text, const char *path)
{
    struct words *fast, *general;
    struct token a, b;
    int ra, rb;

    assert_int_equal(words_open(&fast, text, NULL, 0), 0);
    assert_int_equal(words_open(&general, text, NULL, 0), 0);
    words_force_general(general);
    do {
        ra = words_next(fast, &a);
        rb = words_next(general, &b);
        if (ra != rb ||
            (ra > 0 &&
             (a.start != b.start || a.end != b.end || a.pos != b.pos ||
              a.span != b.span || a.kind != b.kind || !view_eq(a.raw, b.raw))))
            fail_msg("%s: byte %u", path, ra > 0 ? a.start : 0);
        tokens++;
    } while (ra > 0);
    words_free(fast);
    words_free(general);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_shared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
