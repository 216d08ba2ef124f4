/* Reads documents and their texts: documents_* of document.h. */
#include <stdlib.h>

#include "base/bytes.h"
#include "index/docs_key.h"
#include "index/document.h"
#include "index/frame.h"
#include "index/record.h"
#include "text/utf8.h"

struct documents {
    struct txn *txn;
    store_db db;
    bool none;                   /* no document was ever stored */
    bool dictionary;             /* the reader has it */
    struct frame_reader *reader; /* NULL until a text is asked for */
    struct cursor *cursor;       /* NULL: not open */
    struct err moved;            /* of the cursor */
    struct buf record;           /* bytes of `document` */
    struct buf frame;            /* one that lies in more than one piece */
    struct buf other;            /* the record of another document */
    struct document document;
};

int documents_open(struct documents **out, struct txn *t, struct err *err)
{
    struct documents *ds = calloc(1, sizeof *ds);
    int rc;

    *out = NULL;
    if (!ds)
        return err_nomem(err);
    ds->txn = t;
    rc = txn_open_db(t, "docs", false, &ds->db, err);
    if (rc < 0) {
        free(ds);
        return rc;
    }
    ds->none = rc == 0;
    *out = ds;
    return 0;
}

void documents_close(struct documents *ds)
{
    if (!ds)
        return;
    document_release(&ds->document);
    cursor_close(ds->cursor);
    buf_release(&ds->record);
    buf_release(&ds->frame);
    buf_release(&ds->other);
    frame_reader_free(ds->reader);
    free(ds);
}

/* A failure of the cursor, or of what was made of an entry, which has its
 * message in err. */
static int failed(const struct documents *ds, int rc, struct err *err)
{
    if (err && ds->moved.code != 0)
        *err = ds->moved;
    return rc;
}

/* Opens the cursor. It stays where it is until the next call: record and text
 * of a document, and documents beside each other, share pages, and are found
 * without a way down the tree. */
static int enter(struct documents *ds)
{
    ds->moved.code = 0;
    return ds->cursor ? 0
                      : cursor_open(&ds->cursor, ds->txn, ds->db, &ds->moved);
}

/* Closes the cursor where a writer may change the tree below it. */
static void leave(struct documents *ds)
{
    if (txn_reads(ds->txn))
        return;
    cursor_close(ds->cursor);
    ds->cursor = NULL;
}

/* The bytes of a record: 1, 0 if there is none, negative. */
static int read_record(struct documents *ds, uint32_t docid, struct buf *out,
                       struct err *err)
{
    struct docs_key key = docs_key(docid);
    int rc;

    if (ds->none)
        return 0;
    if (!txn_reads(ds->txn))
        return record_get(ds->txn, ds->db, docs_record(&key), out, err);
    rc = enter(ds);
    if (rc == 0)
        rc = record_seek(ds->txn, ds->cursor, docs_record(&key), out, err);
    return rc < 0 ? failed(ds, rc, err) : rc;
}

int documents_get(struct documents *ds, uint32_t docid, struct document *d,
                  struct err *err)
{
    int rc;

    memset(d, 0, sizeof *d);
    document_release(&ds->document);
    rc = read_record(ds, docid, &ds->record, err);
    if (rc > 0)
        rc = document_decode(buf_view(&ds->record), &ds->document, err);
    else
        return rc;
    if (rc < 0)
        return rc;
    ds->document.docid = docid;
    *d = ds->document;
    return 1;
}

int documents_field(struct documents *ds, uint32_t docid, struct view name,
                    struct view *value, struct err *err)
{
    int rc = read_record(ds, docid, &ds->other, err);

    if (rc > 0)
        rc = document_field(buf_view(&ds->other), name, value);
    else
        return rc;
    return rc < 0
               ? err_set(err, rc, "index damaged: a document's record is wrong")
               : rc;
}

static int load_dictionary(struct documents *ds, struct err *err)
{
    struct buf dict = {0};
    int rc = buf_reserve(&dict, FRAME_DICTIONARY) < 0
                 ? err_nomem(err) /* else it would be moved as it grows */
                 : dictionary_read(ds->txn, &dict, err);

    if (rc > 0)
        rc = frame_reader_dictionary(ds->reader, &dict, err);
    /* without one, a frame that needs it says so */
    ds->dictionary = rc >= 0;
    buf_release(&dict);
    return rc;
}

/* Pieces of a document's text, on the way from one frame to the next. */
struct pieces {
    struct docs_key key;
    struct view val; /* the piece at hand: bytes [start, start + val.n) */
    uint32_t start;
};

static int missing(const struct document *d, struct err *err)
{
    return err_set(err, ERR_CORRUPT,
                   "index damaged: a piece of a text is "
                   "missing (document %u)",
                   d->docid);
}

