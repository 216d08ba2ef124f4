#include "index/fields.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "index/acronyms.h"
#include "index/record.h"
#include "text/normal.h"

enum { HASH = 16, PAGE = 4 };
_Static_assert(FIELDS_NAME + 1 + FIELDS_VALUE + 1 + PAGE <= STORE_KEY_MAX,
               "a key fits");

/* --- keys --- */

static bool blank(uint8_t c)
{
    return c <= ' ';
}

static struct view trim(struct view v)
{
    while (v.n > 0 && blank(v.p[v.n - 1]))
        v.n--;
    while (v.n > 0 && blank(v.p[0]))
        v = view_sub(v, 1, v.n);
    return v;
}

/* Appends v folded, in `max` bytes at most, and a 00. */
static int add_folded(struct field_keys *k, struct view v, size_t max)
{
    struct view f;
    uint8_t hash[HASH];
    size_t i;

    buf_clear(&k->fold);
    if (normal_fold(trim(v), &k->fold) < 0)
        return ERR_NOMEM;
    for (i = 0; i < k->fold.n; i++) /* a 00 ends it */
        if (k->fold.p[i] == 0)
            k->fold.p[i] = ' ';
    f = buf_view(&k->fold);
    if (f.n <= max)
        return buf_add(&k->bytes, f) | buf_addc(&k->bytes, 0);
    hash128(f, hash);
    for (i = 0; i < HASH; i++)
        hash[i] |= hash[i] == 0;
    return buf_add(&k->bytes, view_sub(f, 0, max - HASH)) |
           buf_add(&k->bytes, view_of(hash, HASH)) | buf_addc(&k->bytes, 0);
}

/* The bytes from `at` on are a key. */
static int keep_key(struct field_keys *k, size_t at, uint32_t docid)
{
    struct field_key *more;

    if (k->n == k->cap) {
        k->cap = k->cap ? k->cap * 2 : 32;
        more = realloc(k->key, k->cap * sizeof *more);
        if (!more)
            return ERR_NOMEM;
        k->key = more;
    }
    k->key[k->n++] = (struct field_key){at, k->bytes.n - at, docid};
    return 0;
}

static int add_key(struct field_keys *k, struct view name, struct view value,
                   uint32_t docid)
{
    size_t at = k->bytes.n;

    if (add_folded(k, name, FIELDS_NAME) != 0 ||
        add_folded(k, value, FIELDS_VALUE) != 0)
        return ERR_NOMEM;
    return keep_key(k, at, docid);
}

/* Both keys of each acronym that a hidden field states. */
static int add_acronyms(struct field_keys *k, const struct field *f,
                        uint32_t docid)
{
    struct view rest = f->value;
    struct acronym_pair pair;
    size_t at, n, i;
    int rc = 0;

    while (rc == 0 && acronym_pair(&rest, &pair)) {
        buf_clear(&k->fold);
        rc = acronym_values(&pair, &k->fold, &n);
        for (i = 0; rc == 0 && i < k->fold.n; i = n, n = k->fold.n) {
            at = k->bytes.n;
            rc = buf_add(&k->bytes, f->name) | buf_addc(&k->bytes, 0) |
                 buf_add(&k->bytes, view_sub(buf_view(&k->fold), i, n)) |
                 buf_addc(&k->bytes, 0);
            rc = rc ? ERR_NOMEM : keep_key(k, at, docid);
        }
    }
    return rc;
}

/* Whether it parts the items of a list. */
static bool separator(uint8_t c)
{
    return c == ',' || c == ';' || c == '\r' || c == '\n';
}

static bool quote(uint8_t c)
{
    return c == '"' || c == '\'';
}

/* An item of a list without what is YAML about it: - "item". The quotes at the
 * ends of the whole value may be gone already. */
static struct view item(struct view v)
{
    v = trim(v);
    if (v.n > 1 && v.p[0] == '-' && blank(v.p[1]))
        v = trim(view_sub(v, 1, v.n));
    if (v.n > 0 && quote(v.p[0]))
        v = view_sub(v, 1, v.n);
    if (v.n > 0 && quote(v.p[v.n - 1]))
        v.n--;
    return v;
}

