#include "index/document.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/date.h"
#include "index/frame.h"

enum { DOCUMENT_VERSION = 4 };

/* Where the first frame starts. */
#define FRAME_INFO_FIRST                                                       \
    {                                                                          \
        .line = 1, .page = 1, .paragraphs = PARAGRAPHS_NONE                    \
    }

/* Fields of the record. Stored: only append. */
enum document_tag {
    TAG_DATE = 1,
    TAG_DATE_SOURCE = 2,
    TAG_LANGUAGE = 3,
    TAG_TITLE = 4,
    TAG_EXTRA = 16
};

const char *date_source_text(unsigned source)
{
    static const char *const text[] = {
        NULL, "frontmatter", "filename", "text", "mtime", "record", "metadata",
    };

    return source < sizeof text / sizeof *text ? text[source] : NULL;
}

/* --- encoding --- */

static int add_sized(struct buf *out, struct view v)
{
    return buf_addvar(out, v.n) < 0 ? ERR_NOMEM : buf_add(out, v);
}

static int add_field(struct buf *out, enum document_tag tag, const void *p,
                     size_t n)
{
    return buf_addvar(out, tag) < 0 ? ERR_NOMEM : add_sized(out, view_of(p, n));
}

static size_t varint_size(uint64_t x)
{
    uint8_t p[VARINT_MAX];

    return (size_t)(put_varint(p, x) - p);
}

static int add_extra(struct buf *out, const struct field *f)
{
    if (buf_addvar(out, TAG_EXTRA) < 0 ||
        buf_addvar(out, varint_size(f->name.n) + f->name.n + f->value.n) < 0 ||
        add_sized(out, f->name) < 0)
        return ERR_NOMEM;
    return buf_add(out, f->value);
}

static int encode_zones(const struct document *d, struct buf *out)
{
    uint32_t end = 0;
    size_t i;

    if (buf_addvar(out, d->nzones) < 0)
        return ERR_NOMEM;
    for (i = 0; i < d->nzones; i++) {
        const struct zone *z = &d->zone[i];

        if (buf_addvar(out, z->start - end) < 0 ||
            buf_addvar(out, z->end - z->start) < 0 ||
            buf_addc(out, z->title) < 0)
            return ERR_NOMEM;
        end = z->end;
    }
    return 0;
}

static int encode_fields(const struct document *d, struct buf *out)
{
    bool dated = d->date != DATE_NONE;
    bool titled = !(d->flags & DOCUMENT_TEXT) && d->title.n > 0;
    uint8_t date[4];
    size_t i;

    put_u32(date, (uint32_t)d->date);
    if (buf_addvar(out,
                   d->nfields + 2u * dated + (d->language.n > 0) + titled) < 0)
        return ERR_NOMEM;
    if (dated && (add_field(out, TAG_DATE, date, sizeof date) < 0 ||
                  add_field(out, TAG_DATE_SOURCE, &d->date_source, 1) < 0))
        return ERR_NOMEM;
    if (d->language.n > 0 &&
        add_field(out, TAG_LANGUAGE, d->language.p, d->language.n) < 0)
        return ERR_NOMEM;
    if (titled && add_field(out, TAG_TITLE, d->title.p, d->title.n) < 0)
        return ERR_NOMEM;
    for (i = 0; i < d->nfields; i++)
        if (add_extra(out, &d->field[i]) < 0)
            return ERR_NOMEM;
    return 0;
}

static int encode_frames(const struct document *d, struct buf *out)
{
    struct frame_info prev = FRAME_INFO_FIRST;
    size_t i;

    if (buf_addvar(out, d->nframes) < 0)
        return ERR_NOMEM;
    for (i = 0; i < d->nframes; i++) {
        const struct frame_info *f = &d->frame[i];

        if (buf_addvar(out, (uint64_t)f->size << 1 | f->restart) < 0 ||
            buf_addvar(out, f->line - prev.line) < 0 ||
            buf_addvar(out, f->page - prev.page) < 0 ||
            buf_addvar(out, (uint64_t)(f->paragraphs.n - prev.paragraphs.n) *
                                    (PARAGRAPH_ENDS + 1) +
                                f->paragraphs.ends) < 0 ||
            buf_addvar(out, f->pos - prev.pos) < 0 ||
            buf_addvar(out, f->packed) < 0)
            return ERR_NOMEM;
        prev = *f;
    }
    return buf_addvar(out, d->nframes ? d->pages - prev.page : 0);
}

