/*
 * Which documents have two words side by side, straight from the deltas: most
 * documents with both have them nowhere near each other, and to find that out
 * no list of positions need be made.
 */
#include <stdlib.h>

#include "index/positions_state.h"

/* Distances that are looked at, from the least on, and positions of the rarer
 * word, of which up to four are few. */
enum { NEAR_WIDTH = 16, NEAR_MOST = 1024, FEW = 4 };

typedef uint32_t v4 __attribute__((vector_size(16)));
typedef int32_t v4i __attribute__((vector_size(16)));

/* The deltas from index `at` of the term on that lie in one block, *n of
 * them. 0 or negative. */
static inline int deltas_at(struct postings *p, uint64_t at,
                            const uint32_t **delta, uint32_t *n)
{
    struct position_blocks *b = &p->state->positions->blocks;
    uint32_t i = (uint32_t)at - b->start, held = b->held;
    int rc = 0;

    if (!(b->have & BLOCK_DELTAS) || i >= held)
        rc = position_blocks_get(p->state, b, (uint32_t)at, BLOCK_DELTAS, &i,
                                 &held);
    *delta = b->delta + i;
    *n = held - i;
    return rc;
}

/* The n deltas from index `at` of the term on, copied to `room` where they lie
 * in several blocks. 0 or negative. */
static int deltas_of(struct postings *p, uint64_t at, uint32_t n,
                     uint32_t *room, const uint32_t **delta)
{
    uint32_t have, k;
    int rc = deltas_at(p, at, delta, &have);

    if (have >= n || rc < 0)
        return rc;
    memcpy(room, *delta, have * sizeof *room);
    for (; have < n; have += k) {
        rc = deltas_at(p, at + have, delta, &k);
        if (rc < 0)
            return rc;
        k = k < n - have ? k : n - have;
        memcpy(room + have, *delta, k * sizeof *room);
    }
    *delta = room;
    return 0;
}

/* --- marks --- */

/* The positions of one document by a map: those that have the stamp. */
struct near_marks {
    uint8_t stamp;
    uint8_t at[NEAR_MARKS];
};

/* A stamp that is nowhere in the map. */
static struct near_marks *marks_renew(struct postings *p)
{
    struct near_marks **m = &p->state->positions->marks;

    if (!*m)
        *m = calloc(1, sizeof **m);
    if (*m && ++(*m)->stamp == 0) {
        memset((*m)->at, 0, sizeof(*m)->at);
        (*m)->stamp = 1;
    }
    return *m;
}

/* Stamps the n positions from index `at` of the term on, at least those up to
 * `top`. *last is the last that was. */
static int marks_set(struct near_marks *m, struct postings *p, uint64_t at,
                     uint32_t n, uint32_t top, uint32_t *last)
{
    const uint8_t stamp = m->stamp;
    const uint32_t *delta;
    uint32_t pos = 0, k, i;
    int rc = 0;

    for (; n > 0 && pos <= top && rc == 0; at += k, n -= k) {
        rc = deltas_at(p, at, &delta, &k);
        if (rc < 0)
            break;
        if (k > n)
            k = n;
        for (i = 0; i + 4 <= k && pos <= top; i += 4) {
            m->at[(pos += delta[i]) % NEAR_MARKS] = stamp;
            m->at[(pos += delta[i + 1]) % NEAR_MARKS] = stamp;
            m->at[(pos += delta[i + 2]) % NEAR_MARKS] = stamp;
            m->at[(pos += delta[i + 3]) % NEAR_MARKS] = stamp;
        }
        for (; i < k; i++)
            m->at[(pos += delta[i]) % NEAR_MARKS] = stamp;
    }
    *last = pos;
    return rc;
}

/* How many of a's positions have the stamp `by` to by + width further on, each
 * counted for itself. */
static uint32_t marks_count(const struct near_marks *m, const uint32_t *a,
                            uint32_t na, uint32_t by, uint32_t width)
{
    const uint8_t stamp = m->stamp;
    uint32_t pos = by, n = 0, i, k;

    if (width == 0) {
        for (i = 0; i < na; i++)
            n += m->at[(pos += a[i]) % NEAR_MARKS] == stamp;
        return n;
    }
    for (i = 0; i < na; i++) {
        pos += a[i];
        for (k = 0; k <= width; k++)
            n += m->at[(pos + k) % NEAR_MARKS] == stamp;
    }
    return n;
}

/* How many of b's positions are up to `width` behind those of a + lo, of which
 * there are four at most: no map is as quick. */
static uint32_t pairs_of_few(const uint32_t *a, uint32_t na, const uint32_t *b,
                             uint32_t nb, int64_t lo, uint32_t width)
{
    const uint32_t half = UINT32_C(1) << 31; /* unsigned, for lack of better */
    const v4i less = (v4i){0, 0, 0, 0} + (int32_t)((width + 1) ^ half);
    v4 from = (v4){0, 0, 0, 0} - NEAR_WIDTH; /* no position is behind that */
    v4i hits = {0, 0, 0, 0};
    uint32_t i, pos = (uint32_t)lo, top;

    for (i = 0; i < na; i++)
        from[i] = pos += a[i];
    top = pos + width;
    from += half;
    for (pos = i = 0; i < nb && pos <= top; i++) {
        pos += b[i];
        hits -= (v4i)(pos - from) < less;
    }
    return (uint32_t)(hits[0] + hits[1] + hits[2] + hits[3]);
}

