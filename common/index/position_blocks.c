#include "index/position_blocks.h"

/* --- chunks --- */

/* Reads and checks the header of the chunk the cursor gave; its key says
 * which occurrence is the last. */
static int chunk_enter(struct postings_state *s, struct position_blocks *b,
                       struct view key, struct view val)
{
    const uint8_t *k = key.p + s->term_n;
    struct view content;
    uint64_t count, full;

    if (key.n != s->term_n + POS_KEY || k[0] != 0 || k[1] != KEY_POSITIONS ||
        memcmp(key.p, s->key, s->term_n) != 0)
        return postings_bad(s, "positions are missing");
    if (val.n < POS_CHUNK + SEAL)
        return postings_bad(s, "a chunk of positions that is too short");
    if (s->segment->verify && !seal_open(val, &content))
        return postings_bad(s, "the seal of a chunk of positions");
    b->chunk = val;
    b->last = get_be32(k + 2);
    b->nblocks = get_u16(val.p);
    b->first = get_u32(val.p + 4);
    count = (uint64_t)b->last - b->first + 1;
    full = (uint64_t)b->nblocks * PACK_N;
    if (b->nblocks == 0 || get_u16(val.p + 2) != 0 ||
        val.n < POS_CHUNK + SEAL + (size_t)POS_BLOCK * b->nblocks ||
        b->first > b->last || count > full || count <= full - PACK_N)
        return postings_bad(s, "header of a chunk of positions");
    b->in_chunk = true;
    b->block = 0;
    b->at = POS_CHUNK + (size_t)POS_BLOCK * b->nblocks;
    b->size = get_u16(val.p + POS_CHUNK + 2);
    return 0;
}

enum { STEPS = 3 }; /* to a near chunk, instead of a descent from the root */

/* Whether occurrence `at` is in one of the next chunks, if they are as large. */
static bool is_near(const struct position_blocks *b, uint32_t at)
{
    return b->in_chunk && at > b->last &&
           (at - b->last) / STEPS <= b->last - b->first;
}

/* Goes to the chunk that holds occurrence `at`, or is near before it: 1, 0 at
 * the end of the table, negative. */
static int chunk_move(struct postings_state *s, struct position_blocks *b,
                      uint32_t at)
{
    struct view key = {NULL, 0}, val = {NULL, 0};
    unsigned steps = is_near(b, at) ? STEPS : 0;
    int rc = 1;

    while (rc > 0 && steps-- > 0) {
        b->in_chunk = false;
        rc = cursor_next(b->cursor, &key, &val);
        if (rc > 0 && chunk_enter(s, b, key, val) < 0)
            return ERR_CORRUPT;
        if (rc > 0 && at <= b->last)
            return 1;
    }
    b->in_chunk = false;
    if (rc > 0) {
        key = view_of(s->key, pos_key(s->key, s->term_n, at));
        rc = cursor_seek(b->cursor, key, &key, &val);
    }
    if (rc > 0 && chunk_enter(s, b, key, val) < 0)
        return ERR_CORRUPT;
    return rc;
}

/* Stands on the chunk that holds occurrence `at`. */
static int chunk_find(struct postings_state *s, struct position_blocks *b,
                      uint32_t at)
{
    int rc = 0;

    if (b->in_chunk && at >= b->first && at <= b->last)
        return 0;
    if (!b->cursor)
        rc = cursor_open(&b->cursor, s->segment->txn, s->segment->x, s->err);
    if (rc == 0)
        rc = chunk_move(s, b, at);
    if (rc == 0)
        return postings_bad(s, "positions are missing");
    if (rc > 0 && (at < b->first || at > b->last)) {
        b->in_chunk = false;
        return postings_bad(s, "order of its chunks of positions");
    }
    return rc < 0 ? rc : 0;
}

/* --- blocks --- */

/* Stands on block `block` of the chunk. */
static int block_find(struct postings_state *s, struct position_blocks *b,
                      uint32_t block)
{
    size_t end = b->chunk.n - SEAL;
    const uint8_t *h = b->chunk.p + POS_CHUNK;

    if (block < b->block) {
        b->block = 0;
        b->at = POS_CHUNK + (size_t)POS_BLOCK * b->nblocks;
    }
    for (; b->block < block; b->block++)
        b->at += get_u16(h + (size_t)POS_BLOCK * b->block + 2);
    b->size = get_u16(h + (size_t)POS_BLOCK * block + 2);
    if (b->at > end || b->size > end - b->at)
        return postings_bad(s, "a block of positions that is too long");
    return 0;
}