int document_encode(const struct document *d, struct buf *out)
{
    buf_clear(out);
    if (buf_addvar(out, DOCUMENT_VERSION) < 0 ||
        buf_addvar(out, d->flags) < 0 || buf_addvar(out, d->length) < 0 ||
        buf_addvar(out, d->text_bytes) < 0 || add_sized(out, d->path) < 0 ||
        buf_addvar(out, d->title_start) < 0 ||
        buf_addvar(out, d->title_len) < 0 || encode_zones(d, out) < 0 ||
        encode_fields(d, out) < 0)
        return ERR_NOMEM;
    return encode_frames(d, out);
}

/* --- decoding --- */

/* A count of things of at least `least` bytes each, or `bad`: so that what is
 * allocated for them stays in proportion to the record. */
static size_t rd_count(struct rd *r, size_t least)
{
    uint64_t n = rd_varint(r);

    if (n <= rd_left(r) / least)
        return (size_t)n;
    r->bad = true;
    return 0;
}

/* a + b, or `bad` where that is above max. */
static uint32_t rd_sum(struct rd *r, uint32_t a, uint32_t b, uint32_t max)
{
    if (b <= max && a <= max - b)
        return a + b;
    r->bad = true;
    return 0;
}

static int decode_zones(struct rd *r, struct document *d)
{
    uint32_t end = 0;
    size_t i;

    d->nzones = rd_count(r, 3);
    if (d->nzones == 0)
        return 0;
    d->zone = calloc(d->nzones, sizeof *d->zone);
    if (!d->zone)
        return ERR_NOMEM;
    for (i = 0; i < d->nzones; i++) {
        struct zone *z = &d->zone[i];

        z->start = rd_sum(r, end, rd_var32(r), d->text_bytes);
        z->end = rd_sum(r, z->start, rd_var32(r), d->text_bytes);
        z->title = rd_u8(r) != 0;
        end = z->end;
    }
    return 0;
}

static void decode_field(struct rd *r, struct document *d)
{
    uint64_t tag = rd_varint(r);
    struct view v = rd_bytes(r, rd_varint(r));
    struct rd value = rd_of(v);
    struct field *f;

    switch (tag) {
    case TAG_DATE:
        d->date = (int32_t)rd_u32(&value);
        break;
    case TAG_DATE_SOURCE:
        d->date_source = rd_u8(&value);
        break;
    case TAG_LANGUAGE:
        d->language = v;
        break;
    case TAG_TITLE:
        d->title = v;
        break;
    case TAG_EXTRA:
        f = &d->field[d->nfields++];
        f->name = rd_bytes(&value, rd_varint(&value));
        f->value = rd_bytes(&value, rd_left(&value));
        break;
    }
    r->bad |= value.bad;
}

static int decode_fields(struct rd *r, struct document *d)
{
    size_t n = rd_count(r, 2);

    d->date = DATE_NONE;
    if (n == 0)
        return 0;
    d->field = calloc(n, sizeof *d->field);
    if (!d->field)
        return ERR_NOMEM;
    while (n-- > 0 && !r->bad)
        decode_field(r, d);
    return 0;
}

static void decode_paragraphs(struct rd *r, struct paragraphs *p)
{
    uint64_t x = rd_varint(r);
    uint64_t more = x / (PARAGRAPH_ENDS + 1);

    r->bad |= more > UINT32_MAX;
    p->n = rd_sum(r, p->n, (uint32_t)more, UINT32_MAX);
    p->ends = x % (PARAGRAPH_ENDS + 1);
}

