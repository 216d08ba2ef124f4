#include "index/column.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "text/sketch.h"

enum {
    COLUMN_HEADER = 16,
    COLUMN_BYTES = 4032,
    COLUMN_PAGE = COLUMN_HEADER + COLUMN_BYTES
};

static const uint8_t NO_DATE[4] = {0, 0, 0, 0x80}; /* DATE_NONE */
static const uint8_t ZEROS[SKETCH_BYTES];          /* no language, no sketch */

unsigned column_width(enum column_id id)
{
    return id == COLUMN_DATE ? 4 : id == COLUMN_LANGUAGE ? 2 : SKETCH_BYTES;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool is_letter(uint8_t c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

bool column_language(struct view name, uint8_t out[2])
{
    memset(out, 0, 2);
    if (name.n < 2 || !is_letter(name.p[0]) || !is_letter(name.p[1]) ||
        (name.n > 2 && name.p[2] != '-' && name.p[2] != '_'))
        return false;
    out[0] = lower(name.p[0]);
    out[1] = lower(name.p[1]);
    return true;
}

static const uint8_t *column_none(enum column_id id)
{
    return id == COLUMN_DATE ? NO_DATE : ZEROS;
}

static uint32_t per_page(enum column_id id)
{
    return COLUMN_BYTES / column_width(id);
}

static struct view page_key(uint8_t out[5], enum column_id id, uint32_t page)
{
    out[0] = (uint8_t)id;
    put_be32(out + 1, page);
    return view_of(out, 5);
}

static int page_check(struct view val, enum column_id id, uint32_t page,
                      struct err *err)
{
    if (val.n == COLUMN_PAGE &&
        get_u32(val.p) == checksum32(view_sub(val, 4, COLUMN_PAGE)) &&
        get_u16(val.p + 4) == column_width(id))
        return 0;
    return err_set(err, ERR_CORRUPT,
                   "index damaged: page %u of column %d is "
                   "wrong",
                   page, (int)id);
}

/* Puts `count` values into a page from value `at` on. */
static int write_page(struct txn *t, store_db db, enum column_id id,
                      uint32_t page, uint32_t at, const uint8_t *values,
                      uint32_t count, struct err *err)
{
    unsigned width = column_width(id);
    uint8_t bytes[COLUMN_PAGE] = {0};
    uint8_t key[5];
    struct view val;
    uint32_t i;
    int rc = txn_get(t, db, page_key(key, id, page), &val, err);

    if (rc > 0) {
        rc = page_check(val, id, page, err);
        if (rc == 0)
            memcpy(bytes, val.p, COLUMN_PAGE);
    } else if (rc == 0) {
        for (i = 0; i < per_page(id); i++)
            memcpy(bytes + COLUMN_HEADER + i * width, column_none(id), width);
    }
    if (rc < 0)
        return rc;
    memcpy(bytes + COLUMN_HEADER + at * width, values, count * width);
    put_u16(bytes + 4, (uint16_t)width);
    put_u32(bytes, checksum32(view_of(bytes + 4, COLUMN_PAGE - 4)));
    return txn_put(t, db, view_of(key, sizeof key), view_of(bytes, COLUMN_PAGE),
                   err);
}

int column_write(struct txn *t, enum column_id id, uint32_t lo,
                 const uint8_t *values, uint32_t count, struct err *err)
{
    uint32_t per = per_page(id);
    store_db db;
    int rc = txn_open_db(t, "col", true, &db, err);

    if (rc < 0)
        return rc;
    if (count > UINT32_MAX - lo)
        return err_set(err, ERR_USAGE, "docids run over 32 bits");
    while (count > 0) {
        uint32_t at = lo % per;
        uint32_t n = per - at < count ? per - at : count;

        rc = write_page(t, db, id, lo / per, at, values, n, err);
        if (rc < 0)
            return rc;
        lo += n;
        values += n * column_width(id);
        count -= n;
    }
    return 0;
}

int column_open(struct column *c, struct txn *t, enum column_id id,
                struct err *err)
{
    int rc;

    memset(c, 0, sizeof *c);
    c->txn = t;
    c->err = err;
    c->id = id;
    c->page = UINT32_MAX;
    rc = txn_open_db(t, "col", false, &c->db, err);
    c->none = rc == 0;
    return rc < 0 ? rc : 0;
}

static int turn_to(struct column *c, uint32_t page)
{
    struct view val = {NULL, 0};
    uint8_t key[5];
    int rc = 0;

    if (!c->none)
        rc = txn_get(c->txn, c->db, page_key(key, c->id, page), &val, c->err);
    c->values = NULL;
    if (rc > 0) {
        rc = page_check(val, c->id, page, c->err);
        c->values = val.p + COLUMN_HEADER;
    }
    c->page = rc < 0 ? UINT32_MAX : page;
    return rc;
}

const uint8_t *column_get(struct column *c, uint32_t docid)
{
    uint32_t per = per_page(c->id);

    if (docid / per != c->page && turn_to(c, docid / per) < 0)
        return NULL;
    if (!c->values)
        return column_none(c->id);
    return c->values + docid % per * column_width(c->id);
}

int column_run(struct column *c, uint32_t docid, const uint8_t **values,
               uint32_t *n)
{
    uint32_t per = per_page(c->id);

    *n = per - docid % per;
    *values = NULL;
    if (docid / per != c->page && turn_to(c, docid / per) < 0)
        return ERR_CORRUPT;
    if (c->values)
        *values = c->values + docid % per * column_width(c->id);
    return 0;
}

int column_read(struct txn *t, enum column_id id, uint32_t docid, uint8_t *out,
                struct err *err)
{
    const uint8_t *value = NULL;
    struct column c;
    int rc = column_open(&c, t, id, err);

    if (rc == 0)
        value = column_get(&c, docid);
    if (!value)
        return rc < 0 ? rc : ERR_CORRUPT;
    memcpy(out, value, column_width(id));
    return memcmp(out, column_none(id), column_width(id)) != 0;
}
