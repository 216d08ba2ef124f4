#include "query/passage.h"

#include <stdlib.h>

#include "text/normal.h"

enum {
    NEAR_BLANK = 24,      /* bytes within which a cut looks for a blank */
    BEFORE = 40,          /* per cent of the room that goes in front */
    WORD_COLUMNS = 8,     /* columns a word takes, about, with the blank */
    UNSPACED_COLUMNS = 4, /* and a cluster of a script without blanks, if
                           * there is something else between */
    WEIGHT_UNIT = 1 << 12,
    MERGES = 8,        /* of runs of spans, before sorting is better */
    NEARNESS = 1 << 10 /* of neighbours, a position less for each between */
};

/* --- spans --- */

static int in_order(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to > y->to ? -1 : 1;
    return x->leaf->word < y->leaf->word ? -1 : x->leaf->word > y->leaf->word;
}

/* Behind the spans from i on that are in order. */
static size_t run_end(const struct spans *s, size_t i)
{
    for (i++; i < s->n && in_order(&s->span[i - 1], &s->span[i]) <= 0; i++)
        ;
    return i;
}

/* Merges runs [0, mid) and [mid, n), of which the first is copied to spare. */
static void merge(struct span *span, size_t mid, size_t n, struct span *spare)
{
    size_t i = 0, k = mid, at = 0;

    memcpy(spare, span, mid * sizeof *span);
    while (i < mid && k < n)
        span[at++] =
            in_order(&spare[i], &span[k]) <= 0 ? spare[i++] : span[k++];
    memcpy(span + at, spare + i, (mid - i) * sizeof *span);
}

/* Each word's spans are a run; of few words they are merged one by one. */
static void sort(struct spans *s)
{
    size_t runs, end, next, first = s->n ? run_end(s, 0) : 0;
    struct span *spare;

    for (runs = 0, end = first; end < s->n && runs < MERGES; runs++)
        end = run_end(s, end);
    if (runs == 0)
        return; /* one word */
    spare = end == s->n ? malloc(s->n * sizeof *spare) : NULL;
    if (!spare) {
        qsort(s->span, s->n, sizeof *s->span, in_order);
        return;
    }
    for (end = first; end < s->n; end = next) {
        next = run_end(s, end);
        merge(s->span, end, next, spare);
    }
    free(spare);
}

void passage_merge(struct spans *s)
{
    struct span *last;
    size_t i, n = 0;

    sort(s);
    for (i = 0; i < s->n; i++) {
        struct span *next = &s->span[i];

        last = n ? &s->span[n - 1] : NULL;
        if (last && next->to <= last->to)
            continue;
        if (last && next->from == last->to && last->leaf->run &&
            next->leaf->word == last->leaf->word) {
            last->to = next->to;
            continue;
        }
        s->span[n++] = *next;
    }
    s->n = n;
}

/* --- windows --- */

/* The words of the query, as far as they occur in the document. */
struct tally {
    uint64_t weight[PARSE_WORDS + 1];
    uint32_t count[PARSE_WORDS + 1]; /* in the window at hand */
    bool covered[PARSE_WORDS + 1];   /* by a window chosen before */
};

/* What a window is worth, the weightiest first. Integers: sums that shrink
 * again must come back to what they were. */
struct worth {
    uint64_t fresh;
    uint64_t all;
    uint64_t near;
    size_t n;
};

static bool better(const struct worth *a, const struct worth *b)
{
    if (a->fresh != b->fresh)
        return a->fresh > b->fresh;
    if (a->all != b->all)
        return a->all > b->all;
    if (a->near != b->near)
        return a->near > b->near;
    return a->n > b->n;
}

static void tally_words(struct tally *t, const struct span *span, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        unsigned w = span[i].leaf->word;

        t->weight[w] = 0;
        t->count[w] = 0;
        t->covered[w] = false;
    }
    for (i = 0; i < n; i++) {
        const struct leaf *l = span[i].leaf;
        double x = l->weight;
        uint64_t weight = 1; /* one that weighs nothing still counts */

        if (x > 0 && x < UINT32_MAX)
            weight += (uint64_t)(x * WEIGHT_UNIT);
        if (weight > t->weight[l->word])
            t->weight[l->word] = weight;
    }
}

static uint64_t nearness(const struct span *a, const struct span *b)
{
    uint32_t gap = b->from > a->to ? b->from - a->to : 0;

    return a->leaf->word == b->leaf->word ? 0 : NEARNESS / (1 + gap);
}

/* Finds the best window among spans [lo, hi) and puts it into *out if it is
 * better than *best. */
