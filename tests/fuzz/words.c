/*
 * Text: the first byte chooses zones, the rest is scanned. Positions ascend,
 * ranges stay inside, a restart at a clean point gives the same tokens, and so
 * do the ways for plain words and for any character. Acronyms are those of the
 * text.
 */
#include <assert.h>
#include <stdlib.h>

#include "index/acronyms.h"
#include "tests/fuzz/fuzz.h"
#include "text/acronym.h"
#include "text/furniture.h"
#include "text/lexeme.h"
#include "text/words.h"

enum { RESTARTS = 8 }; /* compared for each input */

static void check_lexeme(struct lexer *lx, const struct token *t)
{
    struct lexeme l;
    unsigned i;
    size_t k;

    if (lexer_lexeme(lx, t->raw, t->kind, &l) < 0)
        abort();
    assert(l.nterms <= 2 && l.folded.n <= LEXEME_MAX);
    for (i = 0; i < l.nterms; i++) {
        assert(l.term[i].n > 0 && l.term[i].n <= LEXEME_MAX);
        for (k = 0; k < l.term[i].n; k++)
            assert(l.term[i].p[k] >= 0x20);
    }
}

/* The scan from (byte, pos) must go on as the whole scan `w` does; it is
 * compared for a few tokens. */
static void check_restart(struct view text, const struct zone *z, size_t nz,
                          uint32_t byte, uint32_t pos)
{
    struct words *whole, *part;
    struct token a, b;
    uint32_t at, due;
    int i, ra = 1, rb;

    if (words_open(&whole, text, z, nz) < 0 ||
        words_open_at(&part, text, z, nz, byte, pos) < 0)
        abort();
    while (ra > 0 && !(words_clean(whole, &at, &due) && at == byte))
        ra = words_next(whole, &a);
    for (i = 0; i < 4 && ra > 0; i++) {
        ra = words_next(whole, &a);
        rb = words_next(part, &b);
        assert(ra == rb);
        assert(!ra || (a.start == b.start && a.end == b.end && a.pos == b.pos &&
                       a.kind == b.kind));
    }
    words_free(whole);
    words_free(part);
}

static bool same(const struct token *a, const struct token *b)
{
    return a->start == b->start && a->end == b->end && a->pos == b->pos &&
           a->span == b->span && a->kind == b->kind && view_eq(a->raw, b->raw);
}

/* The tokens one by one must be those of the general way. */
static void check_general(struct view text, const struct zone *z, size_t nz)
{
    struct words *fast, *general;
    struct token a, b;
    int ra, rb;

    if (words_open(&fast, text, z, nz) < 0 ||
        words_open(&general, text, z, nz) < 0)
        abort();
    words_force_general(general);
    do {
        ra = words_next(fast, &a);
        rb = words_next(general, &b);
        assert(ra == rb && (!ra || same(&a, &b)));
    } while (ra > 0);
    words_free(fast);
    words_free(general);
}

/* And those of the way that takes plain words in stretches. */
static void check_plain(struct view text, const struct zone *z, size_t nz)
{
    struct words *whole, *stretches;
    struct plain plain[64];
    uint8_t room[PLAIN_MAX];
    struct view raw;
    struct token a, b;
    unsigned n, i;
    uint32_t pos;
    bool title;
    int ra, rb;

    if (words_open(&whole, text, z, nz) < 0 ||
        words_open(&stretches, text, z, nz) < 0)
        abort();
    do {
        n = words_plain(stretches, plain, 64, &pos, &title);
        for (i = 0; i < n; i++) {
            ra = words_next(whole, &a);
            raw = plain_raw(text, &plain[i], room);
            assert(ra > 0 && a.span == plain[i].span && a.title == title);
            assert(a.kind == plain[i].kind);
            assert(a.start == plain[i].start &&
                   a.end == plain[i].start + plain[i].n);
            assert(view_eq(a.raw, raw));
            assert(a.pos == (a.span > 1 ? pos - 1 : pos++));
        }
        ra = words_next(whole, &a);
        rb = words_next(stretches, &b);
        assert(ra == rb && (!ra || same(&a, &b)));
    } while (ra > 0);
    words_free(whole);
    words_free(stretches);
}