/* The same by marks, for any number of positions: in *count. */
static int pairs_marked(const uint32_t *a, uint32_t na, struct postings *b,
                        uint64_t bt, uint32_t nb, int64_t lo, int64_t hi,
                        uint8_t *count)
{
    int64_t far = -lo > hi ? -lo : hi;
    struct near_marks *m = marks_renew(b);
    uint32_t last = 0, end, n, i;
    int rc;

    *count = NEAR_UNKNOWN;
    if (!m)
        return err_nomem(b->state->err);
    for (i = 0; i < na; i++)
        last += a[i];
    if (last >= NEAR_MARKS - far)
        return 0;
    rc = marks_set(m, b, bt, nb, (uint32_t)(last + hi), &end);
    if (rc < 0 || end >= NEAR_MARKS - far)
        return rc;
    n = marks_count(m, a, na, (uint32_t)lo, (uint32_t)(hi - lo));
    if (n < NEAR_UNKNOWN)
        *count = (uint8_t)n;
    return 0;
}

/* How many positions of b, which has more, are lo to hi behind one of a's: in
 * *count. */
static int pairs(struct postings *a, uint64_t at, uint32_t na,
                 struct postings *b, uint64_t bt, uint32_t nb, int64_t lo,
                 int64_t hi, uint8_t *count)
{
    uint32_t room[NEAR_MOST], have = 0;
    const uint32_t *da, *db = NULL;
    int rc;

    *count = NEAR_UNKNOWN;
    if (na > NEAR_MOST)
        return 0;
    rc = deltas_of(a, at, na, room, &da);
    if (rc == 0 && na <= FEW)
        rc = deltas_at(b, bt, &db, &have);
    if (rc < 0)
        return rc;
    if (na > FEW || have < nb)
        return pairs_marked(da, na, b, bt, nb, lo, hi, count);
    have = pairs_of_few(da, na, db, nb, lo, (uint32_t)(hi - lo));
    if (have < NEAR_UNKNOWN)
        *count = (uint8_t)have;
    return 0;
}

/* --- */

/* Where in the positions of the loaded block a walk has come. */
struct near_at {
    uint32_t i;  /* posting */
    uint64_t at; /* index of its first occurrence */
};

static int near_begin(struct postings *p, struct near_at *at)
{
    struct postings_state *s = p->state;

    at->i = s->summed;
    at->at = s->first_pos + s->sum;
    if (postings_tfs(p) < 0)
        return ERR_CORRUPT;
    return s->positions ? 0 : positions_open(s);
}

static inline void near_move(const struct postings *p, struct near_at *at,
                             uint32_t i)
{
    v4 sum = {0, 0, 0, 0}, x;
    uint32_t k = at->i, more = 0;

    if (k + 4 <= i) {
        for (; k + 4 <= i; k += 4) {
            memcpy(&x, p->tfs + k, sizeof x);
            sum += x;
        }
        more = sum[0] + sum[1] + sum[2] + sum[3];
    }
    for (; k < i; k++)
        more += p->tfs[k];
    at->at += more;
    at->i = i;
}

/* The way to the first document need not be gone again. */
static inline void near_keep(struct postings *p, const struct near_at *at)
{
    p->state->summed = at->i;
    p->state->sum = at->at - p->state->first_pos;
}

/* Of one document, in which a is where `at` says and b where `bt` does. */
static int near_count(struct postings *a, const struct near_at *at,
                      struct postings *b, const struct near_at *bt, int64_t lo,
                      int64_t hi, uint8_t *count)
{
    uint32_t na = a->tfs[at->i], nb = b->tfs[bt->i];

    if (at->at + na > a->state->head.info.cf)
        return postings_bad(a->state, "more occurrences than it has");
    if (bt->at + nb > b->state->head.info.cf)
        return postings_bad(b->state, "more occurrences than it has");
    return na <= nb ? pairs(a, at->at, na, b, bt->at, nb, lo, hi, count)
                    : pairs(b, bt->at, nb, a, at->at, na, -hi, -lo, count);
}

int postings_near(struct postings *a, struct postings *b, const uint8_t *in_a,
                  const uint8_t *in_b, uint32_t n, int64_t lo, int64_t hi,
                  uint8_t *count)
{
    struct near_at at, bt;
    uint32_t k;
    int rc;

    if (!a->state->head.chunked || !b->state->head.chunked ||
        hi - lo >= NEAR_WIDTH || lo <= -NEAR_MARKS || hi >= NEAR_MARKS) {
        memset(count, NEAR_UNKNOWN, n);
        return 0;
    }
    rc = near_begin(a, &at);
    if (rc == 0)
        rc = near_begin(b, &bt);
    for (k = 0; k < n && rc == 0; k++) {
        near_move(a, &at, in_a[k]);
        near_move(b, &bt, in_b[k]);
        if (k == 0) {
            near_keep(a, &at);
            near_keep(b, &bt);
        }
        rc = near_count(a, &at, b, &bt, lo, hi, &count[k]);
    }
    return rc;
}
