/*
 * record.h - sealed values and records in pieces (FORMAT.md, top).
 */
#ifndef INDEX_RECORD_H
#define INDEX_RECORD_H

#include "index/store.h"

/* Pieces have lower numbers; from here on they are not a record's: documents
 * keep their text there. */
#define RECORD_PIECES 0x80000000u

enum { RECORD_SEAL = 4 }; /* bytes behind each piece */

/* Appends the c32 of the whole of b. */
int record_seal(struct buf *b);

/* The bytes before the seal: 1; ERR_CORRUPT where the seal does not fit. */
int record_open(struct view sealed, struct view *content, struct err *err,
                const char *what);

/* Writes `content` under `key` BE32 piece for pieces 0.., all sealed.
 * Pieces beyond the new last one are deleted. */
int record_put(struct txn *t, store_db db, struct view key, struct view content,
               struct err *err);

/* As record_put, by txn_append: the keys are above every one there is. */
int record_append(struct txn *t, store_db db, struct view key,
                  struct view content, struct err *err);

/* Joins the pieces under `key` in *out (cleared first): 1, 0 if there are
 * none, negative on error. */
int record_get(struct txn *t, store_db db, struct view key, struct buf *out,
               struct err *err);

/* The same by a cursor of the table, which it leaves at the last piece: cheaper
 * where it stood near. Its own failures go to the err it was opened with. */
int record_seek(struct txn *t, struct cursor *c, struct view key,
                struct buf *out, struct err *err);

/* Deletes all pieces under `key`, if there are any. */
int record_del(struct txn *t, store_db db, struct view key, struct err *err);

#endif
