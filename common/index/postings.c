#include "index/postings_state.h"

#include <stdlib.h>

#include "base/find32.h"

enum { FEW_DOCS = 5000 }; /* what fits two chunks, more or less */

/* What postings_open allocates: both in one piece. */
struct opened {
    struct postings p;
    struct postings_state s;
};

int postings_bad(struct postings_state *s, const char *what)
{
    return segment_bad(s->segment, postings_term(s), what, s->err);
}

/* --- opening --- */

int postings_from(struct postings **out, struct segment *seg, struct view term,
                  const struct term_record *found, struct cursor *cursor,
                  struct err *err)
{
    struct opened *o = calloc(1, sizeof *o);
    struct postings_state *s;

    *out = NULL;
    if (!o || !found->head.chunked) {
        cursor_close(cursor); /* all is in the record */
        cursor = NULL;
    }
    if (!o)
        return err_nomem(err);
    s = o->p.state = &o->s;
    s->segment = seg;
    s->err = err;
    s->head = found->head;
    s->doc_hi =
        seg->info.doc_hi < POSTINGS_END ? seg->info.doc_hi : POSTINGS_END - 1;
    s->term_n = term.n;
    memcpy(s->key, term.p, term.n);
    s->cursor = cursor;
    s->in_front = cursor != NULL;
    o->p.info = s->head.info;
    if (!s->head.chunked) {
        size_t n = s->head.info.df * sizeof *o->p.docs;

        o->p.block_n = s->head.info.df;
        memcpy(o->p.docs, found->docs, n);
        memcpy(o->p.tfs, found->tfs, n);
    }
    *out = &o->p;
    return 1;
}

void postings_close(struct postings *p)
{
    if (!p)
        return;
    cursor_close(p->state->cursor);
    positions_free(p->state->positions);
    forms_release(&p->state->forms);
    free(p); /* the first member of a struct opened */
}

/* --- chunks --- */

/* Behind the last posting: fields that no docid passes. */
static int at_end(struct postings *p)
{
    struct postings_state *s = p->state;

    s->standing = s->loaded = s->in_chunk = s->in_front = false;
    p->chunk_last = p->block_last = POSTINGS_END;
    return 0;
}

/* Stands on the chunk the cursor gave: 1, 0 if it is another term's. */
static int chunk_enter(struct postings *p, struct view key, struct view val)
{
    struct postings_state *s = p->state;
    const uint8_t *k = key.p + s->term_n;
    struct view content;
    uint32_t last;

    if (key.n != s->term_n + DOC_KEY || k[0] != 0 ||
        memcmp(key.p, s->key, s->term_n) != 0)
        return at_end(p);
    last = get_be32(k + 1);
    if (last <= p->chunk_last || last > s->doc_hi)
        return postings_bad(s, "order of its chunks");
    if (s->segment->verify && !seal_open(val, &content))
        return postings_bad(s, "the seal of a chunk");
    s->floor = p->chunk_last;
    s->chunk = val;
    s->in_chunk = true;
    s->in_front = false;
    s->opened = s->standing = false;
    p->chunk_last = last;
    p->chunk_max_tf = k[5];
    p->chunk_min_len = k[6];
    return 1;
}

/* One or two steps find a near chunk without a descent from the root. */
static int chunk_step(struct postings *p, uint32_t d)
{
    struct view key = {NULL, 0}, val;
    int rc = 1, tries;

    for (tries = 0; rc > 0 && tries < 2 && p->chunk_last < d; tries++) {
        rc = cursor_next(p->state->cursor, &key, &val);
        if (rc == 0)
            return at_end(p);
        if (rc > 0)
            rc = chunk_enter(p, key, val);
    }
    return rc;
}

static int chunk_jump(struct postings *p, uint32_t d)
{
    struct postings_state *s = p->state;
    struct view key, val;
    int rc = 0;

    if (!s->cursor)
        rc = cursor_open(&s->cursor, s->segment->txn, s->segment->p, s->err);
    if (rc < 0)
        return rc;
    key = view_of(s->key, doc_key(s->key, s->term_n, d, 0, 0));
    rc = cursor_seek(s->cursor, key, &key, &val);
    if (rc == 0)
        return at_end(p);
    if (rc > 0)
        rc = chunk_enter(p, key, val);
    if (rc > 0 && p->chunk_last < d)
        return postings_bad(s, "order of its chunks");
    return rc;
}

