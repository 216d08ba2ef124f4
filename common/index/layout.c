#include "index/layout.h"

#include "base/hash.h"

/* Lengths in a term entry: 4 bits each in one byte; 15 stands for 15 and what
 * a varint adds. */
enum { NIBBLE_MORE = 15 };

bool seal_open(struct view value, struct view *content)
{
    if (value.n < SEAL)
        return false;
    *content = view_sub(value, 0, value.n - SEAL);
    return get_u32(value.p + content->n) == checksum32(*content);
}

int docs_decode(struct rd *r, uint32_t n, uint32_t before, uint32_t last,
                uint32_t docs[PACK_N], uint32_t tfs[PACK_N])
{
    uint32_t i, max = n ? n : PACK_N;
    uint64_t doc = before;

    for (i = 0; i < max; i++) {
        uint64_t x = rd_varint(r);

        doc += (x >> 1) + 1;
        tfs[i] = x & 1 ? 1 : rd_var32(r);
        if (doc > last || tfs[i] == 0) /* 0 also if r is bad */
            return ERR_CORRUPT;
        docs[i] = (uint32_t)doc;
        if (n == 0 && doc == last)
            return (int)i + 1;
    }
    return n ? (int)n : ERR_CORRUPT;
}

static int inline_decode(struct head *h, struct rd *r, uint32_t lo, uint32_t hi,
                         uint32_t docs[PACK_N], uint32_t tfs[PACK_N])
{
    struct term_info *info = &h->info;
    uint32_t i, max = 0;

    if (info->df > INLINE_DOCS || lo == 0 ||
        docs_decode(r, info->df, lo - 1, hi, docs, tfs) < 0)
        return ERR_CORRUPT;
    for (i = 0; i < info->df; i++) {
        info->cf += tfs[i];
        max = tfs[i] > max ? tfs[i] : max;
    }
    info->max_tf = max < UINT8_MAX ? (uint8_t)max : UINT8_MAX;
    h->rest = *r;
    return 0;
}

int head_decode(struct view record, uint32_t lo, uint32_t hi, struct head *h,
                uint32_t docs[PACK_N], uint32_t tfs[PACK_N])
{
    struct rd r = rd_of(record);
    uint64_t x = rd_varint(&r);
    struct term_info *info = &h->info;

    memset(h, 0, sizeof *h);
    h->chunked = x & 1;
    if (x >> 1 > UINT32_MAX)
        return ERR_CORRUPT;
    info->df = (uint32_t)(x >> 1);
    info->min_len = rd_u8(&r);
    if (info->df == 0 || info->min_len == 0)
        return ERR_CORRUPT;
    if (!h->chunked)
        return inline_decode(h, &r, lo, hi, docs, tfs);
    info->max_tf = rd_u8(&r);
    info->cf = rd_var32(&r);
    h->forms = rd_var32(&r);
    return !r.bad && rd_left(&r) == 0 && info->max_tf > 0 && h->forms > 0 &&
                   info->cf >= info->df
               ? 0
               : ERR_CORRUPT;
}

/* A varint; mostly it has at most two bytes. */
static inline uint64_t read_short(struct rd *r)
{
    const uint8_t *p = r->p;

    if (rd_left(r) < 2 || (p[0] & p[1] & 0x80))
        return rd_varint(r);
    if (p[0] < 0x80) {
        r->p = p + 1;
        return p[0];
    }
    r->p = p + 2;
    return (p[0] & 0x7fu) | (uint32_t)p[1] << 7;
}

bool occurrences_read(struct rd *r, uint32_t forms, struct occurrence *occ,
                      uint32_t n)
{
    uint64_t pos = 0;
    bool bad = false;
    uint32_t i;

    for (i = 0; i < n; i++) {
        uint64_t delta = position_split(forms, read_short(r), &occ[i].form);

        bad |= (delta == 0 && i > 0) || delta > UINT32_MAX - pos;
        pos = bad ? 0 : pos + delta;
        occ[i].pos = (uint32_t)pos;
    }
    return !bad && !r->bad;
}

static size_t nibble(struct rd *r, unsigned x)
{
    return x < NIBBLE_MORE ? x : (size_t)NIBBLE_MORE + rd_var32(r);
}

/* The usual case: no length needs a varint of more than a byte. */
static inline bool read_small(struct rd *r, struct term_entry *e)
{
    const uint8_t *p = r->p;
    size_t left = rd_left(r), rest, record;

    if (left < 2 + NIBBLE_MORE)
        return false;
    e->shared = p[0] >> 4;
    rest = p[0] & NIBBLE_MORE;
    record = p[1 + rest];
    if (e->shared == NIBBLE_MORE || rest == NIBBLE_MORE || rest == 0 ||
        record >= 0x80 || record == 0 || 2 + rest + record > left)
        return false;
    e->rest = view_of(p + 1, rest);
    e->record = view_of(p + 2 + rest, record);
    r->p = p + 2 + rest + record;
    return true;
}

static bool read_any(struct rd *r, struct term_entry *e)
{
    uint8_t lengths;
    size_t rest;

    if (rd_left(r) == 0)
        return false;
    lengths = rd_u8(r);
    e->shared = nibble(r, lengths >> 4);
    rest = nibble(r, lengths & NIBBLE_MORE);
    e->rest = rd_bytes(r, rest);
    e->record = rd_bytes(r, rd_var32(r));
    if (rest == 0 || e->record.n == 0 || e->shared > TERM_MAX ||
        rest > TERM_MAX - e->shared)
        r->bad = true;
    return !r->bad;
}

bool term_entry_read(struct rd *r, struct term_entry *e)
{
    return read_small(r, e) || read_any(r, e);
}

size_t term_entry_max(size_t rest, size_t record)
{
    return 1 + 2 * VARINT_MAX + rest + VARINT_MAX + record;
}

uint8_t *term_entry_put(uint8_t *o, const struct term_entry *e)
{
    size_t shared = e->shared < NIBBLE_MORE ? e->shared : NIBBLE_MORE;
    size_t rest = e->rest.n < NIBBLE_MORE ? e->rest.n : NIBBLE_MORE;

    *o++ = (uint8_t)(shared << 4 | rest);
    if (shared == NIBBLE_MORE)
        o = put_varint(o, e->shared - NIBBLE_MORE);
    if (rest == NIBBLE_MORE)
        o = put_varint(o, e->rest.n - NIBBLE_MORE);
    memcpy(o, e->rest.p, e->rest.n);
    o = put_varint(o + e->rest.n, e->record.n);
    memcpy(o, e->record.p, e->record.n);
    return o + e->record.n;
}

int term_block_find(struct rd r, struct view term, struct view *record)
{
    struct term_entry e;
    size_t same = 0; /* bytes the last entry, which is below, has in common */

    while (read_small(&r, &e) || read_any(&r, &e)) {
        size_t i = 0;

        if (e.shared > same)
            continue; /* differs from `term` where the one before did */
        if (e.shared < same)
            return 0; /* went past it */
        while (i < e.rest.n && same + i < term.n &&
               e.rest.p[i] == term.p[same + i])
            i++;
        same += i;
        if (i == e.rest.n && same == term.n) {
            *record = e.record;
            return 1;
        }
        if (same == term.n || (i < e.rest.n && e.rest.p[i] > term.p[same]))
            return 0;
    }
    return r.bad ? ERR_CORRUPT : 0;
}