static bool best_of(const struct span *span, size_t lo, size_t hi,
                    uint32_t reach, struct tally *t, struct worth *best,
                    struct extract *out)
{
    struct worth w = {0};
    size_t i, k = lo;
    bool found = false;

    for (i = lo; i < hi; i++) {
        unsigned word;

        for (; k < hi && (k == i || span[k].to - span[i].from <= reach); k++) {
            word = span[k].leaf->word;
            if (t->count[word]++ == 0) {
                w.all += t->weight[word];
                w.fresh += t->covered[word] ? 0 : t->weight[word];
            }
            if (k > i)
                w.near += nearness(&span[k - 1], &span[k]);
        }
        w.n = k - i;
        if (better(&w, best)) {
            *best = w;
            out->from = i;
            out->to = k;
            found = true;
        }
        word = span[i].leaf->word;
        if (--t->count[word] == 0) {
            w.all -= t->weight[word];
            w.fresh -= t->covered[word] ? 0 : t->weight[word];
        }
        if (i + 1 < k)
            w.near -= nearness(&span[i], &span[i + 1]);
    }
    return found;
}

/* The best window among the spans that are free of windows out[0..n), which
 * are in order. */
static bool next_window(const struct span *span, size_t nspans, uint32_t reach,
                        struct tally *t, const struct extract *out, size_t n,
                        struct extract *window)
{
    struct worth best = {0};
    size_t i, lo = 0, hi;
    bool found = false;

    for (i = 0; i <= n; i++) {
        hi = nspans;
        if (i < n)
            for (hi = out[i].from; hi > lo && span[hi - 1].to + reach / 2 >
                                                  span[out[i].from].from;
                 hi--)
                ;
        found |= best_of(span, lo, hi, reach, t, &best, window);
        if (i < n)
            for (lo = out[i].to;
                 lo < nspans &&
                 span[lo].from < span[out[i].to - 1].to + reach / 2;
                 lo++)
                ;
    }
    return found;
}

uint32_t passage_reach(const struct span *span, size_t n, unsigned width)
{
    size_t i;

    for (i = 0; i < n; i++) {
        const struct leaf *l = span[i].leaf;

        if (l->nslots == 0 || l->slot[0].kind == TOKEN_WORD)
            return width / WORD_COLUMNS;
    }
    return width / UNSPACED_COLUMNS;
}

size_t passage_choose(const struct span *span, size_t n, uint32_t reach,
                      unsigned max, struct extract *out, size_t *best)
{
    struct tally t;
    struct extract window;
    size_t count = 0, i, k;

    *best = 0;
    tally_words(&t, span, n);
    while (count < max &&
           next_window(span, n, reach, &t, out, count, &window)) {
        for (k = window.from; k < window.to; k++)
            t.covered[span[k].leaf->word] = true;
        for (i = count++; i > 0 && out[i - 1].from > window.from; i--)
            out[i] = out[i - 1];
        out[i] = window;
        if (count > 1 && i <= *best)
            ++*best;
    }
    return count;
}

/* --- bytes --- */

static bool blank(uint8_t c)
{
    const uint64_t blanks =
        (uint64_t)1 << ' ' | 1 << '\n' | 1 << '\t' | 1 << '\r' | 1 << '\f';

    return c <= ' ' && blanks >> c & 1;
}

static bool inside_character(struct view text, uint32_t at)
{
    return at < text.n && (text.p[at] & 0xc0) == 0x80;
}

/* The byte behind the last empty line of [lo, at), or lo. */
static uint32_t paragraph(struct view text, uint32_t lo, uint32_t at)
{
    uint32_t i = at, breaks = 0;

    while (i > lo) {
        uint8_t c = text.p[--i];

        if (c == '\n' && ++breaks == 2)
            break;
        if (!blank(c))
            breaks = 0;
    }
    if (breaks < 2)
        return lo;
    while (i < at && blank(text.p[i]))
        i++;
    return i;
}

/* Columns of the character [from, to) as it is shown: of blanks that follow
 * each other one. */
static unsigned columns(struct view text, uint32_t from, uint32_t to)
{
    if (text.p[from] >= 0x80)
        return (unsigned)normal_width(view_sub(text, from, to));
    return !(blank(text.p[from]) && to < text.n && blank(text.p[to]));
}

/* Goes back from `at` over as many characters as `room` columns hold; what
 * they do not fill stays in *room. */