/* Whether d is most likely in one of the next two chunks. */
static bool is_near(const struct postings *p, uint32_t d)
{
    const struct postings_state *s = p->state;

    if (s->in_front)
        return d <= s->segment->info.doc_lo || p->info.df < FEW_DOCS;
    return s->in_chunk && (d - p->chunk_last) / 3 <= p->chunk_last - s->floor;
}

static int chunk_move(struct postings *p, uint32_t d)
{
    if (is_near(p, d)) {
        int rc = chunk_step(p, d);

        if (rc <= 0 || p->chunk_last >= d)
            return rc;
    }
    return chunk_jump(p, d);
}

static void inline_enter(struct postings *p)
{
    struct postings_state *s = p->state;

    p->chunk_last = p->block_last = p->docs[p->block_n - 1];
    p->chunk_max_tf = p->block_max_tf = s->head.info.max_tf;
    p->chunk_min_len = p->block_min_len = s->head.info.min_len;
    s->standing = s->loaded = s->have_tfs = true;
}

int postings_chunk(struct postings *p, uint32_t d)
{
    struct postings_state *s = p->state;

    if (d <= p->chunk_last)
        return p->chunk_last != POSTINGS_END;
    if (s->head.chunked) {
        int rc = chunk_move(p, d);

        if (rc < 0)
            at_end(p);
        return rc;
    }
    if (!s->standing)
        inline_enter(p);
    return d <= p->chunk_last ? 1 : at_end(p);
}

/* --- blocks --- */

/* Reads and checks the header of the chunk. */
static int chunk_open(struct postings *p)
{
    struct postings_state *s = p->state;
    const uint8_t *c = s->chunk.p;
    size_t headers;

    if (s->chunk.n < DOC_CHUNK + SEAL)
        return postings_bad(s, "a chunk that is too short");
    s->nblocks = get_u16(c);
    s->before = get_u32(c + 4);
    s->pos_base = get_u32(c + 8);
    headers = DOC_CHUNK + (size_t)DOC_BLOCK * s->nblocks;
    if (s->nblocks == 0 || get_u16(c + 2) != 0 || s->chunk.n < headers + SEAL ||
        get_u32(c + headers - DOC_BLOCK) != p->chunk_last)
        return postings_bad(s, "header of a chunk");
    if (s->before < s->floor || s->before >= p->chunk_last ||
        s->before < s->segment->info.doc_lo - 1)
        return postings_bad(s, "first document of a chunk");
    s->block = UINT32_MAX; /* one before the first */
    s->at = headers;
    s->size = 0;
    p->block_last = s->before;
    s->opened = true;
    return 0;
}

/* Stands on the next block of the chunk. */
static int block_enter(struct postings *p)
{
    struct postings_state *s = p->state;
    size_t end = s->chunk.n - SEAL;
    const uint8_t *h;

    if (++s->block >= s->nblocks)
        return postings_bad(s, "order of its blocks");
    h = s->chunk.p + DOC_CHUNK + (size_t)DOC_BLOCK * s->block;
    s->at += s->size;
    s->before = p->block_last;
    p->block_last = get_u32(h);
    s->doc_bits = h[4];
    s->tf_bits = h[5];
    p->block_max_tf = h[6];
    p->block_min_len = h[7];
    s->pos_off = get_u32(h + 8);
    if (p->block_last <= s->before)
        return postings_bad(s, "order of its blocks");
    if (s->doc_bits == TAIL_BITS && s->tf_bits == 0 &&
        s->block == s->nblocks - 1)
        s->size = end - s->at;
    else if (s->doc_bits <= 32 && s->tf_bits <= TF_BITS_MAX)
        s->size = 16 * ((size_t)s->doc_bits + s->tf_bits);
    else
        return postings_bad(s, "widths of a block");
    if (s->size > end - s->at)
        return postings_bad(s, "a block that is too long");
    return 1;
}

int postings_shallow(struct postings *p, uint32_t d)
{
    struct postings_state *s = p->state;
    int rc;

    if (s->standing && d <= p->block_last)
        return 1;
    rc = postings_chunk(p, d);
    if (rc <= 0 || !s->head.chunked)
        return rc;
    if (!s->opened)
        rc = chunk_open(p);
    if (rc >= 0)
        do
            rc = block_enter(p);
        while (rc > 0 && p->block_last < d);
    if (rc < 0) {
        at_end(p);
        return rc;
    }
    s->standing = true;
    s->loaded = s->have_tfs = false;
    return 1;
}

