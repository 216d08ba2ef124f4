#include "index/names.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "index/record.h"

enum { HEADER = 4 };

/* What the fetched block of no path is. */
static const uint8_t NONE[1];

/* --- blocks --- */

static uint32_t end_of(const uint8_t *ends, bool wide, unsigned i)
{
    return wide ? get_u32(ends + 4 * (size_t)i) : get_u16(ends + 2 * (size_t)i);
}

/* Cuts a block into the ends of its paths, what they begin with and the rest. */
static int cut(struct view block, const uint8_t **ends, bool *wide,
               struct view *front, struct view *rests)
{
    uint32_t head;
    size_t before;

    if (block.n < HEADER)
        return ERR_CORRUPT;
    head = get_u32(block.p);
    *wide = head & 1;
    *ends = block.p + HEADER;
    before = HEADER + (*wide ? 4 : 2) * (size_t)NAMES_DOCS;
    if (block.n < before || head >> 1 > block.n - before)
        return ERR_CORRUPT;
    *front = view_sub(block, before, before + (head >> 1));
    *rests = view_sub(block, before + (head >> 1), block.n);
    return 0;
}

int names_part(struct view block, unsigned i, struct view part[2])
{
    const uint8_t *ends;
    struct view rests;
    uint32_t from, to;
    bool wide;

    if (cut(block, &ends, &wide, &part[0], &rests) < 0)
        return ERR_CORRUPT;
    from = i ? end_of(ends, wide, i - 1) : 0;
    to = end_of(ends, wide, i);
    if (from > to || to > rests.n)
        return ERR_CORRUPT;
    part[1] = view_sub(rests, from, to);
    return to > from;
}

int names_parts(struct view block, struct view *front, struct view *rests)
{
    const uint8_t *ends;
    bool wide;

    return cut(block, &ends, &wide, front, rests);
}

/* How many bytes all paths begin with and none is. */
static size_t common_prefix(const struct view *path)
{
    const struct view *first = NULL;
    size_t n = 0, k;
    unsigned i;

    for (i = 0; i < NAMES_DOCS; i++) {
        if (path[i].n == 0)
            continue;
        if (!first) {
            first = &path[i];
            n = first->n - 1;
        }
        if (n > path[i].n - 1)
            n = path[i].n - 1;
        for (k = 0; k < n && path[i].p[k] == first->p[k]; k++)
            ;
        n = k;
    }
    return n;
}

int names_encode(const struct view *path, struct buf *out)
{
    size_t prefix = common_prefix(path), sum = 0, end = 0;
    uint8_t number[4];
    bool wide;
    unsigned i;

    for (i = 0; i < NAMES_DOCS; i++)
        sum += path[i].n ? path[i].n - prefix : 0;
    wide = sum > UINT16_MAX;
    buf_clear(out);
    put_u32(number, (uint32_t)(prefix << 1 | wide));
    if (sum > UINT32_MAX || prefix > UINT32_MAX / 2 ||
        buf_add(out, view_of(number, HEADER)) < 0)
        return ERR_NOMEM;
    for (i = 0; i < NAMES_DOCS; i++) {
        end += path[i].n ? path[i].n - prefix : 0;
        put_u32(number, (uint32_t)end);
        if (buf_add(out, view_of(number, wide ? 4 : 2)) < 0)
            return ERR_NOMEM;
    }
    for (i = 0; i < NAMES_DOCS; i++)
        if (path[i].n) {
            if (buf_add(out, view_sub(path[i], 0, prefix)) < 0)
                return ERR_NOMEM;
            break;
        }
    for (i = 0; i < NAMES_DOCS; i++)
        if (path[i].n && buf_add(out, view_sub(path[i], prefix, path[i].n)) < 0)
            return ERR_NOMEM;
    return 0;
}

static int damaged(uint32_t number, struct err *err)
{
    return err_set(err, ERR_CORRUPT,
                   "index damaged: block %u of the names is wrong",
                   (unsigned)number);
}

static struct view block_key(uint8_t out[8], uint32_t number)
{
    put_be32(out, number);
    put_be32(out + 4, 0);
    return view_of(out, 4); /* of the pieces; the first has all 8 */
}

/* --- reading --- */

int names_open(struct names *n, struct txn *txn, uint32_t next_docid,
               struct err *err)
{
    int rc;

    memset(n, 0, sizeof *n);
    rc = txn_open_db(txn, "name", false, &n->db, err);
    if (rc < 0)
        return rc;
    n->txn = txn;
    if (rc == 0)
        return 0; /* none stored: nblocks stays 0 */
    n->nblocks = (next_docid ? next_docid - 1 : 0) / NAMES_DOCS + 1;
    n->block = calloc(n->nblocks, sizeof *n->block);
    if (!n->block) {
        n->txn = NULL;
        n->nblocks = 0;
        return err_nomem(err);
    }
    return 0;
}

/* One that is longer than a piece. */
static int join(struct names *n, uint32_t number, struct name_block *b,
                struct err *err)
{
    struct buf joined = {0};
    uint8_t key[8];
    int rc = record_get(n->txn, n->db, block_key(key, number), &joined, err);

    if (rc <= 0) {
        buf_release(&joined);
        return rc;
    }
    b->p = joined.p;
    b->n = joined.n;
    b->own = true;
    return 1;
}

