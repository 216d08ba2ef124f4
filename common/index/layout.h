/*
 * layout.h - how a segment's values are laid out: what the reader (postings.c,
 * positions.c, terms.c), the writer and the checker share. FORMAT.md,
 * "Segment", is the text to it.
 */
#ifndef INDEX_LAYOUT_H
#define INDEX_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "index/postings.h"

enum {
    SEAL = 4, /* c32 at the end of every value */

    INLINE_DOCS = 128, /* documents an inline record may hold */

    DOC_CHUNK = 12, /* header of a chunk of documents */
    DOC_BLOCK = 12, /* header of a block in it */
    DOC_KEY = 7,    /* bytes of its key behind the term */
    POS_CHUNK = 8,  /* the same of positions */
    POS_BLOCK = 4,
    POS_KEY = 6,

    TAIL_BITS = 255,      /* width that marks a short block of varints */
    TF_BITS_MAX = 31,     /* so that tf - 1 + 1 fits 32 bits */
    EXCEPTION_FORM = 128, /* flag of an exception's index: of the forms */

    KEY_FORMS = 1, /* byte behind the 00 in keys of table x */
    KEY_POSITIONS = 2,
    TITLE_MARK = 1 /* first byte of a term of titles */
};

/* A term's record, decoded. */
struct head {
    bool chunked;
    struct term_info info;
    uint32_t forms; /* of a chunked term */
    struct rd rest; /* of an inline one: forms, then positions */
};

/* The term a walk stands on: its record and what was decoded of it. */
struct term_record {
    struct view record; /* borrowed from the map */
    struct head head;
    uint32_t docs[PACK_N]; /* of an inline one */
    uint32_t tfs[PACK_N];
};

/* Of the current term; until the next move. */
const struct term_record *terms_record(const struct terms *ts);

/* What else an inline record holds, decoded. Zeroed at first, it serves one
 * term after the other. */
struct inline_term {
    struct forms forms;
    struct occurrence *occ; /* info.cf of them, one document behind the other */
    uint32_t cap;
};

/* Decodes that of the current term, which must be inline: 0, ERR_CORRUPT,
 * ERR_NOMEM. Nothing in it is borrowed. */
int terms_inline(struct terms *ts, struct inline_term *out);
void inline_term_release(struct inline_term *t);

/* Reads n occurrences of one document of a term with that many forms; false
 * where they are damaged. */
bool occurrences_read(struct rd *r, uint32_t forms, struct occurrence *occ,
                      uint32_t n);

/* Decodes the record of a term of a segment with docids lo to hi; those of an
 * inline one, info.df of them, go to docs and tfs. 0, or ERR_CORRUPT without a
 * message. */
int head_decode(struct view record, uint32_t lo, uint32_t hi, struct head *h,
                uint32_t docs[PACK_N], uint32_t tfs[PACK_N]);

/* Documents as varints: n of them or, if n is 0, until docid `last`. Returns
 * how many (at most 128), or ERR_CORRUPT without a message; docids ascend from
 * above `before` and stay within `last`. */
int docs_decode(struct rd *r, uint32_t n, uint32_t before, uint32_t last,
                uint32_t docs[PACK_N], uint32_t tfs[PACK_N]);

/* The bytes of a sealed value without its seal; false where it is broken. */
bool seal_open(struct view value, struct view *content);

/* A varint of a delta and a form, as inline heads and tails have them. */
static inline uint64_t position_split(uint32_t forms, uint64_t x,
                                      uint32_t *form)
{
    *form = 0;
    if (forms == 1) /* mostly, and a division is slow */
        return x;
    if (x <= UINT32_MAX) { /* and this is less slow than 64 bits */
        *form = (uint32_t)x % forms;
        return (uint32_t)x / forms;
    }
    *form = (uint32_t)(x % forms);
    return x / forms;
}

/* --- term blocks --- */

/* One term of a block. */
struct term_entry {
    size_t shared;    /* bytes it has in common with the term before */
    struct view rest; /* those behind */
    struct view record;
};

/* Reads the next one; false at the end and, with r->bad, where it is damaged.
 * Terms are at most TERM_MAX bytes by this, if `shared` is what the one before
 * has. */
bool term_entry_read(struct rd *r, struct term_entry *e);

/* Bytes that term_entry_put takes at most. */
size_t term_entry_max(size_t rest, size_t record);
uint8_t *term_entry_put(uint8_t *o, const struct term_entry *e);

/* The record of `term` in the block that r reads: 1, 0 if it has none,
 * ERR_CORRUPT without a message. */
int term_block_find(struct rd r, struct view term, struct view *record);

/* --- keys --- */

/* The word a term was made of, without its title mark. */
static inline struct view term_word(struct view term)
{
    if (term.n > 1 && term.p[0] == TITLE_MARK)
        return view_sub(term, 1, term.n);
    return term;
}

/* False for what cannot be a term. */
static inline bool term_valid(struct view term)
{
    return term.n >= 1 && term.n <= TERM_MAX && !memchr(term.p, 0, term.n);
}

/* Keys behind a term of n bytes; each returns the length of the whole key. */
static inline size_t doc_key(uint8_t *key, size_t n, uint32_t last,
                             uint8_t max_tf, uint8_t min_len)
{
    key[n] = 0;
    put_be32(key + n + 1, last);
    key[n + 5] = max_tf;
    key[n + 6] = min_len;
    return n + DOC_KEY;
}

/* Without the number of a piece. */
static inline size_t forms_key(uint8_t *key, size_t n)
{
    key[n] = 0;
    key[n + 1] = KEY_FORMS;
    return n + 2;
}

static inline size_t pos_key(uint8_t *key, size_t n, uint32_t last)
{
    key[n] = 0;
    key[n + 1] = KEY_POSITIONS;
    put_be32(key + n + 2, last);
    return n + POS_KEY;
}

#endif
