/*
 * docs_key.h - keys of the `docs` table, and the dictionary in `meta`: what
 * document_write.c and documents.c share.
 */
#ifndef INDEX_DOCS_KEY_H
#define INDEX_DOCS_KEY_H

#include "base/bytes.h"
#include "index/record.h"

struct docs_key {
    uint8_t bytes[8]; /* BE32 docid, BE32 piece */
};

static inline struct docs_key docs_key(uint32_t docid)
{
    struct docs_key k = {{0}};

    put_be32(k.bytes, docid);
    return k;
}

/* The part before the piece, under which the record's pieces lie. */
static inline struct view docs_record(struct docs_key *k)
{
    return view_of(k->bytes, 4);
}

/* The key of the piece of text whose last byte is that one of all packed
 * frames. */
static inline struct view docs_text(struct docs_key *k, uint32_t last)
{
    put_be32(k->bytes + 4, RECORD_PIECES + last);
    return view_of(k->bytes, 8);
}

/* Whether `key` is that of a piece of text of the same document; *last is then
 * its last byte. */
static inline bool docs_is_text(const struct docs_key *k, struct view key,
                                uint32_t *last)
{
    if (key.n != 8 || memcmp(key.p, k->bytes, 4) != 0 ||
        get_be32(key.p + 4) < RECORD_PIECES)
        return false;
    *last = get_be32(key.p + 4) - RECORD_PIECES;
    return true;
}

/* The dictionary of text frames in *out (cleared first): 1, 0 if none is
 * stored, negative. */
static inline int dictionary_read(struct txn *t, struct buf *out,
                                  struct err *err)
{
    store_db meta;
    int rc = txn_open_db(t, "meta", false, &meta, err);

    buf_clear(out);
    return rc > 0 ? record_get(t, meta, view_str("zdict"), out, err) : rc;
}

#endif