static int fetch(struct names *n, uint32_t number, struct err *err)
{
    struct name_block *b = &n->block[number];
    struct view val, content;
    uint8_t key[8];
    int rc;

    block_key(key, number);
    rc = txn_get(n->txn, n->db, view_of(key, sizeof key), &val, err);
    if (rc == 0)
        b->p = NONE;
    if (rc <= 0)
        return rc;
    if (val.n == store_max_value(txn_store(n->txn)))
        return join(n, number, b, err);
    rc = record_open(val, &content, err, "a block of names");
    if (rc < 0)
        return rc;
    b->p = content.p;
    b->n = content.n;
    return 1;
}

int names_block(struct names *n, uint32_t number, struct view *out,
                struct err *err)
{
    struct name_block *b;
    int rc;

    if (number >= n->nblocks)
        return 0;
    b = &n->block[number];
    if (!b->p) {
        rc = fetch(n, number, err);
        if (rc <= 0)
            return rc;
    }
    *out = view_of(b->p, b->n);
    return b->p != NONE;
}

int names_get(struct names *n, uint32_t docid, struct buf *out, struct err *err)
{
    uint32_t number = docid / NAMES_DOCS;
    struct view part[2], block;
    int rc;

    buf_clear(out);
    rc = names_block(n, number, &block, err);
    if (rc <= 0)
        return rc;
    rc = names_part(block, docid % NAMES_DOCS, part);
    if (rc < 0)
        return damaged(number, err);
    if (rc == 0)
        return 0;
    if (buf_reserve(out, part[0].n + part[1].n) < 0)
        return err_nomem(err);
    buf_put(out, part[0]);
    buf_put(out, part[1]);
    return 1;
}

void names_release(struct names *n)
{
    uint32_t i;

    for (i = 0; i < n->nblocks; i++)
        if (n->block[i].own)
            free((void *)n->block[i].p);
    free(n->block);
    memset(n, 0, sizeof *n);
}

/* --- writing --- */

/* Paths of a block as they are stored, borrowed from *content; `text` holds
 * those in two parts. */
static int read_block(struct txn *t, store_db db, uint32_t number,
                      struct view path[NAMES_DOCS], struct buf *content,
                      struct buf *text, struct err *err)
{
    size_t at[NAMES_DOCS];
    struct view part[2];
    uint8_t key[8];
    unsigned i;
    int rc = record_get(t, db, block_key(key, number), content, err);

    memset(path, 0, NAMES_DOCS * sizeof *path);
    buf_clear(text);
    if (rc <= 0)
        return rc;
    for (i = 0; i < NAMES_DOCS; i++) {
        rc = names_part(buf_view(content), i, part);
        if (rc < 0)
            return damaged(number, err);
        at[i] = text->n;
        if (rc == 0)
            continue;
        path[i].n = part[0].n + part[1].n;
        if (buf_add(text, part[0]) < 0 || buf_add(text, part[1]) < 0)
            return err_nomem(err);
    }
    for (i = 0; i < NAMES_DOCS; i++)
        if (path[i].n)
            path[i].p = text->p + at[i];
    return 1;
}

/* The number of the last block: 1, 0 if there is none. */
static int last_block(struct txn *t, store_db db, uint32_t *number,
                      struct err *err)
{
    struct view key, val;
    struct cursor *c;
    int rc = cursor_open(&c, t, db, err);

    if (rc < 0)
        return rc;
    rc = cursor_last(c, &key, &val);
    if (rc > 0 && key.n == 8)
        *number = get_be32(key.p);
    cursor_close(c);
    return rc;
}

struct name_writer {
    struct txn *txn;
    store_db db;
    struct err *err;
    uint32_t last; /* number of the last block, once `any` is stored */
    bool any;
    struct buf content;
    struct buf text;
};

/* Puts `count` paths into a block from `at` on. */
static int write_block(struct name_writer *w, uint32_t number, uint32_t at,
                       const struct view *path, uint32_t count)
{
    struct view all[NAMES_DOCS], key;
    uint8_t bytes[8];
    unsigned i;
    int rc = 0;

    if (w->any && number <= w->last)
        rc = read_block(w->txn, w->db, number, all, &w->content, &w->text,
                        w->err);
    else
        memset(all, 0, sizeof all);
    if (rc < 0)
        return rc;
    memcpy(all + at, path, count * sizeof *path);
    key = block_key(bytes, number);
    for (i = 0; i < NAMES_DOCS && all[i].n == 0; i++)
        ;
    if (i == NAMES_DOCS)
        return rc > 0 ? record_del(w->txn, w->db, key, w->err) : 0;
    if (names_encode(all, &w->content) < 0)
        return err_nomem(w->err);
    if (w->any && number <= w->last)
        return record_put(w->txn, w->db, key, buf_view(&w->content), w->err);
    w->any = true;
    w->last = number;
    return record_append(w->txn, w->db, key, buf_view(&w->content), w->err);
}

int names_write(struct txn *t, uint32_t lo, const struct view *path,
                uint32_t count, struct err *err)
{
    struct name_writer w = {.txn = t, .err = err};
    int rc = txn_open_db(t, "name", true, &w.db, err);

    if (rc > 0)
        rc = last_block(t, w.db, &w.last, err);
    w.any = rc > 0;
    if (rc >= 0 && count > UINT32_MAX - lo)
        rc = err_set(err, ERR_USAGE, "docids run over 32 bits");
    while (rc >= 0 && count > 0) {
        uint32_t at = lo % NAMES_DOCS;
        uint32_t n = NAMES_DOCS - at < count ? NAMES_DOCS - at : count;

        rc = write_block(&w, lo / NAMES_DOCS, at, path, n);
        lo += n;
        path += n;
        count -= n;
    }
    buf_release(&w.content);
    buf_release(&w.text);
    return rc < 0 ? rc : 0;
}
