#include "index/record.h"

#include "base/bytes.h"
#include "base/hash.h"

int record_seal(struct buf *b)
{
    uint8_t c32[RECORD_SEAL];

    put_u32(c32, checksum32(buf_view(b)));
    return buf_add(b, view_of(c32, RECORD_SEAL));
}

int record_open(struct view sealed, struct view *content, struct err *err,
                const char *what)
{
    *content = view_of(NULL, 0);
    if (sealed.n < RECORD_SEAL)
        return err_set(err, ERR_CORRUPT, "index damaged: %s is too short",
                       what);
    *content = view_sub(sealed, 0, sealed.n - RECORD_SEAL);
    if (get_u32(sealed.p + content->n) != checksum32(*content))
        return err_set(err, ERR_CORRUPT,
                       "index damaged: checksum of %s is "
                       "wrong",
                       what);
    return 1;
}

/* The key of a piece: `key` and its number, which piece_set fills in. */
struct piece_key {
    uint8_t bytes[STORE_KEY_MAX];
    size_t n; /* of `key` */
};

static int piece_init(struct piece_key *pk, struct view key, struct err *err)
{
    if (key.n > sizeof pk->bytes - 4)
        return err_set(err, ERR_USAGE, "the key of a record is too long");
    memcpy(pk->bytes, key.p, key.n);
    pk->n = key.n;
    return 0;
}

static struct view piece_set(struct piece_key *pk, uint32_t piece)
{
    put_be32(pk->bytes + pk->n, piece);
    return view_of(pk->bytes, pk->n + 4);
}

/* Deletes the pieces from `piece` on. */
static int del_from(struct txn *t, store_db db, struct piece_key *pk,
                    uint32_t piece, struct err *err)
{
    int rc;

    do
        rc = txn_del(t, db, piece_set(pk, piece++), err);
    while (rc > 0 && piece < RECORD_PIECES);
    return rc < 0 ? rc : 0;
}

/* Writes the pieces with `put`; *n gets their number. */
static int put_pieces(struct txn *t, store_db db, struct piece_key *pk,
                      struct view content,
                      int (*put)(struct txn *, store_db, struct view,
                                 struct view, struct err *),
                      uint32_t *n, struct err *err)
{
    size_t max = store_max_value(txn_store(t)) - RECORD_SEAL, at = 0;
    struct buf piece = {0};
    int rc = 0;

    *n = 0;
    while (rc == 0 && (at < content.n || *n == 0)) {
        size_t len = content.n - at < max ? content.n - at : max;

        buf_clear(&piece);
        if (buf_add(&piece, view_sub(content, at, at + len)) < 0 ||
            record_seal(&piece) < 0)
            rc = err_nomem(err);
        else
            rc = put(t, db, piece_set(pk, (*n)++), buf_view(&piece), err);
        at += len;
    }
    buf_release(&piece);
    return rc;
}

int record_put(struct txn *t, store_db db, struct view key, struct view content,
               struct err *err)
{
    struct piece_key pk;
    uint32_t n;
    int rc = piece_init(&pk, key, err);

    if (rc == 0)
        rc = put_pieces(t, db, &pk, content, txn_put, &n, err);
    if (rc == 0)
        rc = del_from(t, db, &pk, n, err);
    return rc;
}

int record_append(struct txn *t, store_db db, struct view key,
                  struct view content, struct err *err)
{
    struct piece_key pk;
    uint32_t n;
    int rc = piece_init(&pk, key, err);

    if (rc == 0)
        rc = put_pieces(t, db, &pk, content, txn_append, &n, err);
    return rc;
}

/* Adds a piece: 1 where it may not be the last, 0 where it is (one that is not
 * full: that spares a look-up), negative. */
static int join(struct view sealed, size_t max, struct buf *out,
                struct err *err)
{
    struct view content;
    int rc = record_open(sealed, &content, err, "a record's piece");

    if (rc < 0)
        return rc;
    if (buf_add(out, content) < 0)
        return err_nomem(err);
    return sealed.n == max;
}

/* Finds a piece, by the cursor if there is one. */
static int fetch(struct txn *t, store_db db, struct cursor *c, struct view key,
                 struct view *val, struct err *err)
{
    struct view at;
    int rc;

    if (!c)
        return txn_get(t, db, key, val, err);
    rc = cursor_seek(c, key, &at, val);
    return rc > 0 ? view_eq(at, key) : rc;
}

static int gather(struct txn *t, store_db db, struct cursor *c, struct view key,
                  struct buf *out, struct err *err)
{
    size_t max = store_max_value(txn_store(t));
    struct piece_key pk;
    struct view val;
    uint32_t n = 0;
    int rc = piece_init(&pk, key, err), more = 1;

    buf_clear(out);
    if (rc < 0)
        return rc;
    while (n < RECORD_PIECES && more > 0) {
        rc = fetch(t, db, c, piece_set(&pk, n), &val, err);
        if (rc <= 0)
            break;
        more = join(val, max, out, err);
        n++;
    }
    return rc < 0 ? rc : more < 0 ? more : n > 0;
}

int record_get(struct txn *t, store_db db, struct view key, struct buf *out,
               struct err *err)
{
    return gather(t, db, NULL, key, out, err);
}

int record_seek(struct txn *t, struct cursor *c, struct view key,
                struct buf *out, struct err *err)
{
    return gather(t, 0, c, key, out, err);
}

int record_del(struct txn *t, store_db db, struct view key, struct err *err)
{
    struct piece_key pk;
    int rc = piece_init(&pk, key, err);

    return rc < 0 ? rc : del_from(t, db, &pk, 0, err);
}
