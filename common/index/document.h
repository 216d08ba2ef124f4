/*
 * document.h - what is stored of a document: its record and its text.
 *
 * The text is kept in zstd frames (frame.h) of about 10 KB of text, one behind
 * the other and cut into pieces that fill pages, wherever frames begin; the
 * record tells for each frame how long it is and what byte, line, page,
 * paragraph and position it starts at, so a passage costs one or two frames, and each of them
 * one or two pages more or less in a row.
 */
#ifndef INDEX_DOCUMENT_H
#define INDEX_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "index/store.h"
#include "text/paragraph.h"
#include "text/words.h"

enum document_flags {
    DOCUMENT_TEXT = 1,      /* its text is stored */
    DOCUMENT_RECORD = 2,    /* came from --input, not from a file of its own */
    DOCUMENT_DERIVED = 4,   /* offsets count in the text, not in the source */
    DOCUMENT_EXTRACTED = 8, /* of a format: title and date were found beside
                             * the text */
    DOCUMENT_DETECTED = 16  /* its language is what its text looks like */
};

/* Where a date came from. Stored: only append. */
enum date_source {
    DATE_FROM_NONE,
    DATE_FROM_FRONT_MATTER,
    DATE_FROM_FILENAME,
    DATE_FROM_TEXT,    /* its first lines */
    DATE_FROM_MTIME,   /* of a file without a date of its own: in columns alone,
                      * for the record does not know it */
    DATE_FROM_RECORD,  /* a key of it */
    DATE_FROM_METADATA /* what a PDF, web page … declares beside its text */
};
const char *
date_source_text(unsigned source); /* "frontmatter", NULL for none */

struct frame_info {
    uint32_t start; /* first byte in the text */
    uint32_t size;  /* raw bytes */
    uint32_t line;  /* line of its first byte, from 1 */
    uint32_t page;  /* page of its first byte, from 1 (form feeds) */
    struct paragraphs paragraphs; /* of all bytes before it */
    uint32_t pos;       /* position due at its first byte; without `restart`,
                      * that of a checkpoint before it: at most what is due */
    bool restart;       /* the word scan may start here; true of the first */
    uint32_t packed_at; /* its first byte among those of all packed frames */
    uint32_t packed;    /* bytes of it packed */
};

struct field {
    struct view name;
    struct view value;
};

struct document {
    uint32_t docid;  /* not part of the record */
    uint32_t flags;  /* enum document_flags */
    uint32_t length; /* in positions */
    uint32_t text_bytes;
    struct view path;     /* source id */
    uint32_t title_start; /* the title is this range of the text … */
    uint32_t title_len;
    struct view title;    /* … or, where no text is stored, these bytes */
    int32_t date;         /* days since 1970-01-01, or DATE_NONE */
    uint8_t date_source;  /* enum date_source */
    struct view language; /* as the document says it, or a code; or empty */
    struct zone *zone;
    size_t nzones;
    struct field *field; /* other keys of front matter or record */
    size_t nfields;
    struct frame_info *frame;
    size_t nframes;
    uint32_t pages; /* of the text: its form feeds and one; 1 without frames */
};

/* The record's bytes in out (cleared first). 0 or ERR_NOMEM. */
int document_encode(const struct document *d, struct buf *out);

/* Fills *d: views borrow from `record`; the arrays are d's own until
 * document_release. ERR_CORRUPT, ERR_NOMEM, with *d empty. All counts and
 * ranges are checked: zones and title lie within text_bytes, frames add up to
 * it, and packed to less than 2 GB; what is allocated stays in proportion to the record. */
int document_decode(struct view record, struct document *d, struct err *err);
void document_release(struct document *d);

/* The value of a record's first field of that name, alone: 1, 0 if there is
 * none, ERR_CORRUPT without a message. Borrows from `record`. */
int document_field(struct view record, struct view name, struct view *value);

/* Reads documents of one transaction, before whose end it is closed. */
struct documents;
int documents_open(struct documents **out, struct txn *t, struct err *err);
void documents_close(struct documents *ds); /* NULL is allowed */

/* The record of docid: 1, 0 if there is none. *d borrows from the reader
 * until its next call of documents_get or documents_close; no release. */
int documents_get(struct documents *ds, uint32_t docid, struct document *d,
                  struct err *err);

/* The first field of that name of docid's record: 1, 0 if there is none or no
 * such document; negative. What documents_get gave stays; *value lives until
 * the next call. A fifth of the cost of decoding the record. */
int documents_field(struct documents *ds, uint32_t docid, struct view name,
                    struct view *value, struct err *err);

/* Appends frames [from, to) of d's text to out: 0; ERR_CORRUPT; ERR_USAGE for
 * frames d does not have. */
int documents_text(struct documents *ds, const struct document *d, size_t from,
                   size_t to, struct buf *out, struct err *err);

/* Appends the title, at most max bytes of it cut between characters. */
int documents_title(struct documents *ds, const struct document *d, size_t max,
                    struct buf *out, struct err *err);

/* Writes documents. */
struct document_writer;
int document_writer_open(struct document_writer **out, struct err *err);

/* Goes on in transaction t, with the dictionary stored in it: call whenever
 * one has begun, also after an abort. */
int document_writer_begin(struct document_writer *w, struct txn *t,
                          struct err *err);

/* Trains a dictionary on n sample texts that lie one behind the other, and
 * stores it, if none is stored yet. Too few samples (below 100, below 256 KB)
 * or a failed training are no error: there is then no dictionary. One MB in
 * pieces of 2 KB from all over the first batch is enough, and takes 0.1 s;
 * four times as much saves another 0.5 % of space. */
int document_writer_train(struct document_writer *w, struct view samples,
                          const size_t *sizes, unsigned n, struct err *err);

/* A place where frames may be cut: see words_clean. */
struct checkpoint {
    uint32_t byte, line, page, pos;
};

/* Packs a document's frames ahead of document_writer_add, which then takes them
 * in the same order and need not be given the same checkpoints. Touches memory
 * of w alone, so another thread may do it while this one leaves w alone. Frames
 * are the same whether packed ahead or not. */
int document_writer_pack(struct document_writer *w, struct view text,
                         const struct checkpoint *cp, size_t ncp,
                         struct err *err);
/* Drops what was packed ahead and not added. */
void document_writer_drop(struct document_writer *w);

/* Appends record and frames under d->docid, which must be above every docid
 * stored, or ERR_CORRUPT. Sets d->text_bytes, d->pages, and d->frame and
 * d->nframes to what lives in w until its next document. Frames are cut at checkpoints,
 * which ascend; where none is near, between characters. Without DOCUMENT_TEXT
 * in d->flags only the record is stored. */
int document_writer_add(struct document_writer *w, struct document *d,
                        struct view text, const struct checkpoint *cp,
                        size_t ncp, struct err *err);
void document_writer_free(struct document_writer *w); /* NULL is allowed */

/* Writes the record of d->docid anew; its frames stay. `d` may be what
 * documents_get gave, changed. */
int document_rewrite(struct txn *t, const struct document *d, struct err *err);

/* Deletes the last documents, those from `docid` on, or so many that about `max`
 * bytes are changed: 1 where it did, 0 where there were none. */
int documents_sweep(struct txn *t, uint32_t docid, size_t max, struct err *err);

/* Deletes record and frames of docid, if they are there. */
int document_delete(struct txn *t, uint32_t docid, struct err *err);

#endif
