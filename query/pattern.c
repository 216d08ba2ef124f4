#include "query/pattern.h"

#include "text/utf8.h"

bool pattern_add_wildcard(struct pattern *p, int32_t wildcard)
{
    if (p->n == PATTERN_MAX)
        return false;
    p->item[p->n++] = wildcard;
    if (wildcard >= 0 && wildcard < PATTERN_ASCII)
        p->behind[wildcard] |= (uint64_t)1 << p->n;
    return true;
}

bool pattern_add(struct pattern *p, struct view v)
{
    size_t i = 0;
    unsigned len;

    while (i < v.n) {
        int32_t c = utf8_decode(v.p + i, v.p + v.n, &len);

        if (!pattern_add_wildcard(p, c < 0 ? UTF8_REPLACEMENT : c))
            return false;
        i += len;
    }
    return true;
}

unsigned pattern_literal(const struct pattern *p)
{
    unsigned n = 0;

    while (n < p->n && p->item[n] >= 0)
        n++;
    return n;
}

unsigned pattern_least(const struct pattern *p)
{
    unsigned n = 0, i;

    for (i = 0; i < p->n; i++)
        n += p->item[i] != PATTERN_MANY;
    return n > p->distance ? n - p->distance : 0;
}

/* Places that are reached without a character: behind a *. */
static uint64_t closed(const struct pattern *p, uint64_t places)
{
    unsigned i;

    for (i = 0; i < p->n; i++)
        if ((places >> i & 1) && p->item[i] == PATTERN_MANY)
            places |= (uint64_t)1 << (i + 1);
    return places;
}

void pattern_start(const struct pattern *p, struct pattern_state *s)
{
    unsigned e;

    s->places[0] = closed(p, 1);
    for (e = 1; e <= p->distance; e++) /* the first e left out */
        s->places[e] = s->places[e - 1] << 1 | 1;
}

static uint64_t behind(const struct pattern *p, int32_t c)
{
    uint64_t places = 0;
    unsigned i;

    if (c >= 0 && c < PATTERN_ASCII)
        return p->behind[c];
    for (i = 0; i < p->n; i++)
        places |= (uint64_t)(p->item[i] == c) << (i + 1);
    return places;
}

static bool fuzzy_step(const struct pattern *p, const uint64_t *from, int32_t c,
                       uint64_t *to)
{
    const uint64_t hit = behind(p, c), all = UINT64_MAX >> (63 - p->n);
    unsigned e;

    to[0] = from[0] << 1 & hit;
    for (e = 1; e <= p->distance; e++)
        to[e] = ((from[e] << 1 & hit) /* as it is */
                 | from[e - 1]        /* put in */
                 | from[e - 1] << 1   /* exchanged */
                 | to[e - 1] << 1)    /* left out, the one behind it */
                & all;
    return to[p->distance] != 0;
}

bool pattern_step(const struct pattern *p, const struct pattern_state *from,
                  int32_t c, struct pattern_state *to)
{
    uint64_t left = from->places[0], next = 0;

    if (p->fuzzy)
        return fuzzy_step(p, from->places, c, to->places);
    while (left) {
        unsigned i = (unsigned)__builtin_ctzll(left);

        left &= left - 1;
        if (i == p->n)
            continue;
        if (p->item[i] == PATTERN_MANY)
            next |= (uint64_t)1 << i;
        else if (p->item[i] == PATTERN_ONE || p->item[i] == c)
            next |= (uint64_t)1 << (i + 1);
    }
    to->places[0] = closed(p, next);
    return next != 0;
}

int32_t pattern_next(const struct pattern *p, const struct pattern_state *s,
                     int32_t c)
{
    /* with less than the distance any character would do, and c does not */
    uint64_t left = s->places[p->distance] & ~((uint64_t)1 << p->n);
    int32_t least = 0;

    for (; left; left &= left - 1) {
        int32_t next = p->item[__builtin_ctzll(left)];

        if (next > c && (!least || next < least))
            least = next;
    }
    return least;
}

unsigned pattern_end(const struct pattern *p, const struct pattern_state *s)
{
    unsigned e;

    for (e = 0; e <= p->distance; e++)
        if (s->places[e] >> p->n & 1)
            return e;
    return PATTERN_NONE;
}

unsigned pattern_match(const struct pattern *p, struct view word)
{
    struct pattern_state s[2];
    size_t i = 0;
    unsigned len, at = 0;

    pattern_start(p, &s[0]);
    while (i < word.n) {
        int32_t c = utf8_decode(word.p + i, word.p + word.n, &len);

        if (!pattern_step(p, &s[at], c, &s[!at]))
            return PATTERN_NONE;
        at = !at;
        i += len;
    }
    return pattern_end(p, &s[at]);
}
