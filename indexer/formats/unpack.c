/*
 * unpack.c - gzip and xz; zstd is in frame.c, which knows it.
 *
 * A file may hold several streams one behind the other, as `cat a.gz b.gz`
 * makes. Zeros behind the last are padding.
 */
#include <lzma.h>
#include <zlib.h>

#include "index/frame.h"
#include "indexer/formats/format.h"
#include "indexer/formats/library.h"

enum { PIECE = 1 << 16, XZ_MEMORY = 256 << 20 };

static struct {
    __typeof__(inflateInit2_) *init;
    __typeof__(inflate) *inflate;
    __typeof__(inflateReset) *reset;
    __typeof__(inflateEnd) *end;
} z;

static const struct library_symbol z_symbols[] = {
    {"inflateInit2_", &z.init},
    {"inflate", &z.inflate},
    {"inflateReset", &z.reset},
    {"inflateEnd", &z.end},
};

static struct library z_library = {"libz.so.1", "zlib1g", "gzip", NULL};

static struct {
    __typeof__(lzma_stream_decoder) *init;
    __typeof__(lzma_code) *code;
    __typeof__(lzma_end) *end;
} xz;

static const struct library_symbol xz_symbols[] = {
    {"lzma_stream_decoder", &xz.init},
    {"lzma_code", &xz.code},
    {"lzma_end", &xz.end},
};

static struct library xz_library = {"liblzma.so.5", "liblzma5", "xz", NULL};

static int too_much(size_t max, struct err *err)
{
    return err_set(err, ERR_FULL, "unpacked, it is larger than %zu bytes", max);
}

static int damaged(const char *what, bool cut, struct err *err)
{
    return err_set(err, ERR_USAGE, "damaged %s: %s", what,
                   cut ? "it ends too early" : "its content is wrong");
}

/* Room for a piece that does not reach beyond one byte over max; ERR_NOMEM. */
static int room(struct buf *out, size_t start, size_t max, size_t *n)
{
    size_t left = max + 1 - (out->n - start);

    *n = left < PIECE ? left : PIECE;
    return buf_reserve(out, *n);
}

static bool only_zeros(const uint8_t *p, size_t n)
{
    while (n > 0 && p[n - 1] == 0)
        n--;
    return n == 0;
}

/* Unpacks the streams: Z_STREAM_END, Z_OK where there is more than max, or
 * what went wrong. */
static int inflate_all(z_stream *s, size_t max, struct buf *out)
{
    size_t start = out->n, n;
    int rc = Z_OK;

    for (;;) {
        if (room(out, start, max, &n) < 0)
            return Z_MEM_ERROR;
        s->next_out = out->p + out->n;
        s->avail_out = (unsigned)n;
        rc = z.inflate(s, Z_NO_FLUSH);
        out->n += n - s->avail_out;
        if (out->n - start > max)
            return Z_OK;
        if (rc == Z_STREAM_END) {
            if (only_zeros(s->next_in, s->avail_in))
                return rc;
            rc = z.reset(s);
        }
        if (rc != Z_OK)
            return rc;
    }
}

int gzip_unpack(struct view bytes, size_t max, struct buf *out, struct err *err)
{
    z_stream s = {0};
    int rc = LIBRARY_OPEN(&z_library, z_symbols, err);

    if (rc < 0)
        return rc;
    if (z.init(&s, 15 + 16, ZLIB_VERSION, (int)sizeof s) != Z_OK)
        return err_nomem(err);
    s.next_in = (uint8_t *)(uintptr_t)bytes.p;
    s.avail_in = (unsigned)bytes.n;
    rc = inflate_all(&s, max, out);
    z.end(&s);
    if (rc == Z_MEM_ERROR)
        return err_nomem(err);
    if (rc == Z_OK)
        return too_much(max, err);
    return rc == Z_STREAM_END ? 0 : damaged("gzip", rc == Z_BUF_ERROR, err);
}

int xz_unpack(struct view bytes, size_t max, struct buf *out, struct err *err)
{
    lzma_stream s = LZMA_STREAM_INIT;
    lzma_ret end = LZMA_OK;
    size_t start = out->n, n;
    int rc = LIBRARY_OPEN(&xz_library, xz_symbols, err);

    if (rc < 0)
        return rc;
    if (xz.init(&s, XZ_MEMORY, LZMA_CONCATENATED) != LZMA_OK)
        return err_nomem(err);
    s.next_in = bytes.p;
    s.avail_in = bytes.n;
    while (rc == 0 && end == LZMA_OK && out->n - start <= max) {
        rc = room(out, start, max, &n);
        if (rc < 0)
            break;
        s.next_out = out->p + out->n;
        s.avail_out = n;
        end = xz.code(&s, LZMA_FINISH);
        out->n += n - s.avail_out;
    }
    xz.end(&s);
    if (rc < 0 || end == LZMA_MEM_ERROR || end == LZMA_MEMLIMIT_ERROR)
        return err_nomem(err);
    if (out->n - start > max)
        return too_much(max, err);
    return end == LZMA_STREAM_END ? 0
                                  : damaged("xz", end == LZMA_BUF_ERROR, err);
}

int zstd_unpack(struct view bytes, size_t max, struct buf *out, struct err *err)
{
    int rc = frame_unpack_file(bytes, max, out);

    if (rc == ERR_NOMEM)
        return err_nomem(err);
    if (rc == ERR_FULL)
        return too_much(max, err);
    return rc < 0 ? damaged("zstd", rc == ERR_NOTFOUND, err) : 0;
}
