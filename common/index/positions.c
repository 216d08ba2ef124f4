#include "index/postings_state.h"

#include <stdlib.h>

#include "index/record.h"

/* The occurrences of one block, and what was last given out of them. */
struct positions {
    uint32_t forms; /* of the term */

    /* chunked: the chunk and the block of table x last looked at */
    struct cursor *cursor;
    struct view chunk;
    bool in_chunk;
    uint32_t first, last; /* position indices of the chunk */
    uint32_t nblocks;
    uint32_t block; /* number of the block, */
    size_t at;      /* where its numbers start in the chunk */
    size_t size;    /* and how many bytes they are */
    bool decoded;   /* delta and form hold it: */
    uint32_t start; /* position index of its first occurrence */
    uint32_t held;  /* how many there are in it */
    uint32_t delta[PACK_N];
    uint32_t form[PACK_N];

    /* inline: where the occurrences of posting `next` start */
    struct rd rd;
    uint32_t next;

    struct occurrence *occ; /* those of document `docid` */
    uint32_t n;
    uint32_t cap;
    uint32_t docid;
};

void positions_free(struct positions *ps)
{
    if (!ps)
        return;
    cursor_close(ps->cursor);
    free(ps->occ);
    free(ps);
}

static int reserve(struct positions *ps, uint32_t more, struct err *err)
{
    uint64_t cap = ps->cap ? ps->cap : 16;
    struct occurrence *occ;

    if (more <= ps->cap - ps->n)
        return 0;
    while (cap - ps->n < more)
        cap *= 2;
    if (cap > UINT32_MAX)
        return err_nomem(err);
    occ = realloc(ps->occ, (size_t)cap * sizeof *occ);
    if (!occ)
        return err_nomem(err);
    ps->occ = occ;
    ps->cap = (uint32_t)cap;
    return 0;
}

/* Appends n occurrences of the current document; room was reserved. False
 * where a position is not above the one before it. */
static bool add(struct positions *ps, const uint32_t *delta,
                const uint32_t *form, uint32_t n)
{
    struct occurrence *o = ps->occ + ps->n;
    uint64_t pos = ps->n ? o[-1].pos : 0;
    bool same = ps->n && delta[0] == 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        pos += delta[i];
        o[i].pos = (uint32_t)pos;
        o[i].form = form[i];
    }
    for (i = 1; i < n; i++)
        same |= delta[i] == 0;
    ps->n += n;
    return !same && pos <= UINT32_MAX;
}

/* A varint of a delta and a form, as inline heads and tails have them. */
static uint64_t split(const struct positions *ps, uint64_t x, uint32_t *form)
{
    *form = 0;
    if (ps->forms == 1) /* mostly, and a division is slow */
        return x;
    *form = (uint32_t)(x % ps->forms);
    return x / ps->forms;
}

/* --- inline --- */

static int collect_inline(struct postings *p)
{
    struct positions *ps = p->state->positions;
    uint32_t want = p->state->given - 1, i;
    uint64_t pos = 0;
    bool bad = false;
    int rc;

    for (; ps->next < want; ps->next++)
        for (i = 0; i < p->tfs[ps->next] && !ps->rd.bad; i++)
            rd_varint(&ps->rd);
    /* each takes a byte at least: what is missing is not allocated either */
    if (p->tf > rd_left(&ps->rd))
        return postings_bad(p->state, "its positions end early");
    rc = reserve(ps, p->tf, p->state->err);
    if (rc < 0)
        return rc;
    for (i = 0; i < p->tf; i++) {
        struct occurrence *o = &ps->occ[i];
        uint64_t delta = split(ps, rd_varint(&ps->rd), &o->form);

        bad |= (delta == 0 && i > 0) || delta > UINT32_MAX - pos;
        pos = bad ? 0 : pos + delta;
        o->pos = (uint32_t)pos;
    }
    if (bad || ps->rd.bad)
        return postings_bad(p->state, "its positions");
    ps->n = p->tf;
    ps->next++;
    return 0;
}

/* --- chunks --- */

/* Reads and checks the header of the chunk the cursor gave; its key says
 * which occurrence is the last. */
static int chunk_enter(struct postings_state *s, struct view key,
                       struct view val)
{
    struct positions *ps = s->positions;
    const uint8_t *k = key.p + s->term_n;
    uint64_t count, full;