static uint32_t go_back(struct view text, uint32_t lo, uint32_t at,
                        unsigned *room)
{
    uint32_t i;

    for (; at > lo; at = i) {
        unsigned n;

        for (i = at - 1; i > lo && at - i < 4 && inside_character(text, i); i--)
            ;
        n = columns(text, i, at);
        if (n > *room)
            break;
        *room -= n;
    }
    return at;
}

static uint32_t go_on(struct view text, uint32_t hi, uint32_t at,
                      unsigned *room)
{
    uint32_t i;

    for (; at < hi; at = i) {
        unsigned n;

        i = at + 1;
        if (i < hi && (text.p[at] | text.p[i]) < 0x80 && *room) {
            *room -= !blank(text.p[at]) || !blank(text.p[i]);
            continue; /* as nearly always */
        }
        for (; i < hi && i - at < 4 && inside_character(text, i); i++)
            ;
        n = columns(text, at, i);
        if (n > *room)
            break;
        *room -= n;
    }
    return at;
}

/* Counting begins at a letter of ASCII, which begins a cluster, if there is
 * one. */
uint32_t passage_boundary(struct view text, uint32_t lo, uint32_t hi,
                          uint32_t at, bool down)
{
    uint32_t i = at, n;

    if (at <= lo || at >= hi ||
        (text.p[at] >= ' ' && text.p[at] < 0x7f && text.p[at - 1] < 0x80))
        return at;
    while (i > lo && at - i < PASSAGE_SYNC &&
           !(i < at && text.p[i] >= ' ' && text.p[i] < 0x7f))
        i--;
    while (i < at && inside_character(text, i))
        i++;
    for (; i < at; i += n) {
        n = (uint32_t)normal_cluster(view_sub(text, i, hi));
        if (n == 0)
            return at;
        if (i + n > at)
            return down ? i : i + n;
    }
    return at;
}

static uint32_t cut_start(struct view text, uint32_t lo, uint32_t from,
                          uint32_t at, uint32_t near)
{
    uint32_t i = at;

    if (at > lo)
        for (; i < from && i < at + near && !blank(text.p[i - 1]); i++)
            ;
    if (i > lo && (i == from || !blank(text.p[i - 1])))
        i = at; /* no blank near */
    while (i < from && blank(text.p[i]))
        i++;
    i = passage_boundary(text, lo, (uint32_t)text.n, i, false);
    return i < from ? i : from;
}

static uint32_t cut_end(struct view text, uint32_t hi, uint32_t to, uint32_t at,
                        uint32_t near)
{
    uint32_t i = at;

    if (at < hi)
        for (; i > to && i + near > at && !blank(text.p[i]); i--)
            ;
    if (i < hi && !blank(text.p[i]))
        i = at;
    i = passage_boundary(text, to, hi, i, true);
    while (i > to && blank(text.p[i - 1]))
        i--;
    return i;
}

/* The last byte <= hi that does not leave a character half in. */
static uint32_t whole_characters(struct view text, uint32_t lo, uint32_t hi)
{
    uint32_t i = hi, need;
    uint8_t lead;

    while (i > lo && hi - i < 3 && inside_character(text, i - 1))
        i--;
    if (i == lo)
        return hi;
    lead = text.p[i - 1];
    need = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return hi - i + 1 < need ? i - 1 : hi;
}

int passage_cut(struct view text, uint32_t lo, uint32_t hi, uint32_t from,
                uint32_t to, unsigned width, uint32_t *start, uint32_t *end)
{
    uint32_t near = width / 4 < NEAR_BLANK ? width / 4 : NEAR_BLANK;
    uint32_t begin, at, stop;
    unsigned room = width, before;
    int limits = 0;

    while (lo < from && inside_character(text, lo))
        lo++;
    hi = whole_characters(text, to, hi);
    stop = go_on(text, to, from, &room);
    if (stop < to) { /* more than fits */
        stop = passage_boundary(text, from, to, stop, true);
        *start = from;
        *end = stop > from ? stop : to;
        return 0;
    }
    begin = paragraph(text, lo, from);
    before = room * BEFORE / 100;
    room -= before;
    at = go_back(text, begin, from, &before);
    room += before;
    stop = go_on(text, hi, to, &room);
    if (stop == hi) { /* what is free behind goes in front */
        limits = room ? PASSAGE_LIMIT_END : 0;
        before = room;
        at = go_back(text, begin, at, &before);
    }
    if (at == lo && before)
        limits |= PASSAGE_LIMIT_START;
    *start = cut_start(text, begin, from, at, near);
    *end = cut_end(text, hi, to, stop, near);
    return limits;
}
