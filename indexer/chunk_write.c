#include "indexer/chunk_write.h"

#include <stdlib.h>

enum { EXCEPTIONS_MAX = 40 }; /* more of 128 never pay */

/* --- pending blocks --- */

/* The first n pending blocks as chunks of table p. */
static int put_docs(struct chunk_writer *w, uint32_t n, struct err *err)
{
    const struct block *b = w->docs.block;
    uint8_t max_tf = 0, min_len = UINT8_MAX, *o = w->out;
    size_t size = 0;
    uint32_t i;

    o = put_u16(o, (uint16_t)n);
    o = put_u16(o, 0);
    o = put_u32(o, w->before);
    o = put_u32(o, b[0].first);
    for (i = 0; i < n; i++) {
        o = put_u32(o, b[i].last);
        *o++ = b[i].bits[0];
        *o++ = b[i].bits[1];
        *o++ = b[i].max_tf;
        *o++ = b[i].min_len;
        o = put_u32(o, b[i].first - b[0].first);
        max_tf = b[i].max_tf > max_tf ? b[i].max_tf : max_tf;
        min_len = b[i].min_len < min_len ? b[i].min_len : min_len;
        size += b[i].size;
    }
    memcpy(o, w->docs.bytes, size);
    w->before = b[n - 1].last;
    i = (uint32_t)doc_key(w->key, w->term_n, w->before, max_tf, min_len);
    return table_put_sealed(w->p, view_of(w->key, i), w->out,
                            (size_t)(o - w->out) + size, err);
}

/* The same of table x. */
static int put_positions(struct chunk_writer *w, uint32_t n, struct err *err)
{
    const struct block *b = w->pos.block;
    uint8_t *o = w->out;
    size_t size = 0;
    uint32_t i;

    o = put_u16(o, (uint16_t)n);
    o = put_u16(o, 0);
    o = put_u32(o, b[0].first);
    for (i = 0; i < n; i++) {
        *o++ = b[i].bits[0];
        *o++ = b[i].bits[1];
        o = put_u16(o, (uint16_t)b[i].size);
        size += b[i].size;
    }
    memcpy(o, w->pos.bytes, size);
    i = (uint32_t)pos_key(w->key, w->term_n, b[n - 1].last);
    return table_put_sealed(w->x, view_of(w->key, i), w->out,
                            (size_t)(o - w->out) + size, err);
}

/* What differs between chunks of documents and of positions. */
struct layout {
    size_t chunk_header;
    size_t block_header;
    size_t key;
    int (*put)(struct chunk_writer *w, uint32_t n, struct err *err);
};

static const struct layout doc_layout = {DOC_CHUNK, DOC_BLOCK, DOC_KEY,
                                         put_docs};
static const struct layout pos_layout = {POS_CHUNK, POS_BLOCK, POS_KEY,
                                         put_positions};

static size_t chunk_size(const struct layout *l, size_t blocks, size_t bytes)
{
    return l->chunk_header + l->block_header * blocks + bytes + SEAL;
}

/* Writes the first n pending blocks as one chunk and drops them. */
static int flush(struct chunk_writer *w, const struct layout *l,
                 struct pending *pd, uint32_t n, struct err *err)
{
    size_t size = 0;
    uint32_t i;
    int rc = l->put(w, n, err);

    for (i = 0; i < n; i++)
        size += pd->block[i].size;
    pd->n -= n;
    pd->used -= size;
    memmove(pd->block, pd->block + n, pd->n * sizeof *pd->block);
    memmove(pd->bytes, pd->bytes + size, pd->used);
    return rc;
}

/* A block with its numbers at the end of pd->bytes (not in `used` yet): it
 * joins the chunk, or starts the next one. */
static int add_block(struct chunk_writer *w, const struct layout *l,
                     struct pending *pd, const struct block *b, struct err *err)
{
    int rc = 0;

    if (pd->n == pd->cap ||
        chunk_size(l, pd->n + 1, pd->used + b->size) > w->p->page) {
        size_t old = pd->used;

        rc = flush(w, l, pd, pd->n, err);
        memmove(pd->bytes, pd->bytes + old, b->size);
    }
    pd->block[pd->n++] = *b;
    pd->used += b->size;
    return rc;
}

/* How many of the first pending blocks make a chunk of at most `max` bytes. */
static uint32_t fitting(const struct layout *l, const struct pending *pd,
                        size_t max)
{
    size_t size = chunk_size(l, 0, 0);
    uint32_t n = 0;

    while (n < pd->n && size + l->block_header + pd->block[n].size <= max)
        size += l->block_header + pd->block[n++].size;
    return n;
}

/* The rest of a term. Over half a page a value takes a whole one, unless it is
 * cut in parts that fit leaf pages, the first what is left of the last one. */
static int flush_rest(struct chunk_writer *w, const struct layout *l,
                      struct pending *pd, const struct table *tb,
                      struct err *err)
{
    size_t keylen = w->term_n + l->key;
    int rc = 0;

