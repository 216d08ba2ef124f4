/*
 * batch.h - what one commit will change: new documents with their texts,
 * records of the path table, documents that die.
 *
 * Filled while files are read, emptied by commit.h. Everything is kept by
 * place, not by pointer, in a few growing arrays; so a batch costs no malloc a
 * document and can be handed to another thread as it is.
 */
#ifndef INDEXER_BATCH_H
#define INDEXER_BATCH_H

#include "index/source.h"
#include "indexer/invert.h"
#include "indexer/meta.h"

/* A range of `bytes`. */
struct span {
    size_t at;
    size_t n;
};

struct batch_field {
    struct span name;
    struct span value;
};

/* A new document; its docid is the first free one and its place in `doc`. */
struct batch_doc {
    struct span id;       /* source id */
    struct source row;    /* its record of the path table; docid unset */
    uint32_t replaces;    /* docid of the document that dies for it, 0 = none */
    uint32_t replaced_by; /* place + 1 of a later document of the same id in
                            * this batch, 0 = none: then it is born dead */
    struct span text;     /* in `text`, until it is stored */
    bool stored;          /* its record and text are */
    struct inverted inverted;
    size_t zone, nzones;   /* in `zone` */
    size_t field, nfields; /* in `field` */
    size_t check, nchecks; /* in `checks` */
    uint32_t title_start, title_len;
    int32_t date;
    uint8_t date_source;
    struct span language;
    bool detected; /* the language was */
};

enum batch_op {
    BATCH_PUT, /* write the record; `kills` dies for it */
    BATCH_DEL, /* delete the record; `kills` dies */
    BATCH_MOVE /* write the record, delete the one its document had */
};

struct batch_change {
    enum batch_op op;
    struct span id;    /* source id; of BATCH_DEL the key itself */
    uint32_t kills;    /* docid, 0 = none */
    struct source row; /* of BATCH_PUT and BATCH_MOVE */
    int32_t date;      /* of BATCH_MOVE: the document's date by its new name */
    uint8_t date_source;
};

struct batch {
    struct buf text;  /* of those not stored yet, one behind the other */
    bool tail;        /* bytes behind them are the next batch's: they stay where
                       * they are */
    struct buf bytes; /* ids, fields, languages */
    struct batch_doc *doc;
    size_t ndocs, doc_cap;
    size_t nstored; /* of the first so many documents the text is stored, or
                     * needs not be */
    struct batch_change *change;
    size_t nchanges, change_cap;
    struct zone *zone;
    size_t nzones, zone_cap;
    struct batch_field *field;
    size_t nfields, field_cap;
    struct checkpoints checks;
    uint32_t *slot; /* places + 1 of documents by id, 0 = empty */
    size_t nslots;
};

static inline struct view span_view(const struct buf *b, struct span s)
{
    return view_of(b->p + s.at, s.n);
}

/* Adds the document of source `id` whose text is bytes [text, b->text.n) of
 * the batch's text and whose checkpoints are those from `check` on. 0 or
 * ERR_NOMEM. */
int batch_add(struct batch *b, struct view id, const struct source *row,
              uint32_t replaces, size_t text, size_t check,
              const struct meta *meta, const struct inverted *inverted);

/* The document of `id`, or NULL; borrowed until the next batch_add. */
struct batch_doc *batch_find(struct batch *b, struct view id);

/* Adds a change of the path table. 0 or ERR_NOMEM. */
int batch_change(struct batch *b, enum batch_op op, struct view id,
                 uint32_t kills, const struct source *row);

/* Adds a change of the path table: document row->docid is the source `id` from
 * now on. 0 or ERR_NOMEM. */
int batch_move(struct batch *b, struct view id, const struct source *row,
               const struct meta *meta);

bool batch_empty(const struct batch *b);

/* Forgets texts and checkpoints, which are all stored. */
void batch_stored(struct batch *b);

/* Bytes of memory beside text and checkpoints. */
size_t batch_bytes(const struct batch *b);

void batch_clear(struct batch *b); /* keeps its memory */
void batch_release(struct batch *b);

#endif