static int decode_frames(struct rd *r, struct document *d)
{
    struct frame_info at = FRAME_INFO_FIRST; /* size stays 0 */
    size_t i;

    d->nframes = rd_count(r, 6);
    if (d->nframes > 0) {
        d->frame = calloc(d->nframes, sizeof *d->frame);
        if (!d->frame)
            return ERR_NOMEM;
    }
    for (i = 0; i < d->nframes; i++) {
        struct frame_info *f = &d->frame[i];
        uint32_t size = rd_var32(r);

        *f = at;
        f->restart = size & 1;
        f->size = size >> 1;
        f->line = at.line = rd_sum(r, at.line, rd_var32(r), UINT32_MAX);
        f->page = at.page = rd_sum(r, at.page, rd_var32(r), UINT32_MAX);
        decode_paragraphs(r, &at.paragraphs);
        f->paragraphs = at.paragraphs;
        f->pos = at.pos = rd_sum(r, at.pos, rd_var32(r), UINT32_MAX);
        f->packed = rd_var32(r);
        at.start = rd_sum(r, at.start, f->size, d->text_bytes);
        at.packed_at = rd_sum(r, at.packed_at, f->packed, INT32_MAX);
        r->bad |= f->size == 0 || f->size > FRAME_READ_MAX || f->packed == 0 ||
                  f->packed > FRAME_PACKED_MAX;
    }
    d->pages = rd_sum(r, at.page, rd_var32(r), UINT32_MAX);
    r->bad |= at.start != (d->flags & DOCUMENT_TEXT ? d->text_bytes : 0);
    return 0;
}

int document_decode(struct view record, struct document *d, struct err *err)
{
    struct rd r = rd_of(record);
    uint64_t version = rd_varint(&r);

    memset(d, 0, sizeof *d);
    if (version != DOCUMENT_VERSION)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: a document's record "
                       "has an unknown version");
    d->flags = rd_var32(&r);
    d->length = rd_var32(&r);
    d->text_bytes = rd_var32(&r);
    d->path = rd_bytes(&r, rd_varint(&r));
    d->title_start = rd_var32(&r);
    d->title_len = rd_var32(&r);
    rd_sum(&r, d->title_start, d->title_len, d->text_bytes);
    if (decode_zones(&r, d) < 0 || decode_fields(&r, d) < 0 ||
        decode_frames(&r, d) < 0) {
        document_release(d);
        return err_nomem(err);
    }
    if (!r.bad && rd_left(&r) == 0)
        return 0;
    document_release(d);
    return err_set(err, ERR_CORRUPT,
                   "index damaged: a document's record is "
                   "wrong");
}

int document_field(struct view record, struct view name, struct view *value)
{
    struct rd r = rd_of(record);
    uint64_t version = rd_varint(&r), n;
    unsigned i;

    for (i = 0; i < 3; i++) /* flags, length, text_bytes */
        rd_var32(&r);
    rd_bytes(&r, rd_varint(&r)); /* path */
    rd_var32(&r);                /* title */
    rd_var32(&r);
    for (n = rd_count(&r, 3); n > 0; n--) { /* zones */
        rd_var32(&r);
        rd_var32(&r);
        rd_u8(&r);
    }
    for (n = rd_count(&r, 2); n > 0 && !r.bad; n--) {
        uint64_t tag = rd_varint(&r);
        struct rd f = rd_of(rd_bytes(&r, rd_varint(&r)));

        if (tag != TAG_EXTRA || !view_eq(rd_bytes(&f, rd_varint(&f)), name))
            continue;
        *value = rd_bytes(&f, rd_left(&f));
        r.bad |= f.bad;
        return r.bad || version != DOCUMENT_VERSION ? ERR_CORRUPT : 1;
    }
    return r.bad || version != DOCUMENT_VERSION ? ERR_CORRUPT : 0;
}

void document_release(struct document *d)
{
    free(d->zone);
    free(d->field);
    free(d->frame);
    memset(d, 0, sizeof *d);
}
