#include "indexer/formats/message.h"

#include <ctype.h>
#include <stdio.h>

#include "base/bytes.h"

enum { CHARSET_MAX = 64 };

static const uint32_t MARK = 0x6b726f77;

void message_head(struct message_size size, uint8_t out[MESSAGE_HEAD])
{
    put_u64(put_u32(put_u32(out, MARK), (uint32_t)size.small), size.large);
}

int message_head_read(const uint8_t head[MESSAGE_HEAD], size_t large,
                      struct message_size *out)
{
    uint64_t n = get_u64(head + 8);

    out->small = get_u32(head + 4);
    out->large = 0;
    if (get_u32(head) != MARK || out->small > MESSAGE_SMALL || n > large)
        return ERR_CORRUPT;
    out->large = (size_t)n;
    return 0;
}

static int add(struct buf *out, struct view v)
{
    return buf_addvar(out, v.n) < 0 ? ERR_NOMEM : buf_add(out, v);
}

static struct view get(struct rd *r)
{
    uint64_t n = rd_varint(r);

    if (n > rd_left(r)) {
        r->bad = true;
        return view_of(NULL, 0);
    }
    return rd_bytes(r, (size_t)n);
}

/* --- requests --- */

int message_write_request(const struct request *r, struct buf *small)
{
    if (add(small, r->path) < 0 || add(small, r->filter) < 0 ||
        add(small, r->charset) < 0 || buf_addvar(small, r->text_max) < 0 ||
        buf_addvar(small, r->memory) < 0)
        return ERR_NOMEM;
    return buf_addvar(small, r->seconds);
}

int message_read_request(struct view small, struct view large,
                         struct request *r)
{
    struct rd rd = rd_of(small);

    r->bytes = large;
    r->path = get(&rd);
    r->filter = get(&rd);
    r->charset = get(&rd);
    r->text_max = (size_t)rd_varint(&rd);
    r->memory = rd_varint(&rd);
    r->seconds = rd_var32(&rd);
    return rd.bad || rd_left(&rd) ? ERR_CORRUPT : 0;
}

/* --- replies --- */

int message_write_reply(const struct reply *r, struct buf *small)
{
    const struct extract *x = &r->d.x;

    if (buf_addvar(small, (uint64_t)-r->rc) < 0 ||
        buf_addvar(small, r->fresh) < 0 || buf_addvar(small, r->nested) < 0 ||
        buf_addvar(small, r->d.format) < 0 ||
        buf_addvar(small, r->d.packed) < 0 ||
        buf_addvar(small, x->guessed) < 0 ||
        add(small, view_str(r->err.msg)) < 0 ||
        add(small, buf_view(&x->title)) < 0 ||
        add(small, buf_view(&x->date)) < 0 ||
        add(small, buf_view(&x->language)) < 0 ||
        add(small, buf_view(&x->fields)) < 0)
        return ERR_NOMEM;
    return add(small, buf_view(&x->charset));
}

/* Whether v is pairs of strings with a NUL behind each, names not empty. */
static bool pairs(struct view v)
{
    size_t n = 0, i, start = 0;

    for (i = 0; i < v.n; i++) {
        if (v.p[i] != 0)
            continue;
        if (n % 2 == 0 && i == start)
            return false;
        n++;
        start = i + 1;
    }
    return start == v.n && n % 2 == 0;
}

/* Whether v is a name of an encoding, which goes into messages as it is. */
static bool is_charset(struct view v)
{
    size_t i = 0;

    while (i < v.n && (isalnum(v.p[i]) || memchr("-_.:+()", v.p[i], 7)))
        i++;
    return i == v.n && v.n <= CHARSET_MAX;
}

/* A number up to `most`. */
static unsigned number(struct rd *r, unsigned most)
{
    uint32_t n = rd_var32(r);

    r->bad |= n > most;
    return r->bad ? 0 : n;
}

static int copy(struct buf *out, struct view v)
{
    buf_clear(out);
    return buf_add(out, v);
}

int message_read_reply(struct view small, struct reply *r)
{
    struct extract *x = &r->d.x;
    struct rd rd = rd_of(small);
    struct view said, title, date, language, fields, charset;

    r->rc = -(int)number(&rd, -ERR_STOPPED);
    r->fresh = number(&rd, 1);
    r->nested = number(&rd, FORMAT_NESTED);
    r->d.format = number(&rd, FORMATS - 1);
    r->d.packed = number(&rd, FORMATS - 1);
    x->guessed = number(&rd, 1);
    said = get(&rd);
    title = get(&rd);
    date = get(&rd);
    language = get(&rd);
    fields = get(&rd);
    charset = get(&rd);
    if (rd.bad || rd_left(&rd) || !pairs(fields) || !is_charset(charset))
        return ERR_CORRUPT;
    snprintf(r->err.msg, sizeof r->err.msg, "%.*s",
             said.n < sizeof r->err.msg ? (int)said.n : 0,
             said.n ? (const char *)said.p : "");
    if (copy(&x->title, title) < 0 || copy(&x->date, date) < 0 ||
        copy(&x->language, language) < 0 || copy(&x->fields, fields) < 0)
        return ERR_NOMEM;
    return copy(&x->charset, charset);
}
