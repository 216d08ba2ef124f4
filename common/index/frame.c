#include "index/frame.h"

#include <stdlib.h>

#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_createDDict_byReference */
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/bytes.h"

enum {
    LEVEL = 3,            /* 7 % shorter than level 1, for a fifth more time */
    DICTIONARY_ID = 1,    /* takes one byte of each frame */
    DICTIONARY_ID_AT = 4, /* where a zstd dictionary keeps it, u32 */
    SAMPLES_MIN = 100,    /* fewer say too little */
    SAMPLES_BYTES = 256 << 10,
    PIECE = 1 << 16 /* bytes of a file unpacked at a time */
};

struct frame_packer {
    ZSTD_CCtx *cctx;
    ZSTD_CDict *dict; /* NULL: none */
    struct buf out;
};

struct frame_reader {
    ZSTD_DCtx *dctx;
    ZSTD_DDict *dict; /* NULL: none */
    struct buf bytes; /* that it refers to */
};

int frame_packer_open(struct frame_packer **out, struct err *err)
{
    struct frame_packer *p = calloc(1, sizeof *p);

    *out = NULL;
    if (!p)
        return err_nomem(err);
    p->cctx = ZSTD_createCCtx();
    if (!p->cctx ||
        buf_reserve(&p->out, ZSTD_compressBound(FRAME_RAW_MAX)) < 0) {
        frame_packer_free(p);
        return err_nomem(err);
    }
    ZSTD_CCtx_setParameter(p->cctx, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(p->cctx, ZSTD_c_checksumFlag, 1);
    *out = p;
    return 0;
}

int frame_packer_dictionary(struct frame_packer *p, struct view dict,
                            struct err *err)
{
    ZSTD_CDict *d = NULL;

    if (dict.n > 0) {
        if (ZDICT_getDictID(dict.p, dict.n) != DICTIONARY_ID)
            return err_set(err, ERR_CORRUPT,
                           "index damaged: the dictionary "
                           "of its texts is wrong");
        d = ZSTD_createCDict(dict.p, dict.n, LEVEL);
        if (!d)
            return err_nomem(err);
    }
    ZSTD_CCtx_refCDict(p->cctx, d);
    ZSTD_freeCDict(p->dict);
    p->dict = d;
    return 0;
}

int frame_pack(struct frame_packer *p, struct view text, struct view *out,
               struct err *err)
{
    size_t n;

    if (text.n > FRAME_RAW_MAX)
        return err_set(err, ERR_USAGE, "%zu bytes for one frame", text.n);
    n = ZSTD_compress2(p->cctx, p->out.p, p->out.cap, text.p, text.n);
    if (ZSTD_isError(n))
        return err_nomem(err); /* nothing else can fail */
    *out = view_of(p->out.p, n);
    return 0;
}

void frame_packer_free(struct frame_packer *p)
{
    if (!p)
        return;
    ZSTD_freeCCtx(p->cctx);
    ZSTD_freeCDict(p->dict);
    buf_release(&p->out);
    free(p);
}

int frame_reader_open(struct frame_reader **out, struct err *err)
{
    struct frame_reader *r = calloc(1, sizeof *r);

    *out = NULL;
    if (!r)
        return err_nomem(err);
    r->dctx = ZSTD_createDCtx();
    if (!r->dctx) {
        free(r);
        return err_nomem(err);
    }
    *out = r;
    return 0;
}

int frame_reader_dictionary(struct frame_reader *r, struct buf *dict,
                            struct err *err)
{
    ZSTD_DDict *d = ZSTD_createDDict_byReference(dict->p, dict->n);

    if (!d || ZSTD_getDictID_fromDDict(d) != DICTIONARY_ID) {
        ZSTD_freeDDict(d);
        return err_set(err, ERR_CORRUPT,
                       "index damaged: the dictionary of "
                       "its texts is wrong");
    }
    ZSTD_freeDDict(r->dict);
    buf_release(&r->bytes);
    r->dict = d;
    r->bytes = *dict;
    *dict = (struct buf){0};
    return 0;
}

bool frame_needs_dictionary(struct view frame)
{
    return ZSTD_getDictID_fromFrame(frame.p, frame.n) != 0;
}

int frame_unpack(struct frame_reader *r, struct view frame, uint32_t size,
                 struct buf *out, struct err *err)
{
    const ZSTD_DDict *dict = frame_needs_dictionary(frame) ? r->dict : NULL;
    unsigned long long declared = ZSTD_getFrameContentSize(frame.p, frame.n);
    size_t n;

    /* before anything is allocated; also true of zstd's error values */
    if (declared != size || size > FRAME_READ_MAX)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: a text has a wrong "
                       "size");
    if (buf_reserve(out, size) < 0)
        return err_nomem(err);
    n = ZSTD_decompress_usingDDict(r->dctx, out->p + out->n, size, frame.p,
                                   frame.n, dict);
    if (ZSTD_isError(n) || n != size)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: a text cannot be "
                       "decompressed (%s)",
                       ZSTD_getErrorName(n));
    out->n += n;
    return 0;
}

void frame_reader_free(struct frame_reader *r)
{
    if (!r)
        return;
    ZSTD_freeDCtx(r->dctx);
    ZSTD_freeDDict(r->dict);
    buf_release(&r->bytes);
    free(r);
}

int frame_train(struct view samples, const size_t *sizes, unsigned n,
                struct buf *out, struct err *err)
{
    size_t got;
    uint8_t *dict;

    if (n < SAMPLES_MIN || samples.n < SAMPLES_BYTES)
        return 0;
    if (buf_reserve(out, FRAME_DICTIONARY) < 0)
        return err_nomem(err);
    dict = out->p + out->n;
    got = ZDICT_trainFromBuffer(dict, FRAME_DICTIONARY, samples.p, sizes, n);
    if (ZDICT_isError(got) || got <= DICTIONARY_ID_AT + 4)
        return 0;
    put_u32(dict + DICTIONARY_ID_AT, DICTIONARY_ID);
    out->n += got;
    return 1;
}

/* --- files --- */

/* 0 at the end of a frame that nothing follows; else as in frame.h. */
static int stream(ZSTD_DCtx *dctx, ZSTD_inBuffer *in, size_t max,
                  struct buf *out)
{
    size_t start = out->n, left = 1;

    while (in->pos < in->size || left != 0) {
        ZSTD_outBuffer piece = {.size = PIECE};
        size_t was = in->pos;

        if (buf_reserve(out, PIECE) < 0)
            return ERR_NOMEM;
        piece.dst = out->p + out->n;
        left = ZSTD_decompressStream(dctx, &piece, in);
        if (ZSTD_isError(left))
            return ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation
                       ? ERR_NOMEM
                       : ERR_CORRUPT;
        out->n += piece.pos;
        if (out->n - start > max)
            return ERR_FULL;
        if (left != 0 && piece.pos == 0 && in->pos == was)
            return ERR_NOTFOUND;
    }
    return 0;
}

int frame_unpack_file(struct view file, size_t max, struct buf *out)
{
    ZSTD_inBuffer in = {.src = file.p, .size = file.n};
    ZSTD_DCtx *dctx = ZSTD_createDCtx();
    int rc = dctx ? stream(dctx, &in, max, out) : ERR_NOMEM;

    ZSTD_freeDCtx(dctx);
    return rc;
}
