/*
 * fields.h - which documents have a field of some value: the `field` table.
 *
 * A key is a field's name, one of its values and a page of docids (those of a
 * norm page), so a filter asks for a page at a time and never reads a document.
 * Rows name living documents only, each exactly: a document's rows follow from
 * its record, and go with it.
 *
 * Names and values are compared folded (NFKC, case), blanks around them left
 * out. A field has its whole value, and, where that is a list, each of its
 * items: what commas, semicolons and line ends part, without the marks of YAML.
 *
 * A name that begins with a byte 01 is none of a user: such a field holds facts
 * about the document, whose rows are made otherwise (acronyms.h) or not at all.
 *
 *     struct field_keys keys = {0};
 *     fields_keys(&keys, d.field, d.nfields);
 *     fields_change(txn, &keys, docid, true, &err);
 *     fields_keys_release(&keys);
 *
 *     struct field_rows rows;
 *     fields_open(&rows, txn, name, value, &err);
 *     fields_page(&rows, docid / NORM_DOCS, bits);   // for any pages
 *     fields_close(&rows);
 *
 *     struct field_walk walk;                        // all values of a name
 *     rc = fields_walk(&walk, txn, name, &err);
 *     while (rc == 0 && (rc = fields_next(&walk, bits)) > 0)
 *         use(walk.value, walk.page, bits);
 *     fields_walk_end(&walk);
 */
#ifndef INDEX_FIELDS_H
#define INDEX_FIELDS_H

#include "index/document.h"
#include "index/norm.h"
#include "index/store.h"

enum {
    FIELDS_NAME = 64,   /* bytes of a name in a key */
    FIELDS_VALUE = 300, /* and of a value; of longer ones the head and a hash */
    FIELDS_BITS = NORM_DOCS / 8,
    FIELDS_HIDDEN = 1 /* what names begin with that are not a user's */
};

#define FURNITURE_FIELD "\001f" /* marks of text/furniture.h; has no rows */

static inline bool fields_hidden(struct view name)
{
    return name.n > 0 && name.p[0] == FIELDS_HIDDEN;
}

/* Keys without their pages, one behind the other, for many documents. */
struct field_key {
    size_t at, n; /* in `bytes` */
    uint32_t docid;
};
struct field_keys {
    struct buf bytes;
    struct buf fold; /* while one is made */
    struct field_key *key;
    size_t n, cap;
};

/* Adds the keys of a document's fields, each once. 0 or ERR_NOMEM. */
int fields_keys(struct field_keys *k, uint32_t docid, const struct field *f,
                size_t n);
void fields_keys_clear(struct field_keys *k);
void fields_keys_release(struct field_keys *k);

/* Adds all the documents to the rows of their keys, or takes them out; k is
 * sorted. 0 or negative. */
int fields_write(struct txn *t, struct field_keys *k, bool add,
                 struct err *err);

/* Whether the row of key number i has its document: 1, 0, negative. */
int fields_has(struct txn *t, const struct field_keys *k, size_t i,
               struct err *err);

/* The rows of one name and value. */
struct field_rows {
    struct txn *txn; /* borrowed */
    store_db db;
    bool none; /* no document has any field */
    struct buf key;
};

int fields_open(struct field_rows *r, struct txn *t, struct view name,
                struct view value, struct err *err);

/* The documents page * NORM_DOCS + i that have it, as bits. 1, 0 where none
 * has (all bits are then 0), negative. */
int fields_page(struct field_rows *r, uint32_t page, uint8_t bits[FIELDS_BITS],
                struct err *err);
void fields_close(struct field_rows *r);

/* Whether a value, folded, may be more than one item, or an item in marks of
 * YAML: then rows of its items are what is without that. Commas that only
 * folding made are taken for a list, too. */
bool fields_list(struct view value);

/* The first item of such a value, which may be empty. */
struct view fields_first_item(struct view value);

/* All rows of one name, in the order of values, and of pages for each. */
struct field_walk {
    struct cursor *cursor; /* NULL: there are no rows */
    struct buf name;       /* what their keys begin with */
    struct err *err;
    bool begun;
    struct view value; /* of the row at hand: folded, and where it was too long
                        * FIELDS_VALUE bytes that end in a hash; borrowed */
    uint32_t page;
};

/* 0 or negative; fields_walk_end in either case. */
int fields_walk(struct field_walk *w, struct txn *t, struct view name,
                struct err *err);

/* The same of all rows whose keys begin with those bytes, which are taken over;
 * `value` is then what follows them. */
int fields_walk_keys(struct field_walk *w, struct txn *t, struct buf keys,
                     struct err *err);

/* 1 with the next row, 0 behind the last, negative. With `bits` NULL the row is
 * not decoded. */
int fields_next(struct field_walk *w, uint8_t *bits);
void fields_walk_end(struct field_walk *w);

/* The bytes of a value that are its own, not of a hash. */
static inline struct view fields_shown(struct view value)
{
    return value.n < FIELDS_VALUE ? value
                                  : view_sub(value, 0, FIELDS_VALUE - 16);
}

static inline bool fields_bit(const uint8_t *bits, uint32_t i)
{
    return bits[i / 8] >> (i % 8) & 1;
}

/* How many bits are set. */
unsigned fields_count(const uint8_t bits[FIELDS_BITS]);

/* Decodes a row, its seal opened: 0; ERR_CORRUPT where it is not as
 * fields_encode writes it. */
int fields_decode(struct view row, uint8_t bits[FIELDS_BITS]);

/* Appends the row of the bits, of which one is set at least. 0, ERR_NOMEM. */
int fields_encode(const uint8_t bits[FIELDS_BITS], struct buf *out);

#endif