/* The bits above `bits` of one exception's number, shifted into place; its
 * index was read. False where it is damaged. */
static inline bool exception_read(struct rd *r, unsigned bits, uint32_t *high)
{
    uint64_t x;

    if (r->p < r->end && *r->p < 0x80)
        x = *r->p++;
    else
        x = rd_varint(r);
    *high = (uint32_t)(x << bits);
    return !r->bad && x <= (uint64_t)UINT32_MAX >> bits;
}

/* Numbers too wide for the block's width: those of deltas, then of forms. */
static bool add_exceptions(struct position_blocks *b, struct rd r,
                           unsigned want, unsigned delta_bits,
                           unsigned form_bits)
{
    uint32_t high;

    while (r.p < r.end && *r.p < EXCEPTION_FORM) {
        uint8_t i = *r.p++;

        if (!exception_read(&r, delta_bits, &high))
            return false;
        if (want & BLOCK_DELTAS)
            b->delta[i] |= high;
    }
    while (want & BLOCK_FORMS && r.p < r.end) {
        uint8_t i = *r.p++;

        if (i < EXCEPTION_FORM || !exception_read(&r, form_bits, &high))
            return false;
        if ((b->form[i - EXCEPTION_FORM] |= high) >= b->forms)
            return false;
    }
    return true;
}

/* Whether packed numbers of that width need no look to be forms. */
static bool all_forms(const struct position_blocks *b, unsigned form_bits)
{
    return (UINT64_C(1) << form_bits) <= b->forms;
}

static bool decode_full(struct position_blocks *b, unsigned want,
                        const uint8_t *h)
{
    const uint8_t *in = b->chunk.p + b->at;
    unsigned delta_bits = h[0], form_bits = h[1];
    size_t packed = 16 * ((size_t)delta_bits + form_bits);
    uint32_t bad = 0, i;

    if (delta_bits > 32 || form_bits > 32 || packed > b->size)
        return false;
    if (want & BLOCK_DELTAS)
        unpack128(in, delta_bits, b->delta);
    if (want & BLOCK_FORMS)
        unpack128(in + 16 * (size_t)delta_bits, form_bits, b->form);
    if (want & BLOCK_FORMS && !all_forms(b, form_bits))
        for (i = 0; i < PACK_N; i++)
            bad |= b->form[i] >= b->forms;
    return !bad &&
           add_exceptions(b, rd_of(view_of(in + packed, b->size - packed)),
                          want, delta_bits, form_bits);
}

static bool decode_tail(struct position_blocks *b)
{
    struct rd r = rd_of(view_of(b->chunk.p + b->at, b->size));
    uint32_t i;

    for (i = 0; i < b->held; i++) {
        uint64_t delta = position_split(b->forms, rd_varint(&r), &b->form[i]);

        if (r.bad || delta > UINT32_MAX)
            return false;
        b->delta[i] = (uint32_t)delta;
    }
    return rd_left(&r) == 0;
}

/* Decodes what is wanted of the block the reader stands on. */
static int block_decode(struct postings_state *s, struct position_blocks *b,
                        unsigned want)
{
    const uint8_t *h = b->chunk.p + POS_CHUNK + (size_t)POS_BLOCK * b->block;
    bool good;

    if (h[0] == TAIL_BITS && h[1] == 0 && b->held < PACK_N) {
        want = BLOCK_DELTAS | BLOCK_FORMS;
        good = decode_tail(b);
    } else {
        good = b->held == PACK_N && decode_full(b, want, h);
    }
    if (!good) {
        b->have = 0;
        return postings_bad(s, "a block of positions");
    }
    b->have |= want;
    return 0;
}

int position_blocks_get(struct postings_state *s, struct position_blocks *b,
                        uint32_t at, unsigned want, uint32_t *i, uint32_t *n)
{
    uint32_t left;
    int rc = 0;

    if (!b->have || at < b->start || at - b->start >= b->held) {
        b->have = 0;
        rc = chunk_find(s, b, at);
        if (rc < 0)
            return rc;
        *i = (at - b->first) % PACK_N;
        b->start = at - *i;
        left = b->last - b->start + 1;
        b->held = left < PACK_N ? left : PACK_N;
        rc = block_find(s, b, (at - b->first) / PACK_N);
    }
    *i = at - b->start;
    *n = b->held;
    want &= ~b->have;
    return rc < 0 || !want ? rc : block_decode(s, b, want);
}

void position_blocks_release(struct position_blocks *b)
{
    cursor_close(b->cursor);
}
