#include "query/passage.h"

#include <stdlib.h>

enum {
    NEAR_BLANK = 24, /* bytes within which a cut looks for a blank */
    BEFORE = 40      /* per cent of the room that goes in front */
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

void passage_merge(struct spans *s)
{
    struct span *last;
    size_t i, n = 0;

    if (s->n > 1)
        qsort(s->span, s->n, sizeof *s->span, in_order);
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

void passage_window(const struct span *span, size_t n, size_t *from, size_t *to)
{
    uint32_t count[PARSE_WORDS + 1] = {0}; /* by word, in the window [i, k) */
    size_t i, k = 0, distinct = 0, best = 0, best_n = 0;

    for (i = 0; i < n; i++) {
        while (k < n &&
               (k == i || span[k].to - span[i].from <= PASSAGE_POSITIONS))
            distinct += count[span[k++].leaf->word]++ == 0;
        if (distinct > best || (distinct == best && k - i > best_n)) {
            best = distinct;
            best_n = k - i;
            *from = i;
            *to = k;
        }
        distinct -= --count[span[i].leaf->word] == 0;
    }
}

/* --- bytes --- */

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
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

static uint32_t cut_start(struct view text, uint32_t lo, uint32_t from,
                          uint32_t at)
{
    uint32_t i = at;

    if (at <= lo)
        i = lo;
    else
        for (; i < from && i < at + NEAR_BLANK && !blank(text.p[i - 1]); i++)
            ;
    if (i > lo && (i == from || !blank(text.p[i - 1])))
        i = at; /* no blank near */
    while (i < from && blank(text.p[i]))
        i++;
    while (i > lo && inside_character(text, i))
        i--;
    return i;
}

static uint32_t cut_end(struct view text, uint32_t hi, uint32_t to, uint32_t at)
{
    uint32_t i = at;

    if (at >= hi)
        i = hi;
    else
        for (; i > to && i + NEAR_BLANK > at && !blank(text.p[i]); i--)
            ;
    if (i < hi && !blank(text.p[i]))
        i = at;
    while (i > to && blank(text.p[i - 1]))
        i--;
    while (i > to && inside_character(text, i))
        i--;
    return i;
}

void passage_cut(struct view text, uint32_t lo, uint32_t hi, uint32_t from,
                 uint32_t to, uint32_t *start, uint32_t *end)
{
    uint32_t room, before, after;

    if (to - from > PASSAGE_BYTES) {
        to = from + PASSAGE_BYTES;
        while (to > from && inside_character(text, to))
            to--;
    }
    room = PASSAGE_BYTES - (to - from);
    lo = paragraph(text, from - lo > room ? from - room : lo, from);
    before = room * BEFORE / 100;
    if (from - lo < before)
        before = from - lo;
    after = room - before;
    if (hi - to < after) {
        after = hi - to;
        before = from - lo < room - after ? from - lo : room - after;
    }
    *start = cut_start(text, lo, from, from - before);
    *end = cut_end(text, hi, to, to + after);
}
