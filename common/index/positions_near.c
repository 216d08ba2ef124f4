/*
 * Which documents have two words side by side, straight from the deltas: most
 * documents with both have them nowhere near each other, and to find that out
 * no list of positions need be made.
 */
#include "index/positions_state.h"

/* What postings_near compares: positions of the rarer word, of the other, and
 * distances. */
enum { NEAR_A = 16, NEAR_B = PACK_N, NEAR_WIDTH = 16 };

typedef uint32_t v4 __attribute__((vector_size(16)));

#define ALWAYS inline __attribute__((always_inline))

/* The n deltas from index `at` of the term on, copied to `room` where they lie
 * in two blocks. 0 or negative. */
static inline int deltas_at(struct postings *p, uint64_t at, uint32_t n,
                            uint32_t room[NEAR_B], const uint32_t **delta)
{
    struct position_blocks *b = &p->state->positions->blocks;
    uint32_t first = (uint32_t)at, i = first - b->start, left = b->held - i;
    int rc = 0;

    if (at + n > p->state->head.info.cf)
        return postings_bad(p->state, "more occurrences than it has");
    if (!(b->have & BLOCK_DELTAS) || i >= b->held) {
        rc = position_blocks_get(p->state, b, first, BLOCK_DELTAS, &i, &left);
        left -= i;
    }
    *delta = b->delta + i;
    if (left >= n || rc < 0)
        return rc;
    memcpy(room, b->delta + i, left * sizeof *room);
    rc = position_blocks_get(p->state, b, first + left, BLOCK_DELTAS, &i, &i);
    if (rc == 0 && b->held < n - left)
        return postings_bad(p->state, "its positions");
    memcpy(room + left, b->delta, (n - left) * sizeof *room);
    *delta = room;
    return rc;
}

/* How many of b's positions are up to `width` behind those of from, of which
 * there may be no more than four. None behind `top` is. */
static ALWAYS uint32_t pairs_of(const uint32_t from[8], bool four, bool exact,
                                const uint32_t *b, uint32_t nb, uint32_t top,
                                uint32_t width)
{
    const v4 w = (v4){0, 0, 0, 0} + width;
    v4 low, high, hits = {0, 0, 0, 0};
    uint32_t i, pos = 0;

    memcpy(&low, from, sizeof low);
    memcpy(&high, from + 4, sizeof high);
    for (i = 0; i < nb && pos <= top; i++) {
        pos += b[i];
        hits -= exact ? (v4)(pos == low) : (v4)(pos - low <= w);
        if (!four)
            hits -= exact ? (v4)(pos == high) : (v4)(pos - high <= w);
    }
    return hits[0] + hits[1] + hits[2] + hits[3];
}

/* How many of b's positions are up to `width` behind one of a's + lo. */
static inline uint32_t pairs(const uint32_t *a, uint32_t na, const uint32_t *b,
                             uint32_t nb, int64_t lo, uint32_t width)
{
    uint32_t from[8], i, k, pos = (uint32_t)lo, top, n = 0;

    if (na == 1) {
        from[0] = pos + a[0];
        top = from[0] + width;
        for (pos = i = 0; i < nb && pos <= top; i++) {
            pos += b[i];
            n += pos - from[0] <= width;
        }
        return n;
    }
    for (k = 0; k < na; k += 8) {
        for (i = 0; i < 8 && k + i < na; i++)
            from[i] = pos += a[k + i];
        top = pos + width;
        for (; i < 8; i++)
            from[i] = 0u - NEAR_WIDTH; /* no position is behind it */
        if (na - k <= 4)
            n += width ? pairs_of(from, true, false, b, nb, top, width)
                       : pairs_of(from, true, true, b, nb, top, 0);
        else
            n += width ? pairs_of(from, false, false, b, nb, top, width)
                       : pairs_of(from, false, true, b, nb, top, 0);
    }
    return n;
}

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

int postings_near(struct postings *a, struct postings *b, const uint8_t *in_a,
                  const uint8_t *in_b, uint32_t n, int64_t lo, int64_t hi,
                  uint8_t *count)
{
    uint32_t room_a[NEAR_B], room_b[NEAR_B], width = (uint32_t)(hi - lo), k, m;
    const uint32_t *da, *db;
    struct near_at at, bt;
    int rc;

    if (!a->state->head.chunked || !b->state->head.chunked ||
        hi - lo >= NEAR_WIDTH) {
        memset(count, NEAR_UNKNOWN, n);
        return 0;
    }
    rc = near_begin(a, &at);
    if (rc == 0)
        rc = near_begin(b, &bt);
    for (k = 0; k < n && rc == 0; k++) {
        uint32_t na = a->tfs[in_a[k]], nb = b->tfs[in_b[k]];

        near_move(a, &at, in_a[k]);
        near_move(b, &bt, in_b[k]);
        if (k == 0) {
            near_keep(a, &at);
            near_keep(b, &bt);
        }
        if ((na > NEAR_A && nb > NEAR_A) || na > NEAR_B || nb > NEAR_B) {
            count[k] = NEAR_UNKNOWN;
            continue;
        }
        rc = deltas_at(a, at.at, na, room_a, &da);
        if (rc == 0)
            rc = deltas_at(b, bt.at, nb, room_b, &db);
        if (rc < 0)
            break;
        m = na <= nb ? pairs(da, na, db, nb, lo, width)
                     : pairs(db, nb, da, na, -hi, width);
        count[k] = (uint8_t)(m < NEAR_UNKNOWN ? m : NEAR_UNKNOWN);
    }
    return rc;
}
