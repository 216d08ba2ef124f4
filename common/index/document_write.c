/* Writes documents: document_writer_* and document_delete of document.h. */
#include <stdlib.h>

#include "index/docs_key.h"
#include "index/document.h"
#include "index/frame.h"
#include "text/utf8.h"

#define FILL 0.85    /* of a page: a frame below it is tried again */
#define HALVE 0.80   /* of a page: a last frame above it stays whole */
#define MARGIN 0.95  /* of what the ratio so far promises */
#define TELLING 2048 /* bytes of text whose ratio says something of others */

/* A document whose frames are packed: [from, to) of them. */
struct packed_doc {
    size_t from, to;
};

struct document_writer {
    struct txn *txn; /* borrowed, as of document_writer_begin */
    store_db db;
    size_t max;        /* bytes of the longest frame */
    size_t inline_max; /* of the longest that takes no page of its own */
    struct frame_packer *packer;
    struct buf dict;   /* the dictionary the packer has */
    double ratio;      /* packed bytes a raw one, of late */
    struct buf packed; /* the frames of the documents in hand */
    size_t *end;       /* in `packed`, of each frame */
    struct frame_info *frame;
    size_t nframes;
    size_t cap;             /* of both */
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
    w->ratio = 0.45;
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
    free(w->end);
    free(w->frame);
    free(w->doc);
    free(w);
}

int document_writer_begin(struct document_writer *w, struct txn *t,
                          struct err *err)
{
    struct buf dict = {0};
    int rc = txn_open_db(t, "docs", true, &w->db, err);

    w->txn = t;
    w->max = store_max_value(txn_store(t));
    w->inline_max = store_inline_max(txn_store(t), sizeof(struct docs_key));
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
    p = realloc(w->end, cap * sizeof *w->end);
    if (!p)
        return ERR_NOMEM;
    w->end = p;
    w->cap = cap;
    return 0;
}

/* How many bytes are likely to fill a page. */
static size_t guess(const struct document_writer *w)
{
    double want = (double)w->max / w->ratio * MARGIN;

    return want < FRAME_RAW_MAX ? (size_t)want : FRAME_RAW_MAX;
}

/* Whether the last `rest` bytes would take half a page to four fifths of one,
 * and leave the rest of it empty: in halves they lie in leaf pages, beside
 * others. */
static bool better_halved(const struct document_writer *w, size_t rest)
{
    double last = (double)rest * w->ratio;

    return last > (double)w->inline_max && last < HALVE * (double)w->max;
}

/* Packs the next frame behind those in w->packed; *end gets the byte behind
 * its text. The first try goes by the ratio so far, the second by its own. */
static int pack_next(struct document_writer *w, const struct cutter *c,
                     size_t *end, struct err *err)
{
    size_t start = c->at.start, base = w->packed.n, rest = c->text.n - start;
    bool halve = better_halved(w, rest);
    size_t want = halve ? rest / 2 : guess(w);
    struct view out;
    int tries, rc;

    *end = start;
    for (tries = 0; tries < 4; tries++) {
        size_t to = cut_at(c, want);
        double ratio;

        if (to - start > FRAME_RAW_MAX)
            to = start + FRAME_RAW_MAX;
        if (tries > 0 && to == *end)
            break; /* no larger one to be had */
        rc = frame_pack(w->packer, view_sub(c->text, start, to), &out, err);
        if (rc < 0)
            return rc;
        ratio = (double)out.n / (double)(to - start);
        if (to - start >= TELLING)
            w->ratio = 0.7 * ratio + 0.3 * w->ratio;
        want = (size_t)((double)w->max / ratio * 0.98);
        if (want > FRAME_RAW_MAX)
            want = FRAME_RAW_MAX;
        if (out.n <= w->max) {
            w->packed.n = base;
            if (buf_add(&w->packed, out) < 0)
                return err_nomem(err);
            *end = to;
            if (to == c->text.n || halve || to - start == FRAME_RAW_MAX ||
                tries > 0 || (double)out.n >= FILL * (double)w->max)
                break;
        } else if (*end > start) {
            break; /* a larger one did not fit: the smaller stays */
        } else if (tries == 2) {
            want = w->max - FRAME_OVERHEAD; /* fits in any case */
        }
    }
    return 0;
}

static int pack_all(struct document_writer *w, struct cutter *c,
                    struct err *err)
{
    c->at.line = c->at.page = 1;
    c->at.restart = true;
    while (c->past < c->ncp && c->cp[c->past].byte == 0)
        c->past++;
    while (c->at.start < c->text.n) {
        size_t end;
        int rc;

        if (room_for_frame(w) < 0)
            return err_nomem(err);
        rc = pack_next(w, c, &end, err);
        if (rc < 0)
            return rc;
        w->end[w->nframes] = w->packed.n;
        w->frame[w->nframes] = c->at;
        w->frame[w->nframes++].size = (uint32_t)(end - c->at.start);
        advance(c, end);
    }
    return 0;
}

void document_writer_drop(struct document_writer *w)
{
    w->nframes = w->ndocs = w->next = 0;
    buf_clear(&w->packed);
}

size_t document_writer_packed(const struct document_writer *w)
{
    return w->packed.n;
}

int document_writer_pack(struct document_writer *w, struct view text,
                         const struct checkpoint *cp, size_t ncp,
                         struct err *err)
{
    struct cutter c = {.text = text, .cp = cp, .ncp = ncp};
    struct packed_doc *more;
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
    w->doc[w->ndocs].from = w->nframes;
    rc = pack_all(w, &c, err);
    w->doc[w->ndocs].to = w->nframes;
    w->ndocs += rc == 0;
    return rc;
}

/* --- storing --- */

static int append_frames(struct document_writer *w, uint32_t docid,
                         const struct packed_doc *p, struct err *err)
{
    struct docs_key key = docs_key(docid);
    size_t i, at = p->from ? w->end[p->from - 1] : 0;
    int rc = 0;

    for (i = p->from; i < p->to && rc == 0; i++) {
        rc =
            txn_append(w->txn, w->db, docs_frame(&key, (uint32_t)(i - p->from)),
                       view_sub(buf_view(&w->packed), at, w->end[i]), err);
        at = w->end[i];
    }
    return rc;
}

int document_writer_add(struct document_writer *w, struct document *d,
                        struct view text, const struct checkpoint *cp,
                        size_t ncp, struct err *err)
{
    struct docs_key key = docs_key(d->docid);
    struct packed_doc p = {0, 0};
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
    if (document_encode(d, &w->record) < 0)
        return err_nomem(err);
    rc = record_append(w->txn, w->db, docs_record(&key), buf_view(&w->record),
                       err);
    return rc < 0 ? rc : append_frames(w, d->docid, &p, err);
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

int document_delete(struct txn *t, uint32_t docid, struct err *err)
{
    struct docs_key key = docs_key(docid);
    store_db db;
    uint32_t i = 0;
    int rc = txn_open_db(t, "docs", false, &db, err);

    if (rc <= 0)
        return rc;
    rc = record_del(t, db, docs_record(&key), err);
    if (rc < 0)
        return rc;
    do
        rc = txn_del(t, db, docs_frame(&key, i++), err);
    while (rc > 0);
    return rc;
}
