/* Occurrences come out of chains as they went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "indexer/chains.h"
#include "indexer/log.h"

enum { TERMS = 400, SURFACES = 900, TOKENS = 60000 };

/* A token as it was logged. */
struct seen {
    uint32_t pos, surface;
};

static struct surface surface[SURFACES];
static struct lexicon lexicon = {
    .surface = surface, .nsurfaces = SURFACES, .nterms = TERMS};
static struct seen seen[TOKENS];
static size_t nseen;
static uint64_t random64;

static uint32_t below(uint32_t n)
{
    random64 = random64 * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random64 >> 33) % n;
}

/* Each term has two surfaces or three; some of them have another term, too. */
static int make_lexicon(void **state)
{
    uint32_t i;

    (void)state;
    for (i = 0; i < SURFACES; i++) {
        surface[i].term[0] = i % TERMS;
        surface[i].term[1] = i % 13 != 5 ? LEXICON_NONE : (i * 7 + 1) % TERMS;
        if (surface[i].term[1] == surface[i].term[0])
            surface[i].term[1] = LEXICON_NONE;
    }
    return 0;
}

static bool has(uint32_t s, uint32_t term)
{
    return surface[s].term[0] == term || surface[s].term[1] == term;
}

/* Adds n tokens behind *pos, at most `leap` positions apart and rare ones less
 * often. */
static void add(struct chains *c, uint32_t n, uint32_t leap, uint32_t *pos)
{
    uint32_t *entry = malloc(2 * n * sizeof *entry);
    uint32_t before = *pos, i, k = 0;
    uint64_t postings = 0;

    assert_non_null(entry);
    for (i = 0; i < n; i++) {
        uint32_t s = below(below(SURFACES) + 1), steps = 1;

        if (below(20) == 0)
            steps = below(leap);
        if (steps == 0 && *pos == UINT32_MAX)
            steps = 1;
        if (steps > 1)
            entry[k++] = LOG_LEAP | (steps - 1);
        entry[k++] = s | (steps == 0 ? LOG_SAME : 0);
        *pos += steps;
        seen[nseen].pos = *pos;
        seen[nseen++].surface = s;
        postings += 1 + (surface[s].term[1] != LEXICON_NONE);
    }
    assert_int_equal(chains_add(c, &lexicon, entry, k, before, postings), 0);
    free(entry);
}

static void compare(const struct chains *c)
{
    struct occurrence *o = malloc(TOKENS * sizeof *o);
    struct buf spare = {0};
    uint32_t t, most = 0;

    assert_non_null(o);
    for (t = 0; t < TERMS; t++) {
        uint32_t n = 0;
        size_t i;

        if (c->chain[t].n > 0)
            assert_int_equal(chains_read(c, t, &spare, o), 0);
        for (i = 0; i < nseen; i++) {
            if (!has(seen[i].surface, t))
                continue;
            assert_true(n < c->chain[t].n);
            assert_int_equal(o[n].pos, seen[i].pos);
            assert_int_equal(o[n++].form, seen[i].surface);
        }
        assert_int_equal(n, c->chain[t].n);
        most = n > most ? n : most;
    }
    assert_int_equal(c->largest, most);
    free(o);
    buf_release(&spare);
}

/* As many tokens as there is room for, in parts, and twice: memory is used
 * again. */
static void test_parts(void **state)
{
    static const struct {
        uint32_t tokens, leap;
    } parts[] = {{1, 2},       {1, 2},          {7, 3},
                 {5000, 2},    {20000, 20000},  {300, 1 << 24},
                 {30000, 100}, {40, (1u << 28)}};
    struct chains c = {0};
    uint32_t round, i;

    (void)state;
    for (round = 0; round < 2; round++) {
        uint32_t pos = UINT32_MAX; /* one before 0 */

        nseen = 0;
        for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
            add(&c, parts[i].tokens, parts[i].leap, &pos);
        compare(&c);
        assert_true(chains_bytes(&c) > nseen * 2);
        assert_false(chains_full(&c));
        chains_shrink(&c, 0);
        chains_clear(&c);
    }
    chains_release(&c);
}

/* Terms and surfaces that the lexicon learns on the way. */
static void test_learned(void **state)
{
    struct chains c = {0};
    uint32_t entry[3] = {0, 1, 2}, i;
    struct occurrence o[2];
    struct buf spare = {0};

    (void)state;
    lexicon.nterms = lexicon.nsurfaces = 1;
    assert_int_equal(chains_add(&c, &lexicon, entry, 1, UINT32_MAX, 1), 0);
    lexicon.nterms = TERMS;
    lexicon.nsurfaces = SURFACES;
    assert_int_equal(chains_add(&c, &lexicon, entry, 3, 0, 3), 0);
    for (i = 0; i < 3; i++)
        assert_int_equal(c.chain[i].n, i == 0 ? 2 : 1);
    assert_int_equal(chains_read(&c, 0, &spare, o), 0);
    assert_int_equal(o[0].pos, 0);
    assert_int_equal(o[1].pos, 1);
    buf_release(&spare);
    chains_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_learned),
    };

    return cmocka_run_group_tests_name("chains", tests, make_lexicon, NULL);
}