    if (key.n != s->term_n + POS_KEY || k[0] != 0 || k[1] != KEY_POSITIONS ||
        memcmp(key.p, s->key, s->term_n) != 0)
        return postings_bad(s, "positions are missing");
    if (val.n < POS_CHUNK + SEAL)
        return postings_bad(s, "a chunk of positions that is too short");
    ps->chunk = val;
    ps->last = get_be32(k + 2);
    ps->nblocks = get_u16(val.p);
    ps->first = get_u32(val.p + 4);
    count = (uint64_t)ps->last - ps->first + 1;
    full = (uint64_t)ps->nblocks * PACK_N;
    if (ps->nblocks == 0 || get_u16(val.p + 2) != 0 ||
        val.n < POS_CHUNK + SEAL + (size_t)POS_BLOCK * ps->nblocks ||
        ps->first > ps->last || count > full || count <= full - PACK_N)
        return postings_bad(s, "header of a chunk of positions");
    ps->in_chunk = true;
    ps->decoded = false;
    ps->block = 0;
    ps->at = POS_CHUNK + (size_t)POS_BLOCK * ps->nblocks;
    ps->size = get_u16(val.p + POS_CHUNK + 2);
    return 0;
}

/* Stands on the chunk that holds occurrence `at`. */
static int chunk_find(struct postings_state *s, uint32_t at)
{
    struct positions *ps = s->positions;
    struct view key = {NULL, 0}, val = {NULL, 0};
    bool step = ps->in_chunk && at == (uint64_t)ps->last + 1;
    int rc = 0;

    if (ps->in_chunk && at >= ps->first && at <= ps->last)
        return 0;
    ps->in_chunk = false;
    if (!ps->cursor)
        rc = cursor_open(&ps->cursor, s->segment->txn, s->segment->x, s->err);
    if (rc < 0)
        return rc;
    if (step) {
        rc = cursor_next(ps->cursor, &key, &val);
    } else {
        key = view_of(s->key, pos_key(s->key, s->term_n, at));
        rc = cursor_seek(ps->cursor, key, &key, &val);
    }
    if (rc == 0)
        return postings_bad(s, "positions are missing");
    if (rc > 0)
        rc = chunk_enter(s, key, val);
    if (rc == 0 && (at < ps->first || at > ps->last)) {
        ps->in_chunk = false;
        return postings_bad(s, "order of its chunks of positions");
    }
    return rc;
}

/* --- blocks --- */

/* Stands on block `block` of the chunk. */
static int block_find(struct postings_state *s, uint32_t block)
{
    struct positions *ps = s->positions;
    size_t end = ps->chunk.n - SEAL;
    const uint8_t *h = ps->chunk.p + POS_CHUNK;

    if (block < ps->block) {
        ps->block = 0;
        ps->at = POS_CHUNK + (size_t)POS_BLOCK * ps->nblocks;
        ps->decoded = false;
    }
    for (; ps->block < block; ps->block++) {
        ps->at += get_u16(h + (size_t)POS_BLOCK * ps->block + 2);
        ps->decoded = false;
    }
    ps->size = get_u16(h + (size_t)POS_BLOCK * block + 2);
    if (ps->at > end || ps->size > end - ps->at)
        return postings_bad(s, "a block of positions that is too long");
    return 0;
}

/* Numbers too wide for the block's width: their upper bits. */
static bool add_exceptions(struct positions *ps, struct rd *r,
                           unsigned delta_bits, unsigned form_bits)
{
    while (rd_left(r) > 0) {
        uint8_t i = rd_u8(r);
        uint32_t high = rd_var32(r);
        bool is_form = i & EXCEPTION_FORM;
        unsigned bits = is_form ? form_bits : delta_bits;
        uint32_t *x = is_form ? ps->form : ps->delta;

        if (r->bad || (uint64_t)high << bits > UINT32_MAX)
            return false;
        x[i & (PACK_N - 1)] |= high << bits;
    }
    return true;
}

static bool decode_full(struct positions *ps, const uint8_t *h)
{
    const uint8_t *in = ps->chunk.p + ps->at;
    unsigned delta_bits = h[0], form_bits = h[1];
    size_t packed = 16 * ((size_t)delta_bits + form_bits);
    uint32_t max = 0, i;
    struct rd r;

    if (delta_bits > 32 || form_bits > 32 || packed > ps->size)
        return false;
    unpack128(in, delta_bits, ps->delta);
    unpack128(in + 16 * (size_t)delta_bits, form_bits, ps->form);
    r = rd_of(view_of(in + packed, ps->size - packed));
    if (!add_exceptions(ps, &r, delta_bits, form_bits))
        return false;
    for (i = 0; i < PACK_N; i++)
        max = ps->form[i] > max ? ps->form[i] : max;
    return max < ps->forms;
}

static bool decode_tail(struct positions *ps, uint32_t n)
{
    struct rd r = rd_of(view_of(ps->chunk.p + ps->at, ps->size));
    uint32_t i;

    for (i = 0; i < n; i++) {
        uint64_t delta = split(ps, rd_varint(&r), &ps->form[i]);

        if (r.bad || delta > UINT32_MAX)
            return false;
        ps->delta[i] = (uint32_t)delta;
    }
    return rd_left(&r) == 0;
}

