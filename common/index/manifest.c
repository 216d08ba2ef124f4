#include "index/manifest.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "index/record.h"

enum { HEAD = 80, SEGMENT = 40, SEAL = 4 };

static const char MAGIC[4] = {'T', 'X', 'I', '1'};

int manifest_encode(const struct manifest *m, struct buf *out)
{
    uint32_t i;
    uint8_t *p;

    buf_clear(out);
    if (buf_reserve(out, HEAD + MANIFEST_SEGMENTS * SEGMENT + SEAL) < 0)
        return ERR_NOMEM;
    p = out->p;
    memcpy(p, MAGIC, 4);
    p = put_u16(p + 4, FORMAT_VERSION);
    p = put_u16(p, 0);
    p = put_u64(p, m->config_hash);
    memcpy(p, m->uuid, 16);
    p = put_u64(p + 16, m->generation);
    p = put_u64(p, m->updated_ns);
    p = put_u64(p, m->run_start_ns);
    p = put_u64(p, m->live_positions);
    p = put_u32(p, m->next_docid);
    p = put_u32(p, m->next_segment);
    p = put_u32(p, m->live_docs);
    p = put_u16(p, (uint16_t)m->nsegments);
    p = put_u16(p, 0);
    for (i = 0; i < m->nsegments; i++) {
        const struct segment_info *s = &m->segment[i];

        p = put_u32(p, s->number);
        p = put_u32(p, s->doc_lo);
        p = put_u32(p, s->doc_hi);
        p = put_u32(p, s->docs);
        p = put_u32(p, s->dead);
        p = put_u32(p, s->terms);
        p = put_u64(p, s->positions);
        p = put_u64(p, s->bytes);
    }
    out->n = (size_t)(p - out->p);
    return record_seal(out);
}

static void decode_segment(struct rd *r, struct segment_info *s)
{
    s->number = rd_u32(r);
    s->doc_lo = rd_u32(r);
    s->doc_hi = rd_u32(r);
    s->docs = rd_u32(r);
    s->dead = rd_u32(r);
    s->terms = rd_u32(r);
    s->positions = rd_u64(r);
    s->bytes = rd_u64(r);
}

/* Whether the segments' numbers fit each other and the manifest's. */
static bool segments_fit(const struct manifest *m)
{
    uint32_t i, prev = 0;

    for (i = 0; i < m->nsegments; i++) {
        const struct segment_info *s = &m->segment[i];

        if (s->number >= m->next_segment || s->doc_lo <= prev ||
            s->doc_hi < s->doc_lo || s->doc_hi >= m->next_docid ||
            s->docs > s->doc_hi - s->doc_lo + 1 || s->dead > s->docs)
            return false;
        prev = s->doc_hi;
    }
    return true;
}

int manifest_decode(struct view v, struct manifest *m, struct err *err)
{
    struct view content;
    struct rd r;
    uint32_t i;
    int rc;

    memset(m, 0, sizeof *m);
    if (v.n < 8 + 4 || memcmp(v.p, MAGIC, 4) != 0)
        return err_set(err, ERR_CORRUPT, "index damaged: no manifest in it");
    /* before the seal, which another format may not have */
    if (get_u16(v.p + 4) != FORMAT_VERSION)
        return err_set(err, ERR_VERSION,
                       "the index has format %d, this "
                       "program reads %d (make it anew: indexer -d DIR "
                       "--rebuild)",
                       get_u16(v.p + 4), FORMAT_VERSION);
    rc = record_open(v, &content, err, "the manifest");
    if (rc < 0)
        return rc;
    r = rd_of(view_sub(content, 8, content.n));
    m->config_hash = rd_u64(&r);
    content = rd_bytes(&r, 16);
    if (content.p)
        memcpy(m->uuid, content.p, 16);
    m->generation = rd_u64(&r);
    m->updated_ns = rd_u64(&r);
    m->run_start_ns = rd_u64(&r);
    m->live_positions = rd_u64(&r);
    m->next_docid = rd_u32(&r);
    m->next_segment = rd_u32(&r);
    m->live_docs = rd_u32(&r);
    m->nsegments = rd_u32(&r); /* its upper half is the reserved 0 */
    if (r.bad || m->nsegments > MANIFEST_SEGMENTS ||
        rd_left(&r) != m->nsegments * SEGMENT) {
        memset(m, 0, sizeof *m);
        return err_set(err, ERR_CORRUPT,
                       "index damaged: the manifest has a "
                       "wrong size");
    }
    for (i = 0; i < m->nsegments; i++)
        decode_segment(&r, &m->segment[i]);
    if (m->next_docid == 0 || m->live_docs >= m->next_docid ||
        !segments_fit(m)) {
        memset(m, 0, sizeof *m);
        return err_set(err, ERR_CORRUPT,
                       "index damaged: the numbers of the "
                       "manifest do not fit each other");
    }
    return 1;
}

/* What an index holds before its first commit. */
static void manifest_empty(struct manifest *m)
{
    memset(m, 0, sizeof *m);
    m->next_docid = 1;
    m->next_segment = 1;
}

int manifest_read(struct txn *t, struct manifest *m, struct err *err)
{
    struct view val;
    store_db meta;
    int rc = txn_open_db(t, "meta", false, &meta, err);

    if (rc > 0)
        rc = txn_get(t, meta, view_str("manifest"), &val, err);
    if (rc > 0)
        return manifest_decode(val, m, err);
    manifest_empty(m);
    return rc;
}

int manifest_write(struct txn *t, const struct manifest *m, struct err *err)
{
    struct buf b = {0};
    store_db meta;
    int rc;

    if (m->nsegments > MANIFEST_SEGMENTS)
        return err_set(err, ERR_USAGE, "more than %d segments",
                       MANIFEST_SEGMENTS);
    rc = txn_open_db(t, "meta", true, &meta, err);
    if (rc > 0)
        rc = manifest_encode(m, &b) < 0
                 ? err_nomem(err)
                 : txn_put(t, meta, view_str("manifest"), buf_view(&b), err);
    buf_release(&b);
    return rc;
}

void uuid_text(const uint8_t uuid[16], char out[37])
{
    uint64_t node = (uint64_t)get_be32(uuid + 12) | (uint64_t)uuid[11] << 32 |
                    (uint64_t)uuid[10] << 40;

    snprintf(out, 37, "%08" PRIx32 "-%04x-%04x-%04x-%012" PRIx64,
             get_be32(uuid), uuid[4] << 8 | uuid[5], uuid[6] << 8 | uuid[7],
             uuid[8] << 8 | uuid[9], node);
}
