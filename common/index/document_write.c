/* Writes documents: document_writer_* and document_delete of document.h. */
#include <stdlib.h>

#include "index/docs_key.h"
#include "index/document.h"
#include "index/frame.h"
#include "index/table_write.h"
#include "text/utf8.h"

enum {
    FRAME_TEXT = 10 << 10, /* bytes of text a frame has, more or less by half:
                            * a longer one compresses better, and takes a hit
                            * longer to read */
    PIECE_MIN = 64         /* bytes of a piece that is worth its key */
};

/* A document whose frames are packed: [from, to) of them, [at, at + n) of their
 * bytes. */
struct packed_doc {
    size_t from, to;
    size_t at, n;
    uint32_t pages;
};

struct document_writer {
    struct txn *txn; /* borrowed, as of document_writer_begin */
    struct table table;
    struct frame_packer *packer;
    struct buf dict;   /* the dictionary the packer has */
    struct buf packed; /* the frames of the documents in hand */
    struct frame_info *frame;
    size_t nframes, cap;
    struct packed_doc *doc; /* documents in hand, those before next are added */
    size_t ndocs, next, doc_cap;
    struct buf record;
};

/* A text on its way into frames. */
struct cutter {
    struct view text;
    const struct checkpoint *cp;
    size_t ncp;
    size_t past; /* checkpoints at or before the frame's start */
    struct frame_info at;
};

int document_writer_open(struct document_writer **out, struct err *err)
{
    struct document_writer *w = calloc(1, sizeof *w);
    int rc;

    *out = NULL;
    if (!w)
        return err_nomem(err);
    rc = frame_packer_open(&w->packer, err);
    if (rc < 0) {
        free(w);
        return rc;
    }
    *out = w;
    return 0;
}

void document_writer_free(struct document_writer *w)
{
    if (!w)
        return;
    frame_packer_free(w->packer);
    buf_release(&w->dict);
    buf_release(&w->packed);
    buf_release(&w->record);
    free(w->frame);
    free(w->doc);
    free(w);
}

int document_writer_begin(struct document_writer *w, struct txn *t,
                          struct err *err)
{
    struct buf dict = {0};
    int rc = table_open_name(&w->table, t, "docs", err);

    w->txn = t;
    if (rc > 0)
        rc = dictionary_read(t, &dict, err);
    /* it may also be gone: an aborted transaction had trained it */
    if (rc >= 0 && !view_eq(buf_view(&dict), buf_view(&w->dict))) {
        rc = frame_packer_dictionary(w->packer, buf_view(&dict), err);
        buf_release(&w->dict);
        w->dict = dict;
        return rc;
    }
    buf_release(&dict);
    return rc < 0 ? rc : 0;
}

int document_writer_train(struct document_writer *w, struct view samples,
                          const size_t *sizes, unsigned n, struct err *err)
{
    store_db meta;
    int rc;

    if (w->dict.n > 0)
        return 0;
    rc = frame_train(samples, sizes, n, &w->dict, err);
    if (rc <= 0)
        return rc;
    rc = frame_packer_dictionary(w->packer, buf_view(&w->dict), err);
    if (rc == 0)
        rc = txn_open_db(w->txn, "meta", true, &meta, err);
    if (rc > 0)
        rc = record_put(w->txn, meta, view_str("zdict"), buf_view(&w->dict),
                        err);
    return rc;
}

/* --- cutting --- */

static const struct checkpoint *last_checkpoint(const struct cutter *c,
                                                size_t limit)
{
    size_t lo = c->past, hi = c->ncp;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (c->cp[mid].byte <= limit)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > c->past ? &c->cp[lo - 1] : NULL;
}

/* Where a frame of at most `want` bytes from the cutter's place ends: at the
 * last checkpoint, else between characters. */