/* Decodes the block the reader stands on; n occurrences are in it. */
static int block_decode(struct postings_state *s, uint32_t n)
{
    struct positions *ps = s->positions;
    const uint8_t *h = ps->chunk.p + POS_CHUNK + (size_t)POS_BLOCK * ps->block;

    if (h[0] == TAIL_BITS && h[1] == 0 && n < PACK_N)
        ps->decoded = decode_tail(ps, n);
    else
        ps->decoded = n == PACK_N && decode_full(ps, h);
    return ps->decoded ? 0 : postings_bad(s, "a block of positions");
}

/* Makes delta and form hold occurrence `at`; sets where it is in them and how
 * many they hold. */
static int fetch(struct postings_state *s, uint32_t at, uint32_t *i,
                 uint32_t *n)
{
    struct positions *ps = s->positions;
    uint32_t left, block;
    int rc;

    if (ps->decoded && at >= ps->start && at - ps->start < ps->held) {
        *i = at - ps->start;
        *n = ps->held;
        return 0;
    }
    rc = chunk_find(s, at);
    if (rc < 0)
        return rc;
    block = (at - ps->first) / PACK_N;
    *i = (at - ps->first) % PACK_N;
    left = ps->last - (at - *i) + 1;
    *n = left < PACK_N ? left : PACK_N;
    ps->start = at - *i;
    ps->held = *n;
    ps->decoded = false;
    rc = block_find(s, block);
    return rc < 0 ? rc : block_decode(s, *n);
}

static int collect_chunked(struct postings *p)
{
    struct postings_state *s = p->state;
    struct positions *ps = s->positions;
    uint64_t at;
    uint32_t left = p->tf, i, n;

    for (; s->summed < s->given - 1; s->summed++)
        s->sum += p->tfs[s->summed];
    at = s->first_pos + s->sum;
    if (at + left > s->head.info.cf)
        return postings_bad(s, "more occurrences than it has");
    while (left > 0) {
        int rc = fetch(s, (uint32_t)at, &i, &n);

        if (rc == 0)
            rc = reserve(ps, n - i < left ? n - i : left, s->err);
        if (rc < 0)
            return rc;
        n = n - i < left ? n - i : left;
        if (!add(ps, ps->delta + i, ps->form + i, n))
            return postings_bad(s, "its positions");
        at += n;
        left -= n;
    }
    return 0;
}

/* --- */

static int positions_begin(struct postings_state *s)
{
    struct positions *ps = s->positions = calloc(1, sizeof *ps);

    if (!ps)
        return err_nomem(s->err);
    ps->forms = s->head.forms;
    if (!s->head.chunked) {
        ps->rd = s->head.rest;
        ps->forms = forms_skip(&ps->rd, false);
    }
    return 0;
}

int postings_positions(struct postings *p, const struct occurrence **out,
                       uint32_t *n)
{
    struct postings_state *s = p->state;
    int rc = 0;

    *out = NULL;
    *n = 0;
    if (p->docid == 0 || p->docid == POSTINGS_END)
        return err_set(s->err, ERR_USAGE, "positions of no document");
    if (!s->positions)
        rc = positions_begin(s);
    if (rc < 0)
        return rc;
    if (s->positions->forms == 0)
        return postings_bad(s, "its forms");
    if (s->positions->docid != p->docid) {
        s->positions->n = 0;
        s->positions->docid = 0;
        rc = !s->head.chunked ? collect_inline(p) : collect_chunked(p);
        if (rc < 0)
            return rc;
        s->positions->docid = p->docid;
    }
    *out = s->positions->occ;
    *n = s->positions->n;
    return 0;
}

int postings_forms(struct postings *p, const struct forms **out)
{
    struct postings_state *s = p->state;
    struct view word = term_word(postings_term(s));
    bool chunked = s->head.chunked;
    struct rd r = s->head.rest;
    struct buf joined = {0};
    int rc = 1;

    *out = &s->forms;
    if (s->have_forms)
        return 0;
    if (chunked) {
        size_t n = forms_key(s->key, s->term_n);

        rc = record_get(s->segment->txn, s->segment->x, view_of(s->key, n),
                        &joined, s->err);
        r = rd_of(buf_view(&joined));
    }
    if (rc == 0 || rc == ERR_CORRUPT)
        rc = postings_bad(s, "its forms");
    if (rc > 0)
        rc = forms_decode(&s->forms, word, &r, chunked, s->err);
    if (rc == 0 && chunked && s->forms.n != s->head.forms)
        rc = postings_bad(s, "its forms");
    buf_release(&joined);
    s->have_forms = rc == 0;
    return rc;
}