/* And those behind words that were only counted, by 1 to 99 at a time. */
static void check_skip(struct view text, const struct zone *z, size_t nz)
{
    struct words *whole, *skipping;
    struct token a, b;
    uint32_t step = 1, pos;
    int ra, rb;

    if (words_open(&whole, text, z, nz) < 0 ||
        words_open(&skipping, text, z, nz) < 0)
        abort();
    do {
        pos = words_position(skipping);
        step = step * 5 % 101;
        words_skip(skipping, pos + step);
        for (; pos < words_position(skipping); pos++) {
            ra = words_next(whole, &a);
            assert(ra > 0 && a.pos == pos && a.kind == TOKEN_WORD);
        }
        ra = words_next(whole, &a);
        rb = words_next(skipping, &b);
        assert(ra == rb && (!ra || same(&a, &b)));
    } while (ra > 0);
    assert(words_length(whole) == words_length(skipping));
    words_free(whole);
    words_free(skipping);
}

/* Pairs are of the text, in its order, and small; they survive being stored. */
static void check_acronyms(struct view text)
{
    struct acronyms a = {0};
    struct acronym p;
    struct acronym_pair q;
    struct buf out = {0}, keys = {0};
    struct view rest;
    size_t last = 0, n;

    acronyms_begin(&a, text);
    while (acronyms_next(&a, &p) > 0) {
        assert(p.at < text.n && p.at >= last);
        assert(p.brief.p >= text.p && p.brief.p + p.brief.n <= text.p + text.n);
        assert(p.brief.n >= 2 && p.full.n > p.brief.n);
        assert(p.full.n <= ACRONYM_FULL && !memchr(p.full.p, '\n', p.full.n));
        last = p.at + 1;
    }
    acronyms_end(&a);
    if (acronyms_of(text, &out) < 0)
        abort();
    for (rest = buf_view(&out); acronym_pair(&rest, &q);) {
        buf_clear(&keys);
        if (acronym_values(&q, &keys, &n) < 0)
            abort();
        assert(keys.n == 0 ||
               (n < keys.n && n <= FIELDS_VALUE && !memchr(keys.p, 0, keys.n)));
    }
    /* and any bytes may be in a damaged record */
    for (rest = text; acronym_pair(&rest, &q);)
        assert(q.brief.n && q.full.n);
    buf_release(&out);
    buf_release(&keys);
}

/* Lines are of the text; marks are small, and any bytes may be read as such. */
static void check_furniture(struct view text)
{
    struct view line = furniture_title(text, 0);
    struct furniture f;
    struct buf marks = {0};
    size_t at = text.n, next;

    assert(line.n == 0 ||
           (line.p >= text.p && line.p + line.n <= text.p + text.n));
    if (furniture_marks(text, 0, &marks) < 0)
        abort();
    furniture_read(buf_view(&marks), &f);
    assert(1 + FURNITURE_HASH * (f.nrunning + f.nedges) == marks.n ||
           marks.n == 0);
    while (at > 0) {
        at = furniture_line_before(text, at);
        line = furniture_line(text, at, &next);
        assert(next > at && next <= text.n && line.n <= next - at);
        (void)furniture_runs(&f, line);
    }
    furniture_read(text, &f);
    assert(f.nrunning <= FURNITURE_RUNNING && f.nedges <= FURNITURE_EDGES);
    buf_release(&marks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lexer *lx;
    struct view text;
    struct zone z[2] = {{0, 0, true}, {0, 0, false}};
    struct words *w;
    struct token t;
    uint32_t last = 0, byte, pos, clean[RESTARTS][2];
    size_t nclean = 0, i;

    if (size < 1)
        return 0;
    if (!lx && lexer_open(&lx, "english", NULL) < 0)
        abort();
    text = view_of(data + 1, size - 1);
    z[0].end = z[1].start = (uint32_t)(data[0] < text.n ? data[0] : text.n);
    z[1].end = (uint32_t)text.n;
    if (words_open(&w, text, z, 2) < 0)
        abort();
    while (words_next(w, &t) > 0) {
        assert(t.start < t.end && t.end <= text.n && t.pos >= last);
        assert(t.span >= 1 && (t.span == 1 || t.kind == TOKEN_JOINED ||
                               t.kind == TOKEN_SECOND));
        last = t.pos;
        check_lexeme(lx, &t);
        if (nclean < RESTARTS && words_clean(w, &byte, &pos)) {
            clean[nclean][0] = byte;
            clean[nclean++][1] = pos;
        }
    }
    words_free(w);
    check_general(text, z, 2);
    check_plain(text, z, 2);
    check_skip(text, z, 2);
    check_acronyms(text);
    check_furniture(text);
    for (i = 0; i < nclean; i++)
        check_restart(text, z, 2, clean[i][0], clean[i][1]);
    return 0;
}