    while (rc == 0 && pd->n > 0) {
        uint32_t n = pd->n;

        if (chunk_size(l, pd->n, pd->used) < w->p->page * 15 / 16) {
            n = fitting(l, pd, table_room(tb, keylen));
            if (n == 0)
                n = fitting(l, pd, table_inline_max(tb, keylen));
        }
        rc = flush(w, l, pd, n ? n : 1, err);
    }
    return rc;
}

/* --- documents --- */

static uint8_t *put_posting(uint8_t *o, uint32_t gap, uint32_t tf)
{
    o = put_varint(o, (uint64_t)gap * 2 + (tf == 1));
    return tf == 1 ? o : put_varint(o, tf);
}

/* Makes a block of the documents gathered. */
static int doc_block(struct chunk_writer *w, struct err *err)
{
    uint8_t *start = w->docs.bytes + w->docs.used, *o = start;
    struct block b = {w->docid,       w->first,  0,
                      {TAIL_BITS, 0}, w->max_tf, w->min_len};
    uint32_t i;

    if (w->ndocs == PACK_N) {
        b.bits[0] = (uint8_t)pack_bits(w->gaps, PACK_N);
        b.bits[1] = (uint8_t)pack_bits(w->tfs, PACK_N);
        pack128(w->gaps, b.bits[0], o);
        o += 16 * b.bits[0];
        pack128(w->tfs, b.bits[1], o);
        o += 16 * b.bits[1];
    } else {
        for (i = 0; i < w->ndocs; i++)
            o = put_posting(o, w->gaps[i], w->tfs[i] + 1);
    }
    b.size = (uint32_t)(o - start);
    w->ndocs = 0;
    w->first = w->after;
    w->max_tf = 0;
    w->min_len = UINT8_MAX;
    return add_block(w, &doc_layout, &w->docs, &b, err);
}

/* --- positions --- */

/* The width that makes 128 numbers shortest, wider ones being exceptions of a
 * byte for their index and a varint for their upper bits: two bytes, and one
 * more for every seven bits they are wider than the first seven. */
static unsigned best_width(const uint32_t v[PACK_N])
{
    unsigned max = pack_bits(v, PACK_N), best = max, b, i;
    unsigned best_size = 16 * max;
    unsigned wider[32]; /* numbers wider than b bits */

    for (b = max; b-- > 0;) {
        unsigned size;

        wider[b] = pack_wider(v, b);
        if (wider[b] > EXCEPTIONS_MAX)
            break;
        size = 16 * b + 2 * wider[b];
        for (i = b + 7; i < max; i += 7)
            size += wider[i];
        if (size < best_size) {
            best = b;
            best_size = size;
        }
    }
    return best;
}

static uint8_t *put_packed(uint8_t *o, const uint32_t v[PACK_N], unsigned bits)
{
    uint32_t low[PACK_N], mask = bits < 32 ? (1u << bits) - 1 : UINT32_MAX;
    unsigned i;

    for (i = 0; i < PACK_N; i++)
        low[i] = v[i] & mask;
    pack128(low, bits, o);
    return o + 16 * bits;
}

/* Which of 128 numbers are wider than b < 32 bits is random: a branch on each
 * would be guessed wrong as often as not. */
static unsigned find_wider(const uint32_t v[PACK_N], unsigned bits,
                           uint8_t at[PACK_N])
{
    unsigned n = 0, i;

    for (i = 0; i < PACK_N; i++) {
        at[n] = (uint8_t)i;
        n += v[i] >> bits != 0;
    }
    return n;
}

static uint8_t *put_exceptions(uint8_t *o, const uint32_t v[PACK_N],
                               unsigned bits, unsigned flag)
{
    uint8_t at[PACK_N];
    unsigned n, i;

    if (bits == 32)
        return o;
    n = find_wider(v, bits, at);
    for (i = 0; i < n; i++) {
        *o++ = (uint8_t)(at[i] | flag);
        o = put_varint(o, v[at[i]] >> bits);
    }
    return o;
}

static int pos_block(struct chunk_writer *w, struct err *err)
{
    uint8_t *start = w->pos.bytes + w->pos.used, *o = start;
    struct block b = {
        w->next_pos - 1, w->next_pos - w->npos, 0, {TAIL_BITS, 0}, 0, 0};
    uint32_t i;

    if (w->npos == PACK_N) {
        b.bits[0] = (uint8_t)best_width(w->deltas);
        b.bits[1] = (uint8_t)best_width(w->form);
        o = put_packed(o, w->deltas, b.bits[0]);
        o = put_packed(o, w->form, b.bits[1]);
        o = put_exceptions(o, w->deltas, b.bits[0], 0);
        o = put_exceptions(o, w->form, b.bits[1], EXCEPTION_FORM);
    } else {
        for (i = 0; i < w->npos; i++)
            o = put_varint(o, (uint64_t)w->deltas[i] * w->forms + w->form[i]);
    }
    b.size = (uint32_t)(o - start);
    w->npos = 0;
    return add_block(w, &pos_layout, &w->pos, &b, err);
}

/* --- */

