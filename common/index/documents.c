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
    struct buf record;           /* bytes of `document` */
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
    buf_release(&ds->record);
    frame_reader_free(ds->reader);
    free(ds);
}

int documents_get(struct documents *ds, uint32_t docid, struct document *d,
                  struct err *err)
{
    struct docs_key key = docs_key(docid);
    int rc;

    memset(d, 0, sizeof *d);
    document_release(&ds->document);
    if (ds->none)
        return 0;
    rc = record_get(ds->txn, ds->db, docs_record(&key), &ds->record, err);
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

static int load_dictionary(struct documents *ds, struct err *err)
{
    struct buf dict = {0};
    int rc = dictionary_read(ds->txn, &dict, err);

    if (rc > 0)
        rc = frame_reader_dictionary(ds->reader, buf_view(&dict), err);
    /* without one, a frame that needs it says so */
    ds->dictionary = rc >= 0;
    buf_release(&dict);
    return rc;
}

static int load_frame(struct documents *ds, const struct document *d, size_t i,
                      struct buf *out, struct err *err)
{
    struct docs_key key = docs_key(d->docid);
    struct view frame;
    int rc =
        txn_get(ds->txn, ds->db, docs_frame(&key, (uint32_t)i), &frame, err);

    if (rc == 0)
        rc = err_set(err, ERR_CORRUPT,
                     "index damaged: a piece of a text is "
                     "missing (document %u)",
                     d->docid);
    if (rc > 0 && !ds->dictionary && frame_needs_dictionary(frame))
        rc = load_dictionary(ds, err);
    if (rc < 0)
        return rc;
    return frame_unpack(ds->reader, frame, d->frame[i].size, out, err);
}

int documents_text(struct documents *ds, const struct document *d, size_t from,
                   size_t to, struct buf *out, struct err *err)
{
    size_t i;
    int rc = 0;

    if (from > to || to > d->nframes)
        return err_set(err, ERR_USAGE, "document %u has no frame %zu", d->docid,
                       to);
    if (!ds->reader && from < to)
        rc = frame_reader_open(&ds->reader, err);
    for (i = from; i < to && rc == 0; i++)
        rc = load_frame(ds, d, i, out, err);
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