/* What a move of the cursor gave becomes the piece at hand. `at`: a byte that
 * must be in it. */
static int take_piece(const struct documents *ds, struct pieces *p, int rc,
                      struct view key, const struct document *d, uint32_t at,
                      struct err *err)
{
    uint32_t last;

    if (rc < 0)
        return failed(ds, rc, err);
    if (rc == 0 || !docs_is_text(&p->key, key, &last) || p->val.n > last + 1u ||
        last + 1u - p->val.n > at)
        return missing(d, err);
    p->start = last + 1 - (uint32_t)p->val.n;
    return 0;
}

/* The bytes of a frame: where they lie, or joined in ds->frame. */
static int find_frame(struct documents *ds, struct pieces *p,
                      const struct document *d, const struct frame_info *f,
                      struct view *out, struct err *err)
{
    uint32_t at = f->packed_at, end = at + f->packed;
    struct view key;
    int rc = 0;

    if (at < p->start || at - p->start >= p->val.n) {
        rc = cursor_seek(ds->cursor, docs_text(&p->key, at), &key, &p->val);
        rc = take_piece(ds, p, rc, key, d, at, err);
    }
    buf_clear(&ds->frame);
    while (rc == 0) {
        uint32_t from = at - p->start, n = (uint32_t)p->val.n - from;

        if (n > end - at)
            n = end - at;
        *out = view_sub(p->val, from, from + n);
        at += n;
        if (at == end && ds->frame.n == 0)
            return 0;
        if (buf_reserve(&ds->frame, end - at + n) < 0)
            return err_nomem(err);
        buf_put(&ds->frame, *out);
        *out = buf_view(&ds->frame);
        if (at == end)
            return 0;
        rc = cursor_next(ds->cursor, &key, &p->val);
        rc = take_piece(ds, p, rc, key, d, at, err);
        if (rc == 0 && p->start != at)
            rc = missing(d, err);
    }
    p->val.n = 0;
    return rc;
}

static int load_frame(struct documents *ds, struct pieces *p,
                      const struct document *d, size_t i, struct buf *out,
                      struct err *err)
{
    struct view frame;
    int rc = find_frame(ds, p, d, &d->frame[i], &frame, err);

    if (rc == 0 && !ds->dictionary && frame_needs_dictionary(frame))
        rc = load_dictionary(ds, err);
    if (rc < 0)
        return rc;
    return frame_unpack(ds->reader, frame, d->frame[i].size, out, err);
}

int documents_text(struct documents *ds, const struct document *d, size_t from,
                   size_t to, struct buf *out, struct err *err)
{
    struct pieces p = {.key = docs_key(d->docid)};
    size_t i;
    int rc = 0;

    if (from > to || to > d->nframes)
        return err_set(err, ERR_USAGE, "document %u has no frame %zu", d->docid,
                       to);
    if (from == to)
        return 0;
    if (!ds->reader)
        rc = frame_reader_open(&ds->reader, err);
    if (rc < 0)
        return rc;
    rc = enter(ds);
    if (rc < 0)
        return failed(ds, rc, err);
    for (i = from; i < to && rc == 0; i++)
        rc = load_frame(ds, &p, d, i, out, err);
    leave(ds);
    return rc;
}

/* The frames that hold bytes [start, end) of the text. */
static void frames_of(const struct document *d, uint32_t start, uint32_t end,
                      size_t *from, size_t *to)
{
    size_t i = 0;

    while (i + 1 < d->nframes && d->frame[i + 1].start <= start)
        i++;
    *from = i;
    while (i < d->nframes && d->frame[i].start < end)
        i++;
    *to = i;
}

int documents_title(struct documents *ds, const struct document *d, size_t max,
                    struct buf *out, struct err *err)
{
    struct view title = d->title;
    struct buf text = {0};
    size_t from, to, at;
    int rc = 0;

    if (d->flags & DOCUMENT_TEXT && d->title_len > 0) {
        uint32_t start = d->title_start;
        /* a character more than is wanted shows where to cut */
        uint32_t len = d->title_len < max + 4 || max > UINT32_MAX - 4
                           ? d->title_len
                           : (uint32_t)max + 4;

        frames_of(d, start, start + len, &from, &to);
        rc = documents_text(ds, d, from, to, &text, err);
        if (rc == 0) {
            at = start - d->frame[from].start;
            title = view_sub(buf_view(&text), at, at + len);
        }
    }
    if (rc == 0 && title.n > max)
        title.n = utf8_cut(title, max);
    if (rc == 0 && buf_add(out, title) < 0)
        rc = err_nomem(err);
    buf_release(&text);
    return rc;
}
