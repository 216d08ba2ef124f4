#include "index/source.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "index/record.h"

enum { KEY_WHOLE = 400, KEY_HEAD = 384, RECORD_SIZE = 56 };

const char *source_reason_text(unsigned reason)
{
    static const char *const text[REASON_COUNT] = {
        "",
        "binary file",
        "too large",
        "empty",
        "unreadable",
        "changing",
        "bad record",
        "too many different words",
        "damaged",
        "encrypted",
        "without text",
        "it took too much time or memory",
        "a program or library is missing that reads it",
        "it was read through a --filter",
    };

    return reason < REASON_COUNT ? text[reason] : "unknown reason";
}

int32_t source_day(const struct source *s)
{
    const int64_t day_ns = INT64_C(86400) * 1000000000;
    int64_t ns = (int64_t)s->mtime_ns;

    if (ns == 0 || (s->flags & SOURCE_RECORD))
        return DATE_NONE;
    return (int32_t)(ns / day_ns - (ns % day_ns < 0));
}

size_t source_key(struct view id, uint8_t out[SOURCE_KEY_MAX])
{
    if (id.n <= KEY_WHOLE) {
        if (id.n)
            memcpy(out, id.p, id.n);
        return id.n;
    }
    memcpy(out, id.p, KEY_HEAD);
    out[KEY_HEAD] = 0;
    hash128(id, out + KEY_HEAD + 1);
    return SOURCE_KEY_MAX;
}

int source_decode(struct view v, struct source *out, struct err *err)
{
    struct view content;
    struct rd r;
    int rc;

    memset(out, 0, sizeof *out);
    if (v.n != RECORD_SIZE)
        return err_set(err, ERR_CORRUPT,
                       "index damaged: a path's record has "
                       "a wrong size");
    rc = record_open(v, &content, err, "a path's record");
    if (rc < 0)
        return rc;
    r = rd_of(content);
    out->docid = rd_u32(&r);
    out->verdict = rd_u8(&r);
    out->reason = rd_u8(&r);
    out->flags = get_u16(rd_bytes(&r, 2).p);
    out->mtime_ns = rd_u64(&r);
    out->size = rd_u64(&r);
    out->hash = rd_u64(&r);
    out->inode = rd_u64(&r);
    out->device = rd_u64(&r);
    out->charset = rd_u32(&r);
    return 1;
}

int source_get(struct txn *t, struct view id, struct source *out,
               struct err *err)
{
    uint8_t key[SOURCE_KEY_MAX];
    struct view val;
    store_db db;
    int rc = txn_open_db(t, "path", false, &db, err);

    memset(out, 0, sizeof *out);
    if (rc > 0)
        rc = txn_get(t, db, view_of(key, source_key(id, key)), &val, err);
    return rc > 0 ? source_decode(val, out, err) : rc;
}

int source_put(struct txn *t, struct view id, const struct source *s,
               struct err *err)
{
    uint8_t key[SOURCE_KEY_MAX], value[RECORD_SIZE], *p = value;
    store_db db;
    int rc = txn_open_db(t, "path", true, &db, err);

    if (rc < 0)
        return rc;
    p = put_u32(p, s->docid);
    *p++ = s->verdict;
    *p++ = s->reason;
    p = put_u16(p, s->flags);
    p = put_u64(p, s->mtime_ns);
    p = put_u64(p, s->size);
    p = put_u64(p, s->hash);
    p = put_u64(p, s->inode);
    p = put_u64(p, s->device);
    p = put_u32(p, s->charset);
    put_u32(p, checksum32(view_of(value, RECORD_SIZE - 4)));
    return txn_put(t, db, view_of(key, source_key(id, key)),
                   view_of(value, RECORD_SIZE), err);
}

int source_del(struct txn *t, struct view id, struct err *err)
{
    uint8_t key[SOURCE_KEY_MAX];
    store_db db;
    int rc = txn_open_db(t, "path", false, &db, err);

    if (rc > 0)
        rc = txn_del(t, db, view_of(key, source_key(id, key)), err);
    return rc;
}

int source_each(struct txn *t,
                int (*fn)(void *arg, struct view key, const struct source *row),
                void *arg, struct err *err)
{
    struct view key, val;
    struct source row;
    struct cursor *c;
    store_db db;
    int rc = txn_open_db(t, "path", false, &db, err);

    if (rc <= 0)
        return rc;
    rc = cursor_open(&c, t, db, err);
    if (rc < 0)
        return rc;
    for (rc = cursor_first(c, &key, &val); rc > 0;
         rc = cursor_next(c, &key, &val)) {
        rc = source_decode(val, &row, err);
        if (rc > 0)
            rc = fn(arg, key, &row);
        if (rc < 0)
            break;
    }
    cursor_close(c);
    return rc;
}