void postings_rewind(struct postings *p)
{
    struct postings_state *s = p->state;

    if (s->head.chunked) /* else there is but one block */
        s->opened = s->standing = s->loaded = s->have_tfs = false;
}

static int load_tail(struct postings *p)
{
    struct postings_state *s = p->state;
    struct rd r = rd_of(view_of(s->chunk.p + s->at, s->size));
    int n = docs_decode(&r, 0, s->before, p->block_last, p->docs, p->tfs);

    if (n < 0 || rd_left(&r) != 0)
        return postings_bad(s, "its last block");
    p->block_n = (uint32_t)n;
    s->have_tfs = true;
    return 0;
}

static int load_full(struct postings *p)
{
    struct postings_state *s = p->state;
    uint32_t i;

    unpack128_docids(s->chunk.p + s->at, s->doc_bits, s->before, p->docs);
    if (p->docs[PACK_N - 1] != p->block_last)
        return postings_bad(s, "documents of a block");
    /* 128 gaps of 25 bits add up to 2^32 at most: the sum that met its
     * target cannot have wrapped */
    if (s->doc_bits > 25)
        for (i = 0; i < PACK_N; i++)
            if (p->docs[i] <= (i ? p->docs[i - 1] : s->before))
                return postings_bad(s, "documents of a block");
    p->block_n = PACK_N;
    return 0;
}

int postings_load(struct postings *p)
{
    struct postings_state *s = p->state;
    int rc;

    if (!s->standing) {
        p->block_n = 0;
        return 0;
    }
    if (s->loaded)
        return 0;
    rc = s->doc_bits == TAIL_BITS ? load_tail(p) : load_full(p);
    if (rc < 0) {
        p->block_n = 0;
        at_end(p);
        return rc;
    }
    s->loaded = true;
    s->given = s->summed = 0;
    s->sum = 0;
    s->first_pos = (uint64_t)s->pos_base + s->pos_off;
    return 0;
}

int postings_tfs(struct postings *p)
{
    struct postings_state *s = p->state;

    if (!s->loaded || s->have_tfs)
        return 0;
    unpack128_plus1(s->chunk.p + s->at + 16 * (size_t)s->doc_bits, s->tf_bits,
                    p->tfs);
    s->have_tfs = true;
    return 0;
}

/* --- posting by posting --- */

static int give(struct postings *p, uint32_t i)
{
    p->state->given = i + 1;
    p->docid = p->docs[i];
    p->tf = p->tfs[i];
    return 1;
}

int postings_stand(struct postings *p, uint32_t i)
{
    int rc = postings_tfs(p);

    if (rc == 0)
        give(p, i);
    return rc;
}

uint32_t postings_index(const struct postings *p)
{
    return p->state->given ? p->state->given - 1 : 0;
}

static int give_end(struct postings *p, int rc)
{
    p->docid = POSTINGS_END;
    p->tf = 0;
    return rc;
}

/* Loads the block that may hold d. */
static int enter(struct postings *p, uint32_t d)
{
    int rc = postings_shallow(p, d);

    if (rc > 0)
        rc = postings_load(p) < 0 || postings_tfs(p) < 0 ? ERR_CORRUPT : 1;
    return rc;
}

int postings_next(struct postings *p)
{
    struct postings_state *s = p->state;
    uint32_t d = s->floor + 1; /* the first block of the chunk */
    int rc;

    if (s->loaded && s->have_tfs && s->given < p->block_n)
        return give(p, s->given);
    if (s->standing)
        d = s->loaded && s->given == p->block_n ? p->block_last + 1
                                                : p->block_last;
    rc = enter(p, d);
    if (rc <= 0)
        return give_end(p, rc);
    return give(p, s->given);
}

int postings_seek(struct postings *p, uint32_t d)
{
    struct postings_state *s = p->state;
    uint32_t i;
    int rc;

    if (!s->loaded || !s->have_tfs || d > p->block_last) {
        rc = enter(p, d);
        if (rc <= 0)
            return give_end(p, rc);
    }
    i = s->given ? s->given - 1 : 0;
    return give(p, (uint32_t)find32(p->docs, p->block_n, i, d));
}
