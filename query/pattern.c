#include "query/pattern.h"

#include "text/utf8.h"

bool pattern_add_wildcard(struct pattern *p, int32_t wildcard)
{
    if (p->n == PATTERN_MAX)
        return false;
    p->item[p->n++] = wildcard;
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
    unsigned i;

    s->places = closed(p, 1);
    for (i = 0; i <= p->n; i++)
        s->row[i] = (uint8_t)i;
}

/* A row of the table, but for what is further than the distance from its
 * diagonal, and so above it. row[0] is the number of the row. */
static bool fuzzy_step(const struct pattern *p, const uint8_t *from, int32_t c,
                       uint8_t *to)
{
    unsigned row = from[0] + 1u, d = p->distance, least, i;
    unsigned lo = row > d ? row - d : 1;
    unsigned hi = row + d < p->n ? row + d : p->n;

    least = to[0] = (uint8_t)row;
    if (lo > 1)
        to[lo - 1] = (uint8_t)(d + 1);
    for (i = lo; i <= hi; i++) {
        unsigned x = from[i - 1] + (p->item[i - 1] != c);

        if (from[i] + 1u < x)
            x = from[i] + 1u;
        if (to[i - 1] + 1u < x)
            x = to[i - 1] + 1u;
        to[i] = (uint8_t)x;
        if (x < least)
            least = x;
    }
    if (hi < p->n)
        to[hi + 1] = (uint8_t)(d + 1);
    return least <= d;
}

bool pattern_step(const struct pattern *p, const struct pattern_state *from,
                  int32_t c, struct pattern_state *to)
{
    uint64_t left = from->places, next = 0;

    if (p->fuzzy)
        return fuzzy_step(p, from->row, c, to->row);
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
    to->places = closed(p, next);
    return next != 0;
}

unsigned pattern_end(const struct pattern *p, const struct pattern_state *s)
{
    if (p->fuzzy)
        return s->row[0] + p->distance >= p->n && s->row[p->n] <= p->distance
                   ? s->row[p->n]
                   : PATTERN_NONE;
    return s->places >> p->n & 1 ? 0 : PATTERN_NONE;
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