static size_t cut_at(const struct cutter *c, size_t want)
{
    size_t start = c->at.start, n;
    const struct checkpoint *cp;

    if (c->text.n - start <= want)
        return c->text.n;
    cp = last_checkpoint(c, start + want);
    if (cp)
        return cp->byte;
    n = utf8_cut(view_sub(c->text, start, c->text.n), want);
    return start + (n ? n : want);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Moves the cutter to byte `end` and says what is due there. */
static void advance(struct cutter *c, size_t end)
{
    const struct checkpoint *cp = last_checkpoint(c, end);
    size_t from = c->at.start, i;

    if (cp) {
        from = cp->byte;
        c->at.line = larger(cp->line, c->at.line);
        c->at.page = larger(cp->page, c->at.page);
        c->at.pos = larger(cp->pos, c->at.pos);
        c->past = (size_t)(cp - c->cp) + 1;
    }
    paragraphs_count(&c->at.paragraphs, view_sub(c->text, c->at.start, end));
    for (i = from; i < end; i++) {
        c->at.line += c->text.p[i] == '\n';
        c->at.page += c->text.p[i] == '\f';
    }
    c->at.start = (uint32_t)end;
    c->at.restart = cp && cp->byte == end;
}

static int room_for_frame(struct document_writer *w)
{
    size_t cap = w->cap ? w->cap * 2 : 16;
    void *p;

    if (w->nframes < w->cap)
        return 0;
    p = realloc(w->frame, cap * sizeof *w->frame);
    if (!p)
        return ERR_NOMEM;
    w->frame = p;
    w->cap = cap;
    return 0;
}

/* Packs the next frame behind those in w->packed; *end gets the byte behind
 * its text. What is left of the text is cut evenly, for a short last frame
 * would compress badly. */
static int pack_next(struct document_writer *w, const struct cutter *c,
                     size_t *end, struct err *err)
{
    size_t start = c->at.start, rest = c->text.n - start;
    size_t frames = (rest + FRAME_TEXT / 2) / FRAME_TEXT;
    struct view out;
    int rc;

    *end = cut_at(c, frames > 1 ? rest / frames : rest);
    rc = frame_pack(w->packer, view_sub(c->text, start, *end), &out, err);
    if (rc == 0 && buf_add(&w->packed, out) < 0)
        rc = err_nomem(err);
    return rc;
}

static int pack_all(struct document_writer *w, struct cutter *c,
                    struct err *err)
{
    size_t base = w->packed.n;

    c->at.line = c->at.page = 1;
    c->at.paragraphs = (struct paragraphs)PARAGRAPHS_NONE;
    c->at.restart = true;
    while (c->past < c->ncp && c->cp[c->past].byte == 0)
        c->past++;
    while (c->at.start < c->text.n) {
        struct frame_info *f;
        size_t end;
        int rc;

        if (room_for_frame(w) < 0)
            return err_nomem(err);
        rc = pack_next(w, c, &end, err);
        if (rc < 0)
            return rc;
        if (w->packed.n - base > INT32_MAX)
            return err_set(err, ERR_USAGE, "a text of over 2 GB");
        f = &w->frame[w->nframes++];
        *f = c->at;
        f->size = (uint32_t)(end - f->start);
        f->packed = (uint32_t)(w->packed.n - base) - f->packed_at;
        c->at.packed_at += f->packed;
        advance(c, end);
    }
    return 0;
}

void document_writer_drop(struct document_writer *w)
{
    w->nframes = w->ndocs = w->next = 0;
    buf_clear(&w->packed);
}

int document_writer_pack(struct document_writer *w, struct view text,
                         const struct checkpoint *cp, size_t ncp,
                         struct err *err)
{
    struct cutter c = {.text = text, .cp = cp, .ncp = ncp};
    struct packed_doc *more, *doc;
    int rc;

    if (w->next == w->ndocs)
        document_writer_drop(w);
    if (w->ndocs == w->doc_cap) {
        size_t cap = w->doc_cap ? w->doc_cap * 2 : 16;

        more = realloc(w->doc, cap * sizeof *more);
        if (!more)
            return err_nomem(err);
        w->doc = more;
        w->doc_cap = cap;
    }
    doc = &w->doc[w->ndocs];
    doc->from = w->nframes;
    doc->at = w->packed.n;
    rc = pack_all(w, &c, err);
    doc->to = w->nframes;
    doc->n = w->packed.n - doc->at;
    doc->pages = c.at.page;
    w->ndocs += rc == 0;
    return rc;
}

/* --- storing --- */

/* How much of the n bytes that are left becomes the next piece: a page of its
 * own, else what the leaf page being filled has room for, or the next one. */
static size_t piece_size(const struct document_writer *w, size_t n)
{
    size_t key = sizeof(struct docs_key);
    size_t room = table_room(&w->table, key);
    size_t max = table_inline_max(&w->table, key);

    if (n >= w->table.page * 15 / 16)
        return n < w->table.page ? n : w->table.page;
    if (n > room && room < PIECE_MIN)
        room = max;
    return n < room ? n : room;
}

/* Appends the packed frames of a document, in pieces. */
static int append_text(struct document_writer *w, uint32_t docid,
                       const struct packed_doc *p, struct err *err)
{
    struct docs_key key = docs_key(docid);
    struct view text = view_sub(buf_view(&w->packed), p->at, p->at + p->n);
    size_t at = 0;
    int rc = 0;

    while (at < text.n && rc == 0) {
        size_t n = piece_size(w, text.n - at);

        rc = table_put(&w->table, docs_text(&key, (uint32_t)(at + n - 1)),
                       view_sub(text, at, at + n), err);
        at += n;
    }
    return rc;
}

static int append_record(struct document_writer *w, uint32_t docid,
                         struct err *err)
{
    struct docs_key key = docs_key(docid);
    size_t n = w->record.n + RECORD_SEAL, max = w->table.page;
    int rc = record_append(w->txn, w->table.db, docs_record(&key),
                           buf_view(&w->record), err);

    for (; n > max; n -= max - RECORD_SEAL)
        table_count(&w->table, sizeof key, max);
    table_count(&w->table, sizeof key, n);
    return rc;
}

int document_writer_add(struct document_writer *w, struct document *d,
                        struct view text, const struct checkpoint *cp,
                        size_t ncp, struct err *err)
{
    struct packed_doc p = {.pages = 1};
    int rc = 0;

    if (text.n > UINT32_MAX)
        return err_set(err, ERR_USAGE, "a text of over 4 GB");
    d->text_bytes = (uint32_t)text.n;
    if (d->flags & DOCUMENT_TEXT) {
        if (w->next == w->ndocs)
            rc = document_writer_pack(w, text, cp, ncp, err);
        if (rc < 0)
            return rc;
        p = w->doc[w->next++];
    }
    d->frame = w->frame ? w->frame + p.from : NULL;
    d->nframes = p.to - p.from;
    d->pages = p.pages;
    if (document_encode(d, &w->record) < 0)
        return err_nomem(err);
    rc = append_record(w, d->docid, err);
    return rc < 0 ? rc : append_text(w, d->docid, &p, err);
}

int document_rewrite(struct txn *t, const struct document *d, struct err *err)
{
    struct docs_key key = docs_key(d->docid);
    struct buf record = {0};
    store_db db;
    int rc = txn_open_db(t, "docs", true, &db, err);

    if (rc > 0 && document_encode(d, &record) < 0)
        rc = err_nomem(err);
    if (rc > 0)
        rc = record_put(t, db, docs_record(&key), buf_view(&record), err);
    buf_release(&record);
    return rc;
}

/* Deletes all pieces of a document's text. */
static int delete_text(struct txn *t, store_db db, struct docs_key *key,
                       struct err *err)
{
    struct view at, val;
    struct err failed = {0};
    struct cursor *c;
    uint32_t last;
    int rc = cursor_open(&c, t, db, &failed);

    while (rc >= 0) {
        rc = cursor_seek(c, docs_text(key, 0), &at, &val);
        if (rc <= 0 || !docs_is_text(key, at, &last))
            break;
        rc = txn_del(t, db, docs_text(key, last), &failed);
    }
    if (rc < 0 && err)
        *err = failed;
    cursor_close(c);
    return rc < 0 ? rc : 0;
}

int document_delete(struct txn *t, uint32_t docid, struct err *err)
{
    struct docs_key key = docs_key(docid);
    store_db db;
    int rc = txn_open_db(t, "docs", false, &db, err);

    if (rc <= 0)
        return rc;
    rc = record_del(t, db, docs_record(&key), err);
    return rc < 0 ? rc : delete_text(t, db, &key, err);
}

int documents_sweep(struct txn *t, uint32_t docid, size_t max, struct err *err)
{
    struct err failed = {0};
    struct view key, val;
    struct cursor *c;
    uint8_t copy[8];
    size_t gone = 0;
    store_db db;
    int rc = txn_open_db(t, "docs", false, &db, err);

    if (rc <= 0)
        return rc;
    rc = cursor_open(&c, t, db, &failed);
    while (rc >= 0 && gone < max && (rc = cursor_last(c, &key, &val)) > 0 &&
           key.n == sizeof copy && get_be32(key.p) >= docid) {
        memcpy(copy, key.p, sizeof copy);
        gone += val.n + sizeof copy;
        rc = txn_del(t, db, view_of(copy, sizeof copy), &failed);
    }
    cursor_close(c);
    if (rc < 0 && err)
        *err = failed;
    return rc < 0 ? rc : gone > 0;
}