static int add_field(struct field_keys *k, const struct field *f,
                     uint32_t docid)
{
    struct view v = f->value, part;
    size_t from = 0, to;
    int rc;

    if (fields_hidden(f->name))
        return view_eq(f->name, view_str(ACRONYMS_FIELD))
                   ? add_acronyms(k, f, docid)
                   : 0;
    rc = add_key(k, f->name, v, docid);
    while (rc == 0 && from <= v.n) {
        for (to = from; to < v.n && !separator(v.p[to]); to++)
            ;
        part = item(view_sub(v, from, to));
        if (part.n > 0 && part.n < v.n)
            rc = add_key(k, f->name, part, docid);
        from = to + 1;
    }
    return rc;
}

static struct view key_view(const struct field_keys *k,
                            const struct field_key *key)
{
    return view_of(k->bytes.p + key->at, key->n);
}

static int by_key(const void *a, const void *b, void *keys)
{
    const struct field_key *x = a, *y = b;
    int rc = view_cmp(key_view(keys, x), key_view(keys, y));

    if (rc != 0)
        return rc;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* Sorts the keys from number `from` on, and drops repeated ones. */
static void sort_from(struct field_keys *k, size_t from)
{
    size_t i, n = from;

    if (k->n - from < 2)
        return;
    qsort_r(k->key + from, k->n - from, sizeof *k->key, by_key, k);
    for (i = from; i < k->n; i++)
        if (n == from || by_key(&k->key[n - 1], &k->key[i], k) != 0)
            k->key[n++] = k->key[i];
    k->n = n;
}

int fields_keys(struct field_keys *k, uint32_t docid, const struct field *f,
                size_t n)
{
    size_t from = k->n, i;
    int rc = 0;

    for (i = 0; i < n && rc == 0; i++)
        rc = add_field(k, &f[i], docid);
    if (rc == 0)
        sort_from(k, from);
    return rc;
}

void fields_keys_clear(struct field_keys *k)
{
    buf_clear(&k->bytes);
    k->n = 0;
}

void fields_keys_release(struct field_keys *k)
{
    buf_release(&k->bytes);
    buf_release(&k->fold);
    free(k->key);
    memset(k, 0, sizeof *k);
}

/* --- rows --- */

/* Eight bytes of a row's bits, as one number: document 64 i + k is bit k. */
static uint64_t word(const uint8_t *bits, unsigned i)
{
    return get_u64(bits + 8 * i);
}

enum { WORDS = FIELDS_BITS / 8 };
_Static_assert(FIELDS_BITS % 8 == 0, "rows are whole words");

unsigned fields_count(const uint8_t bits[FIELDS_BITS])
{
    unsigned n = 0, i;

    for (i = 0; i < WORDS; i++) {
        uint64_t w = word(bits, i);

        if (w) /* most are empty, and counting is a call */
            n += (unsigned)__builtin_popcountll(w);
    }
    return n;
}

int fields_encode(const uint8_t bits[FIELDS_BITS], struct buf *out)
{
    size_t start = out->n;
    uint32_t i, d, last = 0;
    uint64_t w;

    if (fields_count(bits) < FIELDS_BITS)
        for (i = 0; i < WORDS; i++)
            for (w = word(bits, i); w && out->n - start < FIELDS_BITS;
                 w &= w - 1) {
                d = 64 * i + (uint32_t)__builtin_ctzll(w);
                if (buf_addvar(out, d - last) < 0)
                    return ERR_NOMEM;
                last = d + 1;
            }
    if (out->n > start && out->n - start < FIELDS_BITS)
        return 0;
    out->n = start;
    return buf_add(out, view_of(bits, FIELDS_BITS));
}

int fields_decode(struct view row, uint8_t bits[FIELDS_BITS])
{
    struct rd r = rd_of(row);
    uint64_t at = 0, gap;

    if (row.n == FIELDS_BITS) {
        memcpy(bits, row.p, FIELDS_BITS);
        return fields_count(bits) ? 0 : ERR_CORRUPT;
    }
    memset(bits, 0, FIELDS_BITS);
    if (row.n == 0 || row.n > FIELDS_BITS)
        return ERR_CORRUPT;
    while (r.p < r.end) {
        gap = rd_varint(&r);
        if (r.bad || gap >= NORM_DOCS - at)
            return ERR_CORRUPT;
        at += gap;
        bits[at / 8] = (uint8_t)(bits[at / 8] | 1u << (at % 8));
        at++;
    }
    return 0;
}

/* A stored row's bits: 1 or negative. */
static int open_row(struct view val, uint8_t bits[FIELDS_BITS], struct err *err)
{
    struct view row;
    int rc = record_open(val, &row, err, "a row of fields");

    if (rc < 0)
        return rc;
    if (fields_decode(row, bits) < 0)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: a row of fields makes no sense");
    return 1;
}

/* A row's bits: 1, 0 where there is no row, negative. */
static int read_row(struct txn *t, store_db db, struct view key,
                    uint8_t bits[FIELDS_BITS], struct err *err)
{
    struct view val;
    int rc = txn_get(t, db, key, &val, err);

    if (rc > 0)
        return open_row(val, bits, err);
    memset(bits, 0, FIELDS_BITS);
    return rc;
}

static int write_row(struct txn *t, store_db db, struct view key,
                     const uint8_t bits[FIELDS_BITS], struct buf *row,
                     struct err *err)
{
    buf_clear(row);
    if (fields_count(bits) == 0) {
        int rc = txn_del(t, db, key, err);

        return rc < 0 ? rc : 0;
    }
    if (fields_encode(bits, row) < 0 || record_seal(row) < 0)
        return err_nomem(err);
    return txn_put(t, db, key, buf_view(row), err);
}

/* Keys [i, *end) are the same and of docids on one page. */
static int write_group(struct txn *t, store_db db, const struct field_keys *k,
                       size_t i, size_t *end, bool add, struct buf *row,
                       struct err *err)
{
    const struct field_key *first = &k->key[i];
    uint32_t page = first->docid / NORM_DOCS;
    uint8_t key[STORE_KEY_MAX], bits[FIELDS_BITS];
    struct view name = key_view(k, first);
    int rc;

    memcpy(key, name.p, name.n);
    put_be32(key + name.n, page);
    rc = read_row(t, db, view_of(key, name.n + PAGE), bits, err);
    if (rc < 0)
        return rc;
    for (; i < k->n && k->key[i].docid / NORM_DOCS == page &&
           view_eq(key_view(k, &k->key[i]), name);
         i++) {
        uint32_t d = k->key[i].docid % NORM_DOCS;
        uint8_t bit = (uint8_t)(1u << (d % 8));

        bits[d / 8] =
            (uint8_t)(add ? bits[d / 8] | bit : bits[d / 8] & ~(unsigned)bit);
    }
    *end = i;
    return write_row(t, db, view_of(key, name.n + PAGE), bits, row, err);
}

int fields_write(struct txn *t, struct field_keys *k, bool add, struct err *err)
{
    struct buf row = {0};
    store_db db;
    size_t i = 0;
    int rc;

    if (k->n == 0)
        return 0;
    rc = txn_open_db(t, "field", true, &db, err);
    if (rc < 0)
        return rc;
    sort_from(k, 0);
    for (rc = 0; i < k->n && rc == 0;)
        rc = write_group(t, db, k, i, &i, add, &row, err);
    buf_release(&row);
    return rc;
}

/* --- reading --- */

int fields_has(struct txn *t, const struct field_keys *k, size_t i,
               struct err *err)
{
    const struct field_key *of = &k->key[i];
    uint8_t key[STORE_KEY_MAX], bits[FIELDS_BITS];
    store_db db;
    int rc = txn_open_db(t, "field", false, &db, err);

    if (rc <= 0)
        return rc;
    memcpy(key, k->bytes.p + of->at, of->n);
    put_be32(key + of->n, of->docid / NORM_DOCS);
    rc = read_row(t, db, view_of(key, of->n + PAGE), bits, err);
    return rc <= 0 ? rc : fields_bit(bits, of->docid % NORM_DOCS);
}

int fields_open(struct field_rows *r, struct txn *t, struct view name,
                struct view value, struct err *err)
{
    struct field_keys k = {0};
    int rc;

    memset(r, 0, sizeof *r);
    r->txn = t;
    rc = txn_open_db(t, "field", false, &r->db, err);
    r->none = rc == 0;
    if (rc >= 0 && add_key(&k, name, value, 0) < 0)
        rc = err_nomem(err);
    r->key = k.bytes;
    k.bytes = (struct buf){0};
    fields_keys_release(&k);
    return rc < 0 ? rc : 0;
}

int fields_page(struct field_rows *r, uint32_t page, uint8_t bits[FIELDS_BITS],
                struct err *err)
{
    uint8_t key[STORE_KEY_MAX];

    if (r->none) {
        memset(bits, 0, FIELDS_BITS);
        return 0;
    }
    memcpy(key, r->key.p, r->key.n);
    put_be32(key + r->key.n, page);
    return read_row(r->txn, r->db, view_of(key, r->key.n + PAGE), bits, err);
}

void fields_close(struct field_rows *r)
{
    buf_release(&r->key);
    memset(r, 0, sizeof *r);
}

/* --- all rows of a name --- */

bool fields_list(struct view value)
{
    size_t i;

    for (i = 0; i < value.n; i++)
        if (separator(value.p[i]))
            return true;
    return item(value).n < value.n;
}

struct view fields_first_item(struct view value)
{
    size_t n = 0;

    while (n < value.n && !separator(value.p[n]))
        n++;
    return item(view_sub(value, 0, n));
}

int fields_walk(struct field_walk *w, struct txn *t, struct view name,
                struct err *err)
{
    struct field_keys k = {0};
    struct buf keys;
    int rc = add_folded(&k, name, FIELDS_NAME) != 0 ? err_nomem(err) : 0;

    keys = k.bytes;
    k.bytes = (struct buf){0};
    fields_keys_release(&k);
    if (rc == 0)
        return fields_walk_keys(w, t, keys, err);
    buf_release(&keys);
    memset(w, 0, sizeof *w);
    return rc;
}

int fields_walk_keys(struct field_walk *w, struct txn *t, struct buf keys,
                     struct err *err)
{
    store_db db;
    int rc;

    memset(w, 0, sizeof *w);
    w->err = err;
    w->name = keys;
    rc = txn_open_db(t, "field", false, &db, err);
    if (rc > 0)
        rc = cursor_open(&w->cursor, t, db, err);
    return rc < 0 ? rc : 0;
}

int fields_next(struct field_walk *w, uint8_t *bits)
{
    size_t n = w->name.n;
    struct view key, val;
    int rc;

    if (!w->cursor)
        return 0;
    rc = w->begun ? cursor_next(w->cursor, &key, &val)
                  : cursor_seek(w->cursor, buf_view(&w->name), &key, &val);
    w->begun = true;
    if (rc <= 0 || key.n < n || memcmp(key.p, w->name.p, n) != 0)
        return rc < 0 ? rc : 0;
    if (key.n < n + 1 + PAGE || key.p[key.n - PAGE - 1] != 0)
        return err_set(w->err, ERR_CORRUPT,
                       "index damaged: the key of a row of fields makes no "
                       "sense");
    rc = bits ? open_row(val, bits, w->err) : 1;
    if (rc < 0)
        return rc;
    w->value = view_sub(key, n, key.n - PAGE - 1);
    w->page = get_be32(key.p + key.n - PAGE);
    return 1;
}

void fields_walk_end(struct field_walk *w)
{
    cursor_close(w->cursor);
    buf_release(&w->name);
    memset(w, 0, sizeof *w);
}