/* Room for the blocks of a chunk and one that does not fit any more. */
static int pending_init(struct pending *pd, const struct layout *l, size_t page)
{
    pd->cap = (uint32_t)((page - l->chunk_header - SEAL) / l->block_header);
    pd->block = malloc(((size_t)pd->cap + 1) * sizeof *pd->block);
    pd->bytes = malloc(page + 2 * PACK_N * (VARINT_MAX + 1));
    return pd->block && pd->bytes ? 0 : ERR_NOMEM;
}

int chunk_writer_init(struct chunk_writer *w, struct table *p, struct table *x,
                      struct err *err)
{
    w->p = p;
    w->x = x;
    w->out = malloc(w->p->page + SEAL);
    if (!w->out || pending_init(&w->docs, &doc_layout, w->p->page) < 0 ||
        pending_init(&w->pos, &pos_layout, w->p->page) < 0)
        return err_nomem(err);
    return 0;
}

void chunk_writer_release(struct chunk_writer *w)
{
    free(w->docs.block);
    free(w->docs.bytes);
    free(w->pos.block);
    free(w->pos.bytes);
    free(w->out);
}

/* The forms' record, cut in pieces. */
static int put_forms(struct chunk_writer *w, struct view forms, struct err *err)
{
    size_t n = forms_key(w->key, w->term_n), max = w->p->page - SEAL, at = 0;
    uint32_t piece = 0;
    int rc = 0;

    while (rc == 0 && at < forms.n) {
        size_t len = forms.n - at < max ? forms.n - at : max;

        put_be32(w->key + n, piece++);
        memcpy(w->out, forms.p + at, len);
        rc = table_put_sealed(w->x, view_of(w->key, n + 4), w->out, len, err);
        at += len;
    }
    return rc;
}

int chunk_writer_begin(struct chunk_writer *w, struct view term,
                       uint32_t before, uint32_t forms, struct view counted,
                       struct err *err)
{
    memcpy(w->key, term.p, term.n);
    w->term_n = term.n;
    w->forms = forms;
    w->before = w->docid = before;
    w->docs.n = w->pos.n = 0;
    w->docs.used = w->pos.used = 0;
    w->ndocs = w->npos = 0;
    w->first = w->after = w->next_pos = 0;
    w->max_tf = 0;
    w->min_len = UINT8_MAX;
    return put_forms(w, counted, err);
}

/* Takes in a document; its occurrences are another matter. */
static inline int add_doc(struct chunk_writer *w, uint32_t docid, uint32_t tf,
                          uint8_t code, struct err *err)
{
    uint8_t tf8 = tf < UINT8_MAX ? (uint8_t)tf : UINT8_MAX;

    w->gaps[w->ndocs] = docid - w->docid - 1;
    w->tfs[w->ndocs] = tf - 1;
    w->docid = docid;
    w->max_tf = tf8 > w->max_tf ? tf8 : w->max_tf;
    w->min_len = code < w->min_len ? code : w->min_len;
    w->after += tf;
    return ++w->ndocs == PACK_N ? doc_block(w, err) : 0;
}

int chunk_writer_docs(struct chunk_writer *w, const uint32_t *docid,
                      const uint32_t *tf, const uint8_t *code, uint32_t n,
                      struct err *err)
{
    uint32_t i;
    int rc = 0;

    for (i = 0; i < n && rc == 0; i++)
        rc = add_doc(w, docid[i], tf[i], code[i], err);
    return rc;
}

int chunk_writer_occurrences(struct chunk_writer *w, const uint32_t *delta,
                             const uint32_t *form, uint32_t n, struct err *err)
{
    int rc = 0;

    while (n > 0 && rc == 0) {
        uint32_t some = PACK_N - w->npos < n ? PACK_N - w->npos : n;

        memcpy(w->deltas + w->npos, delta, some * sizeof *delta);
        memcpy(w->form + w->npos, form, some * sizeof *form);
        delta += some;
        form += some;
        n -= some;
        w->npos += some;
        w->next_pos += some;
        if (w->npos == PACK_N)
            rc = pos_block(w, err);
    }
    return rc;
}

int chunk_writer_add(struct chunk_writer *w, uint32_t docid, uint32_t tf,
                     uint8_t code, const struct occurrence *occ,
                     struct err *err)
{
    uint32_t before = 0, i;
    int rc;

    for (i = 0; i < tf; i++) {
        w->deltas[w->npos] = occ[i].pos - before;
        w->form[w->npos] = occ[i].form;
        before = occ[i].pos;
        w->next_pos++;
        if (++w->npos == PACK_N && (rc = pos_block(w, err)) < 0)
            return rc;
    }
    return add_doc(w, docid, tf, code, err);
}

int chunk_writer_end(struct chunk_writer *w, struct err *err)
{
    int rc = 0;

    if (w->ndocs > 0)
        rc = doc_block(w, err);
    if (rc == 0 && w->npos > 0)
        rc = pos_block(w, err);
    if (rc == 0)
        rc = flush_rest(w, &doc_layout, &w->docs, w->p, err);
    if (rc == 0)
        rc = flush_rest(w, &pos_layout, &w->pos, w->x, err);
    return rc;
}
