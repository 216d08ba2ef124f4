#include "index/norm.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"

/* Codes of docids nothing is stored of. */
static const uint8_t NO_NORMS[NORM_DOCS];

enum { NORM_EXACT = 24 }; /* lengths below are their own code, less one */

/* Lucene's SmallFloat.longToInt4: a float of 3 bits of mantissa behind an
 * implicit one, and the exponent; below 8 the number itself. */
static uint32_t long_to_int4(uint32_t v)
{
    unsigned bits = v ? 32 - (unsigned)__builtin_clz(v) : 0;
    unsigned shift;

    if (bits < 4)
        return v;
    shift = bits - 4;
    return (v >> shift & 7) | (shift + 1) << 3;
}

static uint64_t int4_to_long(uint32_t c)
{
    return c < 8 ? c : (uint64_t)((c & 7) | 8) << ((c >> 3) - 1);
}

uint8_t norm_encode(uint32_t length)
{
    uint32_t c = length;

    if (length >= NORM_EXACT)
        c = NORM_EXACT + long_to_int4(length - NORM_EXACT);
    return c + 1 > 255 ? 255 : (uint8_t)(c + 1);
}

uint32_t norm_decode(uint8_t code)
{
    uint32_t c = code ? code - 1u : 0;
    uint64_t v = c;

    if (c >= NORM_EXACT)
        v = NORM_EXACT + int4_to_long(c - NORM_EXACT);
    return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

int norms_open(struct norms *n, struct txn *txn, uint32_t next_docid,
               struct err *err)
{
    int rc;

    memset(n, 0, sizeof *n);
    n->txn = txn;
    rc = txn_open_db(txn, "norm", false, &n->db, err);
    if (rc <= 0)
        return rc; /* none stored: npages stays 0 */
    n->npages = (next_docid ? next_docid - 1 : 0) / NORM_DOCS + 1;
    n->page = calloc(n->npages, sizeof *n->page);
    return n->page ? 0 : err_nomem(err);
}

/* The sealed page's codes, or NULL and ERR_CORRUPT. */
static const uint8_t *page_open(struct view val, uint32_t number,
                                struct err *err)
{
    if (val.n == NORM_PAGE &&
        get_u32(val.p) == checksum32(view_sub(val, 4, NORM_PAGE)))
        return val.p + NORM_HEADER;
    err_set(err, ERR_CORRUPT, "index damaged: page %u of the norms is wrong",
            number);
    return NULL;
}

static struct view page_key(uint8_t out[4], uint32_t number)
{
    put_be32(out, number);
    return view_of(out, 4);
}

const uint8_t *norms_page(struct norms *n, uint32_t docid)
{
    uint32_t i = docid / NORM_DOCS;
    const uint8_t *codes = NULL;
    struct view val;
    uint8_t key[4];

    if (i >= n->npages)
        return NO_NORMS;
    if (n->page[i])
        return n->page[i];
    if (n->make)
        codes = n->make(n->arg, i);
    else if (txn_get(n->txn, n->db, page_key(key, i), &val, &n->err) > 0)
        codes = page_open(val, i, &n->err);
    n->page[i] = codes ? codes : NO_NORMS;
    return n->page[i];
}

void norms_release(struct norms *n)
{
    free(n->page);
    memset(n, 0, sizeof *n);
}

/* Puts `count` codes into page `number` from `at` on. */
static int write_page(struct txn *t, store_db db, uint32_t number, uint32_t at,
                      const uint8_t *codes, uint32_t count, struct err *err)
{
    uint8_t page[NORM_PAGE] = {0};
    uint8_t key[4];
    const uint8_t *old;
    struct view val;
    uint32_t i, live = 0;
    int rc = txn_get(t, db, page_key(key, number), &val, err);

    if (rc < 0)
        return rc;
    if (rc > 0) {
        old = page_open(val, number, err);
        if (!old)
            return ERR_CORRUPT;
        memcpy(page + NORM_HEADER, old, NORM_DOCS);
    }
    memcpy(page + NORM_HEADER + at, codes, count);
    for (i = 0; i < NORM_DOCS; i++)
        live += page[NORM_HEADER + i] != 0;
    put_u16(page + 4, (uint16_t)live);
    put_u32(page, checksum32(view_of(page + 4, NORM_PAGE - 4)));
    return txn_put(t, db, view_of(key, 4), view_of(page, NORM_PAGE), err);
}

int norms_write(struct txn *t, uint32_t lo, const uint8_t *codes,
                uint32_t count, struct err *err)
{
    store_db db;
    int rc = txn_open_db(t, "norm", true, &db, err);

    if (rc < 0)
        return rc;
    if (count > UINT32_MAX - lo)
        return err_set(err, ERR_USAGE, "docids run over 32 bits");
    while (count > 0) {
        uint32_t at = lo % NORM_DOCS;
        uint32_t n = NORM_DOCS - at < count ? NORM_DOCS - at : count;

        rc = write_page(t, db, lo / NORM_DOCS, at, codes, n, err);
        if (rc < 0)
            return rc;
        lo += n;
        codes += n;
        count -= n;
    }
    return 0;
}
