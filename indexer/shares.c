#include "indexer/shares.h"

#include "index/layout.h"

/* The record of a term, `entry` bytes with all that names the term. */
static int add_record(struct shares *sum, const struct segment_info *info,
                      struct view record, size_t entry)
{
    uint32_t docs[PACK_N], tfs[PACK_N];
    size_t forms, positions, head = 2;
    struct head h;

    if (head_decode(record, info->doc_lo, info->doc_hi, &h, docs, tfs) < 0)
        return ERR_CORRUPT;
    sum->df += h.info.df;
    if (h.chunked) {
        sum->terms += entry;
        return 0;
    }
    while (head <= record.n && record.p[head - 2] >= 0x80) /* the varint */
        head++;
    forms = rd_left(&h.rest);
    if (forms_skip(&h.rest, false) == 0)
        return ERR_CORRUPT;
    positions = rd_left(&h.rest);
    forms -= positions;
    sum->forms_p += forms;
    sum->postings += record.n - head - forms - positions;
    sum->terms += entry - (record.n - head);
    return 0;
}

static int add_block(struct shares *sum, const struct segment_info *info,
                     struct view value)
{
    struct term_entry e;
    struct view content;
    struct rd r;
    size_t before;

    if (!seal_open(value, &content))
        return ERR_CORRUPT;
    r = rd_of(content);
    for (before = rd_left(&r); term_entry_read(&r, &e); before = rd_left(&r))
        if (add_record(sum, info, e.record, before - rd_left(&r)) < 0)
            return ERR_CORRUPT;
    sum->terms += SEAL;
    return r.bad ? ERR_CORRUPT : 0;
}

/* Table p: keys with a NUL are those of chunks. */
static int add_entry_p(struct shares *sum, const struct segment_info *info,
                       struct view key, struct view value)
{
    sum->in_p += key.n + value.n;
    if (memchr(key.p, 0, key.n)) {
        sum->postings += key.n + value.n;
        return 0;
    }
    sum->terms += key.n;
    return add_block(sum, info, value);
}

static int add_entry_x(struct shares *sum, const struct segment_info *info,
                       struct view key, struct view value)
{
    const uint8_t *nul = memchr(key.p, 0, key.n);
    size_t at = nul ? (size_t)(nul - key.p) + 1 : key.n;

    (void)info;
    sum->in_x += key.n + value.n;
    if (at >= key.n)
        return ERR_CORRUPT;
    if (key.p[at] == KEY_FORMS)
        sum->forms_x += key.n + value.n;
    return 0;
}

static int add_table(struct shares *sum, const struct segment *s, store_db db,
                     int (*add)(struct shares *, const struct segment_info *,
                                struct view, struct view),
                     struct err *err)
{
    struct view key, value;
    struct cursor *c;
    int rc = cursor_open(&c, s->txn, db, err);

    if (rc < 0)
        return rc;
    for (rc = cursor_first(c, &key, &value); rc > 0;
         rc = cursor_next(c, &key, &value))
        if (add(sum, &s->info, key, value) < 0) {
            rc = err_set(err, ERR_CORRUPT, "index damaged: segment %08x",
                         (unsigned)s->info.number);
            break;
        }
    cursor_close(c);
    return rc;
}

int shares_sum(struct index *ix, struct shares *out, struct err *err)
{
    uint32_t i;
    int rc = 0;

    memset(out, 0, sizeof *out);
    for (i = 0; i < ix->manifest.nsegments && rc == 0; i++) {
        rc =
            add_table(out, &ix->segment[i], ix->segment[i].p, add_entry_p, err);
        if (rc == 0)
            rc = add_table(out, &ix->segment[i], ix->segment[i].x, add_entry_x,
                           err);
    }
    return rc;
}
