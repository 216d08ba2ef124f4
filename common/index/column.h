/*
 * column.h - fixed-size values, one a document, in pages shaped like norms:
 * what filters and sorting read without touching the documents.
 */
#ifndef INDEX_COLUMN_H
#define INDEX_COLUMN_H

#include <stdint.h>

#include "base/date.h" /* DATE_NONE: COLUMN_DATE of an undated document */
#include "index/store.h"

enum column_id {
    COLUMN_DATE = 1,
    COLUMN_LANGUAGE = 2,
    COLUMN_SKETCH = 3 /* of the text: text/sketch.h; zeros for none */
};
enum { COLUMN_LAST = COLUMN_SKETCH };

/* A value of COLUMN_DATE: the day, and where it came from (enum date_source) in
 * the low three bits, so that values are in the order of days. DATE_NONE for
 * none. */
enum { COLUMN_DATE_SOURCES = 8 };

static inline int32_t column_date(int32_t days, unsigned source)
{
    return days == DATE_NONE ? DATE_NONE
                             : days * COLUMN_DATE_SOURCES + (int32_t)source;
}

static inline unsigned column_date_source(int32_t value)
{
    return (uint32_t)value % COLUMN_DATE_SOURCES;
}

static inline int32_t column_date_days(int32_t value)
{
    return value == DATE_NONE ? DATE_NONE
                              : (value - (int32_t)column_date_source(value)) /
                                    COLUMN_DATE_SOURCES;
}

/* A value of COLUMN_LANGUAGE: the two letters that a language's name begins with
 * ("en", "en-GB"), in lower case, or two NULs (and false) where it has none. */
bool column_language(struct view name, uint8_t out[2]);

unsigned column_width(enum column_id id); /* bytes of a value */

/* Sets the values of docids [lo, lo + count), width bytes each. */
int column_write(struct txn *t, enum column_id id, uint32_t lo,
                 const uint8_t *values, uint32_t count, struct err *err);

/* Copies the value of docid to out (width bytes): 1, 0 if none was stored
 * (out is then the column's "none"), negative on error. */
int column_read(struct txn *t, enum column_id id, uint32_t docid, uint8_t *out,
                struct err *err);

/* Reads many values; one page is kept, so docids had better ascend. Nothing to
 * be released. */
struct column {
    struct txn *txn; /* borrowed, as is err */
    struct err *err;
    enum column_id id;
    store_db db;
    bool none;             /* no column was ever stored */
    uint32_t page;         /* the one `values` is of, UINT32_MAX = none */
    const uint8_t *values; /* NULL where that page is not stored */
};

int column_open(struct column *c, struct txn *t, enum column_id id,
                struct err *err);

/* The value's bytes, or those of the column's "none"; NULL on error. Lives
 * as long as the transaction. */
const uint8_t *column_get(struct column *c, uint32_t docid);

/* The values of docid and of those behind it on its page, *n of them: in *values,
 * NULL where the page is not stored and all are the column's "none". 0 or
 * ERR_CORRUPT. */
int column_run(struct column *c, uint32_t docid, const uint8_t **values,
               uint32_t *n);

#endif
